"""Cues in bulk: those that are due of many members, read and planned with a few statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.agreements import Terms
from bot.domain.commitments import State
from bot.domain.cues import Cue
from bot.domain.members import Member
from bot.domain.records import Record
from bot.domain.rests import Excused
from bot.storage import tables
from bot.storage.among import among
from bot.storage.repositories.people import NO_SENSE, agreed, members_with_terms
from bot.storage.repositories.rests import Rests


class DueCue(Record):
    """A commitment whose cue is due, without its words."""

    id: int
    state: State
    cue: Cue | None = None
    next_cue_at: datetime


@dataclass(frozen=True)
class Listener:
    """A member, locked, on their agreed clock, with the cues of theirs that are due."""

    member: Member
    terms: Terms
    excused: Excused
    is_served: bool
    cues: Sequence[DueCue]


class Cues:
    """What is due, and the planning of what comes next."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def any_due(self, now: datetime) -> bool:
        c = tables.commitments.c
        first = select(c.id).where(c.next_cue_at <= now).order_by(c.next_cue_at).limit(1)
        return (await self._connection.execute(first)).first() is not None

    async def take(self, now: datetime, limit: int) -> list[Listener] | None:
        """Members with a cue that is due, the earliest first, whom nobody else has in hand at the moment. None: there
        is nobody.

        A row that makes no sense loses its cue's time, so that it keeps nobody waiting.
        """
        c = tables.commitments.c
        due = select(c.member_id).where(c.next_cue_at <= now).order_by(c.next_cue_at).limit(limit)
        ids = list(dict.fromkeys((await self._connection.execute(due)).scalars()))
        people = await self._mappings(_people().where(among(tables.members.c.id, ids))) if ids else ()
        if not people:
            return None
        members = [row["id"] for row in people]
        rests = await Rests(self._connection).of_all(members)
        cues = await self._due_of(members, now)
        listeners = []
        for row in people:
            try:
                member, terms = agreed(row, now)
                due_cues = [DueCue.model_validate(dict(one)) for one in cues[row["id"]]]
            except NO_SENSE:
                await self.plan((one["id"], None) for one in cues[row["id"]])
                continue
            wished = tuple(rest for rest in rests.get(member.id, ()) if rest.is_wished)
            excused = Excused(days_off=terms.days_off, rests=wished)
            listeners.append(Listener(member, terms, excused, row["uninstalled_at"] is None, due_cues))
        return listeners

    async def plan(self, planned: Iterable[tuple[int, datetime | None]]) -> None:
        """When each commitment's cue is due next: one statement for each instant."""
        at: dict[datetime | None, list[int]] = defaultdict(list)
        for commitment_id, instant in planned:
            at[instant].append(commitment_id)
        c = tables.commitments.c
        for instant, ids in at.items():
            await self._connection.execute(
                update(tables.commitments).where(among(c.id, ids)).values(next_cue_at=instant)
            )

    async def _due_of(self, members: Sequence[int], now: datetime) -> Mapping[int, list[RowMapping]]:
        c = tables.commitments.c
        columns = (c.member_id, *(c[name] for name in DueCue.model_fields))
        statement = select(*columns).where(among(c.member_id, members), c.next_cue_at <= now)
        found: dict[int, list[RowMapping]] = defaultdict(list)
        for row in await self._mappings(statement.order_by(c.next_cue_at, c.id)):
            found[row["member_id"]].append(row)
        return found

    async def _mappings(self, statement: Any) -> Sequence[RowMapping]:
        rows: Sequence[RowMapping] = (await self._connection.execute(statement)).mappings().all()
        return rows


@cache
def _people() -> Select[Any]:
    """Members, locked, with their terms as text."""
    members, workspaces = tables.members, tables.workspaces
    return (
        members_with_terms()
        .add_columns(workspaces.c.uninstalled_at)
        .join(workspaces, workspaces.c.id == members.c.workspace_id)
        .with_for_update(skip_locked=True, key_share=True, of=members)
    )
