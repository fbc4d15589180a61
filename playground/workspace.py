"""The workspace: who is here, where they talk, what was said. State only; it sends nothing."""

import mimetypes
import secrets
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.clock import PlaygroundClock

Json = dict[str, Any]
JsonValue = Any
"""What json.loads makes: checked where it is used."""

TEAM_ID = "T0PLAYGRND"
TEAM_NAME = "The Playground"
TEAM_DOMAIN = "the-playground"
GENERAL = "C0GENERAL"
WINS = "C0WINS001"
SLACKBOT = "USLACKBOT"
CROWD_ZONE = "Europe/Berlin"


@dataclass
class User:
    id: str
    name: str
    """The handle, without @."""
    real_name: str
    tz: str
    """An IANA zone."""
    locale: str = "en-US"
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False
    title: str = ""
    status_text: str = ""
    status_emoji: str = ""
    updated: int = 0
    status_expiration: int = 0
    """Product time (seconds since 1970); 0: the status stays."""
    dnd_from: int = 0
    dnd_until: int = 0
    """The schedule has notifications off between these product times."""
    snoozed_until: int = 0
    """Notifications are snoozed until this product time; apps cannot see that."""


@dataclass
class Message:
    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    is_bot: bool = False
    """Said by the app."""
    subtype: str | None = None
    thread_ts: str | None = None
    """The parent's ts, in a reply only."""
    broadcast: bool = False
    """A reply also shown in the channel."""
    replies: list[str] = field(default_factory=list)
    """In a parent: the ts of its replies, in order."""
    metadata: Json | None = None
    edited_ts: str | None = None
    edited_by: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    """Name without colons -> user ids."""
    files: list[str] = field(default_factory=list)
    """File ids."""
    only_for: str | None = None
    """An ephemeral message: the one person who sees it."""
    client_msg_id: str | None = None
    username: str | None = None
    icon_emoji: str | None = None
    typed: dict[str, Json] = field(default_factory=dict)
    """Per person: what they chose in this message's inputs, as Slack's state.values."""
    errors: dict[str, str] = field(default_factory=dict)
    """Per person: the error a late answer left on this message."""


@dataclass
class Channel:
    id: str
    kind: Literal["channel", "group", "im", "mpim"]
    name: str = ""
    members: set[str] = field(default_factory=set)
    creator: str = ""
    created: int = 0
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False
    is_ext_shared: bool = False
    is_general: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    """Every message that is not ephemeral, replies too, by ts."""
    timeline: list[str] = field(default_factory=list)
    """The ts of what the channel itself shows (no replies but broadcast ones), ascending."""
    ephemerals: dict[str, Message] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)
    """Per person: the ts they have read up to."""

    def add(self, message: Message) -> None:
        if message.only_for is not None:
            self.ephemerals[message.ts] = message
            return
        self.messages[message.ts] = message
        if message.thread_ts is None or message.broadcast:
            insort(self.timeline, message.ts)
        if message.thread_ts is not None:
            insort(self.messages[message.thread_ts].replies, message.ts)

    def remove(self, message: Message) -> None:
        if message.only_for is not None:
            del self.ephemerals[message.ts]
            return
        del self.messages[message.ts]
        if message.thread_ts is None or message.broadcast:
            self.timeline.remove(message.ts)
        if message.thread_ts in self.messages:
            self.messages[message.thread_ts].replies.remove(message.ts)

    def find(self, ts: str) -> Message | None:
        return self.messages.get(ts) or self.ephemerals.get(ts)


@dataclass
class View:
    id: str
    type: Literal["modal", "home"]
    user: str
    body: Json
    """As the app gave it (title, blocks, submit ...), with block and action ids filled in."""
    hash: str
    root_id: str
    previous_id: str | None = None
    typed: Json = field(default_factory=dict)
    """What the person entered so far, as Slack's state.values; what is not here has its initial value."""
    error: str | None = None
    """What Slack shows above a modal whose app did not answer."""
    errors: dict[str, str] = field(default_factory=dict)
    """Field errors by block id, from the last submission."""


@dataclass
class File:
    id: str
    name: str
    title: str
    user: str
    created: int
    mimetype: str
    data: bytes = b""
    channels: list[str] = field(default_factory=list)
    complete: bool = False


@dataclass
class Scheduled:
    """A message that chat.scheduleMessage keeps until `post_at` (product time, seconds since 1970)."""

    id: str
    channel: str
    post_at: int
    created: int
    arguments: Json


@dataclass
class Contents:
    """All that is kept in the state file."""

    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    """Person -> id of their published Home view."""
    modals: dict[str, list[str]] = field(default_factory=dict)
    """Person -> ids of the open modals, the top one last."""
    files: dict[str, File] = field(default_factory=dict)
    scheduled: dict[str, Scheduled] = field(default_factory=dict)
    last_ts: int = 0
    """The newest message ts, in microseconds."""
    clock_offset: float = 0.0
    installed: bool = True


@dataclass(frozen=True)
class App:
    """The app under test, as its manifest declares it."""

    name: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: dict[str, Json]
    """"/commit" -> the manifest's entry: description, usage_hint, should_escape."""
    shortcuts: dict[str, Json]
    """callback_id -> the manifest's entry: name, type ("global" or "message"), description."""
    features: Json
    id: str = "A0BUDDY001"
    user_id: str = "U0BUDDY001"
    bot_id: str = "B0BUDDY001"

    @classmethod
    def from_manifest(cls, manifest: Json) -> "App":
        features = manifest.get("features") or {}
        oauth = manifest.get("oauth_config") or {}
        subscriptions = (manifest.get("settings") or {}).get("event_subscriptions") or {}
        display = manifest.get("display_information") or {}
        bot = features.get("bot_user") or {}
        return cls(
            name=bot.get("display_name") or display.get("name") or "Accountability Buddy",
            scopes=frozenset((oauth.get("scopes") or {}).get("bot") or ()),
            events=frozenset(subscriptions.get("bot_events") or ()),
            commands={entry["command"]: entry for entry in features.get("slash_commands") or ()},
            shortcuts={entry["callback_id"]: entry for entry in features.get("shortcuts") or ()},
            features=features,
        )


@dataclass(frozen=True)
class Change:
    """`kind`: message, view, channel, user, read, clock, scheduled, sockets or everything."""

    kind: str
    channel: str | None = None
    user: str | None = None


class Workspace(Contents):
    """The contents, indexes over them, and who wants to hear of changes."""

    def __init__(self, app: App, clock: PlaygroundClock, crowd: int = 0) -> None:
        super().__init__()
        self.app = app
        self.clock = clock
        self.url = ""
        """Where the playground is served; no slash at the end."""
        self.ims: dict[str, str] = {}
        """Person -> id of their direct messages with the app."""
        self.uploads: dict[str, str] = {}
        """Upload ticket -> file id, until used."""
        self.external_ids: dict[str, str] = {}
        """external_id -> id of the view that bears it."""
        self._followers: list[Callable[[Change], None]] = []
        self.fill(first_contents(app, clock, crowd))

    def fill(self, contents: Contents) -> None:
        """Replaces everything by `contents`."""
        vars(self).update(vars(contents))
        self.ims = {
            member: channel.id
            for channel in self.channels.values()
            if channel.kind == "im"
            for member in channel.members - {self.app.user_id}
        }
        self.uploads = {}
        self.external_ids = {
            view.body["external_id"]: view.id for view in self.views.values() if view.body.get("external_id")
        }

    def people(self) -> list[User]:
        """Everyone one can be: neither the app nor Slackbot."""
        return [user for user in self.users.values() if not user.is_bot]

    def contents(self) -> Contents:
        return Contents(**{name: getattr(self, name) for name in Contents.__dataclass_fields__})

    def follow(self, follower: Callable[[Change], None]) -> Callable[[], None]:
        """Calls `follower(change)` at each change, until the returned function is called."""
        self._followers.append(follower)
        return lambda: self._followers.remove(follower)

    def changed(self, kind: str, channel: str | None = None, user: str | None = None) -> None:
        change = Change(kind, channel, user)
        for follower in tuple(self._followers):
            follower(change)

    def next_ts(self) -> str:
        """A message ts on product time; unique, and increasing whichever way the clock is moved."""
        self.last_ts = max(self.last_ts + 1, int(self.clock.unix() * 1_000_000))
        return f"{self.last_ts // 1_000_000}.{self.last_ts % 1_000_000:06d}"

    def open_im(self, user: str) -> Channel:
        """That person's direct messages with the app, opened if they were not."""
        if user in self.ims:
            return self.channels[self.ims[user]]
        channel = Channel(
            id=new_id("D"), kind="im", members={user, self.app.user_id}, created=int(self.clock.unix()), creator=user
        )
        self.channels[channel.id] = channel
        self.ims[user] = channel.id
        self.changed("channel", channel.id, user)
        return channel

    def add_file(self, name: str, user: str) -> File:
        """Nothing is in it yet."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = File(id=new_id("F"), name=name, title=name, user=user, created=int(self.clock.unix()), mimetype=kind)
        self.files[file.id] = file
        return file

    def top_modal(self, user: str) -> View | None:
        stack = self.modals.get(user)
        return self.views[stack[-1]] if stack else None

    def home(self, user: str) -> View | None:
        view_id = self.homes.get(user)
        return self.views[view_id] if view_id else None


def new_id(prefix: str) -> str:
    """An id shaped like Slack's: a letter or two and ten capitals and digits."""
    return prefix + "0" + secrets.token_hex(5).upper()[:9]


def crowd_id(number: int) -> str:
    """Who is who in the crowd, counted from 1."""
    return f"UCROWD{number:05}"


def first_contents(app: App, clock: PlaygroundClock, crowd: int = 0) -> Contents:
    """Three people in two time zones, and a `crowd`; #general without the app, #wins with it."""
    now = int(clock.unix())
    people = {
        user.id: user
        for user in (
            User("UMAYA0001", "maya", "Maya Okafor", "Europe/Berlin", "en-GB", is_admin=True, title="Team lead"),
            User("UJONAS001", "jonas", "Jonas Weber", "Europe/Berlin", "de-DE", title="Designer"),
            User("UPRIYA001", "priya", "Priya Raman", "America/New_York", "en-US", title="Engineer"),
            *(
                User(crowd_id(number), f"person{number}", f"Person {number}", CROWD_ZONE)
                for number in range(1, crowd + 1)
            ),
        )
    }
    handle = "".join(letter for letter in app.name.lower().replace(" ", "_") if letter.isalnum() or letter == "_")
    bot = User(app.user_id, handle, app.name, "America/Los_Angeles", is_bot=True)
    slackbot = User(SLACKBOT, "slackbot", "Slackbot", "America/Los_Angeles", is_bot=True)
    for user in (*people.values(), bot, slackbot):
        user.updated = now
    everyone = set(people)
    channels = (
        Channel(GENERAL, "channel", "general", set(everyone), "UMAYA0001", now, "Everything else", is_general=True),
        Channel(WINS, "channel", "wins", everyone | {app.user_id}, "UMAYA0001", now, "What went well"),
    )
    return Contents(
        users={**people, bot.id: bot, slackbot.id: slackbot},
        channels={channel.id: channel for channel in channels},
        clock_offset=clock.offset,
    )
