"""SQLite in a thread of its own, with one way there and back for each statement.

aiosqlite goes there once to make a cursor, once to execute, once to fetch and once to close. Each way wakes a thread
twice and costs more than a small statement does.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple, Self

import aiosqlite

Parameters = Sequence[Any]


class _Found(NamedTuple):
    rows: list[Any]
    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None


class OneHop(aiosqlite.Connection):
    """As SQLAlchemy uses a connection of aiosqlite's."""

    _is_cut_off = False

    def cursor(self) -> "Cursor":  # type: ignore[override]  # SQLAlchemy enters it, and asks for no more than it has
        return Cursor(self)

    async def run(self, statement: Callable[[sqlite3.Connection], _Found]) -> _Found:
        try:
            found: _Found = await self._execute(statement, self._conn)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            self._is_cut_off = True  # the thread goes on with it
            raise
        return found

    async def rollback(self) -> None:
        """Where there is nothing to roll back, as after each commit, the way is spared."""
        if self._is_cut_off or self.in_transaction:
            await super().rollback()
            self._is_cut_off = False


class Cursor:
    """One statement, fetched and closed as soon as it was executed."""

    arraysize = 1

    def __init__(self, connection: OneHop) -> None:
        self._connection = connection
        self._found = _Found([])

    @property
    def description(self) -> Any:
        return self._found.description

    @property
    def rowcount(self) -> int:
        return self._found.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._found.lastrowid

    async def execute(self, sql: str, parameters: Parameters = ()) -> Self:
        self._found = await self._connection.run(partial(_execute, sql=sql, parameters=parameters))
        return self

    async def executemany(self, sql: str, parameters: Iterable[Parameters]) -> Self:
        self._found = await self._connection.run(partial(_execute_many, sql=sql, parameters=parameters))
        return self

    async def fetchall(self) -> list[Any]:
        return self._found.rows

    async def close(self) -> None:
        """It is."""

    async def __aenter__(self) -> Self:
        return self


def connect(database: str, **options: Any) -> OneHop:
    """To be awaited. Its thread keeps no process alive."""
    connection = OneHop(partial(sqlite3.connect, database, **options), iter_chunk_size=1)
    connection._thread.daemon = True
    return connection


def _execute(connection: sqlite3.Connection, *, sql: str, parameters: Parameters) -> _Found:
    cursor = connection.execute(sql, parameters)
    try:
        rows = cursor.fetchall() if cursor.description else []
        return _Found(rows, cursor.description, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()


def _execute_many(connection: sqlite3.Connection, *, sql: str, parameters: Iterable[Parameters]) -> _Found:
    cursor = connection.executemany(sql, parameters)
    try:
        return _Found([], None, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()
