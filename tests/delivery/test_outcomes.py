"""What an answer means, and how long a row waits that did not get through."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.delivery.limits import LONGEST_WAIT, Limits
from bot.delivery.outcomes import CODE_MAX, TRIES_IN_SILENCE, Failed, Later, Outcome, Parked, Unsure, lost, refused
from bot.domain.deliveries import Delivery, DeliveryState
from bot.storage.instants import SET_BACK
from tests import records


def _row(attempts: int) -> Delivery:
    return records.delivery(member_id=1, state=DeliveryState.CLAIMED, attempts=attempts)


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


def _answered(data: object, status: int = 200, headers: dict[str, str] | None = None, attempts: int = 0) -> Outcome:
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="chat.postMessage",
        req_args={},
        data=data,  # type: ignore[arg-type]  # whatever somebody on the way says
        headers=headers or {},
        status_code=status,
    )
    return refused(_row(attempts), SlackApiError("", response), Limits(), "xoxb-1")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30.0),
        ({"retry-after": "30"}, 30.0),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "99999"}, 600.0),
        *(({"Retry-After": odd}, 1.0) for odd in ("nan", "inf", "-1", "", "Wed, 21 Oct 2026 07:28:00 GMT", "²")),
        ({}, 1.0),
    ],
)
def test_a_workspace_is_parked_for_as_long_as_slack_says(headers: dict[str, str], seconds: float) -> None:
    assert _answered({"ok": False, "error": "ratelimited"}, 429, headers) == Parked(seconds)


@pytest.mark.parametrize("status", [200, 403, 404, 502])
@pytest.mark.parametrize("data", [{}, None, {"ok": False, "error": None}])
def test_an_answer_that_is_not_slacks_is_none(status: int, data: object) -> None:
    assert isinstance(_answered(data, status), Later)


@pytest.mark.parametrize(
    "error",
    ["org_login_required", "team_added_to_org", "service_unavailable", "invalid_auth", "accesslimited",
     "ekm_access_denied", "message_limit_exceeded", "external_channel_migrating", "messages_tab_disabled"],
)  # fmt: skip
def test_a_workspace_that_moves_is_waited_for_as_long_as_one_that_cannot_be_reached(error: str) -> None:
    outcome = _answered({"ok": False, "error": error}, attempts=TRIES_IN_SILENCE - 2)
    assert isinstance(outcome, Later)


@pytest.mark.parametrize("error", ["user_not_visible", "app_access_restricted", "is_archived", "user_disabled"])
def test_a_member_who_cannot_be_written_to_is_left_alone(error: str) -> None:
    outcome = _answered({"ok": False, "error": error})
    assert isinstance(outcome, Failed)
    assert outcome.is_unreachable


def test_slacks_own_failure_is_tried_again() -> None:
    assert isinstance(_answered({"ok": False, "error": "update_failed"}), Later)


def test_a_long_error_of_somebody_elses_fits() -> None:
    outcome = _answered({"ok": False, "error": "upstream connect error " * 10}, 503)
    assert isinstance(outcome, Later)
    assert len(outcome.error) == CODE_MAX


def test_what_could_not_be_read_at_all_is_tried_again() -> None:
    """slack_sdk hands over the bare response when what calls itself JSON is none."""
    error = SlackApiError("", SimpleNamespace(status=503))
    assert isinstance(refused(_row(0), error, Limits()), Later)


def test_a_token_that_slack_does_not_take_is_named() -> None:
    outcome = _answered({"ok": False, "error": "token_revoked"})
    assert isinstance(outcome, Failed)
    assert outcome.revoked == "xoxb-1"
    assert "xoxb" not in repr(outcome)
