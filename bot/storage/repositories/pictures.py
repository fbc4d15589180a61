"""Check-ins as they are to be shown, many with two statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.check_ins import CheckIn, Item
from bot.domain.commitments import Commitment
from bot.storage import tables
from bot.storage.among import among_given
from bot.storage.rows import columns_of, record_of


@dataclass(frozen=True)
class Asked:
    """A check-in, the one before it, and what it asks about, in order."""

    check_in: CheckIn
    before: CheckIn | None
    lines: tuple[tuple[Item, Commitment], ...]


NOT_SHOWN: Final = frozenset(
    {
        "cadence",
        "tries_on",
        "next_due_at",
        "asks_from",
        "asked_on",
        "stage",
        "done_looks_like",
        "cue",
        "next_cue_at",
        "paused_at",
        "paused_until",
        "closed_at",
    }
)
"""What a check-in never shows of a commitment is not read for one, and is empty there."""


class Pictures:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, check_ins: Iterable[int]) -> Mapping[int, Asked]:
        """By id; those that are gone are left out."""
        wanted = list(check_ins)
        lines = await self._lines(wanted)
        asked: dict[int, Asked] = {}
        for row in await self._connection.execute(_check_ins(), {"ids": wanted}):
            check_in = record_of(CheckIn, row)
            earlier = record_of(CheckIn, row, len(CheckIn.model_fields)) if row[-1] is not None else None
            asked[check_in.id] = Asked(check_in, earlier, tuple(lines[check_in.id]))
        return asked

    async def _lines(self, check_ins: list[int]) -> Mapping[int, list[tuple[Item, Commitment]]]:
        found: dict[int, list[tuple[Item, Commitment]]] = defaultdict(list)
        for row in await self._connection.execute(_items(), {"ids": check_ins}):
            item = record_of(Item, row)
            found[item.check_in_id].append((item, record_of(Commitment, row, len(Item.model_fields), NOT_SHOWN)))
        return found


@cache
def _check_ins() -> Select[Any]:
    """Each with the one before it."""
    table, before = tables.check_ins, tables.check_ins.alias("before")
    older = tables.check_ins.alias("older")
    newest = (
        select(older.c.id)
        .where(older.c.member_id == table.c.member_id, older.c.id < table.c.id)
        .order_by(older.c.opened_at.desc(), older.c.id.desc())
        .limit(1)
    )
    return (
        select(*columns_of(CheckIn, table), *columns_of(CheckIn, before), before.c.id)
        .select_from(table)
        .outerjoin(before, before.c.id == newest.scalar_subquery())
        .where(among_given(table.c.id))
    )


@cache
def _items() -> Select[Any]:
    """Each with what it is about, in their order."""
    items, commitments = tables.check_in_items, tables.commitments
    return (
        select(*columns_of(Item, items), *columns_of(Commitment, commitments, NOT_SHOWN))
        .join(commitments, commitments.c.id == items.c.commitment_id)
        .where(among_given(items.c.check_in_id))
        .order_by(items.c.position)
    )
