"""Connections to PostgreSQL that were cut off, and processes that hold one and do nothing."""

import asyncio
from contextlib import AsyncExitStack

import psycopg
import pytest

from bot.clock import ManualClock
from bot.storage import database as module
from bot.storage.database import Database, StorageError
from tests import factories

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


async def test_whom_a_frozen_process_has_locked_others_have_soon(
    postgres_url: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert module.POSTGRESQL["idle_in_transaction_session_timeout"] == "30s"
    monkeypatch.setitem(module.POSTGRESQL, "idle_in_transaction_session_timeout", "50ms")
    frozen, other = Database(postgres_url), Database(postgres_url)
    async with other.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
    stack = AsyncExitStack()
    tx = await stack.enter_async_context(frozen.write())
    await tx.members.lock(maya.id)
    async with asyncio.timeout(10), other.write() as next_tx:
        await next_tx.members.change(maya.id, heard_at=clock.now())
    with pytest.raises(StorageError):
        await stack.aclose()
    async with frozen.read() as tx:
        assert (await tx.members.get(maya.id)).heard_at == clock.now()
    await other.close()
    await frozen.close()


async def test_a_line_whose_other_end_is_gone_is_given_up(postgres_url: str) -> None:
    """Unless DATABASE_URL knows better."""
    database = Database(f"{postgres_url}&connect_timeout=7&keepalives_idle=40")
    async with database.read() as tx:
        driver = (await tx.connection.get_raw_connection()).driver_connection
        assert isinstance(driver, psycopg.AsyncConnection)
        told = driver.info.get_parameters()
    given = {name: told.get(name) for name in module.LINE}
    assert given == {name: str(value) for name, value in module.LINE.items()} | {
        "connect_timeout": "7",
        "keepalives_idle": "40",
    }
    await database.close()
