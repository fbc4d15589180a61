"""Quiet hours against the clock on the wall, minute by minute, in every zone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.agreements import QuietHours, Terms, default_terms
from bot.domain.calendar import zone_names
from bot.domain.quiet import is_quiet, out_of_quiet

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)

zones = st.sampled_from(sorted(zone_names()))
wall_times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
hours = st.builds(QuietHours, begins=wall_times, ends=wall_times)
minutes = st.integers(0, int((LAST - FIRST) / MINUTE))


def agreed(zone: str, quiet: QuietHours | None) -> Terms:
    return default_terms(zone, date(2027, 1, 4)).model_copy(update={"quiet_hours": quiet})


def shown(instant: datetime, zone: str) -> time:
    return instant.astimezone(ZoneInfo(zone)).time()


@cache
def shifts(zone: str) -> list[datetime]:
    """Midnights after which the zone's clocks are changed within a day."""
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days))
    here = ZoneInfo(zone)

    def offset(at: datetime) -> timedelta | None:
        return at.astimezone(here).utcoffset()

    return [day for day in days if offset(day) != offset(day + DAY)]


@st.composite
def moments(draw: st.DrawFn) -> tuple[datetime, str]:
    """Any minute of ten years; mostly one of a night in which the clocks are changed."""
    zone = draw(zones)
    near, is_wanted = shifts(zone), draw(st.booleans())
    if near and is_wanted:
        return draw(st.sampled_from(near)) + draw(st.integers(-1440, 2880)) * MINUTE, zone
    return FIRST + draw(minutes) * MINUTE, zone


@given(moments(), hours)
def test_what_leaves_is_never_inside_and_never_earlier(moment: tuple[datetime, str], quiet: QuietHours) -> None:
    instant, zone = moment
    left = out_of_quiet(instant, agreed(zone, quiet))
    assert left >= instant
    assert not is_quiet(shown(left, zone), quiet)
    assert out_of_quiet(left, agreed(zone, quiet)) == left


@given(moments(), hours)
def test_it_is_moved_only_when_it_is_inside_and_to_the_first_minute_outside(
    moment: tuple[datetime, str], quiet: QuietHours
) -> None:
    instant, zone = moment
    left = out_of_quiet(instant, agreed(zone, quiet))
    first = instant
    while is_quiet(shown(first, zone), quiet):
        first += MINUTE
    # Where the end itself is skipped it is read with the offset before the gap: as much later as the gap is long.
    if left != first:
        assert first < left
        assert _is_skipped(first, quiet.ends, zone)


@given(zones, wall_times, minutes)
def test_the_same_from_and_to_is_no_quiet_at_all(zone: str, at: time, minute: int) -> None:
    instant = FIRST + minute * MINUTE
    assert out_of_quiet(instant, agreed(zone, QuietHours(begins=at, ends=at))) == instant
    assert out_of_quiet(instant, agreed(zone, None)) == instant


@given(hours, wall_times)
def test_inside_is_from_the_one_on_and_before_the_other_round_the_clock(quiet: QuietHours, at: time) -> None:
    assume(quiet.begins != quiet.ends)
    assert is_quiet(quiet.begins, quiet)
    assert not is_quiet(quiet.ends, quiet)
    assert is_quiet(at, quiet) != is_quiet(at, QuietHours(begins=quiet.ends, ends=quiet.begins))


def test_a_night_in_berlin_and_the_nights_in_which_the_clocks_are_changed() -> None:
    night = agreed("Europe/Berlin", QuietHours(begins=time(21), ends=time(7)))
    for day, ends in ((date(2027, 1, 5), 6), (date(2027, 3, 28), 5), (date(2027, 10, 31), 6)):
        before = datetime.combine(day - timedelta(days=1), time(22, 30), tzinfo=UTC)
        assert out_of_quiet(before, night) == datetime.combine(day, time(ends), tzinfo=UTC)
    short = agreed("Europe/Berlin", QuietHours(begins=time(1), ends=time(2, 30)))
    assert out_of_quiet(datetime(2027, 3, 28, 0, 30, tzinfo=UTC), short) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    # 02:10 is shown twice: each time until the 02:30 that follows it.
    for hour in (0, 1):
        at = datetime(2027, 10, 31, hour, 10, tzinfo=UTC)
        assert out_of_quiet(at, short) == at + 20 * MINUTE


def _is_skipped(first: datetime, at: time, zone: str) -> bool:
    """Whether the clocks in `zone` jump over `at` in the minute before `first`."""
    here = ZoneInfo(zone)
    before, after = (first - MINUTE).astimezone(here), first.astimezone(here)
    jumped = after.replace(tzinfo=None) - before.replace(tzinfo=None)
    return jumped > MINUTE and after.time() != at
