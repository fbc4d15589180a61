"""response_url: five uses within thirty minutes, into the place where a command or click happened."""

import secrets
from dataclasses import dataclass

from playground.calls import CallLog
from playground.clock import monotonic
from playground.errors import SlackError
from playground.messages import Messages, check_content
from playground.workspace import Json, Message, Workspace

USES = 5


@dataclass
class _Issued:
    channel: str
    user: str
    source_ts: str | None
    issued: float
    uses: int = 0


class ResponseUrls:
    def __init__(self, workspace: Workspace, messages: Messages, calls: CallLog, seconds: float) -> None:
        self._workspace = workspace
        self._messages = messages
        self._calls = calls
        self._seconds = seconds
        self._issued: dict[str, _Issued] = {}

    def issue(self, kind: str, channel: str, user: str, source_ts: str | None = None) -> str:
        """`kind` is "commands", "actions" or "app"; `source_ts` the message that was clicked."""
        self._forget()
        key = f"{kind}/T0PLAYGRND/{secrets.randbelow(10**13)}/{secrets.token_urlsafe(18)}"
        self._issued[key] = _Issued(channel, user, source_ts, monotonic())
        return f"{self._workspace.url}/{key}"

    def use(self, key: str, body: Json) -> None:
        """Raises SlackError: no_url, expired_url, used_url, no_text, invalid_blocks ..."""
        try:
            issued = self._valid(key)
            self.respond(issued.channel, issued.user, body, issued.source_ts)
        except SlackError as error:
            self._calls.add(
                "response_url", key.partition("/")[0], ok=False, error=error.code, ms=0, detail=error.messages
            )
            raise
        issued.uses += 1
        self._calls.add("response_url", key.partition("/")[0], ok=True, ms=0)

    def _valid(self, key: str) -> _Issued:
        issued = self._issued.get(key)
        if issued is None:
            raise SlackError("no_url")
        if monotonic() - issued.issued > self._seconds:
            raise SlackError("expired_url")
        if issued.uses >= USES:
            raise SlackError("used_url")
        return issued

    def respond(self, channel_id: str, user: str, body: Json, source_ts: str | None = None) -> None:
        """Does what the app answers to a command or click, in an ack or over the url."""
        channel = self._workspace.channels.get(channel_id)
        if channel is None:
            raise SlackError("channel_not_found")
        source = channel.find(source_ts) if source_ts else None
        if body.get("delete_original"):
            self._messages.delete(channel, self._own(source))
            return
        text, blocks, attachments = body.get("text"), body.get("blocks"), body.get("attachments")
        check_content(text, blocks, attachments)
        if body.get("replace_original"):
            self._messages.change(
                channel,
                self._own(source),
                text=text or "",
                blocks=blocks,
                attachments=attachments,
                by=self._workspace.app.user_id,
            )
            return
        everyone = body.get("response_type") == "in_channel"
        thread = body.get("thread_ts")
        self._messages.post(
            channel,
            self._workspace.app.user_id,
            text or "",
            blocks=blocks,
            attachments=attachments,
            is_bot=True,
            only_for=None if everyone else user,
            thread_ts=thread if thread in channel.messages else None,
        )

    def _own(self, source: Message | None) -> Message:
        if source is None or not source.is_bot:
            raise SlackError("cant_update_message")
        return source

    def _forget(self) -> None:
        limit = monotonic() - 2 * self._seconds
        while self._issued:
            oldest = next(iter(self._issued))
            if self._issued[oldest].issued > limit:
                return
            del self._issued[oldest]
