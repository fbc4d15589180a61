"""Migrating: any number of processes may start at once."""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.config import SQLITE
from bot.domain.agreements import default_terms
from bot.services.work import Units
from bot.services.workspaces import Workspaces
from bot.storage import migrate
from bot.storage.database import LINE, Database
from tests import factories
from tests.factories import LONG_AGO
from tests.postgres import Postgres

A_CHECK_IN_EACH = """
INSERT INTO check_ins (workspace_id, member_id, origin, occurrence, opened_at, late)
SELECT 1, id, 'scheduled', joined_at, joined_at, FALSE FROM members
"""

UPGRADE = "import sys; from bot.storage import migrate; migrate.upgrade(sys.argv[1])"


async def test_processes_that_start_together_migrate_one_after_the_other(postgres: Postgres) -> None:
    url = postgres.create("buddy_started_together")
    started = [await asyncio.create_subprocess_exec(sys.executable, "-c", UPGRADE, url) for _ in range(3)]
    assert [await process.wait() for process in started] == [0, 0, 0]
    assert migrate.check(url) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_check_ins_of_before_count_their_days_on_the_clock_agreed_on(
    postgres: Postgres, tmp_path: Path, kind: str
) -> None:
    url = postgres.create("buddy_of_before") if kind == "postgresql" else f"{SQLITE}{tmp_path / 'buddy.db'}"
    migrate.upgrade(url, "0006")
    database = Database(url)
    async with database.write() as tx:
        workspace = await factories.workspace(tx)
        for number, zones in enumerate((("Asia/Tokyo",), (), ("Asia/Tokyo", "America/Lima")), 1):
            member = await factories.member(tx, workspace, f"U{number}", zone="Europe/Berlin")
            for version, zone in enumerate(zones, 1):
                await tx.agreements.add(
                    workspace_id=workspace.id,
                    member_id=member.id,
                    version=version,
                    terms=default_terms(zone, LONG_AGO.date()),
                    agreed_at=LONG_AGO,
                )
        await tx.connection.exec_driver_sql(A_CHECK_IN_EACH)
    migrate.upgrade(url)
    async with database.read() as tx:
        check_ins = {one.member_id: one.zone for one in await tx.check_ins.all()}
    assert check_ins == {1: "Asia/Tokyo", 2: "Europe/Berlin", 3: "America/Lima"}
    assert migrate.check(url) == []
    await database.close()


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
