"""The rules of time: zones, days, and the cadence at which the buddy asks.

Instants are aware datetimes in UTC. Wall times are what a member's clock shows: naive datetimes or times, read in an
IANA zone. One rule holds wherever the two meet, and it is RFC 5545's, so that calendars agree with us: a wall time that
daylight saving skips is read with the offset before the gap (02:30 becomes 03:30 that day); a wall time that comes
twice means its first pass. Nothing here reads the clock.
"""

from bot.domain.calendar.cadences import (
    LAST,
    Cadence,
    MonthlyOnDate,
    MonthlyOnWeekday,
    Weekly,
    lighter,
    next_instant,
)
from bot.domain.calendar.days import EVERY_DAY, WORKDAYS, Weekday, habit_days_between
from bot.domain.calendar.words import ORDINALS, clock_label, day_label, describe_days, listing, numbered
from bot.domain.calendar.zones import (
    LAST_YEAR,
    ONE_DAY,
    carried,
    end_of_day,
    known_zone,
    local,
    local_date,
    same_local_day,
    start_of_day,
    to_utc,
    zone_names,
)

__all__ = [
    "EVERY_DAY",
    "LAST",
    "LAST_YEAR",
    "ONE_DAY",
    "ORDINALS",
    "WORKDAYS",
    "Cadence",
    "MonthlyOnDate",
    "MonthlyOnWeekday",
    "Weekday",
    "Weekly",
    "carried",
    "clock_label",
    "day_label",
    "describe_days",
    "end_of_day",
    "habit_days_between",
    "known_zone",
    "lighter",
    "listing",
    "local",
    "local_date",
    "next_instant",
    "numbered",
    "same_local_day",
    "start_of_day",
    "to_utc",
    "zone_names",
]
