"""What was already handled."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tables
from bot.storage.forgetting import forget
from bot.storage.rows import added_once


class Acts:
    """Event ids, view ids, clicks. The database keeps us from handling one twice."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def first_time(self, workspace_id: int, key: str, now: datetime) -> bool:
        """True once for each key of a workspace."""
        once = added_once(tables.acts, ("workspace_id", "key"), self._connection.dialect.name)
        found = await self._connection.execute(once, {"workspace_id": workspace_id, "key": key, "at": now})
        return found.one_or_none() is not None

    async def forget_before(self, instant: datetime, after: int, most: int) -> int | None:
        """See `storage.forgetting`."""
        return await forget(self._connection, tables.acts.c.at, instant, after, most)
