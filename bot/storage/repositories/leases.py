"""Whose turn it is to send what was scheduled in a workspace, and how long Slack wants it left alone."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    bindparam,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tables
from bot.storage.among import among
from bot.storage.instants import Instant, InstantGiven, instant_given
from bot.storage.repositories.deliveries import is_first_of_its_lane, is_free, is_ready
from bot.storage.types import UtcDateTime

NOW: Final[BindParameter[datetime]] = bindparam("now", type_=UtcDateTime())


class Leases:
    """Leases and parkings run on the database's clock; `now`, which says what is due, is product time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def wanted(self, now: datetime, machine_now: datetime, limit: int) -> list[int]:
        """Up to `limit` workspaces with something to send now that nobody holds: those first where somebody waits for a
        reply, then what is due longest. It costs a look into the index for each workspace, however much is stored; one
        look for them all when nothing is due.
        """
        if not await self._anything_due(now):
            return []
        statement = _wanted(self._connection.dialect.name)
        given = {"now": now, "limit": limit, **instant_given(self._connection, machine_now)}
        return list((await self._connection.execute(statement, given)).scalars())

    async def take(self, ids: Collection[int], machine_now: datetime, owner: str, lease: timedelta) -> list[int]:
        """Those of them that are `owner`'s now; others were quicker, or are at it."""
        c, instant = tables.workspaces.c, Instant(self._connection, machine_now)
        free = select(c.id).where(among(c.id, ids), *_is_to_be_had(instant))
        taken = (
            update(tables.workspaces)
            .where(c.id.in_(free.with_for_update(skip_locked=True, key_share=True)))
            .values(leased_by=owner, leased_until=instant.after(lease), parked_until=None)
            .returning(c.id)
        )
        return list((await self._connection.execute(taken)).scalars())

    async def renew(self, ids: Collection[int], machine_now: datetime, owner: str, lease: timedelta) -> set[int]:
        """Those of them that are still `owner`'s, and are for as long again."""
        c, instant = tables.workspaces.c, Instant(self._connection, machine_now)
        renewed = (
            update(tables.workspaces)
            .where(among(c.id, ids), c.leased_by == owner, c.leased_until > instant.now)
            .values(leased_until=instant.after(lease))
            .returning(c.id)
        )
        return set((await self._connection.execute(renewed)).scalars())

    async def give_up(self, ids: Collection[int], owner: str) -> None:
        c = tables.workspaces.c
        await self._change(among(c.id, ids), c.leased_by == owner, leased_by=None, leased_until=None)

    async def release_all(self) -> None:
        """On SQLite there is one process: whoever held a lease when it starts is gone."""
        await self._change(tables.workspaces.c.leased_by.is_not(None), leased_by=None, leased_until=None)

    async def park(self, workspace_id: int, machine_now: datetime, wait: timedelta) -> None:
        """Nothing is sent there by anybody before `wait` has passed."""
        c, instant = tables.workspaces.c, Instant(self._connection, machine_now)
        until = instant.after(wait)
        shorter = or_(c.parked_until.is_(None), c.parked_until < until, c.parked_until > instant.set_back)
        await self._change(c.id == workspace_id, shorter, parked_until=until)

    async def _anything_due(self, now: datetime) -> bool:
        return (await self._connection.execute(_anything_due(), {"now": now})).first() is not None

    async def _change(self, *where: ColumnElement[bool], **values: Any) -> None:
        await self._connection.execute(update(tables.workspaces).where(*where).values(values))


def _is_to_be_had(instant: Instant) -> tuple[ColumnElement[bool], ...]:
    c = tables.workspaces.c
    return (
        or_(c.leased_until.is_(None), instant.is_past(c.leased_until)),
        or_(c.parked_until.is_(None), instant.is_past(c.parked_until)),
    )


@cache
def _anything_due() -> Select[Any]:
    due = tables.deliveries.c.due_at
    return select(due).where(due <= NOW).order_by(due).limit(1)


@cache
def _wanted(dialect: str) -> Select[Any]:
    c, instant = tables.workspaces.c, InstantGiven(dialect)
    first = (_first_due(instant, is_reply=True).label("reply"), _first_due(instant, is_reply=False).label("scheduled"))
    # Materialized: both databases would look for the first row anew in each place where it is named.
    found = select(c.id, *first).where(*_is_to_be_had(instant)).cte("found").prefix_with("MATERIALIZED").c
    return (
        select(found.id)
        .where(or_(found.reply.is_not(None), found.scheduled.is_not(None)))
        .order_by(found.reply.is_(None), func.coalesce(found.scheduled, found.reply), found.id)
        .limit(bindparam("limit", type_=Integer))
    )


def _first_due(instant: Instant, *, is_reply: bool) -> ScalarSelect[Any]:
    """When the first row of a workspace was due that could be sent now."""
    d = tables.deliveries.c
    return (
        select(d.due_at)
        .where(
            d.workspace_id == tables.workspaces.c.id,
            d.is_reply == literal(is_reply),
            d.due_at <= NOW,
            is_free(instant),
            is_ready(instant),
            is_first_of_its_lane(),
        )
        .order_by(d.due_at)
        .limit(1)
        .correlate(tables.workspaces)
        .scalar_subquery()
    )
