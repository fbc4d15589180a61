"""Trouble on demand."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground.client import Person, PlaygroundClient, RefusedError

WINS = "C0WINS001"


async def test_ratelimited_says_how_long_to_wait_and_only_so_often(
    web: AsyncWebClient, slack: PlaygroundClient
) -> None:
    await slack.fault("chat.postMessage", "ratelimited", times=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await web.chat_postMessage(channel=WINS, text="x")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "7"
    assert (await web.chat_postMessage(channel=WINS, text="x"))["ok"]


async def test_http_500_comes_without_json(web: AsyncWebClient, slack: PlaygroundClient) -> None:
    await slack.fault("*", "http_500")
    with pytest.raises(SlackApiError) as caught:
        await web.auth_test()
    assert caught.value.response.status_code == 500


async def test_a_time_out_after_the_message_was_accepted(
    web: AsyncWebClient, slack: PlaygroundClient, maya: Person
) -> None:
    await slack.fault("chat.postMessage", "timeout_after_accept", seconds=0)
    with pytest.raises(aiohttp.ClientError):
        await web.chat_postMessage(channel=WINS, text="Said all the same")
    assert [m["text"] for m in await maya.messages("#wins")] == ["Said all the same"]


async def test_a_dropped_connection_changes_nothing(web: AsyncWebClient, slack: PlaygroundClient, maya: Person) -> None:
    await slack.fault("chat.postMessage", "drop_connection")
    with pytest.raises(aiohttp.ClientError):
        await web.chat_postMessage(channel=WINS, text="Never said")
    assert await maya.messages("#wins") == []


async def test_a_slow_network_is_only_slow(web: AsyncWebClient, slack: PlaygroundClient) -> None:
    await slack.fault("auth.test", "slow", seconds=0.05)
    assert (await web.auth_test())["ok"]
    assert (await slack.calls())["calls"][-1]["ms"] >= 50


async def test_faults_are_shown_cleared_and_checked(web: AsyncWebClient, slack: PlaygroundClient) -> None:
    await slack.fault("auth.test", "http_500", times=9)
    assert (await slack.request("GET", "/control/faults"))["faults"][0]["times"] == 9
    await slack.clear_faults()
    assert (await web.auth_test())["ok"]
    with pytest.raises(RefusedError):
        await slack.fault("auth.test", "earthquake")


async def test_one_call_in_five_goes_wrong_and_the_seed_says_which(
    web: AsyncWebClient, slack: PlaygroundClient
) -> None:
    async def refused(seed: int) -> list[int]:
        await slack.clear_faults()
        await slack.fault("auth.test", "http_500", times=None, probability=0.2, seed=seed)
        went_wrong = []
        for number in range(100):
            try:
                await web.auth_test()
            except SlackApiError:
                went_wrong.append(number)
        return went_wrong

    first = await refused(seed=1)
    assert 10 <= len(first) <= 30
    assert await refused(seed=1) == first
    assert await refused(seed=2) != first


async def test_a_call_that_one_fault_spares_meets_the_next(web: AsyncWebClient, slack: PlaygroundClient) -> None:
    await slack.fault("auth.test", "http_500", probability=1e-9)
    await slack.fault("auth.test", "ratelimited")
    with pytest.raises(SlackApiError) as caught:
        await web.auth_test()
    assert caught.value.response.status_code == 429
    [left] = (await slack.request("GET", "/control/faults"))["faults"]
    assert (left["kind"], left["times"]) == ("http_500", 1)
