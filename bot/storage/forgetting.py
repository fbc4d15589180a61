"""What has no use any more is deleted from the front of its table, a portion at a time."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.among import among


async def forget(connection: AsyncConnection, at: Column[Any], before: datetime, after: int, most: int) -> int | None:
    """Of the next `most` rows behind the id `after` that have the instant `at`, those go for which it is `before`.

    Returns the last id looked at; None when none of them is so old: they came in the order of their ids, or nearly, and
    by that order no index of instants is needed.
    """
    table = at.table
    c = table.c
    front = select(c.id, at).where(c.id > after, at.is_not(None)).order_by(c.id).limit(most)
    rows = (await connection.execute(front)).all()
    old = [row_id for row_id, instant in rows if instant <= before]
    if not old:
        return None
    await connection.execute(delete(table).where(among(c.id, old)))
    return int(rows[-1][0])
