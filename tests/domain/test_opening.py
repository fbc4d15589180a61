"""What a check-in opens with: when nothing is asked, what comes along, and from which day on a habit is asked about."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.agreements import default_terms
from bot.domain.calendar import EVERY_DAY, Weekday, Weekly
from bot.domain.check_ins import Answer
from bot.domain.commitments import Commitment, Kind
from bot.domain.opening import WAITS, LastAsked, Situation, days_from, opening
from tests import records

TUESDAY = datetime(2027, 1, 5, 9, tzinfo=UTC)
"""10:00 in Berlin."""
AN_HOUR = timedelta(hours=1)
MONDAY, TODAY = date(2027, 1, 4), date(2027, 1, 5)
TERMS = default_terms("Europe/Berlin", TODAY)
HERE = Situation(member=records.member(), terms=TERMS, due=[records.commitment(id=7, next_due_at=TUESDAY)])


def habit(**values: Any) -> Commitment:
    return records.commitment(id=8, kind=Kind.HABIT, habit_days=EVERY_DAY, **values)


@pytest.mark.parametrize("changes", [{"rests": [records.rest(TODAY, TODAY)]}, {"is_served": False}])
def test_on_a_day_of_rest_and_where_nobody_is_served_nothing_is_said_and_the_plan_goes_on(
    changes: dict[str, Any],
) -> None:
    opened = opening(replace(HERE, **changes), TUESDAY)
    assert not opened.says_something
    assert opened.planned == {7: TUESDAY + timedelta(days=3)}


def test_it_waits_for_a_conversation_until_that_has_stood_for_an_hour() -> None:
    for minutes in (0, 59):
        running = TUESDAY - timedelta(minutes=minutes)
        waiting = opening(replace(HERE, running_since=running), TUESDAY)
        assert (waiting.is_said, waiting.remind_at) == (False, running + WAITS)
    said = opening(replace(HERE, running_since=TUESDAY - WAITS), TUESDAY)
    assert (said.is_said, said.remind_at) == (True, TUESDAY + 5 * AN_HOUR), "its reminder is that of any other"


@pytest.mark.parametrize(("days_off", "along"), [((), True), ((Weekday.MONDAY,), False)])
def test_a_habit_whose_days_until_now_were_of_rest_keeps_its_own_time(
    days_off: tuple[Weekday, ...], *, along: bool
) -> None:
    """At 17:15 today is over enough to be asked about; at 16:30 it is not."""
    soon = TUESDAY + timedelta(hours=7, minutes=15)
    cadence = Weekly(days=EVERY_DAY, times=(time(17, 15),), anchor=TODAY, zone="Europe/Berlin")
    now = soon - timedelta(minutes=45)
    due = [records.commitment(id=7, next_due_at=now), habit(next_due_at=soon, cadence=cadence)]
    terms = TERMS.model_copy(update={"days_off": days_off})
    assert (8 in opening(replace(HERE, due=due, terms=terms), now).planned) is along


@pytest.mark.parametrize(
    ("check_in", "line", "since"),
    [
        ({"ts": "1.1"}, {"answer": Answer.DAYS}, TODAY),
        ({"ts": "1.1"}, {"answer": None}, TODAY),
        ({"ts": "1.1"}, {"answer": Answer.NOT_TODAY}, MONDAY),
        ({"ts": None}, {"answer": None}, MONDAY),
        ({"ts": "1.1", "snoozed": True}, {"answer": None}, MONDAY),
        ({"ts": "1.1", "snoozed": True}, {"answer": Answer.DAYS}, TODAY),
        ({"ts": "1.1"}, {"answer": Answer.DAYS, "days": (TODAY,)}, date(2027, 1, 6)),
    ],
)
def test_a_habit_is_asked_about_from_the_day_after_the_last_that_was_asked_about(
    check_in: dict[str, Any], line: dict[str, Any], since: date
) -> None:
    """On Tuesday at 10:00 it was asked about Monday."""
    last = LastAsked(
        records.item(commitment_id=8, since=MONDAY, **line),
        records.check_in(TUESDAY, zone="Europe/Berlin", **check_in),
    )
    assert days_from(habit(), last, "Europe/Berlin") == since
    assert days_from(habit(asks_from=date(2027, 1, 8)), last, "Europe/Berlin") == date(2027, 1, 8), "after a pause"


def test_a_day_that_was_not_over_is_asked_about_again_unless_it_was_done() -> None:
    evening = TUESDAY + 8 * AN_HOUR
    asked = records.check_in(evening, zone="Europe/Berlin", ts="1.1")
    for days, since in (((MONDAY,), TODAY), ((TODAY,), date(2027, 1, 6))):
        item = records.item(commitment_id=8, since=MONDAY, answer=Answer.DAYS, days=days)
        assert days_from(habit(), LastAsked(item, asked), "Europe/Berlin") == since
