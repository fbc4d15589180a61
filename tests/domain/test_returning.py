"""Back after a pause or a long holiday: which dates passed, and when to say so."""

from datetime import UTC, date, datetime, time

import pytest

from bot.domain.agreements import QuietHours, default_terms
from bot.domain.commitments import State
from bot.domain.returning import is_long, passed_meanwhile, welcome_at
from tests import records

TERMS = default_terms("Europe/Berlin", date(2027, 1, 4))
FIRST_DAY, TODAY = date(2027, 1, 4), date(2027, 1, 11)


def test_a_long_weekend_is_no_absence() -> None:
    assert not is_long(date(2027, 1, 8), date(2027, 1, 10))
    assert is_long(date(2027, 1, 8), date(2027, 1, 11))


def test_a_date_passed_from_the_first_day_away_until_yesterday() -> None:
    due = [None, date(2027, 1, 3), TODAY, date(2027, 1, 10), FIRST_DAY, date(2027, 1, 12)]
    commitments = [records.commitment(id=number, due_day=day) for number, day in enumerate(due)]
    commitments.append(records.commitment(id=9, due_day=FIRST_DAY, state=State.PAUSED))
    assert [one.id for one in passed_meanwhile(commitments, FIRST_DAY, TODAY)] == [4, 3], "the earliest first"


@pytest.mark.parametrize(
    ("back", "prompted_on", "hears"),
    [
        ("2027-01-11T00:00", None, "2027-01-11T09:00"),
        ("2027-01-11T00:00", "2027-01-10", "2027-01-11T09:00"),
        ("2027-01-11T15:30", None, "2027-01-11T15:30"),
        ("2027-01-11T15:30", "2027-01-11", "2027-01-12T09:00"),
        ("2027-01-11T22:00", None, "2027-01-12T08:00"),
        ("2027-01-15T15:30", "2027-01-15", "2027-01-18T09:00"),
    ],
)
def test_it_is_said_by_day_and_only_where_the_day_has_room(back: str, prompted_on: str | None, hears: str) -> None:
    """Quiet from nine to eight; Saturday 16 and Sunday 17 January are days of rest."""
    terms = TERMS.model_copy(update={"quiet_hours": QuietHours(begins=time(21), ends=time(8))})
    weekend = {date(2027, 1, 16), date(2027, 1, 17)}
    at = datetime.fromisoformat(back + "+01:00").astimezone(UTC)
    told = date.fromisoformat(prompted_on) if prompted_on else None
    assert welcome_at(at, terms, weekend, told) == datetime.fromisoformat(hears + "+01:00")
