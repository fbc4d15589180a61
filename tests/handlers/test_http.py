"""The same bot over signed HTTP: what Slack sends, what Slack sends twice, and what Slack would never send."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest

from handlers import endpoint
from playground.client import text_of
from playground.workspace import TEAM_ID
from tests.handlers.slack_http import FORM, SlackHttp, command_form
from tests.hostile.invariants import nothing_went_wrong
from tests.world import World, world

SLOW = 2.5
"""Seconds: too slow to wait for, since Slack wants its answer within three."""


@pytest.fixture
async def here(sqlite_url: str) -> AsyncIterator[World]:
    """Afterwards nothing was refused and nothing left without an ack."""
    async with world(sqlite_url, http=True) as made:
        yield made
        await nothing_went_wrong(made)


NONSENSE = (
    b'{"type": "event_cal',
    b"[1, 2]",
    b'"words"',
    b"[" * 5000,
    b"\xff\xfe{",
    b"",
    b"null",
    b'{"authorizations": "x"}',
)


async def wins(here: World) -> list[str]:
    async with here.buddy.units.database.read() as tx:
        return [win.text for win in await tx.wins.all()]


async def test_from_commit_to_check_in(here: World) -> None:
    assert await here.slack.verify(), "Slack's challenge is answered"
    await here.maya.command("/commit", "Finish the report")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit()
    await here.maya.sees("Noted: “Finish the report”")
    await here.maya.click("On it")
    await here.move_to("2027-01-05T10:00")
    asked = await here.maya.sees("how did it go?")
    await here.maya.click("Done", in_message=asked)
    folded = await here.maya.sees("Done ✓")
    assert folded["ts"] == asked["ts"]


@pytest.mark.parametrize("command", ["/commit", "/win"])
async def test_any_words_may_follow_a_command(here: World, command: str) -> None:
    """The word "payload" is how Slack's other requests begin."""
    text = "Describe the payload of {1}"
    await here.maya.command(command, text)
    if command == "/commit":
        modal = await here.maya.wait_for(lambda state: state.modal)
        assert text in json.dumps(modal["blocks"])
    else:
        await here.maya.sees(text)


async def test_what_slack_did_not_sign_changes_nothing(here: World, slack: SlackHttp) -> None:
    body = _form(text="Shipped it")
    assert (await slack.post(body, FORM, secret="another")).status in {401, 403}
    assert (await slack.post(body, FORM, signed=False)).status in {401, 403}
    assert (await slack.post(body, FORM, seconds_old=301)).status in {401, 403}, "overheard, and played again"
    assert (await slack.post(body, FORM, seconds_old=-301)).status in {401, 403}
    tampered = {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": "not a number"}
    assert (await slack.post(body, FORM, signed=False, headers=tampered)).status in {400, 401, 403}
    assert await wins(here) == []
    assert (await slack.post(body, FORM)).status == 200
    assert await wins(here) == ["Shipped it"]


async def test_a_command_sent_twice_is_handled_once(here: World, slack: SlackHttp) -> None:
    for _ in range(2):
        assert (await slack.command(text="Shipped it")).status == 200
    assert await wins(here) == ["Shipped it"]


async def test_an_event_repeated_is_handled_once(here: World, slack: SlackHttp) -> None:
    event = _typed("what is this?")
    answers = await asyncio.gather(*(slack.event(event, retry=number) for number in range(3)))
    answers.append(await slack.event(event, retry=3))
    assert [answer.status for answer in answers] == [200] * 4
    await here.settle()
    assert len(await here.jonas.messages()) == 1


async def test_a_form_sent_twice_is_kept_once(here: World, slack: SlackHttp) -> None:
    await here.jonas.command("/commit", "Finish the report")
    modal = await here.jonas.wait_for(lambda state: state.modal)
    submission = {
        "type": "view_submission",
        "team": {"id": TEAM_ID, "domain": "playground"},
        "user": {"id": here.jonas.user, "name": "jonas", "team_id": TEAM_ID},
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
        "view": modal,
        "response_urls": [],
    }
    answers = await asyncio.gather(*(slack.interaction(submission) for _ in range(2)))
    answers.append(await slack.interaction(submission))
    assert [answer.status for answer in answers] == [200] * 3
    assert [answer.text for answer in answers] == [""] * 3, "the modal closes"
    await here.settle()
    noted = [one for one in await here.jonas.messages() if "Noted" in text_of(one)]
    assert len(noted) == 1


async def test_slacks_own_checks_are_answered(here: World, slack: SlackHttp) -> None:
    assert (await slack.post(b"ssl_check=1&token=abc", FORM, signed=False)).status == 200
    challenge = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "abc"}).encode()
    assert "3eZbrw1aB" in (await slack.post(challenge)).text
    assert (await slack.post(challenge, secret="another")).status in {401, 403}


async def test_nonsense_is_turned_away(here: World, slack: SlackHttp, caplog: pytest.LogCaptureFixture) -> None:
    for body in NONSENSE:
        for signed in (True, False):
            answers = [
                await slack.post(body, signed=signed),
                await slack.post(b"payload=" + body, FORM, signed=signed),
            ]
            assert [400 <= answer.status < 500 for answer in answers] == [True, True], (body, signed, answers)
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_what_slack_did_not_sign_is_not_even_read(
    here: World, slack: SlackHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A megabyte of it takes a second to read, in which nobody else is served."""
    read: list[str] = []

    def reading(raw: str, **_: object) -> list[tuple[str, str]]:
        read.append(raw)
        return []

    monkeypatch.setattr(endpoint, "parse_qsl", reading)
    large = b"a&" * 500_000
    assert (await slack.post(large, FORM, secret="another")).status == 401
    assert (await slack.post(large, FORM, seconds_old=301)).status == 401
    assert (await slack.post(large, FORM, signed=False)).status == 401
    assert read == []
    await slack.post(b"a=b", FORM)
    assert read == ["a=b"]


async def test_another_workspace_hears_that_we_are_not_there(here: World, slack: SlackHttp) -> None:
    answer = await slack.command(text="Shipped it", team_id="T0ELSEWHER")
    assert answer.status == 200
    assert "not installed" in answer.text
    assert await wins(here) == []
    assert (await slack.event(_typed("hello") | {"team_id": "T0ELSEWHER", "authorizations": []})).status == 200
    await here.settle()
    assert await here.jonas.messages() == []


async def test_events_that_nobody_asked_for_are_acked(here: World, slack: SlackHttp) -> None:
    event = _event({"type": "emoji_changed", "subtype": "add", "name": "hostile"})
    assert (await slack.event(event)).status == 200


async def test_a_slow_slack_does_not_make_a_new_person_wait(here: World) -> None:
    await here.slack.fault("users.info", "slow", 1, seconds=SLOW)
    await here.priya.command("/commit", "Finish the report")
    modal = await here.priya.wait_for(lambda state: state.modal)
    assert "Finish the report" in json.dumps(modal["blocks"])
    assert max(call["ms"] for call in (await here.slack.calls())["calls"] if call["name"] == "/commit") < SLOW * 1000


def _form(**fields: str) -> bytes:
    return urlencode(command_form(**fields)).encode()


def _event(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "token": "a-verification-token",
        "team_id": TEAM_ID,
        "api_app_id": "APLAY0001",
        "event": event,
        "type": "event_callback",
        "event_id": "Ev0HOSTILE1",
        "event_time": 1799056800,
        "authorizations": [{"enterprise_id": None, "team_id": TEAM_ID, "user_id": "UBUDDY", "is_bot": True}],
        "is_ext_shared_channel": False,
    }


def _typed(text: str) -> dict[str, Any]:
    return _event(
        {
            "type": "message",
            "user": "UJONAS001",
            "text": text,
            "ts": "1799056800.000100",
            "team": TEAM_ID,
            "channel": "D0JONAS01",
            "event_ts": "1799056800.000100",
            "channel_type": "im",
        }
    )
