"""Migrating: any number of processes may start at once."""

import asyncio
import sys

import pytest
from sqlalchemy.exc import OperationalError

from bot.services.work import Units
from bot.services.workspaces import Workspaces
from bot.storage import migrate
from bot.storage.database import LINE
from tests.postgres import Postgres

UPGRADE = "import sys; from bot.storage import migrate; migrate.upgrade(sys.argv[1])"


async def test_processes_that_start_together_migrate_one_after_the_other(postgres: Postgres) -> None:
    url = postgres.create("buddy_started_together")
    started = [await asyncio.create_subprocess_exec(sys.executable, "-c", UPGRADE, url) for _ in range(3)]
    assert [await process.wait() for process in started] == [0, 0, 0]
    assert migrate.check(url) == []


async def test_a_workspace_installed_by_two_at_once_is_one(units: Units) -> None:
    workspaces = Workspaces(units)
    given = {"name": "Testers", "bot_token": "xoxb-1", "bot_user_id": "UBOT", "bot_id": "BBOT"}
    await asyncio.gather(*(workspaces.install(team_id="T1", **given) for _ in range(3)))
    workspace = await workspaces.by_team("T1")
    await workspaces.uninstall("T1")
    again = await workspaces.install(team_id="T1", **{**given, "bot_token": "xoxb-2"})
    assert (again.id, again.bot_token, again.uninstalled_at) == (workspace.id, "xoxb-2", None)


async def test_a_database_that_says_nothing_keeps_no_start_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who ends a start meanwhile waits as long: a thread cannot be cut off."""
    over = asyncio.Event()

    async def never_answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(never_answer, "127.0.0.1", 0)
    assert LINE["connect_timeout"] < 11
    monkeypatch.setitem(LINE, "connect_timeout", 2)  # libpq takes less for this
    url = f"postgresql+psycopg://buddy@127.0.0.1:{server.sockets[0].getsockname()[1]}/buddy"
    with pytest.raises(OperationalError):
        await asyncio.wait_for(asyncio.to_thread(migrate.upgrade, url), 30)
    over.set()
    server.close()
    await server.wait_closed()
