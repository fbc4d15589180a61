"""Wins, and who cheered them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from bot.domain.wins import Cheer, Win, WinState
from bot.storage import tables
from bot.storage.among import among_given
from bot.storage.rows import Rows
from bot.storage.types import UtcDateTime


class Wins(Rows[Win]):
    table = tables.wins
    record = Win

    async def recent(self, member_id: int, limit: int) -> list[Win]:
        c = self.table.c
        where = (c.member_id == member_id, c.state != WinState.DRAFT)
        return await self.all(*where, order=[c.created_at.desc()], limit=limit)

    async def shared(self, member_id: int) -> list[Win]:
        """What is in a channel now."""
        return [win for win in await self.all(self.table.c.member_id == member_id) if win.ts and not win.is_private]


class Cheers(Rows[Cheer]):
    table = tables.cheers
    record = Cheer

    async def of(self, win_id: int) -> list[Cheer]:
        return await self.all_with(win_id=win_id)

    async def named(self, ids: Sequence[int]) -> list[Cheer]:
        return await self.all(self.table.c.id.in_(ids))

    async def by(self, win_id: int, slack_id: str) -> Cheer | None:
        return await self.one_with(win_id=win_id, slack_id=slack_id)

    async def owners_to_tell(self, members: Iterable[int], since: datetime) -> set[int]:
        """Those of them whose wins were cheered since an instant without their having heard of it."""
        found = await self._connection.execute(_owners_to_tell(), {"ids": list(members), "since": since})
        return set(found.scalars())

    async def waiting(self, since: datetime) -> dict[int, tuple[str, datetime]]:
        """Of all who have not heard of such cheers, the zone where they are, and when the first of these was given."""
        c, wins, members = self.table.c, tables.wins.c, tables.members.c
        statement = (
            select(members.id, members.zone, func.min(c.cheered_at))
            .join_from(self.table, tables.wins, c.win_id == wins.id)
            .join(tables.members, wins.member_id == members.id)
            .where(c.told_at.is_(None), c.cheered_at > since)
            .group_by(members.id, members.zone)
        )
        return {owner: (zone, first) for owner, zone, first in await self._connection.execute(statement)}

    async def untold(self, member_id: int, since: datetime, before: datetime) -> list[Cheer]:
        """Of these cheers, given after `since` and up to `before`, the owner has not heard yet. Oldest first."""
        c = self.table.c
        when = (c.told_at.is_(None), c.cheered_at > since, c.cheered_at <= before)
        return await self.all(c.win_id.in_(_wins_of(member_id)), *when)

    async def given(self, workspace_id: int, slack_id: str) -> list[Win]:
        """The wins that someone cheered."""
        c = self.table.c
        rows = await self.all(c.workspace_id == workspace_id, c.slack_id == slack_id)
        return await Wins(self._connection).all(tables.wins.c.id.in_({row.win_id for row in rows}))

    async def mark_told(self, ids: Sequence[int], at: datetime) -> None:
        await self.change_all(self.table.c.id.in_(ids), told_at=at)

    async def forget_telling(self, member_id: int, at: datetime) -> None:
        """What was to tell the owner then was not said."""
        c = self.table.c
        await self.change_all(c.win_id.in_(_wins_of(member_id)), c.told_at == at, told_at=None)


def _wins_of(member_id: int) -> Select[Any]:
    return select(tables.wins.c.id).where(tables.wins.c.member_id == member_id)


@cache
def _owners_to_tell() -> Select[Any]:
    c, owner = tables.cheers.c, tables.wins.c.member_id
    since = bindparam("since", type_=UtcDateTime())
    cheered = select(owner).join(tables.cheers, c.win_id == tables.wins.c.id)
    return cheered.where(among_given(owner), c.told_at.is_(None), c.cheered_at > since).distinct()
