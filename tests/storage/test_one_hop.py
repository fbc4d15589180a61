"""SQLite in its thread: what is cut off while it waits there leaves nothing behind."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage import one_hop
from bot.storage.one_hop import OneHop


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[OneHop]:
    made = await one_hop.connect(str(tmp_path / "some.db"), isolation_level=None)
    assert isinstance(made, OneHop)
    yield made
    await made.close()


async def test_a_transaction_whose_beginning_was_cut_off_is_rolled_back(connection: OneHop) -> None:
    """The thread begins it all the same, later than we look: nobody else could write then."""
    gate = threading.Event()
    await connection.create_function("wait", 0, gate.wait)
    busy = asyncio.create_task(connection.cursor().execute("SELECT wait()"))
    beginning = asyncio.create_task(connection.cursor().execute("BEGIN IMMEDIATE"))
    await asyncio.sleep(0)
    beginning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await beginning
    ending = asyncio.create_task(connection.rollback())
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(busy, ending)
    await connection.cursor().execute("SELECT 1")  # comes after all that was on its way
    assert not connection.in_transaction


async def test_what_was_begun_is_rolled_back(connection: OneHop) -> None:
    await connection.cursor().execute("CREATE TABLE t (n INTEGER)")
    await connection.cursor().execute("BEGIN")
    added = await connection.cursor().executemany("INSERT INTO t VALUES (?)", [(1,), (2,)])
    assert added.rowcount == 2
    await connection.rollback()
    assert await (await connection.cursor().execute("SELECT n FROM t")).fetchall() == []


async def test_rows_come_with_the_statement(connection: OneHop) -> None:
    await connection.cursor().execute("CREATE TABLE t (n INTEGER)")
    added = await connection.cursor().execute("INSERT INTO t VALUES (?), (?) RETURNING n", (1, 2))
    assert [column[0] for column in added.description] == ["n"]
    assert (await added.fetchall(), added.rowcount) == ([(1,), (2,)], 2)
