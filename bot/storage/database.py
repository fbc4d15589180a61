"""The database: an engine, and transactions that hold every repository."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Table, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import SQLAlchemyError as StorageError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from bot.storage import one_hop, sealed
from bot.storage.transaction import Transaction
from bot.storage.types import Cipher, FernetCipher

__all__ = ["OUTAGE", "Database", "StorageError", "line_to", "within"]

T = TypeVar("T")

OUTAGE = (OperationalError, InterfaceError, PoolTimeout)
"""The database does not answer, or not now: nothing was wrong with what was asked of it."""

JSON = {"json_serializer": lambda value: to_json(value).decode(), "json_deserializer": from_json}
"""pydantic's, five times faster than the standard library's."""

POSTGRESQL = {
    "timezone": "UTC",  # what UtcDateTime counts on
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "enable_seqscan": "off",
    "plan_cache_mode": "force_generic_plan",
    "idle_in_transaction_session_timeout": "30s",
}
"""How our sessions differ. To compile a statement, or to start workers for it, takes longer than any of ours. Each
finds its rows by an index, whatever it is given: a plan made while a table was next to empty would read all of it, long
after it has grown, and to plan anew each time takes longer than the statement. And whom a process has locked that is
frozen, or whose machine is gone, the others wait for no longer than that."""

LINE = {
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""Seconds, and milliseconds, until a line to PostgreSQL is given up whose other end is gone without a word, as when its
machine died: by the system's own settings that takes two hours. What DATABASE_URL says goes before."""

RESTED = 5.0
"""Seconds after which a PostgreSQL connection in the pool may have been cut off unnoticed."""

BUSY_TIMEOUT = 10.0
"""Seconds a SQLite writer waits for another."""


class Database:
    """`async with database.write() as tx:` is one transaction. `read()` is for looking only: each statement sees what
    is kept by then, and there is nothing to begin or to end, which would cost as much as a statement each.

    On SQLite a writer begins with BEGIN IMMEDIATE: a read that turns into a write would fail at once, ignoring the
    busy timeout. Writers of this process queue before they begin, first come first served: SQLite itself would have
    them sleep and try again.
    """

    def __init__(self, url: str, cipher: Cipher | None = None) -> None:
        self.engine = _engine(url)
        self._looking = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._queue: AbstractAsyncContextManager[None] = asyncio.Lock() if self.is_sqlite else nullcontext()
        self.engine.dialect.buddy_cipher = cipher or FernetCipher()  # type: ignore[attr-defined]  # read by PrivateText

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        async with self._queue, self.engine.connect() as connection:
            writing = await connection.execution_options(buddy_writes=True)
            async with writing.begin():
                yield Transaction(writing)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        async with self._looking.connect() as connection:
            yield Transaction(connection)

    async def try_keys(self) -> None:
        """Raises WrongKeys when what is stored was sealed with a key that is not here any more."""
        async with self._looking.connect() as connection:
            await sealed.try_keys(connection)

    async def reseal(self) -> None:
        """All that is private is written anew, under the first key. Others may be at work meanwhile, with the same
        keys: each row is a transaction of its own, which is part of no deadlock. Raises WrongKeys."""
        for table in sealed.PRIVATE:
            last = 0
            while ids := await self._behind(table, last):
                for row_id in ids:
                    async with self.write() as tx:
                        await sealed.reseal(tx.connection, table, row_id)
                last = ids[-1]
        await self.wipe()

    async def _behind(self, table: Table, after: int) -> Sequence[int]:
        async with self._looking.connect() as connection:
            return await sealed.behind(connection, table, after)

    async def wipe(self) -> None:
        """What was deleted is gone from the disk too: SQLite keeps it in the file beside the database for a while, and
        without `secure_delete` in the database itself. PostgreSQL sees to it when it vacuums."""
        if self.is_sqlite:
            async with self._queue, self.engine.connect() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        await self.engine.dispose()


async def within(seconds: float, asked: Coroutine[Any, Any, T]) -> T:
    """What comes of it. Raises TimeoutError when it takes longer: it is cut off then, and that is not waited for, as
    `asyncio.timeout` would. Of a PostgreSQL that does not answer psycopg takes its leave for ten seconds."""
    task = asyncio.create_task(asked)
    try:
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            raise TimeoutError
        return task.result()
    finally:
        task.cancel()


def line_to(url: URL) -> dict[str, int]:
    """What a driver is told of the line to a database at `url`."""
    given = LINE if url.get_backend_name() == "postgresql" else {}
    return {name: value for name, value in given.items() if name not in url.query}


def _engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        told = {"options": " ".join(f"-c {name}={value}" for name, value in POSTGRESQL.items())}
        engine = create_async_engine(
            parsed,
            pool_size=10,
            max_overflow=10,
            pool_use_lifo=True,  # the one used last knows our statements, and needs no look
            connect_args=line_to(parsed) | told,
            hide_parameters=True,
            skip_autocommit_rollback=True,
            **JSON,
        )
        event.listen(engine.sync_engine, "checkin", _put_back)
        event.listen(engine.sync_engine, "checkout", _take_out)
        return engine
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        parsed,
        connect_args={"timeout": BUSY_TIMEOUT, "async_creator_fn": one_hop.connect},
        hide_parameters=True,
        **JSON,
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _put_back(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = monotonic()


def _take_out(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
    """Looks whether a connection that rested is still there. SQLAlchemy's own look comes before each transaction, and
    costs as much as a statement."""
    rested = monotonic() - record.info.get("rests_since", monotonic())
    if rested > RESTED:
        try:
            connection.cursor().execute("SELECT 1")
            connection.rollback()
        except Exception as error:
            raise DisconnectionError from error


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("buddy_writes"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
