"""How often, as people type it: understood whole, or left alone with every word."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.agreements import default_terms
from bot.services.rhythm_reading import Rhythm, read_rhythm
from bot.services.understanding import Understood, understand

BERLIN = "Europe/Berlin"
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
AGREED = default_terms(BERLIN, NOW.date()).cadence


def read(text: str, locale: str = "en-GB") -> Understood:
    return understand(text, now=NOW, zone=BERLIN, locale=locale)


@pytest.mark.parametrize(
    ("phrase", "says"),
    [
        ("every 2nd Tuesday", "every second Tuesday at 10:00"),
        ("every other friday", "every second Friday at 10:00"),
        ("each third Mon and Thu", "every third week, Monday and Thursday at 10:00"),
        ("on Tuesdays every 2 weeks at 17:00", "every second Tuesday at 17:00"),
        ("every second week on Friday", "every second Friday at 10:00"),
        ("fortnightly on Mon, Wed and Fri", "every second week, Monday, Wednesday and Friday at 10:00"),
        ("monthly on the 31st", "on the last day of every month at 10:00"),
        ("every month on the 15th at 9:30", "on the 15th of every month at 9:30"),
        ("on the 1st of each month", "on the 1st of every month at 10:00"),
        ("monthly on the last day", "on the last day of every month at 10:00"),
        ("on the last day of every month", "on the last day of every month at 10:00"),
        ("monthly on the 2nd Tuesday", "on the second Tuesday of every month at 10:00"),
        ("the first Monday of every month", "on the first Monday of every month at 10:00"),
        ("every last Friday of the month", "on the last Friday of every month at 10:00"),
    ],
)
def test_a_rhythm_is_understood_and_no_word_is_lost(phrase: str, says: str) -> None:
    found = read(f"Do the books {phrase}", locale="de-DE")
    assert (found.what, found.phrase) == ("Do the books", phrase)
    assert found.rhythm is not None
    assert found.rhythm.cadence(AGREED, NOW.date()).describe() == says
    assert found.habit is None
    assert found.due is None


@pytest.mark.parametrize(
    "text",
    [
        "Call mum on the last Sunday of the month",
        "Tidy up every two weeks",
        "Tidy monthly",
        "Read chapter 3 of every month's issue",
        "Pay on the 32nd of every month",
        "not every other Friday",
        "monthly on the 31st",
    ],
)
def test_what_may_mean_something_else_is_left_alone(text: str) -> None:
    found = read(text)
    assert found.rhythm is None
    assert found.what == text


@given(st.text(max_size=100))
def test_whatever_is_typed_is_read_without_a_fuss(text: str) -> None:
    found = read_rhythm(text)
    assert found is None or found.cadence(AGREED, NOW.date())


def test_a_rhythm_travels_as_the_value_of_an_option_and_hostile_ones_are_refused() -> None:
    rhythm = Rhythm(rule={"kind": "monthly_weekday", "nth": -1, "weekday": 6, "interval_months": 12}, at=time(23, 59))
    value = rhythm.model_dump_json(exclude_none=True)
    assert len(value) <= 150
    assert Rhythm.model_validate_json(value) == rhythm
    for hostile in ('{"rule": {"kind": "hourly"}}', '{"rule": {}}', '{"rule": {"kind": "monthly_date", "day": 99}}'):
        with pytest.raises(ValidationError):
            Rhythm.model_validate_json(hostile).cadence(AGREED, date(2027, 1, 4))
    with pytest.raises(ValidationError):
        Rhythm.model_validate_json("{")
