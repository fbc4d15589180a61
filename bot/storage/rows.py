"""The few statements every table needs, returning domain records.

To build a statement, and to look up what SQLAlchemy made of it, costs more than to run it: those needed most are built
once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    FromClause,
    RowMapping,
    Select,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.records import Record
from bot.storage.many import insert_many

R = TypeVar("R", bound=Record)

AT_A_TIME = 200
"""Rows whose instant has come that are looked at in one go."""

ROW_ID = "row_id"
"""The parameter of a statement about one row: no column is called that."""


class Rows(Generic[R]):
    """A table read and written as records of one type. Subclasses add the queries that have a name."""

    table: Table
    record: type[R]

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, row_id: int) -> R:
        """The row; raises LookupError when it is gone."""
        found = await self.find(row_id)
        if found is None:
            raise LookupError(f"no {self.table.name} {row_id}")
        return found

    async def find(self, row_id: int | None) -> R | None:
        return None if row_id is None else await self.one_with(id=row_id)

    async def owned(self, member_id: int, row_id: int) -> R | None:
        """The row, if it is this member's."""
        return await self.one_with(id=row_id, member_id=member_id)

    async def one(self, *where: ColumnElement[bool], order: Iterable[Any] = ()) -> R | None:
        """The first of them."""
        return next(iter(await self.all(*where, order=order, limit=1)), None)

    async def all(self, *where: ColumnElement[bool], order: Iterable[Any] = (), limit: int | None = None) -> list[R]:
        statement = select(self.table).where(*where).order_by(*order or (self.table.c.id,)).limit(limit)
        return await self._read(statement)

    async def one_with(self, *order: str, **values: Any) -> R | None:
        """The first row with these values."""
        return next(iter(await self.all_with(*order, limit=1, **values)), None)

    async def all_with(self, *order: str, limit: int | None = None, **values: Any) -> list[R]:
        """The rows whose columns have these values, none of which is None. A "-" before a name of `order` is downwards.

        The same as `all`, for half the price.
        """
        return await self._read(_rows_with(self.table, tuple(values), order or ("id",), limit), **values)

    async def add(self, **values: Any) -> R:
        found = await self._connection.execute(_added(self.table), values)
        return self._as_record(found.mappings().one())

    async def add_once(self, *unique: str, **values: Any) -> R | None:
        """Adds the row unless one with the same `unique` columns is there; None then. The database decides, not we."""
        statement = added_once(self.table, unique, self._connection.dialect.name)
        computed, plain = _computed(values)
        found = await self._connection.execute(statement.values(computed) if computed else statement, plain)
        row = found.mappings().one_or_none()
        return None if row is None else self._as_record(row)

    async def add_all_once(self, *unique: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """The same for many; `rows` have the same columns."""
        await insert_many(self._connection, self.table, rows, unique=unique)

    async def change(self, row_id: int, **values: Any) -> R:
        """The row with these values; raises LookupError when it is gone."""
        computed, plain = _computed(values)
        statement = _changed(self.table)
        found = await self._connection.execute(
            statement.values(computed) if computed else statement, {ROW_ID: row_id, **plain}
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise LookupError(f"no {self.table.name} {row_id}")
        return self._as_record(row)

    async def change_if(self, *where: ColumnElement[bool], **values: Any) -> R | None:
        """Changes the one row that satisfies `where`, and returns it; None when none did."""
        found = await self._connection.execute(update(self.table).where(*where).values(values).returning(self.table))
        row = found.mappings().one_or_none()
        return None if row is None else self._as_record(row)

    async def change_all(self, *where: ColumnElement[bool], **values: Any) -> int:
        return int((await self._connection.execute(update(self.table).where(*where).values(values))).rowcount)

    async def forget(self, row_id: int) -> None:
        """The row goes, and all that belongs to it."""
        await self.remove(self.table.c.id == row_id)

    async def remove(self, *where: ColumnElement[bool]) -> int:
        return int((await self._connection.execute(delete(self.table).where(*where))).rowcount)

    async def _members(self, column: str, by: str, until: datetime) -> list[int]:
        """The members of rows whose instant has come, the oldest first. DISTINCT would have SQLite read by another
        index than the instant's."""
        found = await self._connection.execute(_come(self.table, column, by), {"until": until})
        return list(dict.fromkeys(found.scalars()))

    async def _read(self, statement: Select[Any], **given: Any) -> list[R]:
        found = await self._connection.execute(statement, given)
        names = tuple(found.keys())
        return [self.record.model_validate(dict(zip(names, row, strict=True))) for row in found]

    async def _mappings(self, statement: Select[Any]) -> Sequence[RowMapping]:
        rows: Sequence[RowMapping] = (await self._connection.execute(statement)).mappings().all()
        return rows

    def _as_record(self, row: Mapping[Any, Any]) -> R:
        return self.record.model_validate(dict(row))


def columns_of(
    record: type[Record], table: FromClause, without: frozenset[str] = frozenset()
) -> list[ColumnElement[Any]]:
    """What a record is read from, in the order of its fields: for statements that read several. Fields `without` which
    it can do are left out, and empty then."""
    return [table.c[name] for name in _fields(record, without)]


def record_of(record: type[R], row: Sequence[Any], at: int = 0, without: frozenset[str] = frozenset()) -> R:
    """Read from the columns of a row that begin `at`; the same `without`."""
    names = _fields(record, without)
    return record.model_validate(dict(zip(names, row[at : at + len(names)], strict=True)))


@cache
def _fields(record: type[Record], without: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in record.model_fields if name not in without)


def _computed(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the database computes, and what is plain."""
    computed = {name: value for name, value in values.items() if isinstance(value, ClauseElement)}
    return computed, {name: value for name, value in values.items() if name not in computed}


@cache
def _rows_with(table: Table, names: tuple[str, ...], order: tuple[str, ...], limit: int | None) -> Select[Any]:
    c = table.c
    by = [c[name[1:]].desc() if name.startswith("-") else c[name] for name in order]
    return select(table).where(*(c[name] == bindparam(name) for name in names)).order_by(*by).limit(limit)


@cache
def _come(table: Table, column: str, by: str) -> Select[Any]:
    at = table.c[by]
    return select(table.c[column]).where(at <= bindparam("until", type_=at.type)).order_by(at).limit(AT_A_TIME)


@cache
def _added(table: Table) -> Any:
    return insert(table).returning(table)


@cache
def added_once(table: Table, unique: tuple[str, ...], dialect: str) -> Any:
    """The statement that adds a row unless one with the same `unique` columns is there, and returns it."""
    insert_into: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert_into(table).on_conflict_do_nothing(index_elements=unique).returning(table)


@cache
def _changed(table: Table) -> Any:
    return update(table).where(table.c.id == bindparam(ROW_ID)).returning(table)
