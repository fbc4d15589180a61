"""Opening in bulk: what is due of hundreds of members, read and written with a few statements each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Column, Date, Integer, ScalarSelect, Select, Update, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.calendar import local_date
from bot.domain.check_ins import CheckIn, Item, Origin
from bot.domain.commitments import Planned
from bot.domain.members import Member
from bot.domain.opening import LastAsked, Line, Opening, Situation
from bot.domain.sittings import SittingStatus
from bot.storage import tables
from bot.storage.among import among, among_given
from bot.storage.many import insert_many
from bot.storage.repositories.people import NO_SENSE, agreed, members_with_terms
from bot.storage.repositories.rests import Rests
from bot.storage.types import UtcDateTime

Opened = tuple[Situation, Opening]

PLANNED: Final = tuple(tables.commitments.c[name] for name in Planned.model_fields)


@dataclass(frozen=True)
class Due:
    """Members of whom something is due, locked. `broken`: those whose rows make no sense, by the error's name."""

    situations: Sequence[Situation]
    broken: Mapping[int, str]


class Openings:
    """Takes what is due, and writes down what was opened, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def any_due(self, now: datetime) -> bool:
        return (await self._connection.execute(_any_due(), {"now": now})).first() is not None

    async def take(self, now: datetime, together: datetime, limit: int) -> Due:
        """Members with something due at `now`, the earliest first, whom nobody else has in hand at the moment, each
        with what falls due up to `together`."""
        ids = dict.fromkeys((await self._connection.execute(_due(), {"now": now, "limit": limit})).scalars())
        if not ids:
            return Due([], {})
        people = await self._dicts(_people(), ids=list(ids))
        try:
            return await self._situations(people, now, together)
        except NO_SENSE:
            return await self._one_by_one(people, now, together)

    async def _one_by_one(self, people: Sequence[dict[str, Any]], now: datetime, together: datetime) -> Due:
        """The same, without those whose rows make no sense."""
        situations, broken = list[Situation](), dict[int, str]()
        for row in people:
            try:
                situations += (await self._situations([row], now, together)).situations
            except NO_SENSE as error:
                broken[row["id"]] = type(error).__name__
        return Due(situations, broken)

    async def _situations(self, people: Sequence[dict[str, Any]], now: datetime, together: datetime) -> Due:
        members = [row["id"] for row in people]
        planned = await self._planned(members, together)
        check_ins = await self._check_ins(row["reminded"] for row in people)
        rests = await Rests(self._connection).of_all(members)
        situations = []
        for row in people:
            member, terms = agreed(row, now)
            situations.append(
                Situation(
                    member=member,
                    terms=terms,
                    due=[Planned.model_validate(one) for one in planned[member.id]],
                    reminded=check_ins.get(row["reminded"]),
                    running_since=row["running_since"],
                    rests=rests.get(member.id, ()),
                    unanswered=row["unanswered"],
                    is_served=row["uninstalled_at"] is None,
                )
            )
        return Due(await self._with_days(situations), {})

    async def _planned(self, members: Sequence[int], together: datetime) -> Mapping[int, list[dict[str, Any]]]:
        return _grouped(await self._dicts(_planned(), ids=members, together=together), "member_id")

    async def _check_ins(self, ids: Iterable[int | None]) -> Mapping[int | None, CheckIn]:
        wanted = {one for one in ids if one is not None}
        if not wanted:
            return {}
        rows = await self._dicts(_with_ids(), ids=list(wanted))
        return {row["id"]: CheckIn.model_validate(row) for row in rows}

    async def _with_days(self, situations: Sequence[Situation]) -> Sequence[Situation]:
        """The same, with when each habit's days were asked about last."""
        habits = [one.id for here in situations for one in here.due if one.is_habit]
        if not habits:
            return situations
        last = await self.last_days(habits)
        return [
            replace(here, last_days={one.id: last[one.id] for one in here.due if one.id in last}) for here in situations
        ]

    async def last_days(self, habits: Iterable[int]) -> dict[int, LastAsked]:
        """The newest line of each habit that asked about its days, with its check-in."""
        wanted = list(habits)
        if not wanted:
            return {}
        c = tables.check_in_items.c
        newest = select(func.max(c.id)).where(among(c.commitment_id, wanted), c.since.is_not(None))
        lines = select(tables.check_in_items).where(c.id.in_(newest.group_by(c.commitment_id)))
        items = [Item.model_validate(row) for row in await self._dicts(lines)]
        check_ins = await self._check_ins(item.check_in_id for item in items)
        return {item.commitment_id: LastAsked(item, check_ins[item.check_in_id]) for item in items}

    # Writing

    async def write(self, opened: Sequence[Opened], now: datetime) -> dict[int, int]:
        """Plans what comes next, and adds check-ins with their lines; the ids of those added, by member.

        An occurrence that has its check-in already gets none: the database decides.
        """
        await self._plan(entry for _, one in opened for entry in one.planned.items())
        await self._note(opened, now)
        wanted = [(here, one) for here, one in opened if one.is_check_in]
        added = await self._add([_check_in(here.member, one, now) for here, one in wanted])
        lines = [
            _line(here.member, added[here.member.id], position, line)
            for here, one in wanted
            if here.member.id in added
            for position, line in enumerate(one.lines)
        ]
        await insert_many(self._connection, tables.check_in_items, lines)
        return added

    async def put_aside(self, members: Iterable[int], now: datetime, until: datetime) -> None:
        """What is due of members whose rows make no sense waits, so that it keeps nobody else waiting."""
        c = tables.commitments.c
        due = (among(c.member_id, members), c.next_due_at <= now)
        await self._connection.execute(update(tables.commitments).where(*due).values(next_due_at=until))

    async def _plan(self, planned: Iterable[tuple[int, datetime | None]]) -> None:
        """One statement for each instant: most people are asked at the full hour."""
        at: dict[datetime | None, list[int]] = defaultdict(list)
        for commitment_id, instant in planned:
            at[instant].append(commitment_id)
        for instant, ids in at.items():
            await self._connection.execute(_plan(), {"ids": ids, "instant": instant})

    async def _note(self, opened: Sequence[Opened], now: datetime) -> None:
        """On which day the buddy began a message by itself; who is left in peace from now on."""
        days: dict[date, list[int]] = defaultdict(list)
        for here, one in opened:
            if (today := local_date(now, here.member.zone)) != here.member.prompted_on and one.says_something:
                days[today].append(here.member.id)
        for day, ids in days.items():
            await self._connection.execute(_prompted(), {"ids": ids, "day": day})
        c = tables.members.c
        if silent := [here.member.id for here, one in opened if one.falls_silent]:
            await self._connection.execute(update(tables.members).where(among(c.id, silent)).values(quiet_since=now))
            theirs = among(tables.commitments.c.member_id, silent)
            await self._connection.execute(update(tables.commitments).where(theirs).values(next_due_at=None))

    async def _add(self, check_ins: list[dict[str, Any]]) -> dict[int, int]:
        c, unique = tables.check_ins.c, ("member_id", "origin", "occurrence")
        added = await insert_many(
            self._connection, tables.check_ins, check_ins, unique=unique, returning=(c.member_id, c.id)
        )
        return {row.member_id: row.id for row in added}

    async def _dicts(self, statement: Any, **given: Any) -> list[dict[str, Any]]:
        found = await self._connection.execute(statement, given)
        names = tuple(found.keys())
        return [dict(zip(names, row, strict=True)) for row in found]


@cache
def _any_due() -> Select[Any]:
    c = tables.commitments.c
    due = select(c.id).where(c.next_due_at <= bindparam("now", type_=UtcDateTime()))
    return due.order_by(c.next_due_at).limit(1)


@cache
def _due() -> Select[Any]:
    """The members of what is due, the earliest first, whom nobody else has in hand: locked. What is due of them is not,
    for of one member each of two processes would hold some, and wait for the other's."""
    c, now, limit = tables.commitments.c, bindparam("now", type_=UtcDateTime()), bindparam("limit", type_=Integer())
    due = select(c.member_id).join(tables.members, tables.members.c.id == c.member_id).where(c.next_due_at <= now)
    return due.order_by(c.next_due_at).limit(limit).with_for_update(skip_locked=True, key_share=True, of=tables.members)


@cache
def _with_ids() -> Select[Any]:
    return select(tables.check_ins).where(among_given(tables.check_ins.c.id))


@cache
def _plan() -> Update:
    c, instant = tables.commitments.c, bindparam("instant", type_=UtcDateTime())
    return update(tables.commitments).where(among_given(c.id)).values(next_due_at=instant)


@cache
def _prompted() -> Update:
    c, day = tables.members.c, bindparam("day", type_=Date())
    return update(tables.members).where(among_given(c.id)).values(prompted_on=day)


@cache
def _people() -> Select[Any]:
    """Members with their terms as text and the ids of what was last."""
    members, check_ins = tables.members, tables.check_ins.c
    sent = (check_ins.origin == Origin.SCHEDULED, check_ins.ts.is_not(None))
    sittings = tables.conversations.c
    running = (
        select(sittings.asked_at)
        .where(sittings.member_id == members.c.id, sittings.status == SittingStatus.ASKING)
        .order_by(sittings.id.desc())
        .limit(1)
    )
    is_known = or_(check_ins.answered_at.is_not(None), check_ins.reminded_at.is_not(None))
    unheard = check_ins.opened_at > func.coalesce(members.c.heard_at, members.c.joined_at)
    unanswered = select(func.count()).where(
        check_ins.member_id == members.c.id, *sent, unheard, check_ins.answered_at.is_(None)
    )
    return (
        members_with_terms()
        .add_columns(
            tables.workspaces.c.uninstalled_at,
            _newest(check_ins.id, *sent, is_known).label("reminded"),
            running.scalar_subquery().label("running_since"),
            unanswered.scalar_subquery().label("unanswered"),
        )
        .join(tables.workspaces, tables.workspaces.c.id == members.c.workspace_id)
        .where(among_given(members.c.id))
    )


@cache
def _planned() -> Select[Any]:
    """What falls due of members up to `together`, the earliest first."""
    c = tables.commitments.c
    due = c.next_due_at <= bindparam("together", type_=UtcDateTime())
    return select(*PLANNED).where(among_given(c.member_id), due).order_by(c.next_due_at, c.id)


def _newest(check_in_id: Column[int], *where: Any) -> ScalarSelect[int]:
    c = tables.check_ins.c
    mine = select(check_in_id).where(c.member_id == tables.members.c.id, *where)
    return mine.order_by(c.opened_at.desc(), c.id.desc()).limit(1).scalar_subquery()


def _check_in(member: Member, opening: Opening, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": member.workspace_id,
        "member_id": member.id,
        "origin": Origin.SCHEDULED,
        "occurrence": opening.occurrence,
        "opened_at": now,
        "zone": member.zone,
        "remind_at": opening.remind_at,
        "late": opening.late,
    }


def _line(member: Member, check_in_id: int, position: int, line: Line) -> dict[str, Any]:
    return {
        "workspace_id": member.workspace_id,
        "check_in_id": check_in_id,
        "commitment_id": line.commitment.id,
        "position": position,
        "since": line.since,
        "trying": line.trying,
        "days": (),
    }


def _grouped(rows: Iterable[dict[str, Any]], name: str) -> Mapping[int, list[dict[str, Any]]]:
    groups: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row[name]].append(row)
    return groups
