"""Cues: which time a plan names, when the next one is, and when its moment is over."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.agreements import Terms, default_terms
from bot.domain.calendar import EVERY_DAY, Weekday, local
from bot.domain.commitments import Commitment, Kind, State
from bot.domain.cues import CLOCK, Cue, cue_at, is_its_moment, named_time
from bot.domain.planning import next_cue

BERLIN = "Europe/Berlin"
NOON = datetime(2027, 1, 4, 11, tzinfo=UTC)
"""A Monday."""
TERMS = default_terms(BERLIN, date(2027, 1, 4))


@pytest.mark.parametrize(
    ("plan", "at"),
    [
        ("If it is 7:30, then I put my shoes on", "07:30"),
        ("If it's Monday 9:00, then I open the draft", "09:00"),
        ("At 19:05 I call her", "19:05"),
        ("If it's 7 pm then I stop", "19:00"),
        ("If it's 12am, I go to bed", "00:00"),
        ("If it's 12:15 p.m., I eat", "12:15"),
        ("Wenn es 7 Uhr ist, dann laufe ich", "07:00"),
        ("Wenn es 7.30 Uhr ist, dann laufe ich", "07:30"),
        ("S'il est 19h30, alors je m'arrête", "19:30"),
        ("S'il est 19h, alors je m'arrête", "19:00"),
        ("If it is 8 o'clock, then I read until 9:30", "08:00"),
        ("If it is 7:30 (yes, 7:30), then I run", "07:30"),
        ("7:30 -> shoes on", "07:30"),
    ],
)
def test_a_plan_that_names_a_time(plan: str, at: str) -> None:
    assert named_time(plan) == time.fromisoformat(at)


@pytest.mark.parametrize(
    "plan",
    [
        "If a client writes late, then I answer at 9:00",
        "If it is 7:30 or 8:30, then I run",
        "If I have 7 unread mails, then I close the tab",
        "If it costs 7.30, then I leave it",
        "If it is 25:00, then I sleep",
        "If it is 13 pm, then I eat",
        "If build 1:30:45 fails, then I stop",
        "If chapter 12.30 drags, then I skip it",
        "If it is 7:300, then what",
        "If I feel tired, then I go out",
        "",
    ],
)
def test_what_is_no_time_is_left_alone(plan: str) -> None:
    assert named_time(plan) is None


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_without_a_fuss(plan: str) -> None:
    named_time(plan)


@given(st.times())
def test_every_time_is_found_as_people_write_it(at: time) -> None:
    whole = at.replace(second=0, microsecond=0)
    assert named_time(f"If it is {whole.hour}:{whole.minute:02}, then I go") == whole
    assert named_time(f"If it is {whole:%I:%M %p}, then I go") == whole
    assert CLOCK.search(f"{whole.hour}:{whole.minute:02}")


def test_days_and_times_are_in_order_and_few() -> None:
    cue = Cue(times=(time(20), time(8)), days=(Weekday.FRIDAY, Weekday.MONDAY))
    assert cue.times == (time(8), time(20))
    assert cue.days == (Weekday.MONDAY, Weekday.FRIDAY)
    assert cue_at(time(8)).days == EVERY_DAY
    for wrong in ({"times": ()}, {"times": tuple(time(hour) for hour in range(5))}, {"times": (time(8),), "days": ()}):
        with pytest.raises(ValidationError):
            Cue.model_validate(wrong)
    assert cue.also_at(time(13)).times == (time(8), time(13), time(20))
    assert cue.also_at(time(8)) == cue
    full = Cue(times=tuple(time(hour) for hour in (8, 12, 16, 20)))
    assert full.also_at(time(6)) == full, "there is no room"


def commitment(**values: object) -> Commitment:
    given: dict[str, object] = {"kind": Kind.HABIT, "habit_days": EVERY_DAY, "state": State.ACTIVE, "created_at": NOON}
    return Commitment.model_validate({"id": 1, "workspace_id": 1, "member_id": 1, "text": "Walk", **given, **values})


def test_the_next_one_is_the_same_wall_time_in_winter_and_in_summer() -> None:
    walk = commitment(cue=cue_at(time(8), (Weekday.SATURDAY, Weekday.SUNDAY)))
    at, walls = NOON, set()
    for _ in range(40):
        due = next_cue(walk, TERMS, at)
        assert due is not None
        at = due
        walls.add(f"{local(at, BERLIN):%H:%M}")
        assert at.astimezone(UTC).weekday() in {5, 6}
    assert walls == {"08:00"}


def test_without_a_cue_a_switch_or_a_commitment_there_is_none() -> None:
    cue = cue_at(time(8))
    off: Terms = TERMS.model_copy(update={"tell_cues": False})
    assert next_cue(commitment(), TERMS, NOON) is None
    assert next_cue(commitment(cue=cue), off, NOON) is None
    for state in (State.PAUSED, State.DONE, State.LET_GO):
        assert next_cue(commitment(cue=cue, state=state), TERMS, NOON) is None


def test_what_is_due_just_now_is_not_planned_away() -> None:
    due = commitment(cue=cue_at(time(12)), next_cue_at=NOON)
    assert next_cue(due, TERMS, NOON) == NOON
    assert next_cue(due, TERMS, NOON + timedelta(hours=1)) == NOON + timedelta(days=1)


def test_half_an_hour_later_its_moment_is_over() -> None:
    assert is_its_moment(NOON, NOON)
    assert is_its_moment(NOON, NOON + timedelta(minutes=30))
    assert not is_its_moment(NOON, NOON + timedelta(minutes=30, seconds=1))
    assert not is_its_moment(NOON, NOON - timedelta(seconds=1))


def test_the_words_are_the_plan_or_the_commitment() -> None:
    assert commitment().cue_words == "Walk"
    assert commitment(plan="If it is 8:00, then I walk").cue_words == "If it is 8:00, then I walk"
