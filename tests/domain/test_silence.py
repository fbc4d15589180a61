"""When one message takes the place of a check-in, how much a day may bring, and when the one reminder comes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreements import QuietHours, Terms, default_terms
from bot.domain.budget import TYPED, UNPROMPTED, is_agreed, may_prompt
from bot.domain.calendar import local, local_date
from bot.domain.deliveries import Says
from bot.domain.opening import Situation, opening
from bot.domain.response import LATEST, remind_at
from bot.domain.silence import IN_A_ROW, AtItsTime, at_its_time
from tests import records

TUESDAY = datetime(2027, 1, 5, 9, tzinfo=UTC)
"""10:00 in Berlin."""
TODAY = date(2027, 1, 5)
TERMS = default_terms("Europe/Berlin", TODAY)
DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1))
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "America/St_Johns"])


def test_the_fourth_after_three_without_an_answer_is_one_message() -> None:
    came = [at_its_time(unanswered, TERMS, None, TODAY) for unanswered in range(5)]
    assert came == [AtItsTime.CHECK_IN] * 3 + [AtItsTime.MESSAGE] * 2


@given(st.integers(0, 50), st.none() | DAYS, DAYS)
def test_whoever_wants_no_such_message_is_asked_on(unanswered: int, prompted_on: date | None, today: date) -> None:
    terms = TERMS.model_copy(update={"ask_after_silence": False})
    assert at_its_time(unanswered, terms, prompted_on, today) is AtItsTime.CHECK_IN


@given(st.integers(0, 50), st.none() | DAYS, DAYS)
def test_the_message_comes_after_silence_only_and_on_a_day_without_another(
    unanswered: int, prompted_on: date | None, today: date
) -> None:
    comes = at_its_time(unanswered, TERMS, prompted_on, today)
    if comes is AtItsTime.MESSAGE:
        assert prompted_on is None or prompted_on < today
    assert (comes is AtItsTime.CHECK_IN) == (unanswered < IN_A_ROW)


@given(st.none() | DAYS, st.lists(st.tuples(DAYS, st.sampled_from(sorted(UNPROMPTED)))))
def test_a_day_has_one_message_that_nobody_typed_a_time_for(
    prompted_on: date | None, wishes: list[tuple[date, Says]]
) -> None:
    """Whatever asks to be said, in whatever order: a day gets one of it, and none after a check-in."""
    said: list[tuple[date, Says]] = []
    for today, says in sorted(wishes):
        if may_prompt(prompted_on, today, says):
            said.append((today, says))
            if says is not Says.REMINDER:
                prompted_on = max(prompted_on or today, today)
    untyped = [day for day, says in said if says not in TYPED]
    assert len(untyped) == len(set(untyped))


def test_each_kind_has_a_switch_of_its_own_that_is_on_until_it_is_switched_off() -> None:
    assert len(set(UNPROMPTED.values())) == len(UNPROMPTED)
    for says, switch in UNPROMPTED.items():
        off = TERMS.model_copy(update={switch: "i_start" if switch == "initiative" else False})
        assert is_agreed(TERMS, says)
        assert not is_agreed(off, says)
        assert all(is_agreed(off, other) for other in UNPROMPTED if other is not says)


# The response window


def terms_with(zone: str, **values: object) -> Terms:
    return default_terms(zone, TODAY).model_copy(update=values)


@pytest.mark.parametrize(
    ("asked", "after", "reminded"), [("10:00", 2, "12:00"), ("10:00", 1, "11:00"), ("20:00", 2, "22:00")]
)
def test_a_window_of_hours(asked: str, after: int, reminded: str) -> None:
    at = datetime.combine(TODAY, time.fromisoformat(asked), local(TUESDAY, "Europe/Berlin").tzinfo).astimezone(UTC)
    found = remind_at(at, terms_with("Europe/Berlin", remind_after=after))
    assert found is not None
    assert f"{local(found, 'Europe/Berlin'):%H:%M}" == reminded


def test_an_evening_is_left_alone_and_who_wants_none_gets_none() -> None:
    evening = TUESDAY + timedelta(hours=11)
    assert remind_at(evening, terms_with("Europe/Berlin", remind_after=2)) is None
    assert remind_at(TUESDAY, terms_with("Europe/Berlin", remind_after=2, remind=False)) is None
    assert remind_at(evening, terms_with("Europe/Berlin", remind_after=6)) is None, "that is after midnight"
    night = QuietHours(begins=time(14), ends=time(8))
    assert remind_at(TUESDAY, terms_with("Europe/Berlin", quiet_hours=night)) is None, "they end on another day"


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001 - made aware below
    ZONES,
    st.none() | st.integers(1, 12),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_a_reminder_is_later_that_day_and_never_at_night(
    naive: datetime, zone: str, after: int | None, at: time
) -> None:
    asked_at = naive.replace(tzinfo=UTC)
    found = remind_at(asked_at, terms_with(zone, remind_after=after, remind_at=at))
    if found is not None:
        assert asked_at < found
        assert local_date(found, zone) == local_date(asked_at, zone)
        assert local(found, zone).time() <= (LATEST if after else max(LATEST, at))


# Opening


def situation(unanswered: int, **values: object) -> Situation:
    planned = records.commitment(id=7, next_due_at=TUESDAY)
    return Situation(member=records.member(**values), terms=TERMS, due=[planned], unanswered=unanswered)


def test_after_three_nothing_is_opened_and_one_message_is_said() -> None:
    third, fourth = opening(situation(2), TUESDAY), opening(situation(3), TUESDAY)
    assert third.lines
    assert not third.falls_silent
    assert fourth.falls_silent
    assert not fourth.lines
    assert not fourth.is_check_in


def test_on_a_day_that_had_its_message_nothing_comes_at_all() -> None:
    quiet = opening(situation(3, prompted_on=TODAY), TUESDAY)
    assert not quiet.says_something
    assert quiet.planned[7] == TUESDAY + timedelta(days=3)


def test_an_ignored_reminder_is_dropped_next_time() -> None:
    four_days_ago = TUESDAY - timedelta(days=4)
    before = records.check_in(four_days_ago, ts="1.1", reminded_at=four_days_ago)
    here = situation(1)
    ignored = Situation(member=here.member, terms=here.terms, due=here.due, reminded=before, unanswered=1)
    answered_at = {"answered_at": TUESDAY - timedelta(days=3)}
    answered = Situation(
        member=here.member, terms=here.terms, due=here.due, reminded=before.model_copy(update=answered_at)
    )
    assert opening(ignored, TUESDAY).remind_at is None
    assert opening(answered, TUESDAY).remind_at == TUESDAY + timedelta(hours=5)


def test_nobody_is_asked_while_they_are_left_in_peace() -> None:
    left = opening(situation(0, quiet_since=TUESDAY - timedelta(days=9)), TUESDAY)
    assert not left.says_something
    assert left.planned == {7: None}
