"""Check-ins, and each commitment's line in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, Text, Update, bindparam, cast, exists, or_, select, update

from bot.domain.calendar import local_date
from bot.domain.check_ins import CheckIn, Item, Origin
from bot.domain.commitments import Commitment, State
from bot.storage import tables
from bot.storage.many import told_given
from bot.storage.rows import Rows, columns_of, record_of

HABIT_LINES = 60
"""A habit's latest check-ins that are looked at: more than three weeks of every day."""


@dataclass(frozen=True)
class Sheet:
    """A check-in with its lines, in order, and what each of them is about. `changed` is the same with newer records.

    `led_on`: a conversation came of it.
    """

    check_in: CheckIn
    lines: tuple[tuple[Item, Commitment], ...]
    led_on: bool

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for item, _ in self.lines)

    @property
    def open_items(self) -> list[Item]:
        """What is still to be answered: of commitments paused or let go meanwhile nothing is."""
        return [item for item, about in self.lines if item.answer is None and about.state is State.ACTIVE]

    def line(self, item_id: int) -> tuple[Item, Commitment]:
        return next(line for line in self.lines if line[0].id == item_id)

    def changed(self, *, item: Item | None = None, about: Commitment | None = None) -> "Sheet":
        lines = tuple(
            (
                item if item is not None and item.id == old.id else old,
                about if about is not None and about.id == it.id else it,
            )
            for old, it in self.lines
        )
        return replace(self, lines=lines)


class CheckIns(Rows[CheckIn]):
    table = tables.check_ins
    record = CheckIn

    async def latest(self, member_id: int) -> CheckIn | None:
        return await self.one_with("-opened_at", "-id", member_id=member_id)

    async def latest_shown(self, member_id: int) -> CheckIn | None:
        """The newest one that its member has before them; a newer one may have come to nothing, or be on its way."""
        c = self.table.c
        return await self.one(c.member_id == member_id, c.ts.is_not(None), order=[c.opened_at.desc(), c.id.desc()])

    async def sheet(self, check_in_id: int) -> Sheet | None:
        """None when it is gone, or asks about nothing."""
        return await self._sheet(_sheet(), check_in_id)

    async def sheet_with(self, item_id: int) -> Sheet | None:
        """The one that has this line."""
        return await self._sheet(_sheet_with(), item_id)

    async def _sheet(self, statement: Select[Any], given: int) -> Sheet | None:
        rows = (await self._connection.execute(statement, {"given": given})).all()
        if not rows:
            return None
        item, about = len(CheckIn.model_fields), len(CheckIn.model_fields) + len(Item.model_fields)
        lines = tuple((record_of(Item, row, item), record_of(Commitment, row, about)) for row in rows)
        return Sheet(record_of(CheckIn, rows[0]), lines, led_on=bool(rows[0].led_on))

    async def before(self, check_in: CheckIn) -> CheckIn | None:
        rows = await self._read(_before(), member=check_in.member_id, newer=check_in.id)
        return rows[0] if rows else None

    async def held(self, member_id: int, since: datetime) -> list[CheckIn]:
        """Opened since then, still to be answered, and waiting for a conversation that had the word."""
        c = self.table.c
        where = (c.member_id == member_id, c.opened_at >= since, c.ts.is_(None), c.answered_at.is_(None))
        return await self.all(*where, c.remind_at.is_not(None))

    async def unsent(self, member_id: int) -> list[CheckIn]:
        """Those that the buddy started, and that never came, if only until now."""
        c = self.table.c
        never_came = (c.origin == Origin.SCHEDULED, c.ts.is_(None), c.answered_at.is_(None))
        return await self.all(c.member_id == member_id, *never_came)

    async def placed(self, at: Mapping[int, str | None]) -> None:
        """Where the messages of these check-ins are."""
        await self._connection.execute(_placed(self._connection.dialect.name), {"told": at})

    async def with_reminder(self, now: datetime) -> list[int]:
        """Members who are to be reminded."""
        return await self._members("member_id", "remind_at", now)

    async def to_remind(self, member_id: int, now: datetime) -> list[CheckIn]:
        return await self.all(self.table.c.member_id == member_id, self.table.c.remind_at <= now)

    async def reminded(self, member_id: int) -> CheckIn | None:
        """The newest that the buddy started and sent, and that was answered or reminded of."""
        c = self.table.c
        sent = (c.member_id == member_id, c.origin == Origin.SCHEDULED, c.ts.is_not(None))
        is_known = or_(c.answered_at.is_not(None), c.reminded_at.is_not(None))
        return await self.one(*sent, is_known, order=[c.opened_at.desc(), c.id.desc()])

    async def to_be_reminded_of(self, member_id: int) -> list[CheckIn]:
        """Those whose one reminder is to come: what waits, and what its member put off, come for other reasons."""
        c = self.table.c
        waits = (c.remind_at.is_not(None), c.ts.is_not(None), c.snoozed.is_(False))
        return await self.all(c.member_id == member_id, *waits)

    async def put_off(self, member_id: int) -> list[CheckIn]:
        """Those that their member put off until a time to come."""
        c = self.table.c
        return await self.all(c.member_id == member_id, c.remind_at.is_not(None), c.snoozed.is_(True))

    async def forget_reminders(self, member_id: int) -> None:
        """What waits for a conversation to end is no reminder, nor is what its member put off: both go on waiting."""
        c = self.table.c
        waiting = (c.member_id == member_id, c.remind_at.is_not(None), c.ts.is_not(None), c.snoozed.is_(False))
        await self.change_all(*waiting, remind_at=None)


@cache
def _placed(dialect: str) -> Update:
    table, told = tables.check_ins, told_given(dialect)
    return update(table).where(table.c.id == cast(told.c.key, BigInteger)).values(ts=told.c.value)


class Items(Rows[Item]):
    table = tables.check_in_items
    record = Item

    async def of(self, check_in_id: int) -> list[Item]:
        return await self.all_with("position", check_in_id=check_in_id)

    async def about(self, commitment_id: int) -> list[Item]:
        return await self.all_with("id", commitment_id=commitment_id)

    async def newer(self, check_in: CheckIn) -> list[Item]:
        """The lines of newer check-ins of its member."""
        check_ins = tables.check_ins.c
        newer = select(check_ins.id).where(check_ins.member_id == check_in.member_id, check_ins.id > check_in.id)
        return await self.all(self.table.c.check_in_id.in_(newer))

    async def noted(self, member_id: int, ts: str) -> Item | None:
        """The item with a note that this message of the member's is, or is a part of."""
        c = self.table.c
        mine = select(tables.check_ins.c.id).where(tables.check_ins.c.member_id == member_id)
        is_part = or_(c.note_ts == ts, cast(c.note_parts, Text).contains(f'"{ts}"', autoescape=True))
        return await self.one(is_part, c.check_in_id.in_(mine))

    async def habit_answers(self, commitment_ids: Sequence[int]) -> list[tuple[Item, date]]:
        """What was answered about habits, the newest lines first, each with the day of its check-in."""
        c, check_ins = self.table.c, tables.check_ins.c
        found = []
        for commitment_id in commitment_ids:
            statement = (
                select(self.table, check_ins.opened_at, check_ins.zone)
                .join(tables.check_ins, check_ins.id == c.check_in_id)
                .where(c.commitment_id == commitment_id, c.answer.is_not(None))
                .order_by(c.id.desc())
                .limit(HABIT_LINES)
            )
            found += [
                (self._as_record(row), local_date(row["opened_at"], row["zone"]))
                for row in await self._mappings(statement)
            ]
        return found

    async def history(self, commitment_id: int, *, before: int | None = None, limit: int = 60) -> list[Item]:
        """Answered items of a commitment, newest first; only those older than the item `before`."""
        given = {"about": commitment_id, "first": limit}
        if before is None:
            return await self._read(_history(), **given)
        return await self._read(_history_before(), newer=before, **given)


def _sheets() -> Select[Any]:
    check_ins, items, commitments = tables.check_ins, tables.check_in_items, tables.commitments
    columns = *columns_of(CheckIn, check_ins), *columns_of(Item, items), *columns_of(Commitment, commitments)
    led_on = exists().where(tables.conversations.c.check_in_id == check_ins.c.id)
    return (
        select(*columns, led_on.label("led_on"))
        .join_from(check_ins, items, items.c.check_in_id == check_ins.c.id)
        .join(commitments, commitments.c.id == items.c.commitment_id)
        .order_by(items.c.position, items.c.id)
    )


@cache
def _sheet() -> Select[Any]:
    return _sheets().where(tables.check_ins.c.id == bindparam("given"))


@cache
def _sheet_with() -> Select[Any]:
    line = tables.check_in_items.alias("line").c
    return _sheets().where(
        tables.check_ins.c.id == select(line.check_in_id).where(line.id == bindparam("given")).scalar_subquery()
    )


@cache
def _before() -> Select[Any]:
    c = tables.check_ins.c
    mine = select(tables.check_ins).where(c.member_id == bindparam("member"), c.id < bindparam("newer"))
    return mine.order_by(c.id.desc()).limit(1)


@cache
def _history() -> Select[Any]:
    c = tables.check_in_items.c
    answered = select(tables.check_in_items).where(c.commitment_id == bindparam("about"), c.answer.is_not(None))
    return answered.order_by(c.id.desc()).limit(bindparam("first", type_=Integer))


@cache
def _history_before() -> Select[Any]:
    return _history().where(tables.check_in_items.c.id < bindparam("newer"))
