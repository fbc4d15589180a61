"""Processes die at random while check-ins go out: everybody gets exactly one."""

from tests.chaos.chaos import chaos
from tests.chaos.conftest import Ground
from tests.chaos.crowd import each_heard_once
from tests.chaos.mischief import Killer


async def test_everybody_gets_one_check_in(ground: Ground) -> None:
    """On PostgreSQL from two processes, on SQLite from one."""
    scale = ground.scale
    async with chaos(ground) as here:
        await here.start()
        killer = Killer(here.fleet, here.town, ground.random, scale.kills, among=scale.people)
        here.at()
        await here.until_all_is_said(killer)
        await here.fleet.stop()
        here.tell()
        assert here.fleet.kills == scale.kills
        await each_heard_once(here.town, here.database)
        assert not here.fleet.errors()
