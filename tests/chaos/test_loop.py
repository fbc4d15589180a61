"""The event loop stays free for acks while everything is due at once."""

from tests.chaos.chaos import chaos
from tests.chaos.conftest import Ground
from tests.chaos.crowd import each_heard_once


async def test_nobody_waits_behind_a_crowd_in_one_workspace(ground: Ground) -> None:
    """What it claims, renders and writes down, it does in small steps. The long run holds it to figures."""
    async with chaos(ground, workspaces=1, crowd=ground.scale.people) as here:
        await here.start()
        here.at()
        await here.until_all_is_said()
        await here.fleet.stop()
        here.tell()
        await each_heard_once(here.town, here.database)
        blocked = here.fleet.lags(since=here.began)
        assert not blocked or blocked[-1] < ground.scale.block, blocked[-5:]
