"""A line that is lost is renewed: cut, told to go, silent, or taken for dead by a clock that jumped."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.socket_mode import LONGEST_PAUSE, SocketMode, State, pause
from playground.client import PlaygroundClient
from playground.server import Playground
from playground.settings import PlaygroundSettings

SILENCE = 0.4


def manifest() -> dict[str, object]:
    return {
        "display_information": {"name": "Echo"},
        "features": {
            "bot_user": {"display_name": "Echo"},
            "slash_commands": [{"command": "/echo", "description": "Says it again"}],
        },
        "oauth_config": {"scopes": {"bot": ["commands"]}},
    }


class Here:
    """An app that says again what it hears, connected to the playground."""

    def __init__(self, playground: Playground, slack: PlaygroundClient, silence: float) -> None:
        self.slack = slack
        self.took: list[float] = []
        self.held = asyncio.Event()
        self.held.set()
        self.reached = asyncio.Event()
        client = AsyncWebClient(token=playground.settings.bot_token, base_url=playground.api_url)
        app = AsyncApp(client=client, process_before_response=True)
        app.command("/echo")(self._echo)
        self.socket = SocketMode(app, playground.settings.app_token, client, took=self.took.append, silence=silence)

    async def says(self, text: str) -> str:
        """What a person gets who says it."""
        return str((await self.slack.person("UMAYA0001").command("/echo", text))["response"]["text"])

    async def _echo(self, ack: AsyncAck, command: dict[str, str]) -> None:
        self.reached.set()
        await self.held.wait()
        await ack(command["text"])


@asynccontextmanager
async def connected(silence: float = SILENCE) -> AsyncIterator[Here]:
    playground = Playground(PlaygroundSettings(port=0, manifest=manifest()))
    await playground.start()
    try:
        async with PlaygroundClient(playground.url) as slack:
            here = Here(playground, slack, silence)
            await here.socket.connect_async()
            await slack.app_connected()
            try:
                yield here
            finally:
                await here.socket.close_async()
    finally:
        await playground.stop()


async def test_a_healthy_line_is_kept_and_acks_are_timed() -> None:
    async with connected() as here:
        line, began = here.socket.client, monotonic()
        assert await here.says("one") == "one"
        assert here.socket.state is State.CONNECTED
        await asyncio.sleep(2 * SILENCE)  # pings answered are a sign of life
        assert await here.says("two") == "two"
        assert here.socket.client is line
        assert len(here.took) == 2
        assert all(0 < seconds <= monotonic() - began for seconds in here.took)


async def test_a_silent_line_is_given_up_and_a_new_one_answers() -> None:
    async with connected() as here:
        line = here.socket.client
        for text in ("one", "two", "three"):
            await here.slack.silence_sockets()
            await here.slack.app_connected()
            assert await here.says(text) == text
        assert here.socket.client is not line
        assert here.socket.state is State.CONNECTED


async def test_silence_is_noticed_though_the_sdk_has_stopped_looking() -> None:
    """As in bolt-python #1529: the session is new and open, and nobody minds that it says nothing."""
    async with connected() as here:
        line = here.socket.client
        assert line.current_session_monitor is not None
        assert line.message_receiver is not None
        line.current_session_monitor.cancel()
        line.message_receiver.cancel()
        await here.slack.silence_sockets()
        await here.slack.app_connected()
        assert await here.says("still there?") == "still there?"


@pytest.mark.parametrize("reason", ["refresh_requested", "warning", "link_disabled"])
async def test_a_line_that_is_told_to_go_is_renewed(reason: str) -> None:
    async with connected(silence=30) as here:
        line = here.socket.client
        await here.slack.request("POST", "/control/sockets/warn", {"reason": reason})
        await here.slack.app_connected()
        assert await here.says("one") == "one"
        await asyncio.wait_for(line.lost.wait(), 5)


async def test_a_line_that_is_cut_is_renewed() -> None:
    async with connected() as here:
        await here.slack.drop_sockets()
        await here.slack.app_connected()
        assert await here.says("one") == "one"


async def test_what_is_at_hand_is_acked_over_the_line_it_came_by() -> None:
    async with connected(silence=30) as here:
        here.held.clear()
        answer = asyncio.create_task(here.says("slow"))
        await here.reached.wait()
        await here.slack.request("POST", "/control/sockets/warn", {"reason": "warning"})
        await here.slack.app_connected(2)
        here.held.set()
        assert await answer == "slow"


@pytest.mark.parametrize("seconds", [86_400.0, -86_400.0])
async def test_a_jump_of_the_wall_clock_costs_nothing(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    async with connected() as here:
        line, real = here.socket.client, time.time  # noqa: TID251  # the clock to be moved
        monkeypatch.setattr("time.time", lambda: real() + seconds)
        await asyncio.sleep(SILENCE)  # long enough for the SDK to have looked
        assert await here.says("one") == "one"
        assert here.socket.client is line
        await here.slack.silence_sockets()
        await here.slack.app_connected()
        assert await here.says("two") == "two"


async def test_a_connection_that_cannot_be_had_is_asked_for_again() -> None:
    async with connected() as here:
        await here.slack.fault("apps.connections.open", "http_500", 2)
        await here.slack.drop_sockets()
        await here.slack.app_connected()
        assert await here.says("one") == "one"


async def test_closing_does_not_wait_for_a_silent_peer() -> None:
    async with connected(silence=30) as here:
        await here.slack.silence_sockets()
        await asyncio.wait_for(here.socket.close_async(), 3)


def test_the_pauses_grow_and_end_growing_however_long_there_is_no_network() -> None:
    pauses = [pause(short_lived) for short_lived in range(5000)]
    assert pauses[:2] == [0, 0]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
