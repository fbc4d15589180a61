"""What people do among themselves and to the workspace: talk, edit, react, come and go, change their profile."""

import uuid
from zoneinfo import available_timezones

from playground.backend import Backend
from playground.errors import ActRefusedError
from playground.membership import join, leave
from playground.payloads import rich_text, user_json, view_json
from playground.reacting import react, unreact
from playground.wording import as_sent
from playground.workspace import Channel, JsonValue, Message, User, new_id

PROFILE = (
    "tz",
    "locale",
    "real_name",
    "title",
    "status_text",
    "status_emoji",
    "status_expiration",
    "is_admin",
    "deleted",
    "dnd_from",
    "dnd_until",
    "snoozed_until",
)


class Acts:
    """Every method raises ActRefusedError for what Slack's client would not let this person do."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._workspace = backend.workspace

    def person(self, user: str) -> User:
        found = self._workspace.users.get(user)
        if found is None or found.is_bot:
            raise ActRefusedError(f"there is no person {user}")
        return found

    def channel(self, user: str, channel: str) -> Channel:
        """By id; "app" is that person's direct messages with the app."""
        self.person(user)
        found = self._workspace.open_im(user) if channel == "app" else self._workspace.channels.get(channel)
        if found is None or (found.kind != "channel" and user not in found.members):
            raise ActRefusedError(f"{user} sees no channel {channel}")
        return found

    def message(self, user: str, channel: str, ts: str) -> tuple[Channel, Message]:
        place = self.channel(user, channel)
        message = place.find(ts)
        if message is None or message.only_for not in (None, user):
            raise ActRefusedError(f"{user} sees no message {ts}")
        return place, message

    def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        place = self._writable(user, channel)
        if not text.strip():
            raise ActRefusedError("there is nothing to send")
        if thread_ts is not None:
            if thread_ts not in place.messages:
                raise ActRefusedError(f"there is no thread {thread_ts}")
            thread_ts = place.messages[thread_ts].thread_ts or thread_ts
        message = self._backend.messages.post(
            place,
            user,
            as_sent(self._workspace, text),
            blocks=rich_text(text),
            thread_ts=thread_ts,
            client_msg_id=str(uuid.uuid4()),
        )
        place.read[user] = message.ts
        return message

    def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        place, message = self._own(user, channel, ts)
        sent = as_sent(self._workspace, text)
        if sent != message.text:
            self._backend.messages.change(place, message, by=user, text=sent, blocks=rich_text(text))

    def unfurl(self, user: str, channel: str, ts: str) -> None:
        """Slack changes a message by itself: an attachment appears, the text stays."""
        place, message = self.message(user, channel, ts)
        preview = {"id": 1, "fallback": "A page", "title": "A page", "from_url": "https://example.com"}
        self._backend.messages.change(place, message, attachments=[*(message.attachments or ()), preview])

    def delete(self, user: str, channel: str, ts: str) -> None:
        place, message = self.message(user, channel, ts)
        if message.only_for is None and message.user != user and not self.person(user).is_admin:
            raise ActRefusedError("one deletes only one's own messages")
        self._backend.messages.delete(place, message)

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """A second time takes it back."""
        _, message = self.message(user, channel, ts)
        if message.only_for is not None:
            raise ActRefusedError("ephemeral messages take no reactions")
        if not react(self._backend, message, user, name):
            unreact(self._backend, message, user, name)

    def upload(self, user: str, channel: str, name: str, text: str) -> Message:
        place = self._writable(user, channel)
        file = self._workspace.add_file(name, user)
        file.data, file.complete = text.encode(), True
        return self._backend.messages.share_file(place, file.id, user, "")

    def home(self, user: str, tab: str = "home") -> None:
        """Opens the app's Home tab, or its Messages tab."""
        place, view = self.channel(user, "app"), self._workspace.home(user)
        shown = {"view": view_json(self._workspace, view)} if tab == "home" and view is not None else {}
        self._backend.events.tell("app_home_opened", user=user, channel=place.id, tab=tab, **shown)

    def messages_tab(self, user: str) -> None:
        self.home(user, "messages")

    def read(self, user: str, channel: str) -> None:
        place = self.channel(user, channel)
        if place.timeline:
            place.read[user] = place.timeline[-1]
            self._workspace.changed("read", place.id, user)

    def profile(self, user: str, **fields: JsonValue) -> None:
        """Any of PROFILE. Sends user_change."""
        person = self.person(user)
        unknown = set(fields) - set(PROFILE)
        if unknown:
            raise ActRefusedError(f"a profile has no {', '.join(sorted(unknown))}")
        for name, value in fields.items():
            if type(value) is not type(getattr(person, name)) or (name == "tz" and value not in available_timezones()):
                raise ActRefusedError(f"{value!r} is no {name}")
            setattr(person, name, value)
        person.updated = int(self._workspace.clock.unix())
        shown = user_json(self._workspace, person, locale=True)
        self._backend.events.tell("user_change", user=shown, cache_ts=person.updated)
        self._workspace.changed("user", user=user)

    def invite(self, user: str, channel: str, invitee: str) -> None:
        """`invitee`: a person's id, or "app"."""
        place = self.channel(user, channel)
        guest = self._backend.app.user_id if invitee == "app" else self.person(invitee).id
        if guest in place.members:
            raise ActRefusedError(f"{guest} is in {channel} already")
        join(self._backend, place, guest, inviter=user)

    def remove(self, user: str, channel: str, member: str) -> None:
        place = self.channel(user, channel)
        gone = self._backend.app.user_id if member == "app" else member
        if gone not in place.members or place.kind == "im":
            raise ActRefusedError(f"{member} is not in {channel}")
        leave(self._backend, place, gone)

    def create_channel(self, user: str, name: str, *, private: bool = False, shared: bool = False) -> Channel:
        self.person(user)
        if any(channel.name == name for channel in self._workspace.channels.values()):
            raise ActRefusedError(f"#{name} exists already")
        channel = Channel(
            id=new_id("C"),
            kind="group" if private else "channel",
            name=name,
            members={user},
            creator=user,
            created=int(self._workspace.clock.unix()),
            is_ext_shared=shared,
        )
        self._workspace.channels[channel.id] = channel
        self._workspace.changed("channel", channel.id)
        return channel

    def archive(self, user: str, channel: str) -> None:
        place = self.channel(user, channel)
        place.is_archived = True
        if self._backend.app.user_id in place.members:
            self._backend.events.tell("channel_archive", channel=place.id, user=user)
        self._workspace.changed("channel", place.id)

    def uninstall(self, user: str) -> None:
        if not self.person(user).is_admin:
            raise ActRefusedError("only an admin removes apps")
        self._workspace.installed = False
        tokens = {"oauth": [], "bot": [self._backend.app.user_id]}
        self._backend.events.emit("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})
        self._backend.events.emit("app_uninstalled", {"type": "app_uninstalled"})
        self._workspace.changed("everything")

    def install(self, user: str) -> None:
        if not self.person(user).is_admin:
            raise ActRefusedError("only an admin installs apps")
        self._workspace.installed = True
        self._workspace.changed("everything")

    def _writable(self, user: str, channel: str) -> Channel:
        place = self.channel(user, channel)
        if user not in place.members or place.is_archived:
            raise ActRefusedError(f"{user} cannot write in {channel}")
        home = self._backend.app.features.get("app_home") or {}
        if place.kind == "im" and (
            home.get("messages_tab_read_only_enabled") or not home.get("messages_tab_enabled", True)
        ):
            raise ActRefusedError("Sending messages to this app has been turned off.")
        return place

    def _own(self, user: str, channel: str, ts: str) -> tuple[Channel, Message]:
        place, message = self.message(user, channel, ts)
        if message.user != user or message.subtype is not None:
            raise ActRefusedError("one edits only one's own messages")
        return place, message
