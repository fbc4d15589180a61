"""The bot in the playground: it comes, it starts over, it goes."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

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


@pytest.mark.parametrize("later", [None, SecretStr(Fernet.generate_key().decode())])
async def test_a_start_without_the_key_is_one_sentence_and_changes_nothing(
    playground: Playground, database_url: str, later: SecretStr | None
) -> None:
    settings = running.pointed_at(playground, Settings(database_url=database_url, port=0))
    settings.buddy_encryption_keys = SecretStr(Fernet.generate_key().decode())
    async with running.Guest().staying(settings):
        pass
    wrong = settings.model_copy(update={"buddy_encryption_keys": later})
    with pytest.raises(running.StartError, match="BUDDY_ENCRYPTION_KEYS lacks a key"):
        async with running.Guest().staying(wrong):
            pass
    async with running.Guest().staying(settings):
        assert await team_ids(settings) == [TEAM_ID]


async def test_a_bot_stops_when_a_newer_version_changes_the_database(playground: Playground, database_url: str) -> None:
    """What it would write is not what belongs there any more; while both are deployed, the newer one goes on."""
    settings = running.pointed_at(playground, Settings(database_url=database_url, port=0))
    settings.buddy_lease_seconds = 0.2
    is_up = asyncio.Event()
    running_ = asyncio.create_task(running.run(settings, lambda _: is_up.set()))
    await asyncio.wait_for(is_up.wait(), 60)
    async with running.open_database(settings) as database, database.write() as tx:
        await tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(running.StartError, match="newer version"):
        await asyncio.wait_for(running_, 30)


def test_a_full_disk_is_one_sentence() -> None:
    with create_engine("sqlite://", poolclass=NullPool).connect() as connection:
        connection.exec_driver_sql("CREATE TABLE words (word TEXT)")
        connection.exec_driver_sql("PRAGMA max_page_count = 4")
        with pytest.raises(running.StartError, match="is full"), running.reaching_database():
            connection.exec_driver_sql("INSERT INTO words VALUES (zeroblob(100000))")


async def test_ctrl_c_ends_a_start_that_slack_keeps_waiting(sqlite_url: str) -> None:
    reached, over = asyncio.Event(), asyncio.Event()

    async def never_answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()
        await over.wait()
        writer.close()

    server = await asyncio.start_server(never_answer, "127.0.0.1", 0)
    settings = Settings(
        slack_bot_token=SecretStr("xoxb-1"),
        slack_app_token=SecretStr("xapp-1"),
        slack_api_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/",
        database_url=sqlite_url,
        port=0,
    )
    said: list[str] = []
    running_ = asyncio.create_task(running.run(settings, said.append))
    await asyncio.wait_for(reached.wait(), 10)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running_, 5)
    assert said == []
    over.set()
    server.close()
    await server.wait_closed()


def test_who_takes_long_to_be_cut_off_keeps_no_process() -> None:
    """As psycopg does, when a PostgreSQL does not answer."""

    async def asks() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            async with asyncio.timeout(60):
                await asyncio.Event().wait()

    async def works() -> None:
        asking.append(asyncio.create_task(asks()))
        await asyncio.sleep(0)

    asking: list[asyncio.Task[None]] = []
    asyncio.run(running.to_the_end(works()))
    assert asking[0].cancelled(), "and not after a minute"
