"""What one person sees of the workspace, as plain values for the templates."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from playground.inputs import state_values
from playground.page.dates import Dates
from playground.page.emoji import shown
from playground.page.mrkdwn import Reader
from playground.workspace import SLACKBOT, Channel, Json, Message, User, Workspace

APP = "app"
"""Instead of a channel id: the app, with its tabs."""
TABS = ("home", "messages", "about")
SHOWN_AT_FIRST = 100
_SAME_BREATH = 300  # seconds within which one author's messages stand under one name
_GOLDEN_ANGLE = 137  # degrees: neighbours in a list get colours far apart


@dataclass(frozen=True)
class Look:
    """Who looks at what: `at` is a channel id or "app", `tab` one of TABS, `thread` the ts of an open thread.

    `depth` is how many of the newest messages are shown.
    """

    user: User
    at: str
    tab: str
    thread: str | None
    depth: int = SHOWN_AT_FIRST

    @classmethod
    def of(cls, workspace: Workspace, query: dict[str, str]) -> "Look":
        """Reads the page's address; what is missing or unknown becomes the first screen."""
        people = workspace.people()
        user = next((person for person in people if person.id == query.get("user")), people[0])
        wanted = query.get("at", APP)
        place = workspace.channels.get(wanted)
        visible = place is not None and (
            place.kind == "channel" or (place.kind == "group" and user.id in place.members)
        )
        at = wanted if visible else APP
        if at == APP and wanted == workspace.ims.get(user.id):
            query = {**query, "tab": "messages"}
        tab = query.get("tab", "")
        if tab not in TABS:
            tab = "messages" if has_talked(workspace, user) else "home"
        thread = query.get("thread")
        channel = workspace.channels.get(at if at != APP else workspace.ims.get(user.id, ""))
        if not thread or channel is None or thread not in channel.messages or (at == APP and tab != "messages"):
            thread = None
        depth = query.get("depth", "")
        return cls(
            user, at, tab if at == APP else "messages", thread, int(depth) if depth.isdecimal() else SHOWN_AT_FIRST
        )

    def link(self, **changes: str) -> str:
        parts = {"user": self.user.id, "at": self.at, "tab": self.tab, **changes}
        return "/?" + urlencode({name: value for name, value in parts.items() if value})


def has_talked(workspace: Workspace, user: User) -> bool:
    """Whether anything was said yet between this person and the app."""
    im = workspace.ims.get(user.id)
    return im is not None and bool(workspace.channels[im].timeline)


class Names:
    """Mentions as the workspace writes them: first names, channel names."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def user(self, user_id: str) -> str:
        user = self._workspace.users.get(user_id)
        if user is None:
            return user_id
        return user.real_name if user.is_bot else user.real_name.partition(" ")[0]

    def channel(self, channel_id: str) -> str:
        channel = self._workspace.channels.get(channel_id)
        return channel.name if channel is not None and channel.name else channel_id


def reader(workspace: Workspace, user: User) -> Reader:
    return Reader(user.id, Dates(ZoneInfo(user.tz), user.locale, workspace.clock.now()), Names(workspace))


def face(workspace: Workspace, user_id: str) -> Json:
    """Name, initials and colour for an avatar."""
    user = workspace.users.get(user_id)
    name = user.real_name if user else user_id
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    return {
        "id": user_id,
        "name": name,
        "initials": initials,
        "hue": (list(workspace.users).index(user_id) if user else 0) * _GOLDEN_ANGLE % 360,
        "is_app": user_id == workspace.app.user_id,
        "status": shown(user.status_emoji.strip(":")) if user and user.status_emoji else "",
    }


def sidebar(workspace: Workspace, look: Look) -> Json:
    channels = [channel for channel in workspace.channels.values() if channel.kind in ("channel", "group")]
    im = workspace.channels.get(workspace.ims.get(look.user.id, ""))
    return {
        "channels": [
            {
                "id": channel.id,
                "name": channel.name,
                "unread": unread(channel, look.user),
                "open": look.at == channel.id,
            }
            for channel in channels
            if look.user.id in channel.members
        ],
        "app": {**face(workspace, workspace.app.user_id), "unread": unread(im, look.user) if im else 0},
        "people": [
            {**face(workspace, person.id), **_clock(workspace, person), "admin": person.is_admin, "title": person.title}
            for person in workspace.people()
        ],
    }


def _clock(workspace: Workspace, person: User) -> Json:
    dates = Dates(ZoneInfo(person.tz), person.locale, workspace.clock.now())
    now = dates.local(workspace.clock.unix())
    return {"time": dates.time(now), "zone": person.tz.replace("_", " ")}


def unread(channel: Channel, user: User) -> int:
    seen = channel.read.get(user.id, "")
    return sum(
        1
        for ts in reversed(channel.timeline)
        if ts > seen and ts in channel.messages and channel.messages[ts].user != user.id
    )


def shown_channel(workspace: Workspace, look: Look) -> Channel | None:
    """The channel whose messages are on the screen: none on the app's Home, or before the first direct message."""
    if look.at == APP:
        return workspace.channels.get(workspace.ims.get(look.user.id, "")) if look.tab == "messages" else None
    return workspace.channels[look.at]


def timeline(workspace: Workspace, look: Look) -> list[Json]:
    """The channel's newest rows, oldest first: {"divider": "Today"} or a message."""
    channel = shown_channel(workspace, look)
    if channel is None:
        return []
    private = [m.ts for m in channel.ephemerals.values() if m.only_for == look.user.id and m.thread_ts is None]
    return list(_rows(workspace, look, channel, sorted([*channel.timeline, *private])[-look.depth :]))


def earlier(workspace: Workspace, look: Look) -> bool:
    """Whether there is more than the timeline shows."""
    channel = shown_channel(workspace, look)
    return channel is not None and len(channel.timeline) > look.depth


def thread(workspace: Workspace, look: Look) -> list[Json]:
    channel = shown_channel(workspace, look)
    if channel is None or look.thread is None:
        return []
    private = [m.ts for m in channel.ephemerals.values() if m.only_for == look.user.id and m.thread_ts == look.thread]
    replies = sorted([*channel.messages[look.thread].replies, *private])
    rows = _rows(workspace, look, channel, [look.thread, *replies], inside=True)
    return [row for row in rows if "divider" not in row]


def _rows(
    workspace: Workspace, look: Look, channel: Channel, stamps: list[str], *, inside: bool = False
) -> Iterator[Json]:
    seen_by = reader(workspace, look.user)
    before: Message | None = None
    day = None
    for ts in stamps:
        message = channel.find(ts)
        if message is None:
            continue
        at = seen_by.dates.local(float(ts))
        if at.date() != day:
            day = at.date()
            before = None
            yield {"divider": seen_by.dates.day_divider(at), "id": f"day-{day}"}
        row = message_row(workspace, look, channel, message, inside=inside)
        row["compact"] = before is not None and _continues(before, message)
        before = message
        yield row


def _continues(before: Message, message: Message) -> bool:
    close = float(message.ts) - float(before.ts) < _SAME_BREATH
    return close and before.user == message.user and before.only_for == message.only_for and not before.replies


def message_row(workspace: Workspace, look: Look, channel: Channel, message: Message, *, inside: bool) -> Json:
    seen_by = reader(workspace, look.user)
    at = seen_by.dates.local(float(message.ts))
    return {
        "id": f"{'t' if inside else 'm'}-{message.ts}",
        "ts": message.ts,
        "channel": channel.id,
        "author": face(workspace, message.user) | ({"name": message.username} if message.username else {}),
        "badge": message.is_bot,
        "time": seen_by.dates.time(at),
        "when": f"{seen_by.dates.date(at, weekday=True)} {seen_by.dates.time(at, seconds=True)}",
        "text": message.text,
        # What people typed is drawn from its text, as Slack parses it; only the app's blocks are a layout.
        "blocks": message.blocks if message.is_bot else None,
        "attachments": message.attachments or [],
        "answers": state_values(message.blocks, message.typed.get(look.user.id, {})),
        "error": message.errors.get(look.user.id),
        "edited": message.edited_ts is not None and not message.is_bot,
        "only_you": message.only_for is not None,
        "mine": message.user == look.user.id,
        "gone": message.subtype == "tombstone",
        "reactions": [_reaction(workspace, look, name, users) for name, users in message.reactions.items()],
        "files": [workspace.files[file] for file in message.files if file in workspace.files],
        "thread": message.thread_ts or message.ts,
        "broadcast": message.broadcast and not inside,
        "replies": _replies(workspace, channel, message, seen_by) if message.replies and not inside else None,
    }


def _reaction(workspace: Workspace, look: Look, name: str, users: list[str]) -> Json:
    names = ", ".join("You" if user == look.user.id else Names(workspace).user(user) for user in users)
    return {"name": name, "shown": shown(name), "count": len(users), "mine": look.user.id in users, "people": names}


def _replies(workspace: Workspace, channel: Channel, message: Message, seen_by: Reader) -> Json:
    people = list(dict.fromkeys(channel.messages[ts].user for ts in message.replies))
    last = seen_by.dates.local(float(message.replies[-1]))
    return {
        "count": len(message.replies),
        "people": [face(workspace, user) for user in people[:3]],
        "last": f"{seen_by.dates.pretty(last, seen_by.dates.date)} at {seen_by.dates.time(last)}",
    }


def newest(rows: list[Json]) -> Json | None:
    """For screen readers: the last message, who said it and in what words."""
    said = next((row for row in reversed(rows) if "divider" not in row), None)
    if said is None:
        return None
    text = f"{said['author']['name']}: {said['text']}"
    return {"id": said["id"], "mine": said["mine"], "channel": said["channel"], "text": text}


def choices(workspace: Workspace, element: Json) -> list[tuple[str, str]]:
    """(id, label) of what a users, channels or conversations select offers."""
    kind = element["type"]
    people = [
        (user.id, user.real_name) for user in workspace.users.values() if not user.deleted and user.id != SLACKBOT
    ]
    public = [(c.id, f"#{c.name}") for c in workspace.channels.values() if c.kind == "channel" and not c.is_archived]
    if "users" in kind:
        return people
    if "channels" in kind:
        return public
    allowed: dict[str, Any] = element.get("filter") or {}
    wanted = allowed.get("include") or ("im", "public", "private")
    direct = [
        (workspace.ims[user], workspace.app.name) for user in workspace.ims if not allowed.get("exclude_bot_users")
    ]
    return [*(public if "public" in wanted else ()), *(direct[:1] if "im" in wanted else ())]
