"""What becomes of a check-in whose moment has come again: the one reminder, or one that its member put off."""

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, auto

from bot.domain.agreements import Terms
from bot.domain.calendar import local_date, same_local_day
from bot.domain.check_ins import CheckIn
from bot.domain.members import Member
from bot.domain.opening import WAITS, is_ignored
from bot.domain.snoozing import allowed_from


class Turn(Enum):
    """What to do now."""

    NOTHING = auto()
    """It was answered, its day is over, or its member wants quiet."""
    WAIT = auto()
    """Look again at `until`: what its member put off comes all the same, after quiet hours and days of rest."""
    SAY = auto()
    """Its first message, which waited for a conversation."""
    REMIND = auto()
    """The one reminder takes the first message's place."""
    ASK_AGAIN = auto()
    """The same, because its member put it off until now: this is no reminder."""


@dataclass(frozen=True)
class Next:
    """`until` is there with WAIT."""

    turn: Turn
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A check-in that is to come again, on its member's agreed clock.

    `open_commitments`: those with a line still to be answered. `asked_since`: those that newer check-ins ask about.
    `running_since`: when the conversation that has the word asked last. `reminded`: the newest check-in that the buddy
    started and sent, and that was answered or reminded of.
    """

    check_in: CheckIn
    member: Member
    terms: Terms
    open_commitments: frozenset[int]
    asked_since: frozenset[int] = frozenset()
    excused: Container[date] = field(default_factory=tuple)
    running_since: datetime | None = None
    reminded: CheckIn | None = None


def turn(here: Waiting, now: datetime) -> Next:
    """What to do at `now` (UTC), when its `remind_at` has come."""
    check_in, zone = here.check_in, here.member.zone
    is_over = not here.open_commitments - here.asked_since or (
        not check_in.snoozed and (check_in.answered_at is not None or not same_local_day(check_in.opened_at, now, zone))
    )
    if is_over or not here.member.is_reachable(now):
        return Next(Turn.NOTHING)
    if not check_in.snoozed and local_date(now, zone) in here.excused:
        return Next(Turn.NOTHING)
    running, is_first = here.running_since, check_in.ts is None
    if running is not None and not is_first and now - running < WAITS:
        return Next(Turn.WAIT, running + WAITS)
    if (until := allowed_from(now, here.terms, here.excused)) > now:
        return Next(Turn.WAIT, until)
    if is_first:
        return Next(Turn.SAY)
    if check_in.snoozed:
        return Next(Turn.ASK_AGAIN)
    # Another one of today may have been reminded of since this one was asked.
    return Next(Turn.NOTHING if is_ignored(here.reminded) else Turn.REMIND)
