"""Coming and going in channels."""

from playground.backend import Backend
from playground.workspace import TEAM_ID, Channel, Json


def join(backend: Backend, channel: Channel, user: str, *, inviter: str | None = None) -> None:
    channel.members.add(user)
    backend.messages.post(channel, user, f"<@{user}> has joined the channel", subtype="channel_join")
    if backend.app.user_id in channel.members:
        invited = {"inviter": inviter} if inviter else {}
        backend.events.tell("member_joined_channel", **_who(channel, user), **invited)
    backend.workspace.changed("channel", channel.id)


def leave(backend: Backend, channel: Channel, user: str) -> None:
    if user == backend.app.user_id:
        backend.events.tell("channel_left", channel=channel.id, actor_id=user)
    elif backend.app.user_id in channel.members:
        backend.events.tell("member_left_channel", **_who(channel, user))
    channel.members.discard(user)
    backend.workspace.changed("channel", channel.id)


def _who(channel: Channel, user: str) -> Json:
    kind = "C" if channel.kind == "channel" else "G"
    return {"user": user, "channel": channel.id, "channel_type": kind, "team": TEAM_ID}
