"""What people promised, the words before, and where they are with it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.commitments import Commitment, Revision, StageChosen, State
from bot.storage import tables
from bot.storage.among import among
from bot.storage.rows import Rows

OPEN = (State.ACTIVE, State.PAUSED)


class Commitments(Rows[Commitment]):
    table = tables.commitments
    record = Commitment

    async def open(self, member_id: int) -> list[Commitment]:
        return await self.all(self.table.c.member_id == member_id, self.table.c.state.in_(OPEN))

    async def active(self, member_id: int) -> list[Commitment]:
        return await self.all_with(member_id=member_id, state=State.ACTIVE)

    async def closed_since(self, member_id: int, since: datetime) -> list[Commitment]:
        c = self.table.c
        where = (c.member_id == member_id, c.state.not_in(OPEN), c.closed_at > since)
        return await self.all(*where, order=[c.closed_at.desc()])

    async def next_due_of(self, member_id: int) -> datetime | None:
        first = select(func.min(self.table.c.next_due_at)).where(self.table.c.member_id == member_id)
        found: datetime | None = (await self._connection.execute(first)).scalar_one()
        return found

    async def next_due_of_all(self, members: Sequence[int]) -> dict[int, datetime]:
        """The same for many; of whom nothing is due is not there."""
        c = self.table.c
        first = select(c.member_id, func.min(c.next_due_at).label("first")).where(among(c.member_id, members))
        found = await self._connection.execute(first.where(c.next_due_at.is_not(None)).group_by(c.member_id))
        return {row.member_id: row.first for row in found}

    async def unschedule(self, member_id: int) -> None:
        await self.change_all(self.table.c.member_id == member_id, next_due_at=None)

    async def with_pause_over(self, now: datetime) -> list[int]:
        """Members who paused something until now."""
        return await self._members("member_id", "paused_until", now)

    async def paused_until(self, member_id: int, now: datetime) -> list[Commitment]:
        """What of this member was paused until now."""
        c = self.table.c
        return await self.all(c.member_id == member_id, c.state == State.PAUSED, c.paused_until <= now)


class Revisions(Rows[Revision]):
    table = tables.revisions
    record = Revision

    async def of(self, commitment_id: int) -> list[Revision]:
        return await self.all_with(commitment_id=commitment_id)

    async def of_all(self, commitment_ids: Sequence[int]) -> list[Revision]:
        return await self.all(self.table.c.commitment_id.in_(commitment_ids))


class Stages(Rows[StageChosen]):
    table = tables.stages
    record = StageChosen

    async def of(self, commitment_id: int) -> list[StageChosen]:
        return await self.all_with(commitment_id=commitment_id)
