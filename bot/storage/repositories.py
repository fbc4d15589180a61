"""The questions asked of each table. No other module outside storage knows SQL."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.agreements import Agreement
from bot.domain.check_ins import CheckIn, Item, Origin
from bot.domain.commitments import Commitment, Revision, StageChosen, State
from bot.domain.deliveries import Delivery, DeliveryState
from bot.domain.members import Member
from bot.domain.sittings import KeptAnswer, Sitting, SittingStatus
from bot.domain.wins import Cheer, Win, WinState
from bot.domain.workspaces import Workspace
from bot.storage import tables
from bot.storage.rows import Rows

OPEN = (State.ACTIVE, State.PAUSED)

HABIT_LINES = 60
"""A habit's latest check-ins that are looked at: more than three weeks of every day."""
OPEN_DELIVERY = (DeliveryState.WAITING, DeliveryState.CLAIMED)

SET_BACK = timedelta(minutes=15)
"""No lease and no retry lies that far ahead, unless the machine's clock was set back since: then it has lapsed."""


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


class Commitments(Rows[Commitment]):
    table = tables.commitments
    record = Commitment

    async def of(self, member_id: int, commitment_id: int) -> Commitment | None:
        """The commitment if it is this member's."""
        return await self.one(self.table.c.id == commitment_id, self.table.c.member_id == member_id)

    async def open(self, member_id: int) -> list[Commitment]:
        return await self.all(self.table.c.member_id == member_id, self.table.c.state.in_(OPEN))

    async def active(self, member_id: int) -> list[Commitment]:
        return await self.all(self.table.c.member_id == member_id, self.table.c.state == State.ACTIVE)

    async def closed_since(self, member_id: int, since: datetime) -> list[Commitment]:
        c = self.table.c
        where = (c.member_id == member_id, c.state.not_in(OPEN), c.closed_at > since)
        return await self.all(*where, order=[c.closed_at.desc()])

    async def with_due(self, now: datetime) -> list[int]:
        """Members of whom something is due."""
        return await self._members(self.table.c.member_id, self.table.c.next_due_at, now)

    async def due_of(self, member_id: int, until: datetime) -> list[Commitment]:
        """What of this member falls due up to `until`: it goes into the same message."""
        c = self.table.c
        return await self.all(c.member_id == member_id, c.next_due_at <= until, order=[c.next_due_at, c.id])

    async def next_due(self, after: datetime) -> datetime | None:
        return await self._earliest(self.table.c.next_due_at, self.table.c.next_due_at > after)

    async def next_due_of(self, member_id: int) -> datetime | None:
        return await self._earliest(self.table.c.next_due_at, self.table.c.member_id == member_id)

    async def unschedule(self, member_id: int) -> None:
        await self.change_all(self.table.c.member_id == member_id, next_due_at=None)

    async def with_pause_over(self, now: datetime) -> list[int]:
        """Members who paused something until now."""
        return await self._members(self.table.c.member_id, self.table.c.paused_until, now)

    async def paused_until(self, member_id: int, now: datetime) -> list[Commitment]:
        """What of this member was paused until now."""
        c = self.table.c
        return await self.all(c.member_id == member_id, c.state == State.PAUSED, c.paused_until <= now)

    async def next_pause_end(self, after: datetime) -> datetime | None:
        return await self._earliest(self.table.c.paused_until, self.table.c.paused_until > after)


class Revisions(Rows[Revision]):
    table = tables.revisions
    record = Revision

    async def of(self, commitment_id: int) -> list[Revision]:
        return await self.all(self.table.c.commitment_id == commitment_id)

    async def take_back(self, revision_id: int) -> None:
        await self.remove(self.table.c.id == revision_id)

    async def of_all(self, commitment_ids: Sequence[int]) -> list[Revision]:
        return await self.all(self.table.c.commitment_id.in_(commitment_ids))


class Stages(Rows[StageChosen]):
    table = tables.stages
    record = StageChosen

    async def of(self, commitment_id: int) -> list[StageChosen]:
        return await self.all(self.table.c.commitment_id == commitment_id)


class CheckIns(Rows[CheckIn]):
    table = tables.check_ins
    record = CheckIn

    async def latest(self, member_id: int) -> CheckIn | None:
        c = self.table.c
        rows = await self.all(c.member_id == member_id, order=[c.opened_at.desc(), c.id.desc()], limit=1)
        return rows[0] if rows else None

    async def before(self, check_in: CheckIn) -> CheckIn | None:
        c = self.table.c
        where = (c.member_id == check_in.member_id, c.id < check_in.id)
        rows = await self.all(*where, order=[c.id.desc()], limit=1)
        return rows[0] if rows else None

    async def last_scheduled(self, member_id: int) -> CheckIn | None:
        """The newest one that the buddy started and sent."""
        c = self.table.c
        where = (c.member_id == member_id, c.origin == Origin.SCHEDULED, c.ts.is_not(None))
        rows = await self.all(*where, order=[c.id.desc()], limit=1)
        return rows[0] if rows else None

    async def any_since(self, member_id: int, origin: Origin, since: datetime) -> bool:
        c = self.table.c
        return await self.one(c.member_id == member_id, c.origin == origin, c.opened_at >= since) is not None

    async def held(self, member_id: int, since: datetime) -> list[CheckIn]:
        """Opened since then, still to be answered, and not sent: a conversation had the word."""
        c = self.table.c
        where = (c.member_id == member_id, c.opened_at >= since, c.ts.is_(None), c.answered_at.is_(None))
        return await self.all(*where, c.late.is_(False))

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
        return await self.all(self.table.c.check_in_id == check_in_id, order=[self.table.c.position])

    async def last_about_days(self, commitment_id: int) -> Item | None:
        """The newest line that asked about a habit's days."""
        c = self.table.c
        where = (c.commitment_id == commitment_id, c.since.is_not(None))
        rows = await self.all(*where, order=[c.id.desc()], limit=1)
        return rows[0] if rows else None

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


class Wins(Rows[Win]):
    table = tables.wins
    record = Win

    async def of(self, member_id: int, win_id: int) -> Win | None:
        return await self.one(self.table.c.id == win_id, self.table.c.member_id == member_id)

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
        return await self.all(self.table.c.win_id == win_id)

    async def named(self, ids: Sequence[int]) -> list[Cheer]:
        return await self.all(self.table.c.id.in_(ids))

    async def by(self, win_id: int, slack_id: str) -> Cheer | None:
        return await self.one(self.table.c.win_id == win_id, self.table.c.slack_id == slack_id)

    async def owners_to_tell(self, since: datetime) -> list[int]:
        """Members whose wins were cheered since an instant without their having heard of it."""
        c, wins = self.table.c, tables.wins.c
        statement = select(wins.member_id).join(self.table, c.win_id == wins.id)
        found = await self._connection.execute(statement.where(c.told_at.is_(None), c.cheered_at > since).distinct())
        return list(found.scalars())

    async def untold(self, member_id: int, since: datetime, before: datetime) -> list[Cheer]:
        """Of these cheers, given after `since` and up to `before`, the owner has not heard yet. Oldest first."""
        c = self.table.c
        theirs = select(tables.wins.c.id).where(tables.wins.c.member_id == member_id)
        when = (c.told_at.is_(None), c.cheered_at > since, c.cheered_at <= before)
        return await self.all(c.win_id.in_(theirs), *when)

    async def given(self, workspace_id: int, slack_id: str) -> list[Win]:
        """The wins that someone cheered."""
        c = self.table.c
        rows = await self.all(c.workspace_id == workspace_id, c.slack_id == slack_id)
        return await Wins(self._connection).all(tables.wins.c.id.in_({row.win_id for row in rows}))

    async def mark_told(self, ids: Sequence[int], at: datetime) -> None:
        await self.change_all(self.table.c.id.in_(ids), told_at=at)


class Conversations(Rows[Sitting]):
    table = tables.conversations
    record = Sitting

    async def running(self, member_id: int) -> Sitting | None:
        """The conversation that has the word: at most one asks at a time."""
        c = self.table.c
        rows = await self.all(c.member_id == member_id, c.status == SittingStatus.ASKING, order=[c.id.desc()], limit=1)
        return rows[0] if rows else None

    async def end_all(self, member_id: int) -> None:
        """None of them goes on."""
        c = self.table.c
        going = (SittingStatus.ASKING, SittingStatus.WAITING, SittingStatus.LATER)
        await self.change_all(
            c.member_id == member_id, c.status.in_(going), status=SittingStatus.STOPPED, version=c.version + 1
        )

    async def about_check_in(self, check_in_id: int) -> list[Sitting]:
        return await self.all(self.table.c.check_in_id == check_in_id)

    async def of(self, member_id: int, conversation_id: int) -> Sitting | None:
        """The conversation if it is this member's."""
        return await self.one(self.table.c.id == conversation_id, self.table.c.member_id == member_id)

    async def waiting(self, member_id: int) -> list[Sitting]:
        c = self.table.c
        return await self.all(c.member_id == member_id, c.status == SittingStatus.WAITING)

    async def put_off(self, member_id: int) -> list[Sitting]:
        c = self.table.c
        return await self.all(c.member_id == member_id, c.status == SittingStatus.LATER)

    async def about(self, commitment_id: int) -> list[Sitting]:
        """Those about a commitment that are not over."""
        c = self.table.c
        over = (SittingStatus.FINISHED, SittingStatus.STOPPED)
        return await self.all(c.commitment_id == commitment_id, c.status.not_in(over))

    async def last_asked(self, member_id: int) -> Sitting | None:
        c = self.table.c
        rows = await self.all(c.member_id == member_id, order=[c.asked_at.desc(), c.id.desc()], limit=1)
        return rows[0] if rows else None


class Answers(Rows[KeptAnswer]):
    table = tables.answers
    record = KeptAnswer

    async def of_member(self, member_id: int) -> list[KeptAnswer]:
        return _given(await self.all(self.table.c.member_id == member_id))

    async def ratings(self, commitment_ids: Sequence[int]) -> list[KeptAnswer]:
        """The numbers given on the ruler, oldest first."""
        c = self.table.c
        return await self.all(c.commitment_id.in_(commitment_ids), c.keeps == "ruler", order=[c.answered_at, c.id])

    async def of_conversation(self, conversation_id: int) -> list[KeptAnswer]:
        """With the questions that were not answered."""
        return await self.all(self.table.c.conversation_id == conversation_id)

    async def kept_as(self, commitment_id: int, keeps: str) -> list[KeptAnswer]:
        """Newest first."""
        c = self.table.c
        where = (c.commitment_id == commitment_id, c.keeps == keeps)
        return _given(await self.all(*where, order=[c.answered_at.desc(), c.id.desc()]))

    async def newest(self, member_id: int, limit: int) -> list[KeptAnswer]:
        return await self.all(self.table.c.member_id == member_id, order=[self.table.c.id.desc()], limit=limit)

    async def asked(self, member_id: int) -> dict[str, datetime]:
        """When each question was last asked of this member, or answered."""
        c = self.table.c
        statement = (
            select(c.question, func.max(c.answered_at).label("at")).where(c.member_id == member_id).group_by(c.question)
        )
        return {row.question: row.at for row in await self._connection.execute(statement)}


def _given(answers: Iterable[KeptAnswer]) -> list[KeptAnswer]:
    return [answer for answer in answers if answer.text]


class Deliveries(Rows[Delivery]):
    table = tables.deliveries
    record = Delivery

    async def claim(
        self,
        now: datetime,
        real_now: datetime,
        owner: str,
        lease: timedelta,
        limit: int,
        *,
        without: Collection[int] = (),
    ) -> list[Delivery]:
        """Takes what is due and free: the first open row of each lane, so that a lane keeps its order.

        `now` is product time and decides what is due; leases and retries run on `real_now`. Workspaces in `without` are
        left alone. A row whose lease lapsed counts as tried: whoever had it may have sent it.
        """
        c = self.table.c
        wanted = (
            select(c.id)
            .where(c.due_at <= now, _is_free(real_now), _is_ready(real_now), _is_first_of_its_lane())
            .order_by(c.due_at, c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        if without:
            wanted = wanted.where(c.workspace_id.not_in(without))
        ids = list((await self._connection.execute(wanted)).scalars())
        if not ids:
            return []
        taken = (
            update(self.table)
            .where(c.id.in_(ids))
            .values(
                state=DeliveryState.CLAIMED,
                claimed_by=owner,
                claimed_until=real_now + lease,
                attempts=case((c.state == DeliveryState.CLAIMED, c.attempts + 1), else_=c.attempts),
            )
            .returning(self.table)
        )
        rows = {row["id"]: self._as_record(row) for row in (await self._connection.execute(taken)).mappings()}
        return [rows[row_id] for row_id in ids]

    async def is_next(self, row: Delivery, owner: str) -> bool:
        """Whether it is still `owner`'s to send, and nothing of its lane has to leave before it."""
        c = self.table.c
        ours = (c.id == row.id, c.state == DeliveryState.CLAIMED, c.claimed_by == owner)
        return await self.one(*ours, _is_first_of_its_lane()) is not None

    async def hold(self, row: Delivery, owner: str, until: datetime) -> bool:
        """A longer lease; False when the row is no longer `owner`'s."""
        c = self.table.c
        ours = (c.id == row.id, c.state == DeliveryState.CLAIMED, c.claimed_by == owner)
        return await self.change_if(*ours, claimed_until=until) is not None

    async def put_back(self, rows: Iterable[Delivery], owner: str, **values: Any) -> None:
        """Those that are still `owner`'s wait again."""
        c = self.table.c
        ours = (c.id.in_([row.id for row in rows]), c.state == DeliveryState.CLAIMED, c.claimed_by == owner)
        await self.change_all(*ours, state=DeliveryState.WAITING, claimed_by=None, claimed_until=None, **values)

    async def keyed(self, workspace_id: int, key: str) -> Delivery | None:
        return await self.one(self.table.c.workspace_id == workspace_id, self.table.c.key == key)

    async def next_due(self, after: datetime) -> datetime | None:
        return await self._earliest(self.table.c.due_at, self.table.c.due_at > after)

    async def next_retry(self, now: datetime, real_now: datetime) -> datetime | None:
        """When, on the machine's clock, something that is due may be tried again."""
        c = self.table.c
        return await self._earliest(c.retry_at, c.due_at <= now, c.retry_at > real_now)

    async def release_all(self, real_now: datetime) -> None:
        """On SQLite there is one process: whatever was claimed when it starts belonged to one that is gone."""
        await self.change_all(self.table.c.state == DeliveryState.CLAIMED, claimed_until=real_now)

    async def close(
        self, row: Delivery, state: DeliveryState, now: datetime, *, ts: str | None = None, error: str | None = None
    ) -> bool:
        """There is nothing left to do about it. A row that names a stranger is not kept.

        False when it is gone: its member deleted everything in the meantime.
        """
        is_it = self.table.c.id == row.id
        if row.member_id is None:
            return await self.remove(is_it) == 1
        closed = await self.change_if(is_it, state=state, due_at=None, ts=ts, sent_at=now, error=error)
        return closed is not None

    async def forget_before(self, instant: datetime) -> int:
        c = self.table.c
        return await self.remove(c.due_at.is_(None), c.sent_at <= instant)


def _is_free(real_now: datetime) -> ColumnElement[bool]:
    c = tables.deliveries.c
    lapsed = or_(c.claimed_until <= real_now, c.claimed_until > real_now + SET_BACK)
    return or_(c.state == DeliveryState.WAITING, and_(c.state == DeliveryState.CLAIMED, lapsed))


def _is_ready(real_now: datetime) -> ColumnElement[bool]:
    c = tables.deliveries.c
    return or_(c.retry_at.is_(None), c.retry_at <= real_now, c.retry_at > real_now + SET_BACK)


def _is_first_of_its_lane() -> ColumnElement[bool]:
    c, earlier = tables.deliveries.c, tables.deliveries.alias("earlier")
    return ~(
        select(earlier.c.id)
        .where(earlier.c.lane == c.lane, earlier.c.state.in_(OPEN_DELIVERY), earlier.c.id < c.id)
        .exists()
    )


class Acts:
    """What was already handled: event ids, view ids, clicks. The database keeps us from handling one twice."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def first_time(self, workspace_id: int, key: str, now: datetime) -> bool:
        """True once for each key of a workspace."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(tables.acts).values(workspace_id=workspace_id, key=key, at=now)
        once = statement.on_conflict_do_nothing(index_elements=["workspace_id", "key"]).returning(tables.acts.c.id)
        return (await self._connection.execute(once)).scalar_one_or_none() is not None

    async def forget_before(self, instant: datetime) -> int:
        return (await self._connection.execute(delete(tables.acts).where(tables.acts.c.at <= instant))).rowcount
