"""All that is stored about one person, found by walking the tables: a new table cannot be forgotten."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, Text, and_, cast, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import Method
from bot.domain.members import Member
from bot.storage import tables

Row = Mapping[str, Any]


class Person:
    """Reads and erases. Rows that belong to a member lead to their row by foreign keys; others name their Slack id."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def rows(self, member: Member) -> dict[str, list[Row]]:
        """By table, every row of the member's, oldest first; tables without any are there too."""
        found: dict[str, list[Row]] = {}
        for table in _tables():
            statement = select(table).where(_belongs(table, member)).order_by(table.c.id)
            rows = (await self._connection.execute(statement)).mappings()
            found[str(table.name)] = [{str(name): value for name, value in row.items()} for row in rows]
        return found

    async def erase(self, member: Member) -> None:
        """Deletes every row of the member's, and those of others that name them."""
        for table in reversed(_tables()):
            await self._connection.execute(delete(table).where(_belongs(table, member)))
        await self._connection.execute(
            delete(tables.acts).where(
                tables.acts.c.workspace_id == member.workspace_id, tables.acts.c.key.contains(member.slack_id)
            )
        )


def _tables() -> list[Table]:
    """Tables with rows of members, parents first."""
    return [table for table in tables.metadata.sorted_tables if _owners(table)]


def _owners(table: Table) -> list[ColumnElement[Any]]:
    """The columns that lead to a member, or name one."""
    return [column for column in table.columns if column.name == "slack_id" or _leads_on(table, _target(column))]


def _leads_on(table: Table, target: Table | None) -> bool:
    return target is tables.members or (target is not None and target is not table and bool(_owners(target)))


def _target(column: ColumnElement[Any]) -> Table | None:
    """The table that a foreign key points to."""
    return next((key.column.table for key in column.foreign_keys), None)


def _belongs(table: Table, member: Member) -> ColumnElement[bool]:
    """Whether a row is the member's: one of its columns says so."""
    ways = [_leads_to(column, member) for column in _owners(table)]
    ways = [table.c.id == member.id] if table is tables.members else ways
    if table is tables.deliveries:
        # What is still to be deleted in a channel is nobody's row, and does not outlive its sending.
        names = cast(table.c.refs, Text).contains(f'"{member.slack_id}"')
        ways.append(and_(names, table.c.member_id.is_(None), table.c.method != Method.DELETE))
    return and_(_in_workspace(table, member), or_(*ways))


def _leads_to(column: ColumnElement[Any], member: Member) -> ColumnElement[bool]:
    if column.name == "slack_id":
        return column == member.slack_id
    target = _target(column)
    if target is None or target is tables.members:
        return column == member.id
    inside: Select[Any] = select(target.c.id).where(_belongs(target, member))
    return column.in_(inside)


def _in_workspace(table: Table, member: Member) -> ColumnElement[bool]:
    return table.c.workspace_id == member.workspace_id
