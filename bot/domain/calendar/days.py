"""Days of the week, and lists of dates that fall on some of them."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import IntEnum


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


def habit_days_between(days: Iterable[Weekday], since: date, until: date) -> tuple[date, ...]:
    """The dates from `since` to `until`, both included, that fall on one of `days`, in order."""
    wanted = frozenset(days)
    span = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return tuple(day for day in span if day.weekday() in wanted)
