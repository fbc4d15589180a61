"""Connections to PostgreSQL that were cut off while they rested."""

import pytest

from bot.storage import database as module
from bot.storage.database import Database

OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


async def test_a_connection_that_was_cut_off_while_it_rested_is_replaced(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    async with database.read() as tx:
        assert await tx.workspaces.all() == []
    async with other.write() as tx:
        await tx.connection.exec_driver_sql(f"{OTHERS} AND datname = current_database()")
    monkeypatch.setattr(module, "RESTED", 0.0)
    async with database.read() as tx:
        assert await tx.workspaces.all() == []
    await other.close()
    await database.close()
