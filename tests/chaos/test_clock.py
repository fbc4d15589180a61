"""The clock jumps forwards and back while check-ins go out: nothing is said twice, and nothing is lost."""

import asyncio
from contextlib import suppress

from tests.chaos.chaos import Chaos, chaos, until
from tests.chaos.conftest import Ground
from tests.chaos.crowd import each_heard_once

HOUR = 3600.0
EARLIEST, LATEST = -2 * HOUR, 4.5 * HOUR
"""From Tuesday at ten: the same day, and before the one reminder."""
JUMPS = 8
MOMENT = 0.5
"""Seconds between two jumps when little is said: it may not be due by the clock as it is."""


async def test_a_clock_that_jumps(ground: Ground) -> None:
    async with chaos(ground) as here:
        await here.start()
        for _ in range(JUMPS):
            here.at(ground.random.uniform(EARLIEST, LATEST))
            await _some_are_reached(here, ground.scale.people // JUMPS)
        here.at(LATEST)
        await here.until_all_is_said()
        await here.fleet.stop()
        here.tell()
        await each_heard_once(here.town, here.database)
        assert not here.fleet.errors()


async def _some_are_reached(here: Chaos, more: int) -> None:
    """Returns when so many more have heard, or after a moment."""
    wanted = here.town.reached() + more

    async def reached() -> bool:
        return here.town.reached() >= wanted

    with suppress(asyncio.TimeoutError):
        await until(reached, MOMENT)
