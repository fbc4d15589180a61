"""What is due, and what falls due next, of every kind: one statement each, as every wake-up and most clicks ask.

Each kind is one step into an index, however much is kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, ScalarSelect, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.agenda import Matter
from bot.domain.wins import TELL_WITHIN
from bot.storage import tables
from bot.storage.instants import InstantGiven, instant_given
from bot.storage.types import UtcDateTime

INSTANTS: Final[Mapping[Matter, tuple[Column[Any], ...]]] = {
    Matter.PAUSES: (tables.members.c.paused_until, tables.commitments.c.paused_until),
    Matter.RETURNS: (tables.rests.c.returns_at,),
    Matter.CHECK_INS: (tables.commitments.c.next_due_at,),
    Matter.CUES: (tables.commitments.c.next_cue_at,),
    Matter.REMINDERS: (tables.check_ins.c.remind_at,),
    Matter.ZONES: (tables.members.c.ask_zone_at,),
    Matter.MESSAGES: (tables.deliveries.c.due_at,),
}
"""When each is due. Cheers have no instant: they wait for the afternoon of whoever was cheered."""


@dataclass(frozen=True)
class Ahead:
    """What comes next: the first instant of each matter that has one, in UTC, and how long until something that could
    not be sent may be tried again, or a workspace is parked no more."""

    first: Mapping[Matter, datetime]
    retry: timedelta | None

    def first_of(self, matters: Iterable[Matter] = Matter) -> datetime | None:
        return min((self.first[matter] for matter in matters if matter in self.first), default=None)


class Agenda:
    """`now` is product time; retries and parkings go by the clock of the database, or `machine_now` on SQLite."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def due(self, now: datetime) -> frozenset[Matter]:
        """What there may be something to do about."""
        found = await self._connection.execute(_due(), {"now": now, "since": now - TELL_WITHIN})
        return frozenset(
            matter for (matter, _), first in zip(_due_columns(), found.one(), strict=True) if first is not None
        )

    async def ahead(self, now: datetime, machine_now: datetime) -> Ahead:
        statement = _ahead(self._connection.dialect.name)
        found = await self._connection.execute(statement, {"now": now, **instant_given(self._connection, machine_now)})
        *firsts, retry, parked, clock = found.one()
        first: dict[Matter, datetime] = {}
        for (matter, _), instant in zip(_columns(), firsts, strict=True):
            if instant is not None:
                first[matter] = min(instant, first.get(matter, instant))
        waits = [instant - clock for instant in (retry, parked) if instant is not None]
        return Ahead(first, min(waits, default=None))


def _columns() -> list[tuple[Matter, Column[Any]]]:
    return [(matter, column) for matter, columns in INSTANTS.items() for column in columns]


@cache
def _due_columns() -> tuple[tuple[Matter, ScalarSelect[Any]], ...]:
    now, since = bindparam("now", type_=UtcDateTime()), bindparam("since", type_=UtcDateTime())
    cheers = tables.cheers.c
    untold = _first(cheers.cheered_at, cheers.told_at.is_(None), cheers.cheered_at > since)
    return (*((matter, _first(column, column <= now)) for matter, column in _columns()), (Matter.CHEERS, untold))


@cache
def _due() -> Select[Any]:
    return select(*(first for _, first in _due_columns()))


@cache
def _ahead(dialect: str) -> Select[Any]:
    now, instant = bindparam("now", type_=UtcDateTime()), InstantGiven(dialect)
    retry, parked = tables.deliveries.c.retry_at, tables.workspaces.c.parked_until
    return select(
        *(_first(column, column > now) for _, column in _columns()),
        _first(retry, instant.is_ahead(retry)),
        _first(parked, instant.is_ahead(parked)),
        instant.now,
    )


def _first(column: Column[Any], *where: ColumnElement[bool]) -> ScalarSelect[Any]:
    """The order has both databases read the index from its front, whatever they expect to find."""
    return select(column).where(*where).order_by(column).limit(1).scalar_subquery()
