"""chat.scheduleMessage and its family. What was scheduled is said when product time gets there."""

from playground.api.chat import CONTENT, STYLE, channel_to_write, check_metadata, say
from playground.api.registry import CHANNEL, PAGING, Argument, Call, method
from playground.backend import Backend
from playground.errors import SlackError
from playground.messages import check_content
from playground.workspace import Json, Scheduled, new_id

FURTHEST_SECONDS = 120 * 86400
MOST_IN_FIVE_MINUTES = 30


@method(
    "chat.scheduleMessage",
    CHANNEL,
    Argument("post_at", int, required=True),
    *CONTENT,
    *STYLE,
    Argument("thread_ts"),
    Argument("reply_broadcast", bool),
    Argument("metadata", dict),
    scopes=["chat:write"],
)
def schedule_message(call: Call) -> Json:
    channel = channel_to_write(call, call["channel"])
    check_content(call["text"], call["blocks"], call["attachments"])
    check_metadata(call["metadata"])
    now = call.workspace.clock.unix()
    post_at: int = call["post_at"]
    if post_at <= now:
        raise SlackError("time_in_past")
    if post_at > now + FURTHEST_SECONDS:
        raise SlackError("time_too_far")
    near = sum(
        other.channel == channel.id and abs(other.post_at - post_at) < 300
        for other in call.workspace.scheduled.values()
    )
    if near >= MOST_IN_FIVE_MINUTES:
        raise SlackError("restricted_too_many")
    later = Scheduled(new_id("Q"), channel.id, post_at, int(now), call.arguments)
    call.workspace.scheduled[later.id] = later
    call.workspace.changed("scheduled", channel.id)
    message = {
        "text": call["text"] or "",
        "type": "delayed_message",
        "subtype": "bot_message",
        "bot_id": call.backend.app.bot_id,
        "blocks": call["blocks"] or [],
    }
    return {"channel": channel.id, "scheduled_message_id": later.id, "post_at": post_at, "message": message}


@method("chat.deleteScheduledMessage", CHANNEL, Argument("scheduled_message_id", required=True), scopes=["chat:write"])
def delete_scheduled_message(call: Call) -> Json:
    channel = call.backend.visible_channel(call["channel"])
    later = call.workspace.scheduled.get(call["scheduled_message_id"])
    if later is None or later.channel != channel.id:
        raise SlackError("invalid_scheduled_message_id")
    del call.workspace.scheduled[later.id]
    call.workspace.changed("scheduled", channel.id)
    return {}


@method(
    "chat.scheduledMessages.list", Argument("channel"), Argument("oldest", float), Argument("latest", float), *PAGING
)
def list_scheduled_messages(call: Call) -> Json:
    if call["channel"] and call["channel"] not in call.workspace.channels:
        raise SlackError("invalid_channel")
    found = [
        {"id": later.id, "channel_id": later.channel, "post_at": later.post_at, "date_created": later.created}
        | {"text": later.arguments.get("text") or ""}
        for later in sorted(call.workspace.scheduled.values(), key=lambda later: later.post_at)
        if call["channel"] in (None, later.channel)
        and (call["oldest"] or 0) <= later.post_at <= (call["latest"] or float("inf"))
    ]
    page, metadata = call.page(found)
    return {"scheduled_messages": page, "response_metadata": metadata}


def post_due(backend: Backend) -> float | None:
    """Says what is due; returns the product time of the next one, if there is one."""
    now = backend.clock.unix()
    for later in sorted(backend.workspace.scheduled.values(), key=lambda later: later.post_at):
        if later.post_at > now:
            return later.post_at
        del backend.workspace.scheduled[later.id]
        backend.workspace.changed("scheduled", later.channel)
        channel = backend.workspace.channels[later.channel]
        # Slack is known never to post a scheduled message that carries metadata, and to drop it silently.
        if later.arguments.get("metadata") is None and backend.app.user_id in channel.members:
            say(Call(backend), channel, later.arguments)
    return None
