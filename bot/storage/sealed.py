"""What is sealed in the database: whether the keys at hand open it, and writing it anew under the newest of them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Column, Table, Text, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import metadata, workspaces
from bot.storage.types import PrivateText

A_PORTION: Final = 500
"""Ids read in one go."""

PRIVATE: Final[dict[Table, tuple[Column[Any], ...]]] = {
    table: columns
    for table in metadata.sorted_tables
    if (columns := tuple(column for column in table.columns if isinstance(column.type, PrivateText)))
}


async def try_keys(connection: AsyncConnection) -> None:
    """Opens the newest and the oldest of what is sealed in each table: keys come and go in the order of time.

    Raises WrongKeys. Where the newest is plain nothing else is read, however much there is; and only columns of which
    each row has something are looked at, but for workspaces, of which there are few.
    """
    for table, columns in PRIVATE.items():
        for column in columns:
            if column.nullable and table is not workspaces:
                continue
            stored = type_coerce(column, Text)
            newest = select(column, stored.label("stored")).where(column.is_not(None)).order_by(table.c.id.desc())
            row = (await connection.execute(newest.limit(1))).one_or_none()
            if row is not None and row.stored.startswith("e:"):
                (await connection.execute(select(column).where(stored.like("e:%")).order_by(table.c.id).limit(1))).all()


async def behind(connection: AsyncConnection, table: Table, after: int) -> Sequence[int]:
    """The next ids behind the id `after`, a portion of them."""
    found = await connection.execute(select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(A_PORTION))
    return found.scalars().all()


async def reseal(connection: AsyncConnection, table: Table, row_id: int) -> None:
    """One row is written as it is, and so sealed with the first key. Raises WrongKeys."""
    columns, it = PRIVATE[table], table.c.id == row_id
    row = (await connection.execute(select(*columns).where(it).with_for_update())).one_or_none()
    if row is not None:
        values = {column.name: text for column, text in zip(columns, row, strict=True)}
        await connection.execute(update(table).where(it).values(values))
