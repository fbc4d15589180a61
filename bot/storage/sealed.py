"""What is sealed in the database: whether the keys at hand open it, and writing it anew under the newest of them."""

from typing import Any, Final

from sqlalchemy import Column, Table, Text, bindparam, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import metadata, workspaces
from bot.storage.types import PrivateText

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


async def reseal(connection: AsyncConnection, table: Table, after: int, most: int) -> int | None:
    """The next `most` rows behind the id `after` are written as they are, and so sealed with the first key.

    Returns the last id; None when there are no more. Nobody changes them meanwhile. Raises WrongKeys.
    """
    c, columns = table.c, PRIVATE[table]
    some = select(c.id, *columns).where(c.id > after).order_by(c.id).limit(most).with_for_update()
    rows = (await connection.execute(some)).all()
    if not rows:
        return None
    anew = (
        update(table)
        .where(c.id == bindparam("row"))
        .values({one.name: bindparam(f"new_{one.name}") for one in columns})
    )
    names = ("row", *(f"new_{one.name}" for one in columns))
    await connection.execute(anew, [dict(zip(names, row, strict=True)) for row in rows])
    return int(rows[-1].id)
