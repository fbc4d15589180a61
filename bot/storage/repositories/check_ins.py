"""Check-ins, and each commitment's line in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, cast, select, update

from bot.domain.check_ins import CheckIn, Item
from bot.storage import tables
from bot.storage.many import told_of
from bot.storage.rows import Rows

HABIT_LINES = 60
"""A habit's latest check-ins that are looked at: more than three weeks of every day."""


class CheckIns(Rows[CheckIn]):
    table = tables.check_ins
    record = CheckIn

    async def latest(self, member_id: int) -> CheckIn | None:
        return await self.one_with("-opened_at", "-id", member_id=member_id)

    async def before(self, check_in: CheckIn) -> CheckIn | None:
        c = self.table.c
        where = (c.member_id == check_in.member_id, c.id < check_in.id)
        rows = await self.all(*where, order=[c.id.desc()], limit=1)
        return rows[0] if rows else None

    async def held(self, member_id: int, since: datetime) -> list[CheckIn]:
        """Opened since then, still to be answered, and not sent: a conversation had the word."""
        c = self.table.c
        where = (c.member_id == member_id, c.opened_at >= since, c.ts.is_(None), c.answered_at.is_(None))
        return await self.all(*where, c.late.is_(False))

    async def placed(self, at: Mapping[int, str | None]) -> None:
        """Where the messages of these check-ins are."""
        told = told_of(self._connection, at)
        moved = update(self.table).where(self.table.c.id == cast(told.c.key, BigInteger)).values(ts=told.c.value)
        await self._connection.execute(moved)

    async def with_reminder(self, now: datetime) -> list[int]:
        """Members who are to be reminded."""
        return await self._members(self.table.c.member_id, self.table.c.remind_at, now)

    async def to_remind(self, member_id: int, now: datetime) -> list[CheckIn]:
        return await self.all(self.table.c.member_id == member_id, self.table.c.remind_at <= now)

    async def forget_reminders(self, member_id: int) -> None:
        """What waits for a conversation to end is no reminder, and goes on waiting."""
        c = self.table.c
        await self.change_all(c.member_id == member_id, c.remind_at.is_not(None), c.ts.is_not(None), remind_at=None)

    async def next_reminder(self, after: datetime) -> datetime | None:
        return await self._earliest(self.table.c.remind_at, self.table.c.remind_at > after)


class Items(Rows[Item]):
    table = tables.check_in_items
    record = Item

    async def of(self, check_in_id: int) -> list[Item]:
        return await self.all_with("position", check_in_id=check_in_id)

    async def noted(self, member_id: int, ts: str) -> Item | None:
        """The item with a note that came as this message of the member's."""
        mine = select(tables.check_ins.c.id).where(tables.check_ins.c.member_id == member_id)
        return await self.one(self.table.c.note_ts == ts, self.table.c.check_in_id.in_(mine))

    async def habit_answers(self, commitment_ids: Sequence[int]) -> list[tuple[Item, datetime]]:
        """What was answered about habits, the newest lines first, each with when its check-in was opened."""
        c, check_ins = self.table.c, tables.check_ins.c
        found = []
        for commitment_id in commitment_ids:
            statement = (
                select(self.table, check_ins.opened_at)
                .join(tables.check_ins, check_ins.id == c.check_in_id)
                .where(c.commitment_id == commitment_id, c.answer.is_not(None))
                .order_by(c.id.desc())
                .limit(HABIT_LINES)
            )
            found += [(self._as_record(row), row["opened_at"]) for row in await self._mappings(statement)]
        return found

    async def history(self, commitment_id: int, *, before: int | None = None, limit: int = 60) -> list[Item]:
        """Answered items of a commitment, newest first; only those older than the item `before`."""
        c = self.table.c
        where = [c.commitment_id == commitment_id, c.answer.is_not(None)]
        if before is not None:
            where.append(c.id < before)
        return await self.all(*where, order=[c.id.desc()], limit=limit)
