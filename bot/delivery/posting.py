"""The Web API calls that carry what the buddy says, and the look-up that keeps a crash from saying it twice."""

from collections.abc import Iterator
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

PART: Final = 2900
"""Characters of a text handed over in messages: a section holds 3,000."""
PARTS: Final = 4
"""In one message, which holds some 13,000 characters: Slack takes about one a second."""


@dataclass(frozen=True)
class Place:
    """Where a message is; empty for what has no place, such as Home."""

    channel: str | None = None
    ts: str | None = None


class Posting:
    """One method of the Web API for each `Method`."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._pages: dict[int, str] = {}  # by row: from where on its message is still to be looked for
        self._handed: dict[int, int] = {}  # by row: messages of a text handed over in several that are there

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
                return await self._hand_over(client, channel, row, content)
            case Method.POST:
                answer = await client.chat_postMessage(
                    channel=channel,
                    thread_ts=content.thread_ts,
                    unfurl_links=False,
                    unfurl_media=False,
                    metadata={"event_type": EVENT_TYPE, "event_payload": {"id": row.token}},
                    **_words(content),
                )
                return Place(channel, answer["ts"])
        return Place()

    async def _hand_over(self, client: AsyncWebClient, channel: str, row: Delivery, content: Content) -> Place:
        """A file; where a workspace allows none, the same text in messages. When Slack wants the next one later, the
        row goes on with it then."""
        name, text = content.file or ("", "")
        if row.id not in self._handed:
            try:
                await client.files_upload_v2(
                    channel=channel, filename=name, title=name, content=text, initial_comment=content.text
                )
            except SlackApiError as error:
                if error_code(error) not in NO_FILES:
                    raise
                self._handed[row.id] = 0
            else:
                return Place(channel)
        for message in _messages(name, text, content.text)[self._handed[row.id] :]:
            await client.chat_postMessage(channel=channel, **message)
            self._handed[row.id] += 1
        del self._handed[row.id]
        return Place(channel)

    async def look_up(self, row: Delivery, workspace: Workspace, member: Member) -> Place | None:
        """The message of an earlier, unrecorded sending of this row; None when there is none. When Slack wants the next
        page to be asked for later, the next look begins there.

        Only posts need it: every other call can be repeated.
        """
        if row.method is not Method.POST or "channel" in row.refs:
            return None
        client = self._directory.client(workspace)
        channel = await self._directory.open_dm(workspace, member)
        wanted: dict[str, Any] = {"channel": channel, "limit": A_PAGE, "include_all_metadata": True}
        wanted["cursor"] = self._pages.get(row.id)
        if row.due_at is not None:
            wanted["oldest"] = f"{(row.due_at - SLACK_IS_BEHIND).timestamp():.6f}"
        while True:
            if "thread_ts" in row.refs:  # told from its beginning
                answer = await client.conversations_replies(ts=str(row.refs["thread_ts"]), **wanted)
            else:
                answer = await client.conversations_history(**wanted)
            place = _found(answer["messages"], row, channel)
            wanted["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor")
            if place is not None or not wanted["cursor"]:
                self._pages.pop(row.id, None)
                return place
            self._pages[row.id] = wanted["cursor"]


def _found(messages: list[dict[str, Any]], row: Delivery, channel: str) -> Place | None:
    for message in messages:
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        if payload.get("id") == row.token:
            return Place(channel, message["ts"])
    return None


def _words(content: Content) -> dict[str, Any]:
    return {"text": content.text, "blocks": [dict(block) for block in content.blocks]}


def _messages(name: str, text: str, comment: str) -> list[dict[str, Any]]:
    """What a file would have said."""
    blocks = [section(f"```{part}```") for part in _parts(text)]
    told = [{"text": name, "blocks": blocks[first : first + PARTS]} for first in range(0, len(blocks), PARTS)]
    return [{"text": comment}, *told]


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
