"""chat.*"""

import re
from urllib.parse import quote

from playground.api.registry import CHANNEL, Argument, Call, method
from playground.errors import SlackError
from playground.messages import check_content
from playground.payloads import message_json
from playground.workspace import Channel, Json, JsonValue, Message

TEXT_ON_UPDATE = 4000
METADATA_BYTES = 16_000
CONTENT = (
    Argument("text"),
    Argument("blocks", list),
    Argument("attachments", list),
)
STYLE = (
    Argument("username"),
    Argument("icon_emoji"),
    Argument("icon_url"),
    Argument("unfurl_links", bool),
    Argument("unfurl_media", bool),
    Argument("link_names", bool),
    Argument("mrkdwn", bool),
    Argument("parse"),
)


@method(
    "chat.postMessage",
    CHANNEL,
    *CONTENT,
    *STYLE,
    Argument("thread_ts"),
    Argument("reply_broadcast", bool),
    Argument("metadata", dict),
    scopes=["chat:write"],
)
def post_message(call: Call) -> Json:
    channel = channel_to_write(call, call["channel"])
    check_content(call["text"], call["blocks"], call["attachments"])
    check_metadata(call["metadata"])
    if call["username"] or call["icon_emoji"] or call["icon_url"]:
        call.need("chat:write", "chat:write.customize")
    message = say(call, channel, call.arguments)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(call.workspace, message, metadata=True)}


def say(call: Call, channel: Channel, arguments: Json) -> Message:
    """Posts as the app, once everything is checked."""
    thread_ts = arguments.get("thread_ts")
    if thread_ts is not None:
        parent = channel.messages.get(thread_ts)
        if parent is None:
            raise SlackError("thread_not_found")
        thread_ts = parent.thread_ts or parent.ts
    return call.backend.messages.post(
        channel,
        call.backend.app.user_id,
        arguments.get("text") or "",
        blocks=arguments.get("blocks"),
        attachments=arguments.get("attachments"),
        is_bot=True,
        thread_ts=thread_ts,
        broadcast=bool(thread_ts and arguments.get("reply_broadcast")),
        metadata=arguments.get("metadata"),
        username=arguments.get("username"),
        icon_emoji=arguments.get("icon_emoji"),
    )


def channel_to_write(call: Call, wanted: str) -> Channel:
    """By id, by "#name", or by a person's id (their direct messages).

    Raises channel_not_found, not_in_channel, is_archived, messages_tab_disabled.
    """
    workspace, backend = call.workspace, call.backend
    if wanted in workspace.users:
        user = workspace.users[wanted]
        if user.deleted or user.is_bot:
            raise SlackError("channel_not_found")
        channel = workspace.open_im(wanted)
    elif wanted in workspace.channels:
        channel = backend.visible_channel(wanted)
    else:
        channel = _by_name(call, wanted.removeprefix("#"))
    if backend.app.user_id not in channel.members and "chat:write.public" not in backend.app.scopes:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.kind == "im" and not (backend.app.features.get("app_home") or {}).get("messages_tab_enabled", True):
        raise SlackError("messages_tab_disabled")
    return channel


def _by_name(call: Call, name: str) -> Channel:
    for channel in call.workspace.channels.values():
        if channel.name and channel.name == name:
            return call.backend.visible_channel(channel.id)
    raise SlackError("channel_not_found")


def check_metadata(metadata: JsonValue) -> None:
    """Raises invalid_metadata_format, metadata_too_large."""
    if metadata is None:
        return
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if len(str(metadata["event_payload"]).encode()) > METADATA_BYTES:
        raise SlackError("metadata_too_large")


@method(
    "chat.update", CHANNEL, Argument("ts", required=True), *CONTENT, Argument("metadata", dict), scopes=["chat:write"]
)
def update(call: Call) -> Json:
    channel = call.backend.visible_channel(call["channel"])
    message = own_message(call, channel, "cant_update_message")
    text, blocks, attachments = call["text"], call["blocks"], call["attachments"]
    if text is not None and len(text) > TEXT_ON_UPDATE:
        raise SlackError("msg_too_long")
    if text is None and blocks is None and attachments is None:
        raise SlackError("no_text")
    if "blocks" not in call.arguments and text is None:
        blocks = message.blocks
    check_content(message.text if text is None else text, blocks, attachments)
    check_metadata(call["metadata"])
    changes: Json = {"blocks": blocks, "attachments": attachments if attachments is not None else message.attachments}
    if text is not None:
        changes["text"] = text
    if call["metadata"] is not None:
        changes["metadata"] = call["metadata"] or None
    message.errors.clear()
    call.backend.messages.change(channel, message, by=call.backend.app.user_id, **changes)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(call.workspace, message, metadata=True),
    }


@method("chat.delete", CHANNEL, Argument("ts", required=True), scopes=["chat:write"])
def delete(call: Call) -> Json:
    channel = call.backend.visible_channel(call["channel"])
    message = own_message(call, channel, "cant_delete_message")
    call.backend.messages.delete(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def own_message(call: Call, channel: Channel, otherwise: str) -> Message:
    """Raises message_not_found (ephemeral ones cannot be found), or `otherwise` for what somebody else said."""
    message = channel.messages.get(call["ts"])
    if message is None or message.subtype == "tombstone":
        raise SlackError("message_not_found")
    if not message.is_bot:
        raise SlackError(otherwise)
    return message


@method(
    "chat.postEphemeral",
    CHANNEL,
    Argument("user", required=True),
    *CONTENT,
    *STYLE,
    Argument("thread_ts"),
    scopes=["chat:write"],
)
def post_ephemeral(call: Call) -> Json:
    channel = channel_to_write(call, call["channel"])
    if call.backend.app.user_id not in channel.members:
        raise SlackError("not_in_channel")
    if call["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    check_content(call["text"], call["blocks"], call["attachments"])
    message = call.backend.messages.post(
        channel,
        call.backend.app.user_id,
        call["text"] or "",
        blocks=call["blocks"],
        attachments=call["attachments"],
        is_bot=True,
        only_for=call["user"],
    )
    return {"message_ts": message.ts}


@method("chat.getPermalink", CHANNEL, Argument("message_ts", required=True))
def get_permalink(call: Call) -> Json:
    channel = call.backend.visible_channel(call["channel"])
    message = channel.messages.get(call["message_ts"])
    if message is None:
        raise SlackError("message_not_found")
    place = re.sub(r"\D", "", message.ts)
    thread = f"?thread_ts={quote(message.thread_ts)}&cid={channel.id}" if message.thread_ts else ""
    return {"channel": channel.id, "permalink": f"{call.workspace.url}/archives/{channel.id}/p{place}{thread}"}
