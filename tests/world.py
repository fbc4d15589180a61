"""The whole product in one process for a test: a playground, the bot connected to it, and its people.

>>> async with world(database_url) as here:
...     await here.maya.command("/commit", "Finish the report")
"""

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from pydantic import SecretStr

from bot import manifest
from bot.app import Buddy
from bot.clock import clock_for
from bot.config import EVENTS_PATH, Settings
from playground.client import PATIENCE_SECONDS, Person, PlaygroundClient
from playground.server import Playground
from playground.settings import PlaygroundSettings

MONDAY: Final = "2027-01-04T08:00"
"""Local to Maya, in Berlin: a winter Monday, before the first coffee."""


@dataclass
class World:
    """`slack` moves the clock and injects faults; Maya is an admin, Jonas is not, Priya lives in New York."""

    playground: Playground
    slack: PlaygroundClient
    settings: Settings
    buddy: Buddy

    @property
    def maya(self) -> Person:
        return self.slack.person("UMAYA0001")

    @property
    def jonas(self) -> Person:
        return self.slack.person("UJONAS001")

    @property
    def priya(self) -> Person:
        return self.slack.person("UPRIYA001")

    async def settle(self) -> None:
        """Returns when nothing is under way: every event answered, everything due opened and sent."""
        await self.slack.settle()
        await self.buddy.settle()

    async def move_to(self, moment: str) -> None:
        """Product time, local to Maya; what falls due on the way has been sent when this returns."""
        await self.slack.move_to(moment)
        await self._clock_follows()
        await self.buddy.settle()

    async def _clock_follows(self) -> None:
        """Returns when the bot has heard of the playground's time."""
        clock, moved = self.buddy.units.clock, asyncio.Event()
        clock.on_jump(moved.set)
        while abs((clock.now() - self.playground.clock.now()).total_seconds()) > 1:
            await asyncio.wait_for(moved.wait(), PATIENCE_SECONDS)
            moved.clear()

    async def restart(self) -> None:
        """The bot stops and comes back, with nothing but its database."""
        await self.buddy.stop()
        await self.start()

    async def start(self) -> None:
        """A bot, connected, with what is due now already sent."""
        self.buddy = Buddy(self.settings, clock_for(self.settings.buddy_clock_url))
        await self.buddy.start()
        await self._connected()
        await self.buddy.settle()

    async def _connected(self) -> None:
        if self.settings.slack_app_token is not None:
            await self.slack.app_connected()


@asynccontextmanager
async def world(
    database_url: str, *, http: bool = False, keys: str | None = None, call: float = 20.0
) -> AsyncIterator[World]:
    """Socket Mode, or signed HTTP. A call of the Web API gets `call` seconds."""
    port = free_port()
    playground = Playground(
        PlaygroundSettings(
            port=0,
            manifest=manifest.read(),
            request_url=f"http://127.0.0.1:{port}{EVENTS_PATH}" if http else None,
            ack_seconds=PATIENCE_SECONDS,  # no test is about how busy the machine is that it runs on
            trigger_seconds=PATIENCE_SECONDS,
        )
    )
    await playground.start()
    settings = Settings(
        slack_bot_token=SecretStr(playground.settings.bot_token),
        slack_api_url=playground.api_url,
        buddy_clock_url=playground.clock_url,
        database_url=database_url,
        buddy_encryption_keys=SecretStr(keys) if keys else None,
        port=port,
        slack_signing_secret=SecretStr(playground.settings.signing_secret) if http else None,
        slack_app_token=None if http else SecretStr(playground.settings.app_token),
        buddy_messages_a_minute=0,
        buddy_messages_a_second=0,
        buddy_call_seconds=call,
    )
    try:
        async with PlaygroundClient(playground.url) as slack:
            await slack.move_to(MONDAY)
            here = World(playground, slack, settings, Buddy(settings, clock_for(settings.buddy_clock_url)))
            try:
                await here.start()
                yield here
            finally:
                await here.buddy.stop()
    finally:
        await playground.stop()


WORKER: Final = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_FIRST: Final = 12_000 + 4_000 * (WORKER % 5)
_ports = iter(random.sample(range(_FIRST, _FIRST + 4_000), 4_000))  # shuffled: another run may be at work beside this


def free_port() -> int:
    """A port nobody listens on, below those that the system gives away by itself, and of this test process alone."""
    for port in _ports:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("all ports were used")
