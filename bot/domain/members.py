"""A person who has used the app, as far as the app needs to know them."""

from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.records import Record

HOME_IS_SEEN: Final = timedelta(days=1)
"""How long after it was opened Home may still be in sight, and is kept up to date: a desktop shows it for long."""


class Profile(Record):
    """What Slack says about a person (users.info), read when it may matter and is a day old."""

    zone: str
    locale: str
    is_admin: bool


class Member(Record):
    """`channel_id` is their direct message with the app, once known. `reflected_at`: the last reflective question.

    `prompted_on`: the last day, on their agreed clock, on which the buddy began a message by itself. `quiet_since`: no
    answer for so long that the buddy waits to be spoken to. `asked_about_zone`: the zone they were last asked about;
    `ask_zone_at`: when to look whether to ask. `heard_at`: when they last wrote or clicked something.
    """

    id: int
    workspace_id: int
    slack_id: str
    channel_id: str | None = None
    zone: str
    locale: str
    is_admin: bool
    joined_at: datetime
    read_at: datetime
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    stopped_at: datetime | None = None
    reflected_at: datetime | None = None
    prompted_on: date | None = None
    quiet_since: datetime | None = None
    asked_about_zone: str | None = None
    home_opened_at: datetime | None = None
    heard_at: datetime | None = None
    ask_zone_at: datetime | None = None

    def is_paused(self, now: datetime) -> bool:
        """True while they asked for quiet: until a date, or until they say otherwise."""
        return self.paused_at is not None and (self.paused_until is None or now < self.paused_until)

    def may_see_home(self, now: datetime) -> bool:
        """Whether they opened Home lately: Slack says so each time."""
        return self.home_opened_at is not None and self.home_opened_at > now - HOME_IS_SEEN

    def is_reachable(self, now: datetime) -> bool:
        """True when the buddy may start a message of its own."""
        return self.stopped_at is None and self.quiet_since is None and not self.is_paused(now)
