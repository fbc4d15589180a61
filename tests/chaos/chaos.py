"""A town, its bots and their database, until everything was said."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

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
    began: float = 0.0
    """When product time first got to where something is due: monotonic, seconds."""

    async def start(self) -> None:
        """Every process, connected, an hour before anything is due."""
        await self.fleet.start(*self.ground.bots)

        async def all_are_connected() -> bool:
            return self._are_connected()

        await until(all_are_connected, CONNECTED)

    def tell(self) -> None:
        """What it was like, for whoever watches."""
        calls = Counter(call["name"] for place in self.town.places for call in place.backend.calls.summary()["calls"])
        looked = calls["conversations.history"] + calls["conversations.replies"]
        posts, people = calls["chat.postMessage"], len(self.town.people)
        lags = self.fleet.lags(since=self.began) or [0.0]
        print(  # noqa: T201
            f"{people} people, {self.fleet.kills} kills: {posts} posts, {looked} look-ups, {calls.total()} calls"
            f" in {monotonic() - self.began:.1f} s; a loop was blocked for {lags[-1] * 1000:.0f} ms at most,"
            f" for more than 50 ms {sum(lag > 0.05 for lag in lags)} times"
        )

    async def is_connected(self) -> bool:
        """Whether anybody would get a click."""
        return self._connections > 0

    def _are_connected(self) -> bool:
        return self._connections >= len(self.ground.bots)

    @property
    def _connections(self) -> int:
        return self.town.playground.backend.sockets.connections

    def at(self, seconds: float = 0.0) -> None:
        """Moves product time to so many seconds after Tuesday at ten."""
        self.began = self.began or monotonic()
        _move(self.town, TUESDAY + timedelta(seconds=seconds))

    async def until_all_is_said(self, killer: Killer | None = None) -> None:
        """Returns when everybody heard something, nothing is left to send, and nobody is to die any more, or is still
        coming back.

        Raises AssertionError with what is left.
        """

        async def over() -> bool:
            if killer is not None and not (killer.is_done and self._are_connected()):
                return False
            return self.town.reached() == len(self.town.people) and await left_to_send(self.database) == 0

        try:
            await until(over, self.ground.scale.patience)
        except TimeoutError:
            reached, people = self.town.reached(), len(self.town.people)
            left = await whats_left(self.database)
            raise AssertionError(f"{reached} of {people} heard of us, {self.fleet.kills} kills; left: {left}") from None


@asynccontextmanager
async def chaos(
    ground: Ground, *, workspaces: int | None = None, crowd: int | None = None, **settings: str
) -> AsyncIterator[Chaos]:
    """Everybody settled in, an hour before their check-in; no bot yet.

    As many as the ground says, or `crowd` in each of so many `workspaces`.
    """
    database = Database(ground.url)
    try:
        async with town(workspaces or ground.scale.workspaces, crowd or ground.scale.crowd) as here:
            await settle_in(here, database)
            async with fleet(ground.nursery, here, ground.url, ground.place, **settings) as bots:
                _move(here, BEFORE)
                yield Chaos(here, bots, database, ground)
    finally:
        await database.close()


def _move(town: Town, instant: datetime) -> None:
    clock = town.playground.clock
    clock.move_to(clock.offset + (instant - clock.now()).total_seconds())


async def until(check: Callable[[], Awaitable[bool]], seconds: float) -> None:
    """Raises TimeoutError when it does not come true."""
    async with asyncio.timeout(seconds):
        while not await check():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(LOOK_AGAIN)
