"""When a check-in that was put off comes again: never in quiet hours, never on a day of rest."""

import re
from collections.abc import Container
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.agreements import Terms
from bot.domain.calendar import ONE_DAY, local, local_date, to_utc
from bot.domain.members import Member
from bot.domain.quiet import out_of_quiet

EVENING: Final = time(18, 0)
AN_HOUR: Final = timedelta(hours=1)
LATER_IN_THE_EVENING: Final = timedelta(hours=2)
LATE: Final = time(20, 0)
"""From this wall time on nothing is put off until later in the evening."""

LOOK_AHEAD: Final = 400
"""Days looked at for one that is none of rest: more than a year."""


class Snooze(StrEnum):
    """Until when."""

    HOUR = "hour"
    EVENING = "evening"
    TOMORROW = "tomorrow"


LABELS: Final = {Snooze.HOUR: "In an hour", Snooze.EVENING: "This evening", Snooze.TOMORROW: "Tomorrow"}
"""What they say where they are chosen."""

SAID: Final = {label.casefold(): choice for choice, label in LABELS.items()} | {
    "tonight": Snooze.EVENING,
    "later": Snooze.EVENING,
    "later today": Snooze.EVENING,
    "not now": Snooze.EVENING,
}
"""The same as it is typed. Who says no more than "later" is asked in the evening."""

ASK_ME: Final = re.compile(r"^(?:please )?(?:ask|remind) me(?: again)? |,? (?:please|pls)$")


def when_typed(text: str) -> str:
    """What was typed, without "ask me"."""
    return ASK_ME.sub("", " ".join(text.casefold().split()).strip(" .!…"))


def typed_snooze(text: str) -> Snooze | None:
    """The choice that a message is, when it says nothing else."""
    return SAID.get(when_typed(text))


def snoozed_until(
    choice: Snooze, now: datetime, asked_at: datetime, terms: Terms, excused: Container[date] = ()
) -> datetime:
    """When (UTC) a check-in of `asked_at` comes again: in an hour, in the evening, or tomorrow at the hour at which it
    was asked."""
    zone = terms.cadence.zone
    match choice:
        case Snooze.HOUR:
            instant = now + AN_HOUR
        case Snooze.EVENING:
            instant = _evening(now, zone)
        case Snooze.TOMORROW:
            at = local(asked_at, zone).time().replace(second=0, microsecond=0)
            instant = to_utc(datetime.combine(local_date(now, zone) + ONE_DAY, at), zone)
    return allowed_from(instant, terms, excused)


def is_late(now: datetime, zone: str) -> bool:
    """Whether it is too late for "this evening"."""
    return local(now, zone).time() >= LATE


def _evening(now: datetime, zone: str) -> datetime:
    """18:00; in two hours when that is sooner than an hour from now; and the next day when it is late."""
    today = local_date(now, zone)
    evening = to_utc(datetime.combine(today + ONE_DAY * is_late(now, zone), EVENING), zone)
    return evening if evening - now >= AN_HOUR else now + LATER_IN_THE_EVENING


def comes_again(at: datetime, terms: Terms, member: Member, excused: Container[date] = ()) -> datetime | None:
    """When (UTC) what was put off until `at` comes after all; None when its member wants quiet then."""
    return allowed_from(at, terms, excused) if member.is_reachable(at) else None


def allowed_from(instant: datetime, terms: Terms, excused: Container[date] = ()) -> datetime:
    """The first instant from this one on at which the buddy may speak by itself: the same hour of a later day when the
    day is one of rest, and the end of the quiet hours. Rest without an end leaves it as it is."""
    zone = terms.cadence.zone
    moved = out_of_quiet(instant, terms)
    for _ in range(LOOK_AHEAD):
        wall = local(moved, zone)
        if wall.date() not in excused:
            return moved
        moved = out_of_quiet(to_utc(wall.replace(tzinfo=None) + ONE_DAY, zone), terms)
    return out_of_quiet(instant, terms)
