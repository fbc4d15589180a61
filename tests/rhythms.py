"""Cadences as tests write them down, and all their instants."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

from bot.domain.calendar import EVERY_DAY, Cadence, Weekday, Weekly, next_instant

MONDAY = date(2026, 11, 16)
LONDON = "Europe/London"


def cadence(
    *days: Weekday, at: Sequence[str] = ("10:00",), every: int = 1, anchor: date = MONDAY, zone: str = LONDON
) -> Weekly:
    times = tuple(time.fromisoformat(word) for word in at)
    return Weekly(days=days or EVERY_DAY, times=times, interval_weeks=every, anchor=anchor, zone=zone)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def instants(cadence: Cadence, after: datetime) -> Iterator[datetime]:
    """Every instant (UTC) of the cadence strictly after `after`, in order, without end."""
    while True:
        after = next_instant(cadence, after)
        yield after
