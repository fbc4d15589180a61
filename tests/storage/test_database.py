"""Connections to PostgreSQL that were cut off, and processes that hold one and do nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import psycopg
import pytest
from sqlalchemy import make_url

from bot.clock import ManualClock
from bot.domain.workspaces import Workspace
from bot.storage import database as module
from bot.storage.database import Database, StorageError, within
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
    other = Database(postgres_url)
    monkeypatch.setitem(module.POSTGRESQL, "idle_in_transaction_session_timeout", "50ms")
    frozen = Database(postgres_url)
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


async def test_who_asks_a_database_that_does_not_answer_waits_no_longer_than_they_want(postgres_url: str) -> None:
    async with relay(postgres_url) as (url, is_open):
        database = Database(url)

        async def ask() -> list[Workspace]:
            async with database.read() as tx:
                return await tx.workspaces.all()

        assert await within(10, ask()) == []
        is_open.clear()
        async with asyncio.timeout(4):  # psycopg takes ten
            with pytest.raises(TimeoutError):
                await within(0.05, ask())
        is_open.set()
        assert await within(10, ask()) == [], "and is answered as soon as it does again"
        await database.close()


@asynccontextmanager
async def relay(postgres_url: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The address of a PostgreSQL that says and hears nothing while the event is clear."""
    url, is_open = make_url(postgres_url), asyncio.Event()
    is_open.set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while said := await reader.read(65536):
            await is_open.wait()
            writer.write(said)
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(f"{url.query['host']}/.s.PGSQL.5432")
        writers.extend((writer, there[1]))
        with suppress(ConnectionError):
            await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))

    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield url.set(host="127.0.0.1", port=port, query={}).render_as_string(), is_open
    finally:
        server.close()
        for writer in writers:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
