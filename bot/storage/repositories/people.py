"""Who people are, where they work, and what they agreed on."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_

from bot.domain.agreements import Agreement
from bot.domain.members import Member
from bot.domain.workspaces import Workspace
from bot.storage import tables
from bot.storage.rows import Rows


class Workspaces(Rows[Workspace]):
    table = tables.workspaces
    record = Workspace

    async def by_team(self, team_id: str) -> Workspace | None:
        return await self.one(self.table.c.team_id == team_id)

    async def renew(self, team_id: str, **values: Any) -> Workspace:
        """Raises LookupError when the workspace is gone."""
        renewed = await self.change_if(self.table.c.team_id == team_id, **values)
        if renewed is None:
            raise LookupError(f"no workspace {team_id}")
        return renewed

    async def introduce_wins_in(self, workspace_id: int, channel_id: str) -> bool:
        """True once a channel, for whoever is first to post there."""
        c = self.table.c
        new_here = or_(c.wins_introduced_in.is_(None), c.wins_introduced_in != channel_id)
        return await self.change_if(c.id == workspace_id, new_here, wins_introduced_in=channel_id) is not None

    async def installed(self) -> list[Workspace]:
        return await self.all(self.table.c.bot_token.is_not(None))


class Members(Rows[Member]):
    table = tables.members
    record = Member

    async def by_slack_id(self, workspace_id: int, slack_id: str) -> Member | None:
        return await self.one(self.table.c.workspace_id == workspace_id, self.table.c.slack_id == slack_id)

    async def lock(self, member_id: int) -> Member:
        """The member, with everybody else who wants to change things of theirs waiting until we are done."""
        statement = self._select().where(self.table.c.id == member_id).with_for_update()
        found = await self._read(statement)
        if not found:
            raise LookupError(f"no members {member_id}")
        return found[0]

    async def hear(self, member_id: int, now: datetime) -> Member:
        """The same, with a note that they did something. One statement for both."""
        return await self.change(member_id, heard_at=now)

    async def with_zone_to_ask(self, now: datetime) -> list[int]:
        """Members who may be on another clock by now, and were not asked yet."""
        return await self._members(self.table.c.id, self.table.c.ask_zone_at, now)

    async def next_zone_question(self, after: datetime) -> datetime | None:
        return await self._earliest(self.table.c.ask_zone_at, self.table.c.ask_zone_at > after)

    async def with_pause_over(self, now: datetime) -> list[int]:
        return await self._members(self.table.c.id, self.table.c.paused_until, now)

    async def next_pause_end(self, after: datetime) -> datetime | None:
        return await self._earliest(self.table.c.paused_until, self.table.c.paused_until > after)


class Agreements(Rows[Agreement]):
    table = tables.agreements
    record = Agreement

    async def current(self, member_id: int) -> Agreement | None:
        rows = await self.all(self.table.c.member_id == member_id, order=[self.table.c.version.desc()], limit=1)
        return rows[0] if rows else None

    async def version(self, member_id: int, version: int) -> Agreement | None:
        return await self.one(self.table.c.member_id == member_id, self.table.c.version == version)
