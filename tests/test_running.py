"""The bot in the playground: it comes, it starts over, it goes."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot import manifest, running
from bot.clock import SystemClock
from bot.config import Settings
from playground.server import Playground
from playground.settings import PlaygroundSettings
from playground.workspace import TEAM_ID


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    playground = Playground(PlaygroundSettings(port=0, manifest=manifest.read()))
    await playground.start()
    yield playground
    await playground.stop()


async def team_ids(settings: Settings) -> list[str]:
    async with running.open_database(settings) as database, database.read() as tx:
        return [workspace.team_id for workspace in await tx.workspaces.installed()]


async def test_starting_over_forgets_the_playground_and_nothing_else(playground: Playground, database_url: str) -> None:
    settings = running.pointed_at(playground, Settings(database_url=database_url, port=0))
    guest = running.Guest()
    async with guest.staying(settings):
        async with running.open_database(settings) as database, database.write() as tx:
            [workspace] = await tx.workspaces.installed()
            now = SystemClock().now()
            await tx.workspaces.add(team_id="T0OTHER", name="A", bot_user_id="U1", installed_at=now, bot_token="xoxb-1")
            await tx.workspaces.change(workspace.id, wins_channel_id="C0WINS001", installed_at=now - timedelta(days=7))
        await guest.start_over()
        async with running.open_database(settings) as database, database.read() as tx:
            again = await tx.workspaces.by_team(TEAM_ID)
        assert again is not None
        assert again.wins_channel_id is None
        assert again.installed_at >= now
        assert sorted(await team_ids(settings)) == ["T0OTHER", TEAM_ID]
    await guest.start_over()
    assert sorted(await team_ids(settings)) == ["T0OTHER", TEAM_ID]
