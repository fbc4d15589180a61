"""Days of rest: what they excuse, when a check-in that was put off comes again, and what becomes of it then."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreements import QuietHours, Terms, default_terms
from bot.domain.calendar import EVERY_DAY, Weekday, Weekly, local
from bot.domain.check_ins import Answer, CheckIn, days_asked
from bot.domain.habits import Tally, tally
from bot.domain.opening import WAITS
from bot.domain.planning import next_due
from bot.domain.reminding import Next, Turn, Waiting, turn
from bot.domain.rests import Excused, Rest, last_day_of_week
from bot.domain.snoozing import Snooze, allowed_from, comes_again, snoozed_until
from tests import records

MONDAY = date(2027, 1, 4)
TUESDAY_AT_TEN = datetime(2027, 1, 5, 9, tzinfo=UTC)
"""In Berlin."""
BERLIN = default_terms("Europe/Berlin", MONDAY)
AN_HOUR = timedelta(hours=1)

days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
weekday_sets = st.sets(st.sampled_from(Weekday), max_size=6).map(lambda found: tuple(sorted(found)))


rests = st.builds(lambda first, length: records.rest(first, first + timedelta(days=length)), days, st.integers(0, 40))


@given(days, st.lists(rests, max_size=3), weekday_sets)
def test_a_day_is_excused_by_its_weekday_or_by_any_rest(
    day: date, several: list[Rest], off: tuple[Weekday, ...]
) -> None:
    covered = {one.first_day + timedelta(days=n) for one in several for n in range(one.days)}
    expected = day in covered or Weekday(day.weekday()) in off
    assert (day in Excused(days_off=off, rests=tuple(several))) == expected


@given(days)
def test_a_rough_week_ends_with_the_sunday_of_its_week(day: date) -> None:
    last = last_day_of_week(day)
    assert last.weekday() == Weekday.SUNDAY
    assert timedelta(0) <= last - day < timedelta(days=7)


@given(days, st.lists(rests, max_size=3), weekday_sets, st.integers(0, 30))
def test_a_habit_is_never_asked_about_a_day_of_rest_and_the_tally_does_not_count_it(
    since: date, several: list[Rest], off: tuple[Weekday, ...], length: int
) -> None:
    excused = Excused(days_off=off, rests=tuple(several))
    until = since + timedelta(days=length)
    item = records.item(since=since)
    asked = days_asked(item, EVERY_DAY, until, excused)
    assert not [day for day in asked if day in excused]
    answered = item.model_copy(update={"answer": Answer.DAYS, "days": asked[:1]})
    counted = tally(EVERY_DAY, [(answered, until + timedelta(days=1))], excused)
    assert counted == (Tally(done=1, of=len(asked)) if asked else None)


def test_what_was_done_on_a_day_of_rest_all_the_same_counts() -> None:
    item = records.item(since=MONDAY, answer=Answer.DAYS, days=(MONDAY,))
    whole_week = Excused(rests=(records.rest(MONDAY, MONDAY + timedelta(days=6)),))
    assert tally(EVERY_DAY, [(item, MONDAY + timedelta(days=3))], whole_week) == Tally(done=1, of=1)


@pytest.mark.parametrize(
    ("choice", "now", "expected"),
    [
        (Snooze.HOUR, "2027-01-05T10:20", "2027-01-05T11:20"),
        (Snooze.EVENING, "2027-01-05T10:20", "2027-01-05T18:00"),
        (Snooze.EVENING, "2027-01-05T17:00", "2027-01-05T18:00"),
        (Snooze.EVENING, "2027-01-05T17:01", "2027-01-05T19:01"),
        (Snooze.EVENING, "2027-01-05T19:59", "2027-01-05T21:59"),
        (Snooze.EVENING, "2027-01-05T20:00", "2027-01-06T18:00"),
        (Snooze.EVENING, "2027-01-05T22:45", "2027-01-06T18:00"),
        (Snooze.TOMORROW, "2027-01-05T19:00", "2027-01-06T10:00"),
        (Snooze.TOMORROW, "2027-03-27T19:00", "2027-03-28T10:00"),
    ],
)
def test_later_is_what_it_says_on_the_members_clock(choice: Snooze, now: str, expected: str) -> None:
    at = datetime.fromisoformat(now + "+01:00")
    until = snoozed_until(choice, at, TUESDAY_AT_TEN, BERLIN)
    assert local(until, "Europe/Berlin").isoformat()[:16] == expected


def test_later_is_moved_out_of_quiet_hours_and_over_days_of_rest() -> None:
    night = BERLIN.model_copy(update={"quiet_hours": QuietHours(begins=time(17), ends=time(9))})
    evening = snoozed_until(Snooze.EVENING, TUESDAY_AT_TEN, TUESDAY_AT_TEN, night)
    assert evening == datetime(2027, 1, 6, 8, tzinfo=UTC)
    tomorrow_off = Excused(rests=(records.rest(date(2027, 1, 6), date(2027, 1, 7)),))
    assert snoozed_until(Snooze.EVENING, TUESDAY_AT_TEN, TUESDAY_AT_TEN, night, tomorrow_off).day == 8
    assert snoozed_until(Snooze.TOMORROW, TUESDAY_AT_TEN, TUESDAY_AT_TEN, BERLIN, tomorrow_off).day == 8


@given(st.integers(0, 700 * 24).map(lambda n: TUESDAY_AT_TEN + n * AN_HOUR), st.lists(rests), weekday_sets)
def test_what_may_be_said_is_neither_quiet_nor_rest(
    instant: datetime, several: list[Rest], off: tuple[Weekday, ...]
) -> None:
    terms = BERLIN.model_copy(update={"quiet_hours": QuietHours(begins=time(20), ends=time(8))})
    excused = Excused(days_off=off, rests=tuple(several))
    allowed = allowed_from(instant, terms, excused)
    wall = local(allowed, "Europe/Berlin")
    assert allowed >= instant
    assert time(8) <= wall.time() < time(20)
    assert wall.date() not in excused


@given(
    st.integers(0, 3 * 365 * 24).map(lambda n: TUESDAY_AT_TEN + n * AN_HOUR),
    st.integers(18, 23),
    st.integers(5, 9),
    st.sets(st.sampled_from(Weekday), max_size=5),
)
def test_no_check_in_is_planned_for_quiet_hours_and_none_is_lost(
    now: datetime, begins: int, ends: int, off: set[Weekday]
) -> None:
    twice_a_day = Weekly(days=EVERY_DAY, times=(time(4, 30), time(23, 30)), anchor=MONDAY, zone="Europe/Berlin")
    quiet = QuietHours(begins=time(begins), ends=time(ends))
    changes = {"cadence": twice_a_day, "quiet_hours": quiet, "days_off": tuple(sorted(off))}
    about = records.commitment()
    due = next_due(about, BERLIN.model_copy(update=changes), waiting().member, now)
    assert due is not None
    assert now < due <= now + timedelta(days=len(off) + 2)
    wall = local(due, "Europe/Berlin")
    assert wall.time() == time(ends)
    assert wall.weekday() not in off


# What becomes of it


def check_in(**values: Any) -> CheckIn:
    return records.check_in(TUESDAY_AT_TEN, **({"zone": "Europe/Berlin", "ts": "1.1"} | values))


def waiting(about: CheckIn | None = None, terms: Terms = BERLIN, **values: Any) -> Waiting:
    given_: dict[str, Any] = {"member": records.member(), "terms": terms, "open_commitments": frozenset({7})}
    return Waiting(check_in=about or check_in(), **(given_ | values))


LATER = TUESDAY_AT_TEN + timedelta(hours=5)
TOMORROW = TUESDAY_AT_TEN + timedelta(days=1)


def test_an_open_one_is_reminded_of_the_same_day_and_not_on_another() -> None:
    assert turn(waiting(), LATER) == Next(Turn.REMIND)
    assert turn(waiting(), TOMORROW) == Next(Turn.NOTHING)


def test_one_that_was_put_off_is_asked_again_on_whichever_day() -> None:
    assert turn(waiting(check_in(snoozed=True)), LATER) == Next(Turn.ASK_AGAIN)
    assert turn(waiting(check_in(snoozed=True, answered_at=LATER)), TOMORROW) == Next(Turn.ASK_AGAIN)


def test_one_that_was_put_off_gives_way_to_a_newer_one_about_the_same() -> None:
    newer = waiting(check_in(snoozed=True), asked_since=frozenset({7, 8}))
    assert turn(newer, TOMORROW) == Next(Turn.NOTHING)
    partly = waiting(check_in(snoozed=True), open_commitments=frozenset({7, 9}), asked_since=frozenset({7}))
    assert turn(partly, TOMORROW) == Next(Turn.ASK_AGAIN)


@pytest.mark.parametrize("snoozed", [False, True])
def test_nothing_is_said_when_nothing_is_open_or_quiet_is_wanted(snoozed: bool) -> None:
    about = check_in(snoozed=snoozed)
    assert turn(waiting(about, open_commitments=frozenset()), LATER) == Next(Turn.NOTHING)
    for quiet in ({"paused_at": LATER}, {"stopped_at": LATER}):
        member = waiting().member.model_copy(update=quiet)
        assert turn(waiting(about, member=member), LATER) == Next(Turn.NOTHING)


def test_a_day_of_rest_ends_a_reminder_and_delays_what_was_put_off() -> None:
    assert turn(waiting(excused=[LATER.date()]), LATER) == Next(Turn.NOTHING)
    put_off = waiting(check_in(snoozed=True), excused=[LATER.date()])
    assert turn(put_off, LATER) == Next(Turn.WAIT, LATER + timedelta(days=1))


def test_what_was_put_off_comes_unless_quiet_is_wanted_then() -> None:
    maya = waiting().member
    assert comes_again(LATER, BERLIN, maya) == LATER
    assert comes_again(LATER, BERLIN, maya, [LATER.date()]) == LATER + timedelta(days=1)
    paused = maya.model_copy(update={"paused_at": TUESDAY_AT_TEN, "paused_until": LATER})
    assert comes_again(LATER, BERLIN, paused) == LATER
    assert comes_again(LATER - AN_HOUR, BERLIN, paused) is None
    assert comes_again(LATER, BERLIN, paused.model_copy(update={"paused_until": None})) is None


def test_an_answered_one_is_left() -> None:
    assert turn(waiting(check_in(answered_at=LATER)), LATER) == Next(Turn.NOTHING)


@pytest.mark.parametrize("snoozed", [False, True])
def test_quiet_hours_and_a_conversation_are_waited_for(snoozed: bool) -> None:
    about = check_in(snoozed=snoozed)
    siesta = BERLIN.model_copy(update={"quiet_hours": QuietHours(begins=time(14), ends=time(17))})
    assert turn(waiting(about, siesta), LATER) == Next(Turn.WAIT, LATER + 2 * AN_HOUR)
    talking = waiting(about, running_since=LATER - timedelta(minutes=10))
    assert turn(talking, LATER) == Next(Turn.WAIT, LATER - timedelta(minutes=10) + WAITS)
    resting = waiting(about, running_since=LATER - WAITS)
    assert turn(resting, LATER) == Next(Turn.ASK_AGAIN if snoozed else Turn.REMIND), "it has stood for an hour"


def test_one_that_waited_for_a_conversation_is_said() -> None:
    assert turn(waiting(check_in(ts=None), running_since=LATER), LATER) == Next(Turn.SAY)
