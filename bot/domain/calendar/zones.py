"""Zones and wall times: where an instant meets what a member's clock shows."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

ONE_DAY = timedelta(days=1)

LAST_YEAR = 2999
"""Of a date that somebody names: what lies behind it was typed by mistake."""

NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})


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
    # fold=0 is the rule of this package: the offset before a gap, the first pass of an overlap (PEP 495).
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def local(instant: datetime, zone: str) -> datetime:
    """What clocks in `zone` show at `instant`, as an aware datetime; raises ValueError when `instant` is naive."""
    if instant.tzinfo is None:
        raise ValueError("An instant carries its zone")
    return instant.astimezone(ZoneInfo(zone))


def carried(instant: datetime, before: str, zone: str) -> datetime:
    """The instant (UTC) at which clocks in `zone` show what those in the zone `before` show at `instant`."""
    return to_utc(local(instant, before).replace(tzinfo=None), zone)


@lru_cache(maxsize=1024)  # thousands of people are looked at in the same moment
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
