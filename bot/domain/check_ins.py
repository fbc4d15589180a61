"""A check-in: one message about everything that is open, one click each."""

import re
from collections.abc import Container, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from pydantic import Field

from bot.domain.calendar import Weekday, habit_days_between, local, local_date
from bot.domain.emoji import without_emoji
from bot.domain.records import Record

SHOWN = 10
"""A check-in message asks about ten commitments at a time, then "n more"."""


class Origin(StrEnum):
    """Who started it."""

    SCHEDULED = "scheduled"
    ASKED = "asked"


class Answer(StrEnum):
    """How it went. `DAYS` is a habit's answer: the days are beside it, and none is an answer too."""

    DONE = "done"
    MOVING = "moving"
    NOT_YET = "not_yet"
    DAYS = "days"
    NOT_TODAY = "not_today"


class FollowUp(StrEnum):
    """What its owner chose after a "not yet"."""

    LEFT = "left"
    LOOKED = "looked"


PROGRESS = frozenset({Answer.DONE, Answer.MOVING})

LABELS: Final = {Answer.DONE: "Done", Answer.MOVING: "Moving", Answer.NOT_YET: "Not yet"}
"""What their buttons say."""

ALL_MOVING: Final = "All moving"
EVERY_DAY: Final = "Every day"
LET_GO: Final = "Let go"

TYPED: Final = {**LABELS, Answer.NOT_TODAY: "Not today"}
"""And what stands in the menu beside them."""


def choices(days: Sequence[date]) -> tuple[Answer, ...]:
    """Which of them a line offers. A day of a habit is done or not yet; several are ticked, or not yet."""
    if len(days) > 1:
        return (Answer.NOT_YET,)
    return (Answer.DONE, Answer.NOT_YET) if days else tuple(LABELS)


def typed_answer(text: str) -> Answer | None:
    """The answer that a message is, when it says what a button says and nothing else."""
    return next((answer for answer, label in TYPED.items() if says(text, label)), None)


def says(text: str, label: str) -> bool:
    """Whether a message is the words of a button, and nothing else."""
    return " ".join(re.sub(r"[\W_]+", " ", without_emoji(text).casefold()).split()) == label.casefold()


class CheckIn(Record):
    """`occurrence` is the instant it was due (or asked for). `late`: the day agreed on for some of it had passed, which
    it says; one that asks nothing leaves that to the next one. `zone`: on whose clock its days are, wherever its member
    goes afterwards.

    `remind_at`: when it comes once more; with `snoozed` because its member put it off until then.
    """

    id: int
    workspace_id: int
    member_id: int
    origin: Origin
    occurrence: datetime
    opened_at: datetime
    zone: str
    answered_at: datetime | None = None
    remind_at: datetime | None = None
    reminded_at: datetime | None = None
    ts: str | None = None
    late: bool = False
    snoozed: bool = False

    @property
    def never_came(self) -> bool:
        """Whether it was to be sent, and was not."""
        return self.origin is Origin.SCHEDULED and self.ts is None and self.answered_at is None

    @property
    def day(self) -> date:
        """Its own."""
        return local_date(self.opened_at, self.zone)

    @property
    def last_day(self) -> date:
        """The last one that a habit is asked about."""
        return last_day_asked(self.origin, self.opened_at, self.zone)


def key_of(check_in_id: int) -> str:
    """Under which a check-in is said, once."""
    return f"check_in:{check_in_id}"


class Item(Record):
    """One commitment's line.

    `since` is the first day a habit is asked about, `days` are those that were done. `trying`: what was to be tried
    once, when that is what the line asks about; empty once its member had these words forgotten. `note_parts`: the
    messages that `note` is made of, each with its ts and its length (`bot.domain.notes`); `note_ts` is the last one's.
    """

    id: int
    check_in_id: int
    commitment_id: int
    position: int
    since: date | None = None
    trying: str | None = Field(default=None, repr=False)
    follow_up: FollowUp | None = None
    answer: Answer | None = None
    days: tuple[date, ...] = ()
    note: str | None = Field(default=None, repr=False)
    note_ts: str | None = None
    note_parts: tuple[tuple[str, int], ...] | None = None
    answered_at: datetime | None = None

    def covers(self, earlier: "Item") -> bool:
        """Whether it asks all that an earlier line asks: about the same, and of a habit from the same day on."""
        is_since = earlier.since is None or (self.since is not None and self.since <= earlier.since)
        return self.commitment_id == earlier.commitment_id and is_since

    @property
    def is_progress(self) -> bool:
        return self.answer in PROGRESS or (self.answer is Answer.DAYS and bool(self.days))

    @property
    def is_not_yet(self) -> bool:
        return self.answer is Answer.NOT_YET or (self.answer is Answer.DAYS and not self.days)


HABIT_DAYS_SHOWN = 10
"""Slack's limit of checkboxes, and more than anyone remembers."""


DAY_IS_DONE = time(17, 0)
"""From this wall time on a check-in asks about its own day too: before, there is still time to do it."""


def last_day_asked(origin: Origin, opened_at: datetime, zone: str) -> date:
    """The last day a check-in asks a habit about: its own in the evening, or when its member started it; else the day
    before."""
    wall = local(opened_at, zone)
    is_whole = origin is Origin.ASKED or wall.time() >= DAY_IS_DONE
    return wall.date() if is_whole else wall.date() - timedelta(days=1)


def last_day_of(item: Item, since: date, until: date) -> date:
    """The last day of a line that begins with `since`: `until`, or what was added in the evening to a check-in of the
    morning asks about no day; and what was done stays."""
    return max(until, since, *item.days)


def days_asked(
    item: Item, habit_days: Sequence[Weekday], until: date, excused: Container[date] = ()
) -> tuple[date, ...]:
    """The days a habit's line asks about: from `since` to `until` but for those excused, the last ten of them. A day
    that is done already stays."""
    if item.since is None:
        return ()
    days = habit_days_between(habit_days, item.since, last_day_of(item, item.since, until))
    return tuple(day for day in days if day in item.days or day not in excused)[-HABIT_DAYS_SHOWN:]


def not_yets_in_a_row(items: Sequence[Item]) -> int:
    """How many of the newest answers were a "not yet" (items newest first); any progress starts the count afresh."""
    count = 0
    for item in items:
        if item.is_progress:
            break
        count += item.is_not_yet
    return count


class Occasion(StrEnum):
    """The moments at which sharing is offered: a finish, a first, a comeback."""

    FINISH = "finish"
    FIRST = "first"
    COMEBACK = "comeback"


def occasion(item: Item, earlier: Sequence[Item], *, is_habit: bool) -> Occasion | None:
    """What makes this answer worth offering to share, given the commitment's earlier answers, newest first."""
    if not item.is_progress:
        return None
    if not is_habit:
        return Occasion.FINISH if item.answer is Answer.DONE else None
    answered = [one for one in earlier if one.is_progress or one.is_not_yet]
    if not any(one.is_progress for one in answered):
        return Occasion.FIRST
    return Occasion.COMEBACK if answered and answered[0].is_not_yet else None
