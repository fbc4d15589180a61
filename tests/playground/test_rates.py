"""Slack's rate limits, when one asks to be held to them."""

import pytest

from playground.api import METHODS
from playground.errors import SlackError
from playground.rates import CHANNEL_BURST, MESSAGES_A_MINUTE, TIER_OF, Rates
from tests.playground.conftest import refused, web_client
from tests.playground.tiny_app import running


async def test_one_message_a_second_a_channel_after_a_short_burst() -> None:
    async with running(rate_limits=True) as playground:
        web = web_client(playground)
        for _ in range(CHANNEL_BURST):
            await web.chat_postMessage(channel="UMAYA0001", text="x")
        dm = playground.workspace.ims["UMAYA0001"]
        for same in ("UMAYA0001", dm):
            answer = await refused(web.chat_postMessage(channel=same, text="x"))
            assert answer == {"ok": False, "error": "ratelimited"}
        assert (await web.chat_postMessage(channel="UJONAS001", text="x"))["ok"]


def test_waiting_as_long_as_told_is_enough() -> None:
    now = 0.0
    rates = Rates(lambda: now)
    for _ in range(20):
        rates.pass_or_refuse("users.list", None)
    with pytest.raises(SlackError) as caught:
        rates.pass_or_refuse("users.list", None)
    assert caught.value.retry_after == 3
    now = 3.0
    rates.pass_or_refuse("users.list", None)


def test_a_workspace_takes_several_hundred_messages_a_minute() -> None:
    rates = Rates(lambda: 0.0)
    for number in range(MESSAGES_A_MINUTE):
        rates.pass_or_refuse("chat.postMessage", f"D{number}")
    with pytest.raises(SlackError, match="ratelimited"):
        rates.pass_or_refuse("chat.postMessage", "D")


async def test_the_limits_are_settings() -> None:
    async with running(rate_limits=True, tiers={2: 1, 3: 1}, messages_a_minute=1) as playground:
        web = web_client(playground)
        await web.users_list()
        assert (await refused(web.users_list()))["error"] == "ratelimited"
        await web.chat_postMessage(channel="UMAYA0001", text="x")
        assert (await refused(web.chat_postMessage(channel="UJONAS001", text="x")))["error"] == "ratelimited"


def test_the_table_knows_only_methods_there_are() -> None:
    assert set(TIER_OF) <= set(METHODS)
