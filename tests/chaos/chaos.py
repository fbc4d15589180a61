"""A town, its bots and their database, until everything was said."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.storage.database import Database
from tests.chaos.conftest import Ground
from tests.chaos.crowd import BEFORE, TUESDAY, left_to_send, settle_in, whats_left
from tests.chaos.fleet import Fleet, fleet
from tests.chaos.mischief import Killer
from tests.chaos.town import Town, town

LOOK_AGAIN = 0.05
"""Seconds between two looks at the database, which does not tell when something changes."""
CONNECTED = 60.0


@dataclass
class Chaos:
    town: Town
    fleet: Fleet
    database: Database
    ground: Ground

    async def start(self) -> None:
        """Every process, connected, an hour before anything is due."""
        names = self.ground.bots
        await self.fleet.start(*names)

        async def all_are_connected() -> bool:
            return self._connections >= len(names)

        await until(all_are_connected, CONNECTED)

    async def is_connected(self) -> bool:
        """Whether anybody would get a click."""
        return self._connections > 0

    @property
    def _connections(self) -> int:
        return self.town.playground.backend.sockets.connections

    def at(self, seconds: float = 0.0) -> None:
        """Moves product time to so many seconds after Tuesday at ten."""
        clock = self.town.playground.clock
        clock.move_to(clock.offset + (TUESDAY - clock.now()).total_seconds() + seconds)

    async def until_all_is_said(self, killer: Killer | None = None) -> None:
        """Returns when everybody heard something, nothing is left to send, and nobody is to die any more.

        Raises AssertionError with what is left.
        """

        async def over() -> bool:
            if killer is not None and not killer.is_done:
                return False
            return self.town.reached() == len(self.town.people) and await left_to_send(self.database) == 0

        try:
            await until(over, self.ground.scale.patience)
        except TimeoutError:
            reached, people = self.town.reached(), len(self.town.people)
            left = await whats_left(self.database)
            raise AssertionError(f"{reached} of {people} heard of us, {self.fleet.kills} kills; left: {left}") from None


@asynccontextmanager
async def chaos(ground: Ground, *, workspaces: int | None = None, **settings: str) -> AsyncIterator[Chaos]:
    """Everybody settled in, an hour before their check-in; no bot yet."""
    database = Database(ground.url)
    try:
        async with town(workspaces or ground.scale.workspaces, ground.scale.crowd) as here:
            await settle_in(here, database)
            async with fleet(ground.nursery, here, ground.url, ground.place, **settings) as bots:
                whole = Chaos(here, bots, database, ground)
                whole.at((BEFORE - TUESDAY).total_seconds())
                yield whole
    finally:
        await database.close()


async def until(check: Callable[[], Awaitable[bool]], seconds: float) -> None:
    """Raises TimeoutError when it does not come true."""
    async with asyncio.timeout(seconds):
        while not await check():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(LOOK_AGAIN)
