"""What is to be said, and what was already handled."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import Delivery, DeliveryState, Method, Says
from bot.storage import tables
from bot.storage.rows import Rows

OPEN_DELIVERY = (DeliveryState.WAITING, DeliveryState.CLAIMED)

SET_BACK = timedelta(minutes=15)
"""No lease and no retry lies that far ahead, unless the machine's clock was set back since: then it has lapsed."""


class Deliveries(Rows[Delivery]):
    table = tables.deliveries
    record = Delivery

    async def claim(
        self,
        now: datetime,
        real_now: datetime,
        owner: str,
        lease: timedelta,
        limit: int,
        *,
        without: Collection[int] = (),
    ) -> list[Delivery]:
        """Takes what is due and free: the first open row of each lane, so that a lane keeps its order.

        `now` is product time and decides what is due; leases and retries run on `real_now`. Workspaces in `without` are
        left alone. A row whose lease lapsed counts as tried: whoever had it may have sent it.
        """
        c = self.table.c
        wanted = (
            select(c.id)
            .where(c.due_at <= now, _is_free(real_now), _is_ready(real_now), _is_first_of_its_lane())
            .order_by(c.due_at, c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        if without:
            wanted = wanted.where(c.workspace_id.not_in(without))
        ids = list((await self._connection.execute(wanted)).scalars())
        if not ids:
            return []
        taken = (
            update(self.table)
            .where(c.id.in_(ids))
            .values(
                state=DeliveryState.CLAIMED,
                claimed_by=owner,
                claimed_until=real_now + lease,
                attempts=case((c.state == DeliveryState.CLAIMED, c.attempts + 1), else_=c.attempts),
            )
            .returning(self.table)
        )
        rows = {row["id"]: self._as_record(row) for row in (await self._connection.execute(taken)).mappings()}
        return [rows[row_id] for row_id in ids]

    async def is_next(self, row: Delivery, owner: str) -> bool:
        """Whether it is still `owner`'s to send, and nothing of its lane has to leave before it."""
        c = self.table.c
        ours = (c.id == row.id, c.state == DeliveryState.CLAIMED, c.claimed_by == owner)
        return await self.one(*ours, _is_first_of_its_lane()) is not None

    async def hold(self, row: Delivery, owner: str, until: datetime) -> bool:
        """A longer lease; False when the row is no longer `owner`'s."""
        c = self.table.c
        ours = (c.id == row.id, c.state == DeliveryState.CLAIMED, c.claimed_by == owner)
        return await self.change_if(*ours, claimed_until=until) is not None

    async def put_back(self, rows: Iterable[Delivery], owner: str, **values: Any) -> None:
        """Those that are still `owner`'s wait again."""
        c = self.table.c
        ours = (c.id.in_([row.id for row in rows]), c.state == DeliveryState.CLAIMED, c.claimed_by == owner)
        await self.change_all(*ours, state=DeliveryState.WAITING, claimed_by=None, claimed_until=None, **values)

    async def keyed(self, workspace_id: int, key: str) -> Delivery | None:
        return await self.one(self.table.c.workspace_id == workspace_id, self.table.c.key == key)

    async def last_said(self, member_id: int, says: Says) -> Delivery | None:
        """The newest message of a kind that a member has, if it is not too long ago."""
        c = self.table.c
        said = (c.member_id == member_id, c.says == says, c.method == Method.POST, c.ts.is_not(None))
        return next(iter(await self.all(*said, order=[c.id.desc()], limit=1)), None)

    async def next_due(self, after: datetime) -> datetime | None:
        return await self._earliest(self.table.c.due_at, self.table.c.due_at > after)

    async def next_retry(self, now: datetime, real_now: datetime) -> datetime | None:
        """When, on the machine's clock, something that is due may be tried again."""
        c = self.table.c
        return await self._earliest(c.retry_at, c.due_at <= now, c.retry_at > real_now)

    async def release_all(self, real_now: datetime) -> None:
        """On SQLite there is one process: whatever was claimed when it starts belonged to one that is gone."""
        await self.change_all(self.table.c.state == DeliveryState.CLAIMED, claimed_until=real_now)

    async def close(
        self, row: Delivery, state: DeliveryState, now: datetime, *, ts: str | None = None, error: str | None = None
    ) -> bool:
        """There is nothing left to do about it. A row that names a stranger is not kept.

        False when it is gone: its member deleted everything in the meantime.
        """
        is_it = self.table.c.id == row.id
        if row.member_id is None:
            return await self.remove(is_it) == 1
        closed = await self.change_if(is_it, state=state, due_at=None, ts=ts, sent_at=now, error=error)
        return closed is not None

    async def forget_before(self, instant: datetime) -> int:
        c = self.table.c
        return await self.remove(c.due_at.is_(None), c.sent_at <= instant)


def _is_free(real_now: datetime) -> ColumnElement[bool]:
    c = tables.deliveries.c
    lapsed = or_(c.claimed_until <= real_now, c.claimed_until > real_now + SET_BACK)
    return or_(c.state == DeliveryState.WAITING, and_(c.state == DeliveryState.CLAIMED, lapsed))


def _is_ready(real_now: datetime) -> ColumnElement[bool]:
    c = tables.deliveries.c
    return or_(c.retry_at.is_(None), c.retry_at <= real_now, c.retry_at > real_now + SET_BACK)


def _is_first_of_its_lane() -> ColumnElement[bool]:
    c, earlier = tables.deliveries.c, tables.deliveries.alias("earlier")
    return ~(
        select(earlier.c.id)
        .where(earlier.c.lane == c.lane, earlier.c.state.in_(OPEN_DELIVERY), earlier.c.id < c.id)
        .exists()
    )


class Acts:
    """What was already handled: event ids, view ids, clicks. The database keeps us from handling one twice."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def first_time(self, workspace_id: int, key: str, now: datetime) -> bool:
        """True once for each key of a workspace."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(tables.acts).values(workspace_id=workspace_id, key=key, at=now)
        once = statement.on_conflict_do_nothing(index_elements=["workspace_id", "key"]).returning(tables.acts.c.id)
        return (await self._connection.execute(once)).scalar_one_or_none() is not None

    async def forget_before(self, instant: datetime) -> int:
        return (await self._connection.execute(delete(tables.acts).where(tables.acts.c.at <= instant))).rowcount
