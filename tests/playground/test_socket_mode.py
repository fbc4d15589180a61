"""Connections, envelopes, acknowledgements, retries."""

import asyncio
from contextlib import AsyncExitStack

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground.client import Person, PlaygroundClient
from playground.server import Playground
from tests.playground.conftest import refused
from tests.playground.listener import listening
from tests.playground.tiny_app import over_sockets, running


async def test_hello_names_the_app_and_counts_the_connections(playground: Playground) -> None:
    async with listening(playground) as one, listening(playground) as two:
        assert one.hello["type"] == "hello"
        assert one.hello["connection_info"] == {"app_id": "A0BUDDY001"}
        assert [one.hello["num_connections"], two.hello["num_connections"]] == [1, 2]


async def test_a_ticket_opens_one_connection_only(playground: Playground) -> None:
    client = AsyncWebClient(base_url=playground.api_url)
    url = str((await client.apps_connections_open(app_token=playground.settings.app_token))["url"])
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url),
        session.get(url.replace("ws", "http", 1)) as again,
    ):
        assert again.status == 403


async def test_the_eleventh_connection_is_one_too_many(playground: Playground) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(listening(playground))
        eleventh = await stack.enter_async_context(listening(playground))
        assert (eleventh.hello["type"], eleventh.hello["reason"]) == ("disconnect", "too_many_websockets")


async def test_any_connection_gets_an_event_but_only_one_of_them(playground: Playground, maya: Person) -> None:
    async with listening(playground) as one, listening(playground) as two:
        await maya.say("first")
        await maya.say("second")
        texts = {(await one.event())["text"], (await two.event())["text"]}
    assert texts == {"first", "second"}


async def test_refresh_is_asked_for_and_the_sdk_comes_back(playground: Playground, slack: PlaygroundClient) -> None:
    async with listening(playground) as one:
        await slack.request("POST", "/control/sockets/warn", {"reason": "warning"})
        assert (await one.envelope())["reason"] == "warning"
        await slack.request("POST", "/control/sockets/warn", {"reason": "refresh_requested"})
        assert (await one.envelope())["reason"] == "refresh_requested"
        assert (await one.envelope())["type"] == "closed"
    async with over_sockets(playground) as app:
        await slack.app_connected()
        await slack.drop_sockets()
        await slack.app_connected()
        await slack.person("UMAYA0001").say("still there?")
        await slack.settle()
        assert [body["event"]["text"] for body in app.of("message")] == ["still there?"]


async def test_a_silent_connection_stays_open_and_says_nothing(
    playground: Playground, slack: PlaygroundClient, maya: Person
) -> None:
    async with listening(playground) as one:
        assert await one.heard() is aiohttp.WSMsgType.PING
        await one.ping()
        assert await one.heard() is aiohttp.WSMsgType.PONG
        await slack.silence_sockets()
        assert (await maya.command("/tiny", may_fail=True))["error"] == "dispatch_failed"
        await one.ping()
        with pytest.raises(TimeoutError):
            await one.heard(seconds=0.2)
        async with listening(playground) as two:
            await maya.say("to whoever hears it")
            assert (await two.event())["text"] == "to whoever hears it"


async def test_an_event_nobody_acknowledges_comes_again_three_times() -> None:
    async with (
        running(ack_seconds=0.02, retry_after_seconds=(0, 0, 0)) as playground,
        PlaygroundClient(playground.url) as slack,
        listening(playground, acks=False) as app,
    ):
        await slack.person("UMAYA0001").say("hello")
        seen = [await app.envelope() for _ in range(4)]
    assert [one["retry_attempt"] for one in seen] == [0, 1, 2, 3]
    assert [one["retry_reason"] for one in seen] == ["", "timeout", "timeout", "timeout"]
    assert len({one["payload"]["event_id"] for one in seen}) == 1
    assert len({one["envelope_id"] for one in seen}) == 4


async def test_an_acknowledged_retry_is_the_last() -> None:
    async with (
        running(ack_seconds=0.5, retry_after_seconds=(0, 0, 0)) as playground,
        PlaygroundClient(playground.url) as slack,
        listening(playground, acks=False) as app,
    ):
        maya = slack.person("UMAYA0001")
        await maya.say("one")
        await app.envelope()
        await app.ack(await app.envelope())
        await maya.say("two")
        assert (await app.event())["text"] == "two"
        events = [call for call in (await slack.calls())["calls"] if call["kind"] == "event"]
    assert [call["attempt"] for call in events][:2] == [0, 1]


async def test_without_a_connection_a_command_fails_at_once(maya: Person) -> None:
    answer = await maya.command("/tiny", may_fail=True)
    assert answer["error"] == "dispatch_failed"


async def test_only_commands_and_views_may_answer_in_their_ack(playground: Playground, maya: Person) -> None:
    async with listening(playground, acks=False) as app:
        command = asyncio.create_task(maya.command("/tiny"))
        envelope = await app.envelope()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        await app.ack(envelope, {"text": "Yes"})
        assert (await command)["response"] == {"text": "Yes"}
        await maya.say("x")
        assert (await app.envelope())["accepts_response_payload"] is False


async def test_tokens_have_their_places(playground: Playground) -> None:
    wrong = AsyncWebClient(token=playground.settings.app_token, base_url=playground.api_url)
    assert (await refused(wrong.auth_test()))["error"] == "not_allowed_token_type"
    assert (await refused(wrong.auth_test(token="xoxb-other")))["error"] == "invalid_auth"
    nobody = AsyncWebClient(base_url=playground.api_url)
    assert (await refused(nobody.auth_test()))["error"] == "not_authed"
    bot = AsyncWebClient(base_url=playground.api_url)
    call = bot.apps_connections_open(app_token=playground.settings.bot_token)
    assert (await refused(call))["error"] == "not_allowed_token_type"
