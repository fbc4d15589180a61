"""The cadences there are: days by a rule, wall times, and an IANA zone; and the instants that come of them."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.domain.calendar.days import Weekday
from bot.domain.calendar.words import ORDINALS, clock_label, describe_days, listing, numbered
from bot.domain.calendar.zones import ONE_DAY, known_zone, local_date, to_utc

ONE_WEEK: Final = timedelta(weeks=1)
LAST: Final = -1
"""The `nth` of the last weekday of a month."""
MOST_APART: Final = 12
"""Weeks or months."""
IN_EVERY_MONTH: Final = 28
"""The last date that every month has."""


def _times(times: tuple[time, ...]) -> tuple[time, ...]:
    if any(at.tzinfo is not None or at.second or at.microsecond for at in times):
        raise ValueError("A check-in time is hours and minutes on the member's own clock")
    return tuple(sorted({at.replace(fold=0) for at in times}))


def _days(days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
    return tuple(sorted(set(days)))


Times = Annotated[tuple[time, ...], Field(min_length=1), AfterValidator(_times)]
"""Wall times, put in order and freed of duplicates."""


class Rule(BaseModel, ABC):
    """What every cadence has. `anchor` is any date of a week or month that is "on", for rules that leave some out.

    Raises pydantic's ValidationError (a ValueError) when a field makes no sense.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    times: Times
    anchor: date
    zone: Annotated[str, AfterValidator(known_zone)]

    @abstractmethod
    def dates(self, since: date) -> Iterator[date]:
        """The days of the rule from `since` on, that day included, in order and without end."""

    @abstractmethod
    def rrule(self) -> str:
        """The days as an RFC 5545 rule, e.g. "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=TU,FR".

        Wall times are not part of it: BYHOUR and BYMINUTE multiply, so 9:00 and 18:30 cannot be said in one rule. In a
        calendar each time is an event of its own, whose DTSTART has that time and one of `dates()`.
        """

    @abstractmethod
    def days_in_words(self) -> str:
        """The days in English: "every second Monday", "on the 15th of every month"."""

    def describe(self) -> str:
        """The cadence in English, without its zone: "Tuesday and Friday at 10:00", "every day at 9:00 and 18:00"."""
        return f"{self.days_in_words()} at {listing(clock_label(at) for at in self.times)}"


class Weekly(Rule):
    """On some days of the week, every so many weeks, which begin on Monday. `days` are put in order."""

    kind: Literal["weekly"] = "weekly"
    days: Annotated[tuple[Weekday, ...], Field(min_length=1), AfterValidator(_days)]
    interval_weeks: int = Field(default=1, ge=1, le=MOST_APART)

    def dates(self, since: date) -> Iterator[date]:
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

    def rrule(self) -> str:
        interval = f";INTERVAL={self.interval_weeks}" if self.interval_weeks > 1 else ""
        return f"FREQ=WEEKLY{interval};WKST=MO;BYDAY={','.join(_letters(day) for day in self.days)}"

    def days_in_words(self) -> str:
        return describe_days(self.days, self.interval_weeks)


class Monthly(Rule):
    """One day of every so many months."""

    interval_months: int = Field(default=1, ge=1, le=MOST_APART)

    @abstractmethod
    def day_of(self, month: date) -> date:
        """The day of it in the month that begins with `month`."""

    def dates(self, since: date) -> Iterator[date]:
        month = since.replace(day=1)
        months_on = (month.year - self.anchor.year) * 12 + month.month - self.anchor.month
        month = _later(month, -months_on % self.interval_months)
        while True:
            day = self.day_of(month)
            if day >= since:
                yield day
            month = _later(month, self.interval_months)

    def _monthly(self, rule: str) -> str:
        interval = f";INTERVAL={self.interval_months}" if self.interval_months > 1 else ""
        return f"FREQ=MONTHLY{interval};{rule}"

    def _of_every_month(self) -> str:
        return " ".join(word for word in ("of every", ORDINALS[self.interval_months], "month") if word)


class MonthlyOnDate(Monthly):
    """On a date; the 29th to 31st mean the last day of a month that is shorter."""

    kind: Literal["monthly_date"] = "monthly_date"
    day: int = Field(ge=1, le=31)

    def day_of(self, month: date) -> date:
        return month.replace(day=min(self.day, _last_of(month).day))

    def rrule(self) -> str:
        if self.day == 31:
            return self._monthly("BYMONTHDAY=-1")
        if self.day > IN_EVERY_MONTH:
            candidates = ",".join(map(str, range(IN_EVERY_MONTH, self.day + 1)))
            return self._monthly(f"BYMONTHDAY={candidates};BYSETPOS=-1")
        return self._monthly(f"BYMONTHDAY={self.day}")

    def days_in_words(self) -> str:
        if self.day == 31:
            return f"on the last day {self._of_every_month()}"
        or_last = ", or the last day," if self.day > IN_EVERY_MONTH else ""
        return f"on the {numbered(self.day)}{or_last} {self._of_every_month()}"


class MonthlyOnWeekday(Monthly):
    """On the first to fourth of a weekday in the month, or its `LAST`."""

    kind: Literal["monthly_weekday"] = "monthly_weekday"
    nth: Literal[1, 2, 3, 4, -1]
    weekday: Weekday

    def day_of(self, month: date) -> date:
        if self.nth == LAST:
            last = _last_of(month)
            return last - timedelta(days=(last.weekday() - self.weekday) % 7)
        first = month + timedelta(days=(self.weekday - month.weekday()) % 7)
        return first + ONE_WEEK * (self.nth - 1)

    def rrule(self) -> str:
        return self._monthly(f"BYDAY={self.nth}{_letters(self.weekday)}")

    def days_in_words(self) -> str:
        which = "last" if self.nth == LAST else ("first", *ORDINALS[2:])[self.nth - 1]
        return f"on the {which} {self.weekday.label} {self._of_every_month()}"


Cadence = Annotated[Weekly | MonthlyOnDate | MonthlyOnWeekday, Field(discriminator="kind")]
"""When the buddy asks. `kind` is written down with the rest, and tells which one it is."""


def lighter(cadence: Cadence, days_off: Collection[Weekday] = ()) -> Cadence:
    """Asked less often: once on one day of its week or month, that is no day off; or half as often, when that is what
    it is already."""
    once = {"times": cadence.times[:1]}
    if isinstance(cadence, Weekly):
        days = tuple(day for day in cadence.days if day not in days_off) or cadence.days
        if len(cadence.times) > 1 or len(days) > 1:
            return cadence.model_copy(update={**once, "days": days[-1:]})
        return cadence.model_copy(update={"days": days, "interval_weeks": min(cadence.interval_weeks * 2, MOST_APART)})
    if len(cadence.times) > 1:
        return cadence.model_copy(update=once)
    return cadence.model_copy(update={"interval_months": min(cadence.interval_months * 2, MOST_APART)})


@lru_cache(maxsize=1024)  # thousands of people agree on the same days, and are planned in the same moment
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


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _later(month: date, months: int) -> date:
    """The first of the month that comes so many months later; raises OverflowError at the end of the calendar."""
    for _ in range(months):
        month = (month + timedelta(days=31)).replace(day=1)
    return month


def _last_of(month: date) -> date:
    return _later(month, 1) - ONE_DAY


def _letters(day: Weekday) -> str:
    return day.name[:2]
