"""The rules of time: zones, days, and the cadence at which the buddy asks.

Instants are aware datetimes in UTC. Wall times are what a member's clock shows: naive datetimes or times, read in an
IANA zone. One rule holds wherever the two meet, and it is RFC 5545's, so that calendars agree with us: a wall time that
daylight saving skips is read with the offset before the gap (02:30 becomes 03:30 that day); a wall time that comes
twice means its first pass. Nothing here reads the clock.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from functools import cache
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(weeks=1)

REMINDER_NOT_WITHIN = timedelta(hours=2)
REMINDER_AFTER = timedelta(hours=4)
REMINDER_LATEST = time(22)

NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})


class Weekday(IntEnum):
    """Days of the week, numbered as `date.weekday()` numbers them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6

    @property
    def label(self) -> str:
        """The English name: "Monday"."""
        return self.name.capitalize()


WORKDAYS = tuple(Weekday)[:5]
EVERY_DAY = tuple(Weekday)


# Zones


@cache
def zone_names() -> frozenset[str]:
    """Every IANA zone that this machine knows; reading them takes some milliseconds, once."""
    return frozenset(available_timezones() - NOT_PLACES)


def known_zone(zone: str) -> str:
    """The zone itself; raises ValueError when it is no IANA zone."""
    if zone not in zone_names():
        raise ValueError(f"{zone!r} is not a known time zone")
    return zone


def to_utc(local: datetime, zone: str) -> datetime:
    """The instant (UTC) at which clocks in `zone` show the naive `local`; raises ValueError when `local` is aware."""
    if local.tzinfo is not None:
        raise ValueError("A wall time has no zone of its own")
    # fold=0 is the rule of this module: the offset before a gap, the first pass of an overlap (PEP 495).
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def local(instant: datetime, zone: str) -> datetime:
    """What clocks in `zone` show at `instant`, as an aware datetime; raises ValueError when `instant` is naive."""
    if instant.tzinfo is None:
        raise ValueError("An instant carries its zone")
    return instant.astimezone(ZoneInfo(zone))


def local_date(instant: datetime, zone: str) -> date:
    """The date in `zone` at `instant`."""
    return local(instant, zone).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The instant (UTC) of midnight at the beginning of `day`; where it is skipped, of what comes in its place."""
    return to_utc(datetime.combine(day, time()), zone)


def end_of_day(day: date, zone: str) -> datetime:
    """The first instant (UTC) that no longer belongs to `day`."""
    return start_of_day(day + ONE_DAY, zone)


def same_local_day(one: datetime, other: datetime, zone: str) -> bool:
    """Whether two instants fall on the same date in `zone`."""
    return local_date(one, zone) == local_date(other, zone)


def later_today(instant: datetime, at: time, zone: str) -> datetime | None:
    """When (UTC) to ask once more about what was asked at `instant`: later that local day, or not at all.

    At the wall time `at`, when that is more than two hours away; otherwise four hours after `instant`. None when that
    would be later than 22:00 or on another day: an evening is left alone.
    """
    day = local_date(instant, zone)
    agreed = to_utc(datetime.combine(day, at), zone)
    reminder = agreed if agreed - instant > REMINDER_NOT_WITHIN else instant.astimezone(UTC) + REMINDER_AFTER
    wall = local(reminder, zone)
    return reminder if wall.date() == day and wall.time() <= max(REMINDER_LATEST, at) else None


def habit_days_between(days: Iterable[Weekday], since: date, until: date) -> tuple[date, ...]:
    """The dates from `since` to `until`, both included, that fall on one of `days`, in order."""
    wanted = frozenset(days)
    span = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return tuple(day for day in span if day.weekday() in wanted)


# Cadences


def _days(days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
    return tuple(sorted(set(days)))


def _times(times: tuple[time, ...]) -> tuple[time, ...]:
    if any(at.tzinfo is not None or at.second or at.microsecond for at in times):
        raise ValueError("A check-in time is hours and minutes on the member's own clock")
    return tuple(sorted({at.replace(fold=0) for at in times}))


class Cadence(BaseModel):
    """When the buddy asks: wall times on some days of the week, every so many weeks, in an IANA zone.

    `days` and `times` are put in order and freed of duplicates. `anchor` is any date of a week (Monday to Sunday) that
    is "on"; it matters only when `interval_weeks` is above 1. Raises pydantic's ValidationError (a ValueError) when a
    field makes no sense. `kind` is written down with the rest so that other kinds of rule can stand beside this one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["weekly"] = "weekly"
    days: Annotated[tuple[Weekday, ...], Field(min_length=1), AfterValidator(_days)]
    times: Annotated[tuple[time, ...], Field(min_length=1), AfterValidator(_times)]
    interval_weeks: int = Field(default=1, ge=1, le=12)
    anchor: date
    zone: Annotated[str, AfterValidator(known_zone)]

    def rrule(self) -> str:
        """The days as an RFC 5545 rule, e.g. "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=TU,FR".

        Wall times are not part of it: BYHOUR and BYMINUTE multiply, so 9:00 and 18:30 cannot be said in one rule. In a
        calendar each time is an event of its own, whose DTSTART has that time and one of `dates()`.
        """
        interval = f";INTERVAL={self.interval_weeks}" if self.interval_weeks > 1 else ""
        return f"FREQ=WEEKLY{interval};WKST=MO;BYDAY={','.join(day.name[:2] for day in self.days)}"

    def dates(self, since: date) -> Iterator[date]:
        """The days of the rule from `since` on, that day included, without end."""
        monday = _monday(since)
        weeks_on = (monday - _monday(self.anchor)).days // 7 % self.interval_weeks
        if weeks_on:
            monday += ONE_WEEK * (self.interval_weeks - weeks_on)
        while True:
            for weekday in self.days:
                day = monday + timedelta(days=weekday)
                if day >= since:
                    yield day
            monday += ONE_WEEK * self.interval_weeks


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def next_instant(cadence: Cadence, after: datetime) -> datetime:
    """The first instant (UTC) of the cadence strictly after `after` (aware); raises ValueError when `after` is naive.

    Wall times that daylight saving moves onto one another are one instant.
    """

    def on(day: date) -> list[datetime]:
        instants = (to_utc(datetime.combine(day, at), cadence.zone) for at in cadence.times)
        return [instant for instant in instants if instant > after]

    # A gap can move a wall time by as much as a day (Samoa left out 30 December 2011): the day before may still have
    # something to come, and the day after may come first.
    dates = cadence.dates(local_date(after, cadence.zone) - ONE_DAY)
    return next(min(soon + on(following)) for day, following in pairwise(dates) if (soon := on(day)))


def instants(cadence: Cadence, after: datetime) -> Iterator[datetime]:
    """Every instant (UTC) of the cadence strictly after `after`, in order, without end."""
    while True:
        after = next_instant(cadence, after)
        yield after


# Words

ORDINALS = (
    "",
    "",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)


def clock_label(at: time) -> str:
    """A wall time as people write it: "9:00", "18:30"."""
    return f"{at.hour}:{at.minute:02}"


def listing(words: Iterable[str]) -> str:
    """Words in a row: "Monday", "Monday and Friday", "Monday, Tuesday and Friday"."""
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def describe_days(days: tuple[Weekday, ...], interval_weeks: int = 1) -> str:
    """The days in English: "every day", "Tuesday and Friday", "every second Monday"."""
    nth = ORDINALS[interval_weeks]
    names = listing(day.label for day in days)
    if days == EVERY_DAY:
        return f"every day of every {nth} week" if nth else "every day"
    if days == WORKDAYS:
        names = "Monday to Friday"
    if len(days) == 1:
        return f"every {nth} {names}" if nth else f"every {names}"
    return f"every {nth} week, {names}" if nth else names


def describe(cadence: Cadence) -> str:
    """The cadence in English, without its zone: "Tuesday and Friday at 10:00", "every day at 9:00 and 18:00"."""
    times = listing(clock_label(at) for at in cadence.times)
    return f"{describe_days(cadence.days, cadence.interval_weeks)} at {times}"
