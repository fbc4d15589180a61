"""Coming back after a pause or a long holiday: which dates passed meanwhile, and when to say so."""

from collections.abc import Container, Iterable
from datetime import date, datetime, time
from typing import Final

from bot.domain.agreements import Terms
from bot.domain.calendar import ONE_DAY, local, local_date, to_utc
from bot.domain.commitments import Commitment, State
from bot.domain.snoozing import allowed_from

MORNING: Final = time(9)
"""Never before this wall time."""

LONG: Final = 3
"""A holiday of more days than this is one to come back from."""


def is_long(first_day: date, last_day: date) -> bool:
    """Whether dates are looked at when a holiday is over."""
    return (last_day - first_day).days + 1 > LONG


def passed_meanwhile(commitments: Iterable[Commitment], first_day: date, today: date) -> list[Commitment]:
    """Those whose date was on one of the days away, and is behind us; the earliest first."""
    passed = [
        one
        for one in commitments
        if one.state is State.ACTIVE and one.due_day is not None and first_day <= one.due_day < today
    ]
    return sorted(passed, key=lambda one: (one.due_day or today, one.id))


def welcome_at(now: datetime, terms: Terms, excused: Container[date], prompted_on: date | None) -> datetime:
    """When (UTC) someone who is back since `now` hears of it: in the morning of the first day that is none of rest, and
    on which the buddy has not begun a message by itself yet; not in quiet hours."""
    zone = terms.cadence.zone
    morning = to_utc(datetime.combine(local_date(now, zone), MORNING), zone)
    at = allowed_from(max(now, morning), terms, excused)
    while prompted_on is not None and local_date(at, zone) <= prompted_on:
        at = allowed_from(to_utc(datetime.combine(local(at, zone).date() + ONE_DAY, MORNING), zone), terms, excused)
    return at
