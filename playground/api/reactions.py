"""reactions.*"""

from playground.api.registry import CHANNEL, Argument, Call, method
from playground.errors import SlackError
from playground.payloads import message_json
from playground.reacting import react, unreact
from playground.workspace import Channel, Json, Message

NAME = Argument("name", required=True)
TIMESTAMP = Argument("timestamp", required=True)


@method("reactions.add", CHANNEL, NAME, TIMESTAMP, scopes=["reactions:write"])
def add(call: Call) -> Json:
    _, message = _target(call)
    name = _emoji(call)
    if not react(call.backend, message, call.backend.app.user_id, name):
        raise SlackError("already_reacted")
    return {}


@method("reactions.remove", CHANNEL, NAME, TIMESTAMP, scopes=["reactions:write"])
def remove(call: Call) -> Json:
    _, message = _target(call)
    if not unreact(call.backend, message, call.backend.app.user_id, _emoji(call)):
        raise SlackError("no_reaction")
    return {}


@method("reactions.get", CHANNEL, TIMESTAMP, Argument("full", bool), scopes=["reactions:read"])
def get(call: Call) -> Json:
    channel, message = _target(call)
    return {"type": "message", "channel": channel.id, "message": message_json(call.workspace, message)}


def _target(call: Call) -> tuple[Channel, Message]:
    """Raises channel_not_found, not_in_channel, message_not_found."""
    channel = call.backend.visible_channel(call["channel"])
    if call.backend.app.user_id not in channel.members:
        raise SlackError("not_in_channel")
    message = channel.messages.get(call["timestamp"])
    if message is None:
        raise SlackError("message_not_found")
    return channel, message


def _emoji(call: Call) -> str:
    name = str(call["name"])
    if not name.replace("_", "").replace("-", "").replace("+", "").replace(":", "").isalnum() or name.startswith(":"):
        raise SlackError("invalid_name")
    return name
