"""The rules of time against an independent calculation, over every zone and more than ten years."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import Any, cast
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import (
    LAST,
    Cadence,
    MonthlyOnDate,
    MonthlyOnWeekday,
    Weekday,
    Weekly,
    end_of_day,
    habit_days_between,
    local_date,
    next_instant,
    start_of_day,
    to_utc,
    zone_names,
)
from bot.domain.response import later_today
from tests.rhythms import instants

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
LONGEST = 12
"""Weeks or months."""

zones = st.sampled_from(sorted(zone_names()))
NAIVE_MIDNIGHT = time()
moments = st.datetimes(
    datetime.combine(date(2020, 1, 1), NAIVE_MIDNIGHT),
    datetime.combine(date(2035, 12, 31), NAIVE_MIDNIGHT),
    timezones=st.just(UTC),
)
hours_and_minutes = st.builds(time, st.integers(0, 23), st.sampled_from((0, 1, 15, 29, 30, 31, 45, 59)))


@cache
def changes(zone: str) -> list[datetime]:
    """Instants, to the minute, at which the offset of a zone has just changed from 2011 on; found by halving."""
    here, found = ZoneInfo(zone), []
    step = timedelta(days=5)
    at = datetime(2011, 1, 1, tzinfo=UTC)
    while at < datetime(2036, 1, 1, tzinfo=UTC):
        if at.astimezone(here).utcoffset() != (at + step).astimezone(here).utcoffset():
            before, after = at, at + step
            while after - before > MINUTE:
                middle = before + (after - before) // MINUTE // 2 * MINUTE
                same = middle.astimezone(here).utcoffset() == at.astimezone(here).utcoffset()
                before, after = (middle, after) if same else (before, middle)
            found.append(after)
        at += step
    return found


@st.composite
def near_changes(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and an instant within two days of a change of its offset, where it has one."""
    zone = draw(zones)
    found = changes(zone)
    moment = draw(st.sampled_from(found)) if found else draw(moments)
    return zone, moment + draw(st.integers(-2 * 24 * 4, 2 * 24 * 4)) * timedelta(minutes=15)


somewhere_sometime = st.one_of(st.tuples(zones, moments), near_changes())


@st.composite
def cadences(draw: st.DrawFn, zone: str) -> Cadence:
    every = draw(st.integers(1, LONGEST))
    given: dict[str, Any] = {
        "times": tuple(draw(st.sets(hours_and_minutes, min_size=1, max_size=4))),
        "anchor": draw(st.dates(date(2010, 1, 1), date(2036, 1, 1))),
        "zone": zone,
    }
    match draw(st.sampled_from((Weekly, MonthlyOnDate, MonthlyOnWeekday))):
        case kind if kind is Weekly:
            days = tuple(draw(st.sets(st.sampled_from(Weekday), min_size=1)))
            return Weekly(days=days, interval_weeks=every, **given)
        case kind if kind is MonthlyOnDate:
            return MonthlyOnDate(day=draw(st.integers(1, 31)), interval_months=every, **given)
    nth, weekday = draw(st.sampled_from((1, 2, 3, 4, LAST))), draw(st.sampled_from(Weekday))
    return MonthlyOnWeekday(nth=nth, weekday=weekday, interval_months=every, **given)


def longest_wait(cadence: Cadence) -> timedelta:
    """No two of its days lie further apart."""
    if isinstance(cadence, Weekly):
        return timedelta(weeks=cadence.interval_weeks)
    return timedelta(days=31 * cadence.interval_months + 7)


def first_shown(wall: datetime, zone: str) -> datetime:
    """The rule, worked out only from what clocks show: the first instant that shows `wall`, else the gap is added."""
    here = ZoneInfo(zone)
    around = wall.replace(tzinfo=UTC)
    seen = sorted(
        {cast("timedelta", (around + n * timedelta(hours=6)).astimezone(here).utcoffset()) for n in range(-8, 9)}
    )
    shown = [around - offset for offset in seen if (around - offset).astimezone(here).replace(tzinfo=None) == wall]
    if shown:
        return min(shown)
    # Nothing shows it: walk back to a wall time that is shown, whose offset is the one before the gap.
    earlier = wall
    while True:
        earlier -= MINUTE * 15
        for offset in seen:
            instant = around - (wall - earlier) - offset
            if instant.astimezone(here).replace(tzinfo=None) == earlier:
                return around - offset


def began(cadence: Cadence, before: date) -> datetime:
    """A midnight before that day from which the rule can be counted: of a Monday or a first of a month that is on."""
    if isinstance(cadence, Weekly):
        monday = cadence.anchor - timedelta(days=cadence.anchor.weekday())
        weeks = (before - monday).days // 7 // cadence.interval_weeks * cadence.interval_weeks
        return datetime.combine(monday + timedelta(weeks=weeks), time())
    months = (before.year - cadence.anchor.year) * 12 + before.month - cadence.anchor.month
    first = datetime.combine(cadence.anchor.replace(day=1), time())
    return first + relativedelta(months=months // cadence.interval_months * cadence.interval_months)


def expected(cadence: Cadence, after: datetime) -> Iterator[datetime]:
    """The same instants by dateutil's reading of our rule on naive local time, then zone by zone rule."""
    since = local_date(after, cadence.zone) - 2 * DAY
    start = began(cadence, since)
    until = datetime.combine(since, time()) + 3 * longest_wait(cadence) + timedelta(weeks=1)
    days = rrulestr(cadence.rrule(), dtstart=start).between(start, until, inc=True)
    found = {first_shown(datetime.combine(day.date(), at), cadence.zone) for day in days for at in cadence.times}
    # The last day or two may still be overtaken by ones that were not looked at.
    return iter(sorted(instant for instant in found if after < instant < until.replace(tzinfo=UTC) - 3 * DAY))


@given(st.data(), somewhere_sometime)
def test_instants_agree_with_an_independent_calculation(data: st.DataObject, sometime: tuple[str, datetime]) -> None:
    zone, after = sometime
    cadence = data.draw(cadences(zone))
    reference = list(islice(expected(cadence, after), 8))
    assert reference
    assert list(islice(instants(cadence, after), len(reference))) == reference


@given(st.data(), somewhere_sometime)
def test_every_instant_is_later_and_none_lies_between(data: st.DataObject, sometime: tuple[str, datetime]) -> None:
    zone, after = sometime
    cadence = data.draw(cadences(zone))
    following = next_instant(cadence, after)
    assert following.tzinfo is UTC
    assert after < following <= after + longest_wait(cadence) + 2 * DAY
    between = data.draw(st.integers(0, (following - after) // SECOND - 1)) * SECOND + after
    assert next_instant(cadence, between) == following


@given(st.data(), somewhere_sometime)
def test_a_gap_or_nothing_moves_the_wall_time(data: st.DataObject, sometime: tuple[str, datetime]) -> None:
    zone, near = sometime
    wall = datetime.combine(local_date(near, zone), data.draw(hours_and_minutes))
    instant = to_utc(wall, zone)
    assert instant == first_shown(wall, zone)
    assert instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) >= wall


@given(somewhere_sometime)
def test_days_follow_one_another_without_a_seam(sometime: tuple[str, datetime]) -> None:
    zone, instant = sometime
    day = local_date(instant, zone)
    assert start_of_day(day, zone) <= instant < end_of_day(day, zone)
    assert end_of_day(day, zone) == start_of_day(day + DAY, zone)


@given(somewhere_sometime, hours_and_minutes)
def test_a_reminder_is_later_the_same_day_or_never(sometime: tuple[str, datetime], at: time) -> None:
    zone, instant = sometime
    reminder = later_today(instant, at, zone)
    if reminder is not None:
        assert reminder - instant > timedelta(hours=2)
        assert local_date(reminder, zone) == local_date(instant, zone)


@given(st.sets(st.sampled_from(Weekday)), st.dates(), st.integers(0, 400))
def test_habit_days_are_all_there(days: set[Weekday], since: date, length: int) -> None:
    until = min(date.max, date.fromordinal(min(since.toordinal() + length, date.max.toordinal())))
    found = habit_days_between(days, since, until)
    assert list(found) == sorted(set(found))
    assert {day.weekday() for day in found} <= set(days)
    assert len(found) == sum(
        date.fromordinal(n).weekday() in days for n in range(since.toordinal(), until.toordinal() + 1)
    )


@given(cadences("UTC"), st.dates(date(2011, 1, 1), date(2036, 1, 1)))
def test_days_of_a_month_are_found_by_looking_at_each(cadence: Cadence, since: date) -> None:
    """No arithmetic: a day belongs to the rule or not, whatever the others are."""

    def belongs(day: date) -> bool:
        if isinstance(cadence, Weekly):
            weeks = (day.toordinal() - 1) // 7 - (cadence.anchor.toordinal() - 1) // 7  # 1 January of year 1: a Monday
            return day.weekday() in cadence.days and weeks % cadence.interval_weeks == 0
        if (12 * (day.year - cadence.anchor.year) + day.month - cadence.anchor.month) % cadence.interval_months:
            return False
        is_last = (day + DAY).month != day.month
        if isinstance(cadence, MonthlyOnDate):
            return day.day == cadence.day or (is_last and day.day < cadence.day)
        in_row = (day + 7 * DAY).month != day.month if cadence.nth == LAST else (day.day + 6) // 7 == cadence.nth
        return day.weekday() == cadence.weekday and in_row

    span = [since + n * DAY for n in range(2 * longest_wait(cadence).days)]
    wanted = [day for day in span if belongs(day)]
    assert wanted
    assert list(islice(cadence.dates(since), len(wanted))) == wanted


class Clocks:
    """A zone's clocks as the intervals between two changes: another way to read a wall time, with no `fold` in it."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self._starts = [datetime(2011, 1, 1, tzinfo=UTC), *changes(zone)]
        self._offsets = [cast("timedelta", start.astimezone(ZoneInfo(zone)).utcoffset()) for start in self._starts]

    @property
    def known_by(self) -> tuple[object, ...]:
        return tuple(self._starts), tuple(self._offsets)

    def instant(self, wall: datetime) -> datetime:
        """In the first interval that has not ended when its clocks would show `wall`; or in the gap before that one."""
        as_utc = wall.replace(tzinfo=UTC)
        ended = [as_utc - before >= end for before, end in zip(self._offsets, self._starts[1:], strict=False)]
        n = [*ended, False].index(False)
        is_shown = n == 0 or as_utc - self._offsets[n] >= self._starts[n]
        return as_utc - self._offsets[n if is_shown else n - 1]


def test_years_of_every_zone_in_one_go() -> None:
    """Every zone, deterministically: nightly around each change of its clocks since 2011, and ten years of months.

    Samoa's lost day is among them, Volgograd's and Morocco's changing rules, and half an hour on Lord Howe. Zones whose
    clocks have shown the same all the while are looked at once.
    """
    nightly = tuple(time(hour, 30) for hour in (0, 1, 2, 3, 23))
    different = {clocks.known_by: clocks for clocks in map(Clocks, sorted(zone_names()))}
    assert len(different) > 100
    for clocks in different.values():
        zone = clocks.zone
        given: dict[str, Any] = {"anchor": date(2026, 1, 1), "zone": zone}
        for change in changes(zone):
            around = [local_date(change, zone) + n * DAY for n in (-1, 0, 1)]
            daily = Weekly(days=tuple(Weekday), times=nightly, **given)
            walls = [datetime.combine(day, at) for day in around for at in nightly]
            wanted = sorted({clocks.instant(wall) for wall in walls})
            assert list(islice(instants(daily, wanted[0] - SECOND), len(wanted))) == wanted, (zone, change)
        ends = MonthlyOnDate(day=31, times=(time(2, 30),), **given)
        months = [date(2026 + n // 12, n % 12 + 1, 1) for n in range(1, 121)]
        wanted = [clocks.instant(datetime.combine(month - DAY, time(2, 30))) for month in months]
        assert list(islice(instants(ends, datetime(2026, 1, 1, 12, tzinfo=UTC)), len(wanted))) == wanted, zone
