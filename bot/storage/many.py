"""Many rows in one statement.

For PostgreSQL they travel as one JSON document: psycopg's executemany is a round of calls for each row, which cost more
than all else that is done with it. SQLite's executemany is a loop in C.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import (
    JSON,
    Column,
    Row,
    Table,
    TableValuedAlias,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.types import PrivateText

AS_JSON: Final = JSON()
"""Made once: SQLAlchemy adapts every new instance of a type to the database."""


async def insert_many(
    connection: AsyncConnection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    unique: Sequence[str] = (),
    returning: Sequence[Column[Any]] = (),
) -> Sequence[Row[Any]]:
    """Adds rows that have the same columns; what is `returning` of those added. A row whose `unique` columns are there
    already is left out."""
    if not rows:
        return []
    names, dialect = tuple(rows[0]), connection.dialect.name
    insert = _insert(dialect, table, names, tuple(unique), tuple(returning))
    given: Any = (
        {"given": to_json(_sealed(connection, table, rows)).decode()} if dialect == "postgresql" else list(rows)
    )
    found = await connection.execute(insert, given)
    return found.all() if returning else []


@cache
def _insert(
    dialect: str, table: Table, names: tuple[str, ...], unique: tuple[str, ...], returning: tuple[Column[Any], ...]
) -> Any:  # an insert of one dialect or the other
    if dialect == "postgresql":
        values = func.json_populate_recordset(
            literal_column(f"NULL::{table.name}"), cast(bindparam("given", type_=Text), JSON)
        ).table_valued(*names)
        insert: Any = postgresql.insert(table).from_select(names, select(*values.c), include_defaults=False)
    else:
        insert = sqlite.insert(table)
    if unique:
        insert = insert.on_conflict_do_nothing(index_elements=unique)
    return insert.returning(*returning) if returning else insert


def told_given(dialect: str) -> TableValuedAlias:
    """For a statement that is built once: its parameter `told`, a text for each id, as a table to update from. The
    columns are `key`, which is text, and `value`."""
    each = func.json_each_text if dialect == "postgresql" else func.json_each
    return each(bindparam("told", type_=AS_JSON)).table_valued("key", "value", name="told")


def _sealed(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """The rows with private columns as they are stored."""
    private = {c.name: c.type for c in table.c if isinstance(c.type, PrivateText) and c.name in rows[0]}
    if not private:
        return rows
    sealing = connection.dialect
    return [
        {**row, **{name: text.process_bind_param(row[name], sealing) for name, text in private.items()}} for row in rows
    ]
