"""How long a row waits that did not get through."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.limits import LONGEST_WAIT, Limits
from bot.delivery.outcomes import TRIES_IN_SILENCE, Later, Unsure, lost
from bot.domain.deliveries import Delivery, DeliveryState, Method, Says
from bot.storage.instants import SET_BACK


def _row(attempts: int) -> Delivery:
    return Delivery(
        id=1,
        workspace_id=1,
        member_id=1,
        key="1",
        token="1",
        lane="1",
        method=Method.POST,
        says=Says.CHECK_IN,
        refs={},
        due_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
        state=DeliveryState.CLAIMED,
        attempts=attempts,
    )


@given(attempts=st.integers(0, TRIES_IN_SILENCE), lease=st.integers(2, 600), at_least=st.floats(0, 60))
def test_the_wait_doubles_up_to_five_leases_and_ends(attempts: int, lease: int, at_least: float) -> None:
    limits = Limits(lease=timedelta(seconds=lease))
    outcome = lost(_row(attempts), "CutOff", limits, tries=TRIES_IN_SILENCE, at_least=at_least)
    if attempts + 1 >= TRIES_IN_SILENCE:
        assert outcome == Unsure("CutOff")
        return
    assert isinstance(outcome, Later)
    wait = min(2**attempts, 5 * lease, LONGEST_WAIT)
    assert 0.5 * wait <= outcome.seconds - at_least + 1e-6
    assert outcome.seconds - at_least <= 1.5 * wait + 1e-6
    assert outcome.seconds < SET_BACK.total_seconds(), "else it were void"
