"""Taken along from one kind of database to the other: everything, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Boolean, Column, Date, Integer, Row, String, Table, Time, insert, select, text

from bot.storage import copying
from bot.storage.database import Database
from bot.storage.tables import metadata
from bot.storage.types import Document, FernetCipher, PrivateText, UtcDateTime
from tests import factories


def _value(column: Column[Any], number: int) -> Any:
    match column.type:
        case _ if column.foreign_keys:
            return number
        case PrivateText():
            return f"words {number} 🎉 of {column.name}"
        case String():
            return f"{column.name} {number}"[-(column.type.length or 32) :]
        case UtcDateTime():
            return datetime(2027, 1, 4, 9, 0, 0, number, tzinfo=UTC)
        case Date():
            return date(2027, 1, 4)
        case Time():
            return time(9, 30)
        case Boolean():
            return bool(number % 2)
        case Document():
            return {"of": [number, "ä", None]}
        case Integer():
            return number
    raise AssertionError(f"{column} has a type that is new here")


def _rows(table: Table, count: int) -> list[dict[str, Any]]:
    """Every second one has nothing but what it must have."""
    return [
        {
            column.name: number if column.primary_key else _value(column, number)
            for column in table.columns
            if number % 2 or not column.nullable
        }
        for number in range(1, count + 1)
    ]


async def _fill(database: Database, count: int) -> None:
    async with database.write() as tx:
        for table in metadata.sorted_tables:
            for row in _rows(table, count):
                await tx.connection.execute(insert(table).values(row))


async def _all_of(database: Database) -> Mapping[str, Sequence[Row[Any]]]:
    async with database.read() as tx:
        return {
            table.name: (await tx.connection.execute(select(table).order_by(table.c.id))).all()
            for table in metadata.sorted_tables
        }


@pytest.fixture(params=["to PostgreSQL", "to SQLite"])
def way(request: pytest.FixtureRequest, sqlite_url: str, postgres_url: str) -> tuple[str, str]:
    """The addresses from which, and to which."""
    return (sqlite_url, postgres_url) if request.param == "to PostgreSQL" else (postgres_url, sqlite_url)


async def test_everything_is_taken_along_and_goes_on_from_there(way: tuple[str, str]) -> None:
    key = Fernet.generate_key().decode()
    here, there = (Database(url, FernetCipher((key,))) for url in way)
    await _fill(here, copying.A_PORTION + 1)
    await copying.copy(here, there)
    assert await _all_of(there) == await _all_of(here)
    async with there.write() as tx:
        stored = (await tx.connection.execute(text("SELECT text FROM commitments"))).scalars().all()
        assert not [one for one in stored if not one.startswith("e:")]
        newcomer = await factories.workspace(tx, "TNEW")
    assert newcomer.id == copying.A_PORTION + 2
    await here.close()
    await there.close()


async def test_where_somebody_lives_nothing_is_added(way: tuple[str, str]) -> None:
    here, there = (Database(url) for url in way)
    await _fill(here, 1)
    await copying.copy(here, there)
    before = await _all_of(there)
    with pytest.raises(copying.Inhabited):
        await copying.copy(here, there)
    assert await _all_of(there) == before
    await here.close()
    await there.close()
