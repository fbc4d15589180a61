"""The rules of time against an independent calculation, over every zone and more than ten years."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import (
    Cadence,
    Weekday,
    end_of_day,
    habit_days_between,
    instants,
    later_today,
    local_date,
    next_instant,
    start_of_day,
    to_utc,
    zone_names,
)

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
LONGEST_WEEKS = 12

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
    return Cadence(
        days=tuple(draw(st.sets(st.sampled_from(Weekday), min_size=1))),
        times=tuple(draw(st.sets(hours_and_minutes, min_size=1, max_size=4))),
        interval_weeks=draw(st.integers(1, LONGEST_WEEKS)),
        anchor=draw(st.dates(date(2010, 1, 1), date(2036, 1, 1))),
        zone=zone,
    )


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


def expected(cadence: Cadence, after: datetime) -> Iterator[datetime]:
    """The same instants by dateutil's reading of our rule on naive local time, then zone by zone rule."""
    since = local_date(after, cadence.zone) - 2 * DAY
    monday = cadence.anchor - timedelta(days=cadence.anchor.weekday())
    weeks = (since - monday).days // 7 // cadence.interval_weeks * cadence.interval_weeks
    start = datetime.combine(monday + timedelta(weeks=weeks), time())
    until = datetime.combine(since, time()) + timedelta(weeks=3 * cadence.interval_weeks + 1)
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
    assert after < following <= after + timedelta(weeks=cadence.interval_weeks, days=2)
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


def test_years_of_every_zone_in_one_go() -> None:
    """Each zone once, deterministically: a nightly cadence in its trickiest hours keeps its wall time for ten years."""
    for zone in sorted(zone_names()):
        cadence = Cadence(days=(Weekday.SUNDAY,), times=(time(2, 30),), anchor=date(2026, 1, 1), zone=zone)
        after = datetime(2026, 1, 1, tzinfo=UTC)
        for instant in islice(instants(cadence, after), 520):
            wall = instant.astimezone(ZoneInfo(zone))
            if (wall.hour, wall.minute) != (2, 30):
                day = datetime.combine(wall.date(), time(2, 30))
                assert instant == first_shown(day, zone), (zone, day)
            assert wall.weekday() == Weekday.SUNDAY
            assert wall.fold == 0
