"""All that one database holds, taken along to another, of either kind."""

from typing import Final

from sqlalchemy import Table, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.tables import metadata, workspaces

A_PORTION: Final = 500
"""Rows that are read and written in one go."""


class Inhabited(Exception):
    """Somebody lives there already."""


async def copy(source: Database, target: Database) -> None:
    """All rows, with their ids, or none; what is private is sealed with the target's first key. Both have the newest
    shape. Nobody may be at work in the source. Raises Inhabited, and WrongKeys."""
    async with source.read() as here, target.write() as there:
        if (await there.connection.execute(select(workspaces.c.id).limit(1))).first():
            raise Inhabited
        for table in metadata.sorted_tables:
            await _copy(table, here.connection, there.connection)


async def _copy(table: Table, here: AsyncConnection, there: AsyncConnection) -> None:
    portion = select(table).order_by(table.c.id).limit(A_PORTION)
    last = 0
    while rows := (await here.execute(portion.where(table.c.id > last))).mappings().all():
        await there.execute(insert(table), [dict(row) for row in rows])
        last = rows[-1]["id"]
    if last and there.dialect.name == "postgresql":  # SQLite goes on behind the greatest by itself
        await there.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), literal(last))))
