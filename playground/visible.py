"""What one person can see, as JSON: the page and tests read it."""

import re
from collections.abc import Sequence

from playground.backend import Backend
from playground.inputs import state_values
from playground.payloads import message_json, user_json, view_json
from playground.workspace import TEAM_ID, TEAM_NAME, Channel, Json, Message, View

DATE = re.compile(r"<!date\^(\d+)\^")


def state_json(backend: Backend, user: str) -> Json:
    workspace = backend.workspace
    app = backend.app
    channels = [
        channel_state(backend, channel, user)
        for channel in workspace.channels.values()
        if channel.kind == "channel" or user in channel.members
    ]
    home = workspace.home(user)
    return {
        "me": user,
        "team": {"id": TEAM_ID, "name": TEAM_NAME},
        "clock": {"offset": workspace.clock.offset, "now": workspace.clock.unix()},
        "people": [user_json(workspace, person, locale=True) for person in workspace.people()],
        "app": {
            "id": app.id,
            "name": app.name,
            "user_id": app.user_id,
            "bot_id": app.bot_id,
            "installed": workspace.installed,
            "channel": workspace.ims.get(user),
            "commands": list(app.commands.values()),
            "shortcuts": list(app.shortcuts.values()),
        },
        "channels": channels,
        "modals": [view_state(backend, workspace.views[view_id]) for view_id in workspace.modals.get(user, ())],
        "home": view_state(backend, home) if home else None,
    }


def channel_state(backend: Backend, channel: Channel, user: str) -> Json:
    """`messages` in order, ephemeral ones among them; `threads`: parent's ts -> its replies."""
    shown = [channel.messages[ts] for ts in channel.timeline]
    mine = [message for message in channel.ephemerals.values() if message.only_for == user]
    if mine:
        shown = sorted([*shown, *mine], key=lambda message: message.ts)
    read = channel.read.get(user, "")
    return {
        "id": channel.id,
        "kind": channel.kind,
        "name": channel.name,
        "topic": channel.topic,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "is_app": channel.kind == "im" and backend.app.user_id in channel.members,
        "members": sorted(channel.members),
        "unread": sum(message.ts > read and message.user != user for message in shown),
        "messages": [message_state(backend, message, user) for message in shown],
        "threads": {
            message.ts: [message_state(backend, channel.messages[ts], user) for ts in message.replies]
            for message in shown
            if message.replies
        },
    }


def message_state(backend: Backend, message: Message, user: str) -> Json:
    body = message_json(backend.workspace, message)
    body["channel"] = message.channel
    body["is_app"] = message.is_bot
    body["ephemeral"] = message.only_for is not None
    body["state"] = {"values": state_values(message.blocks, message.typed.get(user, {}))}
    body["error"] = message.errors.get(user)
    return body


def view_state(backend: Backend, view: View) -> Json:
    values = state_values(view.body.get("blocks"), view.typed)
    body = view_json(backend.workspace, view, values=values)
    return body | {"error": view.error, "errors": view.errors}


def next_check_in(backend: Backend, user: str) -> int | None:
    """The earliest coming moment that a date token in this person's Home names; where it names none, one in the direct
    messages with the app. What a message announced may have been overtaken since."""
    workspace = backend.workspace
    home, dm = workspace.home(user), workspace.ims.get(user)
    said = [one for one in workspace.channels[dm].messages.values() if one.is_bot] if dm is not None else []
    told = _earliest(backend, [home.body] if home is not None else [])
    return told or _earliest(backend, [(one.text, one.blocks) for one in said])


def _earliest(backend: Backend, sources: Sequence[object]) -> int | None:
    moments = {int(found) for source in sources for found in DATE.findall(str(source))}
    return min((moment for moment in moments if moment > backend.workspace.clock.unix()), default=None)
