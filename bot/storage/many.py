"""Many rows in one statement.

For PostgreSQL they travel as one JSON document: psycopg's executemany is a round of calls for each row, which cost more
than all else that is done with it. SQLite's executemany is a loop in C.
"""

from collections.abc import Mapping, Sequence
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
    literal,
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
    names = list(rows[0])
    if connection.dialect.name == "postgresql":
        values = func.json_populate_recordset(
            literal_column(f"NULL::{table.name}"), cast(bindparam("given", type_=Text), JSON)
        ).table_valued(*names)
        insert: Any = postgresql.insert(table).from_select(names, select(*values.c), include_defaults=False)
        given: Any = {"given": to_json(_sealed(connection, table, rows)).decode()}
    else:
        insert, given = sqlite.insert(table), list(rows)
    if unique:
        insert = insert.on_conflict_do_nothing(index_elements=unique)
    if not returning:
        await connection.execute(insert, given)
        return []
    return (await connection.execute(insert.returning(*returning), given)).all()


def told_of(connection: AsyncConnection, told: Mapping[int, str | None]) -> TableValuedAlias:
    """A text for each id, as a table to update from: its columns are `key`, which is text, and `value`."""
    each = func.json_each_text if connection.dialect.name == "postgresql" else func.json_each
    return each(literal(dict(told), AS_JSON)).table_valued("key", "value", name="told")


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
