"""Saying, changing and taking back messages, whoever does it; each tells the app and everyone watching."""

from playground.blockkit import Problem, check_message
from playground.errors import SlackError
from playground.events import Events
from playground.inputs import with_ids
from playground.payloads import HISTORY_SCOPE, message_json
from playground.workspace import SLACKBOT, Channel, Json, JsonValue, Message, Workspace

SUBSCRIPTION = {kind: "message." + scope.partition(":")[0] for kind, scope in HISTORY_SCOPE.items()}


class Messages:
    def __init__(self, workspace: Workspace, events: Events) -> None:
        self._workspace = workspace
        self._events = events

    def post(self, channel: Channel, user: str, text: str, **more: JsonValue) -> Message:
        """`more`: other fields of Message."""
        message = Message(ts=self._workspace.next_ts(), channel=channel.id, user=user, text=text, **more)
        message.blocks = with_ids(message.blocks)
        channel.add(message)
        self._workspace.changed("message", channel.id, message.only_for)
        if message.only_for is None:
            self._tell(channel, self._spoken(message))
            self._mention(channel, message)
        return message

    def change(self, channel: Channel, message: Message, *, by: str | None = None, **fields: JsonValue) -> None:
        """`by` marks it as edited; None changes it as Slack does when it unfurls a link."""
        before = message_json(self._workspace, message)
        for name, value in fields.items():
            setattr(message, name, value)
        message.blocks = with_ids(message.blocks)
        if by is not None:
            message.edited_ts, message.edited_by = self._workspace.next_ts(), by
        self._workspace.changed("message", channel.id, message.only_for)
        if message.only_for is None:
            self._tell_changed(channel, message, before)

    def delete(self, channel: Channel, message: Message) -> None:
        """A parent with replies leaves a tombstone."""
        before = message_json(self._workspace, message)
        if message.replies:
            message.subtype, message.text, message.blocks = "tombstone", "This message was deleted.", None
            message.user, message.is_bot, message.files, message.reactions = SLACKBOT, False, [], {}
            message.metadata = None
            self._workspace.changed("message", channel.id)
            self._tell_changed(channel, message, before)
            return
        channel.remove(message)
        self._workspace.changed("message", channel.id, message.only_for)
        if message.only_for is None:
            ts = self._workspace.next_ts()
            event = {
                "type": "message",
                "subtype": "message_deleted",
                "previous_message": before,
                "hidden": True,
                "deleted_ts": message.ts,
                "ts": ts,
            }
            self._tell(channel, event)

    def slackbot(self, channel: Channel, user: str, text: str) -> Message:
        """What Slack itself tells one person."""
        return self.post(channel, SLACKBOT, text, only_for=user)

    def _spoken(self, message: Message) -> Json:
        event = message_json(self._workspace, message)
        if message.files:
            event["subtype"] = "file_share"
        elif message.broadcast:
            event["subtype"] = "thread_broadcast"
        return event

    def _tell_changed(self, channel: Channel, message: Message, before: Json) -> None:
        event = {
            "type": "message",
            "subtype": "message_changed",
            "message": message_json(self._workspace, message),
            "previous_message": before,
            "hidden": True,
            "ts": self._workspace.next_ts(),
        }
        self._tell(channel, event)

    def _tell(self, channel: Channel, event: Json) -> None:
        if self._workspace.app.user_id in channel.members:
            event |= {"channel": channel.id, "channel_type": channel.kind, "event_ts": event["ts"]}
            self._events.emit(SUBSCRIPTION[channel.kind], event)

    def _mention(self, channel: Channel, message: Message) -> None:
        app = self._workspace.app
        if channel.kind != "im" and not message.is_bot and f"<@{app.user_id}>" in message.text:
            event = message_json(self._workspace, message) | {"type": "app_mention", "channel": channel.id}
            self._events.emit("app_mention", event | {"event_ts": message.ts})

    def share_file(self, channel: Channel, file_id: str, user: str, text: str, **more: JsonValue) -> Message:
        file = self._workspace.files[file_id]
        if channel.id not in file.channels:
            file.channels.append(channel.id)
        message = self.post(channel, user, text, files=[file_id], **more)
        if self._workspace.app.user_id in channel.members:
            about = {"file_id": file_id, "user_id": user, "file": {"id": file_id}, "channel_id": channel.id}
            self._events.emit("file_shared", {"type": "file_shared", **about, "event_ts": message.ts})
        return message


def refuse_if_wrong(problems: list[Problem]) -> None:
    """Raises SlackError with what Block Kit's rules object to."""
    if problems:
        raise SlackError(problems[0].code, *(str(problem) for problem in problems))


def check_content(text: str | None, blocks: list[Json] | None, attachments: list[Json] | None) -> None:
    """Raises SlackError: no_text, msg_too_long, invalid_blocks, msg_blocks_too_long ..."""
    refuse_if_wrong(check_message(blocks=blocks, text=text, attachments=attachments))
