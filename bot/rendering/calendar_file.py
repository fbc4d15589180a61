"""Check-ins as an iCalendar file (RFC 5545) whose instants are ours: the same rule, wall times and zone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice, takewhile
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.prop import vRecur

from bot.domain.agreements import Terms
from bot.domain.calendar import ONE_DAY, MonthlyOnDate, Weekly, local_date, to_utc
from bot.domain.planning import heard
from bot.domain.quiet import is_quiet
from bot.domain.rests import Excused

NAME: Final = "check-ins.ics"
SUMMARY: Final = "Check-in with Accountability Buddy"
"""Calendars are seen by others: no word of a member's."""
COMES: Final = "Your check-ins, for your calendar. It won't follow changes by itself: with other days, take a new file."

PRODUCT: Final = "-//Accountability Buddy//EN"
TAKES: Final = timedelta(minutes=5)
SINGLE: Final = 5
"""Check-ins that are written down one by one where no rule says them."""
ZONES_UNTIL: Final = 10
"""Years for which the file describes the zone to calendars that do not know it."""


def calendar_file(terms: Terms, excused: Excused, now: datetime, owner: str) -> str:
    """The text of the file. `owner` makes its events someone's own, so that another file takes their place."""
    cadence = terms.cadence
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for n, (start, rule, without) in enumerate(_events(terms, excused, now), start=1):
        event = Event()
        event.add("uid", f"{n}.{owner}@accountability-buddy")
        event.add("dtstamp", now)
        event.add("summary", SUMMARY)
        event.add("dtstart", start)
        event.add("duration", TAKES)
        event.add("transp", "TRANSPARENT")
        if rule:
            event.add("rrule", vRecur.from_ical(rule))
        for each in without:
            event.add("exdate", each)
        calendar.add_component(event)
    today = local_date(now, cadence.zone)
    calendar.add_missing_timezones(
        first_date=today - timedelta(days=366), last_date=today.replace(year=today.year + ZONES_UNTIL, day=1)
    )
    return str(calendar.to_ical(), "utf-8")


Entry = tuple[datetime, str | None, list[datetime]]
"""The start, the rule if it has one, and the dates on which it does not hold."""


def _events(terms: Terms, excused: Excused, now: datetime) -> Iterator[Entry]:
    cadence = terms.cadence
    zone = ZoneInfo(cadence.zone)
    if isinstance(cadence, Weekly) and not set(cadence.days) <= set(excused.days_off):
        cadence = cadence.model_copy(update={"days": tuple(one for one in cadence.days if one not in excused.days_off)})
    passed_over = bool(excused.days_off) and isinstance(cadence, MonthlyOnDate)
    if passed_over or any(is_quiet(at, terms.quiet_hours) for at in cadence.times if terms.quiet_hours):
        # No rule says that a date is passed over when it is a day off, or that a night's check-in comes in the morning.
        for instant in islice(heard(cadence, now, terms, excused), SINGLE):
            yield instant.astimezone(zone), None, []
        return
    over = max((rest.last_day for rest in excused.rests), default=date.min)
    for at in cadence.times:
        dates = cadence.dates(local_date(now, cadence.zone) - ONE_DAY)
        first = next(day for day in dates if to_utc(datetime.combine(day, at), cadence.zone) > now)
        resting = [day for day in takewhile(lambda day: day <= over, cadence.dates(first)) if day in excused]
        without = [datetime.combine(day, at, zone) for day in resting]
        yield datetime.combine(first, at, zone), cadence.rrule(), without
