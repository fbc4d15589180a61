"""Coming and going in channels."""

from playground.backend import Backend
from playground.workspace import TEAM_ID, Channel


def join(backend: Backend, channel: Channel, user: str, *, inviter: str | None = None) -> None:
    channel.members.add(user)
    backend.messages.post(channel, user, f"<@{user}> has joined the channel", subtype="channel_join")
    if backend.app.user_id in channel.members:
        event = {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "channel" else "G",
            "team": TEAM_ID,
            "event_ts": backend.workspace.next_ts(),
        }
        backend.events.emit("member_joined_channel", event | ({"inviter": inviter} if inviter else {}))
    backend.workspace.changed("channel", channel.id)


def leave(backend: Backend, channel: Channel, user: str) -> None:
    if user == backend.app.user_id:
        channel.members.discard(user)
        event = {
            "type": "channel_left",
            "channel": channel.id,
            "actor_id": user,
            "event_ts": backend.workspace.next_ts(),
        }
        backend.events.emit("channel_left", event)
    else:
        event = {
            "type": "member_left_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "channel" else "G",
            "team": TEAM_ID,
            "event_ts": backend.workspace.next_ts(),
        }
        if backend.app.user_id in channel.members:
            backend.events.emit("member_left_channel", event)
        channel.members.discard(user)
    backend.workspace.changed("channel", channel.id)
