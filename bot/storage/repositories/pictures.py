"""Check-ins as they are to be shown, many with two statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.check_ins import CheckIn, Item
from bot.domain.commitments import Commitment
from bot.storage import tables


@dataclass(frozen=True)
class Asked:
    """A check-in, the one before it, and what it asks about, in order."""

    check_in: CheckIn
    before: CheckIn | None
    lines: tuple[tuple[Item, Commitment], ...]


class Pictures:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, check_ins: Iterable[int]) -> Mapping[int, Asked]:
        """By id; those that are gone are left out."""
        wanted = list(check_ins)
        lines = await self._lines(wanted)
        table, before = tables.check_ins, tables.check_ins.alias("before")
        older = tables.check_ins.alias("older")
        newest = (
            select(older.c.id)
            .where(older.c.member_id == table.c.member_id, older.c.id < table.c.id)
            .order_by(older.c.opened_at.desc(), older.c.id.desc())
            .limit(1)
        )
        statement = (
            select(table, *(column.label(f"before_{column.name}") for column in before.c))
            .select_from(table)
            .outerjoin(before, before.c.id == newest.scalar_subquery())
            .where(table.c.id.in_(wanted))
        )
        rows = (await self._connection.execute(statement)).mappings()
        return {
            row["id"]: Asked(CheckIn.model_validate(dict(row)), _before(row), tuple(lines[row["id"]])) for row in rows
        }

    async def _lines(self, check_ins: list[int]) -> Mapping[int, list[tuple[Item, Commitment]]]:
        items, commitments = tables.check_in_items, tables.commitments
        statement = (
            select(items, *(column.label(f"about_{column.name}") for column in commitments.c))
            .join(commitments, commitments.c.id == items.c.commitment_id)
            .where(items.c.check_in_id.in_(check_ins))
            .order_by(items.c.position)
        )
        found: dict[int, list[tuple[Item, Commitment]]] = defaultdict(list)
        for row in (await self._connection.execute(statement)).mappings():
            about = Commitment.model_validate(_part(row, "about_"))
            found[row["check_in_id"]].append((Item.model_validate(dict(row)), about))
        return found


def _before(row: Mapping[Any, Any]) -> CheckIn | None:
    return CheckIn.model_validate(_part(row, "before_")) if row["before_id"] is not None else None


def _part(row: Mapping[Any, Any], prefix: str) -> dict[str, Any]:
    """The columns of one of the tables that a row was read from."""
    return {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}
