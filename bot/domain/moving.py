"""Someone seems to be on another clock than the agreed one. Nothing moves silently: they are asked, once a zone."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.calendar import local, local_date, to_utc

A_YEAR: Final = 366
MORNING: Final = time(9)
EVENING: Final = time(20)
"""Between these, where they seem to be, the question may come."""


def differ(one: str, other: str, now: datetime) -> bool:
    """Whether clocks in two IANA zones show different times now or on some day of the year to come."""
    if one == other:
        return False
    here, there = ZoneInfo(one), ZoneInfo(other)
    days = (now + timedelta(days=n) for n in range(A_YEAR))
    return any(day.astimezone(here).utcoffset() != day.astimezone(there).utcoffset() for day in days)


def is_news(agreed: str, seen: str, asked_about: str | None, now: datetime) -> bool:
    """Whether to ask: `seen`, the zone Slack tells, keeps another time than the `agreed` one, and is new."""
    return seen != asked_about and differ(agreed, seen, now)


def may_come_at(now: datetime, seen: str) -> datetime:
    """`now` by day where they seem to be; else the next morning there, in UTC."""
    wall = local(now, seen)
    if MORNING <= wall.time() < EVENING:
        return now
    return next_morning(now, seen) if wall.time() >= EVENING else _morning(now, seen, 0)


def next_morning(now: datetime, seen: str) -> datetime:
    """Tomorrow at nine, in UTC."""
    return _morning(now, seen, 1)


def _morning(now: datetime, zone: str, days: int) -> datetime:
    return to_utc(datetime.combine(local_date(now, zone) + timedelta(days=days), MORNING), zone)
