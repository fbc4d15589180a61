"""Who people are, where they work, and what they agreed on."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import Select, Text, and_, bindparam, cast, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.agreements import Agreement, Terms, default_terms
from bot.domain.calendar import local_date
from bot.domain.members import HOME_IS_SEEN, Member
from bot.domain.workspaces import Workspace
from bot.storage import tables
from bot.storage.among import among_given
from bot.storage.repositories.acts import Acts
from bot.storage.rows import Rows, added_once, columns_of, record_of
from bot.storage.types import UtcDateTime

NO_SENSE: Final = (ValueError, LookupError)
"""What reading rows raises that make no sense: pydantic refuses one, or this machine does not know its zone."""


class Workspaces(Rows[Workspace]):
    table = tables.workspaces
    record = Workspace

    async def by_team(self, team_id: str) -> Workspace | None:
        return await self.one_with(team_id=team_id)

    async def lock(self, team_id: str) -> Workspace | None:
        """The same, with whoever installs the app or removes it waiting until we are done."""
        return next(iter(await self._read(_locked_team(), team=team_id)), None)

    async def with_member(self, team_id: str, slack_id: str) -> tuple[Workspace, Member | None] | None:
        """With whoever acts there, when they are known."""
        row = (await self._connection.execute(_with_member(), {"team": team_id, "slack": slack_id})).one_or_none()
        if row is None:
            return None
        workspace, at = record_of(Workspace, row), len(Workspace.model_fields)
        return workspace, None if row[at] is None else record_of(Member, row, at)

    async def renew(self, team_id: str, **values: Any) -> Workspace:
        """Raises LookupError when the workspace is gone."""
        renewed = await self.change_if(self.table.c.team_id == team_id, **values)
        if renewed is None:
            raise LookupError(f"no workspace {team_id}")
        return renewed

    async def forget_team(self, team_id: str) -> None:
        """The workspace goes, and all that belongs to it."""
        await self.remove(self.table.c.team_id == team_id)

    async def introduce_wins_in(self, workspace_id: int, channel_id: str) -> bool:
        """True once a channel, for whoever is first to post there."""
        c = self.table.c
        new_here = or_(c.wins_introduced_in.is_(None), c.wins_introduced_in != channel_id)
        return await self.change_if(c.id == workspace_id, new_here, wins_introduced_in=channel_id) is not None

    async def with_ids(self, ids: Collection[int]) -> list[Workspace]:
        return await self._read(_workspaces(), ids=list(ids))

    async def installed(self) -> list[Workspace]:
        return await self.all(self.table.c.bot_token.is_not(None))


class Members(Rows[Member]):
    table = tables.members
    record = Member

    async def by_slack_id(self, workspace_id: int, slack_id: str) -> Member | None:
        return await self.one_with(workspace_id=workspace_id, slack_id=slack_id)

    async def open_home(self, workspace_id: int, slack_id: str, now: datetime) -> Member | None:
        """Whoever looks at Home now; None for a stranger."""
        c = self.table.c
        return await self.change_if(c.workspace_id == workspace_id, c.slack_id == slack_id, home_opened_at=now)

    async def lock(self, member_id: int) -> Member:
        """The member, with everybody else who wants to change things of theirs waiting until we are done. Others may
        refer to them meanwhile: whoever deletes everything says so to those whom they cheered."""
        found = await self._read(_locked(), member=member_id)
        if not found:
            raise LookupError(f"no members {member_id}")
        return found[0]

    async def hear(self, member_id: int, now: datetime) -> Member:
        """The same, with a note that they did something. One statement for both."""
        return await self.change(member_id, heard_at=now)

    async def hear_once(self, member: Member, key: str, now: datetime) -> Member | None:
        """The same for an act of theirs with a `key`; None when it was here before.

        Every act begins with it, and somebody waits: on PostgreSQL, where a statement is a journey, it is one of them.
        """
        if self._connection.dialect.name != "postgresql":
            is_new = await Acts(self._connection).first_time(member.workspace_id, key, now)
            return await self.hear(member.id, now) if is_new else None
        given = {"where": member.workspace_id, "act": key, "at": now, "member": member.id}
        row = (await self._connection.execute(_heard_once(), given)).mappings().one_or_none()
        if row is None:
            await self.get(member.id)
        return None if row is None else self._as_record(row)

    async def with_zone_to_ask(self, now: datetime) -> list[int]:
        """Members who may be on another clock by now, and were not asked yet."""
        return await self._members("id", "ask_zone_at", now)

    async def hold(self, ids: Collection[int]) -> None:
        """Nobody else changes anything of theirs until we are done: many of them, in one order for all who do it, and
        none who is gone. On SQLite whoever writes is alone."""
        if ids and self._connection.dialect.name != "sqlite":
            await self._connection.execute(_hold(), {"ids": list(ids)})

    async def forget_dms(self, workspace_id: int) -> None:
        """Where a workspace's members were written to; it is asked for anew when there is something to say."""
        c = self.table.c
        known = (c.workspace_id == workspace_id, c.channel_id.is_not(None))
        await self.hold((await self._connection.execute(select(c.id).where(*known))).scalars().all())
        await self.change_all(*known, channel_id=None)

    async def with_pause_over(self, now: datetime) -> list[int]:
        return await self._members("id", "paused_until", now)

    async def at_home(self, ids: Iterable[int | None], now: datetime) -> list[Member]:
        """Those of them who may be looking at Home: Slack says whenever it is opened."""
        return await self._read(_at_home(), ids=[one for one in ids if one is not None], since=now - HOME_IS_SEEN)

    async def with_terms(self, ids: Iterable[int], now: datetime) -> dict[int, tuple[Member, Terms]]:
        """Many members with the ground rules that hold for them, each on the clock that they agreed on."""
        found = await self._connection.execute(_with_terms(), {"ids": list(ids)})
        names = tuple(found.keys())
        rows = (dict(zip(names, row, strict=True)) for row in found)
        return {row["id"]: agreed(row, now) for row in rows}


@cache
def _with_member() -> Select[Any]:
    workspaces, members = tables.workspaces, tables.members
    is_theirs = and_(members.c.workspace_id == workspaces.c.id, members.c.slack_id == bindparam("slack"))
    return (
        select(*columns_of(Workspace, workspaces), *columns_of(Member, members))
        .select_from(workspaces)
        .outerjoin(members, is_theirs)
        .where(workspaces.c.team_id == bindparam("team"))
    )


@cache
def _locked_team() -> Select[Any]:
    workspaces = tables.workspaces
    return select(workspaces).where(workspaces.c.team_id == bindparam("team")).with_for_update(key_share=True)


@cache
def _locked() -> Select[Any]:
    return select(tables.members).where(tables.members.c.id == bindparam("member")).with_for_update(key_share=True)


@cache
def _heard_once() -> Any:
    """An act is written down and, if it is new, that its member was heard of."""
    c, at = tables.members.c, bindparam("at", type_=UtcDateTime())
    values = {"workspace_id": bindparam("where"), "key": bindparam("act"), "at": at}
    act = added_once(tables.acts, ("workspace_id", "key"), "postgresql").values(values).cte("act")
    theirs = (c.id == bindparam("member"), select(act.c.id).exists())
    return update(tables.members).where(*theirs).values(heard_at=at).returning(tables.members)


@cache
def members_with_terms() -> Select[Any]:
    """Members, with the terms of their newest agreement as text."""
    members, c = tables.members, tables.agreements.c
    terms = select(cast(c.terms, Text)).where(c.member_id == members.c.id).order_by(c.version.desc()).limit(1)
    return select(members, terms.correlate(members).scalar_subquery().label("terms"))


@cache
def _workspaces() -> Select[Any]:
    return select(tables.workspaces).where(among_given(tables.workspaces.c.id))


@cache
def _hold() -> Select[Any]:
    c = tables.members.c
    return select(c.id).where(among_given(c.id)).order_by(c.id).with_for_update(key_share=True)


@cache
def _at_home() -> Select[Any]:
    c = tables.members.c
    return select(tables.members).where(among_given(c.id), c.home_opened_at > bindparam("since", type_=UtcDateTime()))


@cache
def _with_terms() -> Select[Any]:
    return members_with_terms().where(among_given(tables.members.c.id))


def agreed(row: Mapping[Any, Any], now: datetime) -> tuple[Member, Terms]:
    """A row of `members` that has their `terms` as text: the member on the agreed clock, and the terms.

    Raises ValidationError when the row makes no sense.
    """
    stored, zone = row["terms"], row["zone"]
    terms = _parsed(stored) if stored else default_terms(zone, local_date(now, zone))
    return Member.model_validate({**row, "zone": terms.cadence.zone}), terms


@lru_cache(maxsize=4096)
def _parsed(stored: str) -> Terms:
    """Many people agree on the same terms, and nothing in a row is dearer to parse."""
    return Terms.model_validate_json(stored)


class Agreements(Rows[Agreement]):
    """What holds is read once in a transaction, however many ask: another version of it is added here, or nowhere."""

    table = tables.agreements
    record = Agreement

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._current: dict[int, Agreement | None] = {}

    async def add(self, **values: Any) -> Agreement:
        self._current.clear()
        return await super().add(**values)

    async def current(self, member_id: int) -> Agreement | None:
        if member_id not in self._current:
            self._current[member_id] = await self.one_with("-version", member_id=member_id)
        return self._current[member_id]

    async def version(self, member_id: int, version: int) -> Agreement | None:
        return await self.one_with(member_id=member_id, version=version)
