"""Reactions, by the app and by people."""

from playground.backend import Backend
from playground.workspace import Message


def react(backend: Backend, message: Message, user: str, name: str) -> bool:
    """False when that person had already."""
    users = message.reactions.setdefault(name, [])
    if user in users:
        return False
    users.append(user)
    _tell(backend, "reaction_added", message, user, name)
    return True


def unreact(backend: Backend, message: Message, user: str, name: str) -> bool:
    """False when that person had not."""
    users = message.reactions.get(name, [])
    if user not in users:
        return False
    users.remove(user)
    if not users:
        del message.reactions[name]
    _tell(backend, "reaction_removed", message, user, name)
    return True


def _tell(backend: Backend, kind: str, message: Message, user: str, name: str) -> None:
    channel = backend.workspace.channels[message.channel]
    backend.workspace.changed("message", channel.id)
    if backend.app.user_id in channel.members:
        item = {"type": "message", "channel": channel.id, "ts": message.ts}
        backend.events.tell(kind, user=user, reaction=name, item=item, item_user=message.user)
