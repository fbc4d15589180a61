"""What is to be said."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    false,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain.deliveries import Delivery, DeliveryState, Method, Says
from bot.storage import tables
from bot.storage.among import among_given
from bot.storage.forgetting import forget
from bot.storage.instants import Instant, InstantGiven, instant_given
from bot.storage.many import told_given
from bot.storage.rows import Rows, added_once
from bot.storage.types import UtcDateTime

OPEN = (DeliveryState.WAITING, DeliveryState.CLAIMED)
ROW, EARLIER = tables.deliveries.alias("row"), tables.deliveries.alias("earlier")

AHEAD: Final = tuple(
    name
    for name in Delivery.model_fields
    if name in ROW.c and name not in {"claimed_by", "claimed_until", "retry_at", "ts", "error"}
)
"""Columns of a row that is looked at ahead: the others say how it fared before."""


@dataclass(frozen=True)
class Standing:
    """Where a claimed row stands: `is_next` when nothing of its lane has to leave before it, `is_parked` while Slack
    wants its workspace left alone."""

    is_next: bool
    is_parked: bool


class Deliveries(Rows[Delivery]):
    """`now` is product time and says what is due. Leases, retries and parkings run on the database's clock, which on
    SQLite is `machine_now`. Of whom "ours" is said, that is `owner`.
    """

    table = tables.deliveries
    record = Delivery

    # Saying

    async def say(self, machine_now: datetime, lease: timedelta | None, **values: Any) -> Delivery | None:
        """Adds what is to be said, unless its key was there before; with a `lease`, it is born claimed for so long."""
        if lease is None or self._connection.dialect.name != "postgresql":
            lapses = machine_now + lease if lease is not None else None
            return await self.add_once("workspace_id", "key", claimed_until=lapses, **values)
        found = await self._connection.execute(_said_now(), {"lease": lease, **values})
        row = found.mappings().one_or_none()
        return None if row is None else self._as_record(row)

    async def hurry(self, workspace_id: int, key: str, now: datetime) -> bool:
        """What waits for its time, or is held, comes now: its member asks for it, so it is a reply. False when nothing
        waits under that key."""
        c = self.table.c
        waits = (c.workspace_id == workspace_id, c.key == key, c.state == DeliveryState.WAITING)
        return await self.change_if(*waits, is_reply=True, due_at=now) is not None

    # Claiming

    async def ahead(
        self, workspaces: Collection[int], now: datetime, machine_now: datetime, limit: int
    ) -> list[Delivery]:
        """What can be sent now in each of the workspaces: up to `limit` replies and as many of the rest, replies first,
        then what is due longest.

        Nothing of one that Slack wants left alone. They are looked at, not claimed: whoever holds the workspaces'
        leases looks ahead, and marks what it begins. A lane shows its first row only. It costs `limit` steps in the
        index for each workspace, however much is due.
        """
        given = {"workspaces": list(workspaces), "now": now, "limit": limit}
        given |= instant_given(self._connection, machine_now)
        found = await self._connection.execute(_ahead(self._connection.dialect.name), given)
        rows = [Delivery.model_validate(dict(zip(AHEAD, row, strict=True))) for row in found]
        return sorted(rows, key=lambda one: (not one.is_reply, one.due_at, one.id))

    async def mark(self, ids: Collection[int], machine_now: datetime, owner: str, lease: timedelta) -> dict[int, int]:
        """Claims those that are still free and first of their lane; by id, how often each was tried before.

        A row whose claim lapsed counts as tried: whoever had it may have sent it.
        """
        given = {"ids": list(ids), "owner": owner, **instant_given(self._connection, machine_now, lease)}
        marked = await self._connection.execute(_mark(self._connection.dialect.name), given)
        return {row.id: row.attempts for row in marked}

    async def standing(self, row: Delivery, machine_now: datetime, owner: str) -> Standing | None:
        """None when it is not ours to send any more."""
        given = {"row": row.id, "owner": owner, **instant_given(self._connection, machine_now)}
        found = (await self._connection.execute(_standing(self._connection.dialect.name), given)).one_or_none()
        return None if found is None else Standing(is_next=bool(found[0]), is_parked=bool(found[1]))

    async def hold(self, row: Delivery, machine_now: datetime, owner: str, lease: timedelta) -> bool:
        """A claim for as long again; False when the row is no longer ours."""
        until = Instant(self._connection, machine_now).after(lease)
        return await self.change_if(*self._ours([row.id], owner), claimed_until=until) is not None

    # What came of it

    async def sent(self, places: Mapping[int, str | None], now: datetime) -> set[int]:
        """They are said, and where: `ts` by id. Those that were still open; of strangers no row is kept."""
        closed = await self._connection.execute(_sent(self._connection.dialect.name), {"told": places, "now": now})
        return set(closed.scalars())

    async def close(
        self,
        row: Delivery,
        state: DeliveryState,
        now: datetime,
        *,
        owner: str | None = None,
        ts: str | None = None,
        error: str | None = None,
    ) -> bool:
        """There is nothing left to do about it. A row that names a stranger is not kept.

        With an `owner` only while it is theirs: whoever took it up when their claim had lapsed knows better. Without,
        whoever holds it: what is said is said. False when nothing changed: it was closed already, or it is gone, since
        its member deleted everything in the meantime.
        """
        c = self.table.c
        which = (c.id == row.id, c.due_at.is_not(None)) if owner is None else self._ours([row.id], owner)
        if row.member_id is None:
            return await self.remove(*which) == 1
        values = {"state": state, "due_at": None, "retry_at": None, "ts": ts, "sent_at": now, "error": error}
        return await self.change_if(*which, **values) is not None

    async def put_back(
        self,
        rows: Iterable[Delivery],
        owner: str,
        machine_now: datetime | None = None,
        *,
        wait: timedelta | None = None,
        **values: Any,
    ) -> None:
        """Those that are still ours wait again; with `wait`, they are not tried before it has passed."""
        if wait is not None and machine_now is not None:
            values["retry_at"] = Instant(self._connection, machine_now).after(wait)
        ours = self._ours([row.id for row in rows], owner)
        await self.change_all(*ours, state=DeliveryState.WAITING, claimed_by=None, claimed_until=None, **values)

    async def drop_overtaken(self, rows: Sequence[Delivery], now: datetime) -> None:
        """What is to be sent shows all that there is to show: others of the lane that wait for the same need not.

        For lanes that hold nothing but what is shown anew, such as a member's Home.
        """
        c = self.table.c
        others = (c.lane.in_([row.lane for row in rows]), c.state == DeliveryState.WAITING, c.due_at <= now)
        which = (*others, c.id.not_in([row.id for row in rows]))
        await self.change_all(*which, state=DeliveryState.DROPPED, due_at=None, retry_at=None, sent_at=now)

    async def drop_all_of(self, workspace_id: int, now: datetime) -> None:
        """The app was removed there: nothing is said any more. What others are writing down at this moment is left to
        them, who may wait for us; should it be open then, there is nobody to say it to."""
        c = self.table.c
        open_there = select(c.id).where(c.workspace_id == workspace_id, c.due_at.is_not(None))
        free = (c.id.in_(open_there.with_for_update(skip_locked=True)),)
        await self.remove(*free, c.member_id.is_(None))
        await self.change_all(*free, state=DeliveryState.DROPPED, due_at=None, retry_at=None, sent_at=now)

    async def release_all(self, machine_now: datetime) -> None:
        """On SQLite there is one process: whatever was claimed when it starts belonged to one that is gone."""
        c = self.table.c
        await self.change_all(c.state == DeliveryState.CLAIMED, c.due_at.is_not(None), claimed_until=machine_now)

    async def forget_before(self, instant: datetime, after: int, most: int) -> int | None:
        """Those that are over. See `storage.forgetting`."""
        return await forget(self._connection, self.table.c.sent_at, instant, after, most)

    # Looking

    async def keyed(self, workspace_id: int, key: str) -> Delivery | None:
        return await self.one_with(workspace_id=workspace_id, key=key)

    async def last_said(self, member_id: int, says: Says) -> Delivery | None:
        """The newest message of a kind that a member has, if it is not too long ago."""
        c = self.table.c
        said = (c.member_id == member_id, c.says == says, c.method == Method.POST, c.ts.is_not(None))
        return await self.one(*said, order=[c.id.desc()])

    async def waiting(self, member_id: int, says: Says) -> Delivery | None:
        """A message of a kind that a member is to have, and has not."""
        c = self.table.c
        waits = (c.state == DeliveryState.WAITING, c.due_at.is_not(None))
        return await self.one(c.member_id == member_id, c.says == says, c.method == Method.POST, *waits)

    def _ours(self, ids: Collection[int], owner: str) -> tuple[ColumnElement[bool], ...]:
        c = self.table.c
        return c.id.in_(ids), c.state == DeliveryState.CLAIMED, c.claimed_by == owner


@cache
def _standing(dialect: str) -> Select[Any]:
    c, parked_until, instant = tables.deliveries.c, tables.workspaces.c.parked_until, InstantGiven(dialect)
    standing: Select[Any] = select(  # type: ignore[assignment]  # of two truths, which nobody asks the type of
        is_first_of_its_lane(c), and_(parked_until.is_not(None), instant.is_ahead(parked_until))
    )
    return standing.join_from(tables.deliveries, tables.workspaces).where(
        c.id == bindparam("row"), c.state == DeliveryState.CLAIMED, c.claimed_by == bindparam("owner")
    )


@cache
def _ahead(dialect: str) -> Select[Any]:
    """SQLite does not know LATERAL."""
    row, instant = ROW, InstantGiven(dialect)
    either = union_all(select(true().label("is_reply")), select(false().label("is_reply"))).subquery("either")
    first = (
        select(*(row.c[name] for name in AHEAD))
        .where(
            row.c.workspace_id == tables.workspaces.c.id,
            row.c.is_reply == either.c.is_reply,
            row.c.due_at <= bindparam("now", type_=UtcDateTime()),
            is_free(instant, row.c),
            is_ready(instant, row.c),
            is_first_of_its_lane(row.c),
        )
        .order_by(row.c.due_at, row.c.id)
        .limit(bindparam("limit", type_=Integer()))
        .correlate(tables.workspaces, either)
    )
    each = tables.workspaces.join(either, true())
    parked_until = tables.workspaces.c.parked_until
    is_open = or_(parked_until.is_(None), instant.is_past(parked_until))
    wanted = and_(among_given(tables.workspaces.c.id, "workspaces"), is_open)
    if dialect == "postgresql":
        lateral = first.lateral("ahead")
        return select(lateral).select_from(each.join(lateral, true())).where(wanted)
    c = tables.deliveries.c
    ids = first.with_only_columns(row.c.id)
    return select(*(c[name] for name in AHEAD)).select_from(each.join(tables.deliveries, c.id.in_(ids))).where(wanted)


@cache
def _mark(dialect: str) -> ReturningUpdate[Any]:
    c, instant = tables.deliveries.c, InstantGiven(dialect)
    return (
        update(tables.deliveries)
        .where(
            among_given(c.id),
            c.state.in_(OPEN),
            is_free(instant),
            is_ready(instant),
            is_first_of_its_lane(c),
            ~_is_parked(instant, c),
        )
        .values(
            state=DeliveryState.CLAIMED,
            claimed_by=bindparam("owner", type_=c.claimed_by.type),
            claimed_until=instant.leased,
            attempts=case((c.state == DeliveryState.CLAIMED, c.attempts + 1), else_=c.attempts),
        )
        .returning(c.id, c.attempts)
    )


def _is_parked(instant: Instant, c: Any) -> ColumnElement[bool]:
    """Whether Slack wants the workspace left alone, which another process may have been told."""
    there = tables.workspaces.c
    return select(there.id).where(there.id == c.workspace_id, instant.is_ahead(there.parked_until)).exists()


@cache
def _said_now() -> Any:
    """A row that is born claimed, on the clock that PostgreSQL tells."""
    lapses = InstantGiven("postgresql").leased
    return added_once(tables.deliveries, ("workspace_id", "key"), "postgresql").values(claimed_until=lapses)


@cache
def _sent(dialect: str) -> ReturningUpdate[Any]:
    c, told = tables.deliveries.c, told_given(dialect)
    values = {"state": DeliveryState.SENT, "due_at": None, "retry_at": None, "error": None, "ts": told.c.value}
    return (
        update(tables.deliveries)
        .where(c.id == cast(told.c.key, BigInteger), c.due_at.is_not(None))
        .values(**values, sent_at=bindparam("now", type_=UtcDateTime()))
        .returning(c.id)
    )


def is_free(instant: Instant, c: Any = tables.deliveries.c) -> ColumnElement[bool]:
    """Whether nobody is at a row that is open. Not asked whether it waits: of all that is kept hardly anything does, so
    PostgreSQL would expect to find next to none, and read and sort all that is due for the first few."""
    return or_(c.state != DeliveryState.CLAIMED, instant.is_past(c.claimed_until))


def is_ready(instant: Instant, c: Any = tables.deliveries.c) -> ColumnElement[bool]:
    """Whether it need not wait for another try."""
    return or_(c.retry_at.is_(None), instant.is_past(c.retry_at))


def is_first_of_its_lane(c: Any = tables.deliveries.c) -> ColumnElement[bool]:
    """Nothing of its lane has to leave before it: a reply that was said before, what has begun, and for what was
    scheduled, all that was due before. A reply does not wait for what was scheduled and has not begun: its member is
    there now. What is open has `due_at`, and asking for that keeps SQLite to the index of open rows: for a list of
    states one that had statistics found nothing at all."""
    other = EARLIER.c
    is_older = other.id < c.id
    said_before = and_(is_older, or_(other.is_reply.is_(True), other.state == DeliveryState.CLAIMED))
    due_before = or_(other.due_at < c.due_at, and_(other.due_at == c.due_at, is_older))
    both_scheduled = and_(c.is_reply.is_(False), other.is_reply.is_(False))
    goes_before = or_(said_before, and_(both_scheduled, due_before))
    return ~(select(other.id).where(other.lane == c.lane, other.due_at.is_not(None), goes_before).exists())
