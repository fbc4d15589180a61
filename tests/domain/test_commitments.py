"""A commitment: when it is open, for how long it can be had back, and from which day on a try is asked about."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.commitments import UNDO_LETTING_GO, State
from bot.domain.cues import cue_at
from tests import records

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "is_open", "is_told"),
    [
        (State.ACTIVE, True, True),
        (State.PAUSED, True, False),
        (State.DONE, False, False),
        (State.LET_GO, False, False),
    ],
)
def test_what_is_paused_is_open_and_not_told(state: State, *, is_open: bool, is_told: bool) -> None:
    about = records.commitment(state=state, cue=cue_at(time(8)))
    assert (about.is_open, about.is_told) == (is_open, is_told)


@pytest.mark.parametrize("state", [State.DONE, State.LET_GO])
def test_what_was_closed_can_be_had_back_for_thirty_days(state: State) -> None:
    about = records.commitment(state=state, closed_at=NOON)
    assert about.can_be_restored(NOON + UNDO_LETTING_GO - timedelta(seconds=1))
    assert not about.can_be_restored(NOON + UNDO_LETTING_GO)
    assert timedelta(days=30) == UNDO_LETTING_GO


def test_a_try_is_asked_about_once_its_day_is_over() -> None:
    day = date(2027, 1, 7)
    tries = records.commitment(trying="Phone in the hall", tries_on=day)
    assert [tries.tried_by(day + timedelta(days=n)) for n in (-1, 0, 1)] == [None, None, "Phone in the hall"]
    assert records.commitment(trying="Phone in the hall").tried_by(day) == "Phone in the hall"
