"""The Web API calls that carry what the buddy says, and the look-up that keeps a crash from saying it twice."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.content import Content
from bot.directory import Directory
from bot.domain.deliveries import Delivery, Method
from bot.domain.members import Member
from bot.domain.workspaces import Workspace
from bot.logs import error_code
from bot.rendering.blocks import escaped, section

EVENT_TYPE: Final = "buddy_delivery"
A_PAGE: Final = 100
"""Messages looked at in one go for one that may have been sent before a crash."""

SLACK_IS_BEHIND: Final = timedelta(hours=1)
"""By so much Slack's clock may differ from ours: nothing of a row can be there from before it was due."""


NO_FILES: Final = frozenset(
    {
        *("missing_scope", "unknown_method", "restricted_action", "posting_to_channel_denied"),
        *("file_uploads_disabled", "file_uploads_except_images_disabled", "file_type_not_allowed", "blocked_file_type"),
        *("storage_limit_reached", "file_upload_size_restricted"),
    }
)
"""What Slack answers where the app may not upload, or no such file, or where there is no room for it."""

NOTHING_FETCHED: Final[Mapping[str, Any]] = {"unfurl_links": False, "unfurl_media": False}
"""Of an address that somebody wrote down for themselves, nobody is to be told by Slack's having a look at it."""

PART: Final = 2900
"""Characters of a text handed over in messages: a section holds 3,000."""
PARTS: Final = 4
"""Of them in a message, which holds some 13,000 characters."""


@dataclass(frozen=True)
class Place:
    """Where a message is; empty for what has no place, such as Home."""

    channel: str | None = None
    ts: str | None = None


class Posting:
    """One method of the Web API for each `Method`."""

    def __init__(self, directory: Directory, a_second: float = 0.0) -> None:
        """`a_second`: messages a channel gets where a row becomes several; 0 for as fast as it goes."""
        self._directory = directory
        self._gap = 1 / a_second if a_second else 0.0
        self._pages: dict[int, str] = {}  # by row: from where on its message is still to be looked for

    async def call(self, row: Delivery, content: Content, workspace: Workspace, member: Member) -> Place:
        """Raises what slack_sdk raises."""
        client = self._directory.client(workspace)
        match row.method:
            case Method.HOME:
                await client.views_publish(user_id=member.slack_id, view=dict(content.view or {}))
                return Place()
            case Method.EPHEMERAL:
                await client.chat_postEphemeral(
                    channel=content.channel or "", user=content.user or member.slack_id, **_words(content)
                )
                return Place()
        channel = content.channel or await self._directory.open_dm(workspace, member)
        match row.method:
            case Method.UPDATE if content.ts:
                await client.chat_update(channel=channel, ts=content.ts, **_words(content))
                return Place(channel, content.ts)
            case Method.DELETE if content.ts:
                await client.chat_delete(channel=channel, ts=content.ts)
                return Place(channel, content.ts)
            case Method.FILE if content.file:
                return await self._hand_over(client, row, channel, content)
            case Method.POST:
                answer = await client.chat_postMessage(
                    channel=channel,
                    thread_ts=content.thread_ts,
                    **NOTHING_FETCHED,
                    metadata=_metadata(row.token),
                    **_words(content),
                )
                return Place(channel, answer["ts"])
        return Place()

    async def look_up(self, row: Delivery, workspace: Workspace, member: Member) -> Place | None:
        """The message of an earlier, unrecorded sending of this row; None when there is none. When Slack wants the next
        page to be asked for later, the next look begins there.

        Only posts need it: every other call can be repeated.
        """
        if row.method is not Method.POST or "channel" in row.refs:
            return None
        client = self._directory.client(workspace)
        channel = await self._directory.open_dm(workspace, member)
        async for ts, said in self._said(client, row, channel, goes_on=True):
            if said == row.token:
                self._pages.pop(row.id, None)
                return Place(channel, ts)
        return None

    async def _hand_over(self, client: AsyncWebClient, row: Delivery, channel: str, content: Content) -> Place:
        """A file; where a workspace allows none, the same text in messages."""
        name, text = content.file or ("", "")
        try:
            await client.files_upload_v2(
                channel=channel, filename=name, title=name, content=text, initial_comment=content.text
            )
        except SlackApiError as error:
            if error_code(error) not in NO_FILES:
                raise
            await self._in_messages(client, row, channel, content)
        return Place(channel)

    async def _in_messages(self, client: AsyncWebClient, row: Delivery, channel: str, content: Content) -> None:
        """What a year leaves is more than Slack takes at once, or than one call may last: the next try goes on behind
        what is there."""
        name, text = content.file or ("", "")
        there = {said async for _, said in self._said(client, row, channel)}
        whole = [section(f"```{part}```") for part in _parts(text)]
        messages: list[dict[str, Any]] = [{"text": content.text}]
        messages += [{"text": name, "blocks": whole[at : at + PARTS]} for at in range(0, len(whole), PARTS)]
        for number, message in enumerate(messages):
            token = f"{row.token}.{number}"
            if token not in there:
                await client.chat_postMessage(channel=channel, metadata=_metadata(token), **NOTHING_FETCHED, **message)
                await asyncio.sleep(self._gap)

    async def _said(
        self, client: AsyncWebClient, row: Delivery, channel: str, *, goes_on: bool = False
    ) -> AsyncIterator[tuple[str, str]]:
        """Of our messages where a row goes, since it was due, where each is and the token that it carries.

        `goes_on`: a look that Slack broke off is taken up at its page."""
        wanted: dict[str, Any] = {"channel": channel, "limit": A_PAGE, "include_all_metadata": True}
        wanted["cursor"] = self._pages.get(row.id) if goes_on else None
        if row.due_at is not None:
            wanted["oldest"] = f"{(row.due_at - SLACK_IS_BEHIND).timestamp():.6f}"
        while True:
            if "thread_ts" in row.refs:  # told from its beginning
                answer = await client.conversations_replies(ts=str(row.refs["thread_ts"]), **wanted)
            else:
                answer = await client.conversations_history(**wanted)
            for message in answer["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if "id" in payload:
                    yield message["ts"], payload["id"]
            wanted["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor")
            if not wanted["cursor"]:
                self._pages.pop(row.id, None)
                return
            if goes_on:
                self._pages[row.id] = wanted["cursor"]


def _metadata(token: str) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"id": token}}


def _words(content: Content) -> dict[str, Any]:
    return {"text": content.text, "blocks": [dict(block) for block in content.blocks]}


def _parts(text: str) -> Iterator[str]:
    """The text, escaped and cut between lines, in pieces that fit into a section."""
    part = ""
    for line in escaped(text.replace("```", "'''")).splitlines(keepends=True):
        for piece in (line[start : start + PART] for start in range(0, len(line), PART)):
            if len(part) + len(piece) > PART:
                yield part
                part = ""
            part += piece
    if part:
        yield part
