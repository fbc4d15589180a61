"""When a commitment is asked about next: days off, rests and pauses, by date and as a rule."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreements import Initiative, Terms
from bot.domain.calendar import EVERY_DAY, Cadence, MonthlyOnDate, Weekday, Weekly, local_date
from bot.domain.commitments import Kind
from bot.domain.planning import next_due, occasions
from bot.domain.rests import Excused, Rest
from tests.records import commitment, member, rest
from tests.rhythms import instants

BERLIN = "Europe/Berlin"
MONDAY = date(2027, 1, 4)
NOON = datetime(2027, 1, 4, 11, tzinfo=UTC)
WEEKEND = (Weekday.SATURDAY, Weekday.SUNDAY)


def weekly(*days: Weekday, at: Sequence[int] = (10,)) -> Weekly:
    return Weekly(days=days or EVERY_DAY, times=tuple(time(hour) for hour in at), anchor=MONDAY, zone=BERLIN)


def monthly(day: int) -> MonthlyOnDate:
    return MonthlyOnDate(day=day, times=(time(10),), anchor=MONDAY, zone=BERLIN)


DAILY: dict[str, Any] = {"kind": Kind.HABIT, "habit_days": EVERY_DAY}


def due_on(cadence: Cadence, *rests: Rest, now: datetime = NOON, **values: Any) -> date | None:
    terms = Terms(cadence=cadence, **values)
    due = next_due(commitment(), terms, member(), now, rests)
    return None if due is None else local_date(due, BERLIN)


def test_days_off_are_passed_over() -> None:
    friday_noon = NOON + timedelta(days=4)
    assert due_on(weekly(), now=friday_noon) == date(2027, 1, 9)
    assert due_on(weekly(), now=friday_noon, days_off=WEEKEND) == date(2027, 1, 11)
    assert due_on(monthly(9), days_off=WEEKEND) == date(2027, 2, 9), "it is not moved: the next one is the next"


def test_a_day_off_every_time_is_never() -> None:
    assert due_on(weekly(*WEEKEND), days_off=WEEKEND) is None
    assert due_on(weekly(), days_off=EVERY_DAY) is None


def test_a_holiday_is_passed_over_however_long() -> None:
    assert due_on(weekly(at=(9, 13, 18)), rest(MONDAY, date(2027, 1, 10))) == date(2027, 1, 11)
    assert due_on(weekly(at=(9, 13, 18)), rest(MONDAY, date(2028, 1, 4))) == date(2028, 1, 5)
    overlapping = rest(MONDAY, date(2027, 1, 8)), rest(date(2027, 1, 7), date(2027, 1, 20))
    assert due_on(weekly(), *overlapping) == date(2027, 1, 21)
    assert due_on(monthly(15), rest(date(2027, 1, 10), date(2027, 1, 20))) == date(2027, 2, 15)


def test_a_habit_is_not_asked_about_when_all_its_days_were_of_rest() -> None:
    """Tuesday 5 and Wednesday 6 January are a holiday; a check-in at 10:00 asks about the day before."""
    holiday = rest(date(2027, 1, 5), date(2027, 1, 6))
    terms = Terms(cadence=weekly())
    evening = NOON + timedelta(hours=9)
    assert next_due(commitment(**DAILY), terms, member(), evening) == datetime(2027, 1, 6, 9, tzinfo=UTC)
    assert next_due(commitment(**DAILY), terms, member(), evening, [holiday]) == datetime(2027, 1, 8, 9, tzinfo=UTC)


def test_who_is_left_in_peace_has_no_next_occasion() -> None:
    terms = Terms(cadence=weekly())
    assert next_due(commitment(), terms, member(quiet_since=NOON), NOON) is None
    assert next_due(commitment(), terms, member(stopped_at=NOON), NOON) is None
    assert next_due(commitment(), terms, member(paused_at=NOON), NOON) is None
    assert next_due(commitment(), terms.model_copy(update={"initiative": Initiative.I_START}), member(), NOON) is None
    back = datetime(2027, 2, 1, 5, tzinfo=UTC)
    assert next_due(commitment(), terms, member(paused_at=NOON, paused_until=back), NOON) == back + timedelta(hours=4)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.builds(
    lambda first, length: rest(first, first + timedelta(days=length)),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.integers(0, 40),
)


@given(
    st.sets(st.sampled_from(Weekday), min_size=1),
    st.sets(st.sampled_from(Weekday), max_size=6),
    st.lists(spans, max_size=4),
    moments,
)
def test_occasions_are_the_cadence_without_its_days_of_rest(
    days: set[Weekday], days_off: set[Weekday], rests: list[Rest], after: datetime
) -> None:
    cadence = weekly(*days, at=(9, 20))
    excused = Excused(days_off=tuple(days_off), rests=tuple(rests))
    found = list(islice(occasions(cadence, after, excused), 6))
    if days <= days_off:
        assert found == []
        return

    def works(instant: datetime) -> bool:
        day = local_date(instant, BERLIN)
        return day.weekday() not in days_off and not any(one.first_day <= day <= one.last_day for one in rests)

    assert found == list(islice(filter(works, instants(cadence, after)), 6))
