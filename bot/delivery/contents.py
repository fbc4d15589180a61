"""From a row to what is said: each topic registers how its kinds are rendered, and what happens once they are sent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.delivery.content import Content, Letter
from bot.delivery.posting import Place
from bot.delivery.says import (
    calendars,
    check_ins,
    commitments,
    conversations,
    cues,
    home,
    pauses,
    phrases,
    privacy,
    rests,
    silence,
    wins,
    zones,
)
from bot.delivery.telling import (
    OnHeld,
    OnPassed,
    OnRefused,
    OnSent,
    OnSentMany,
    OnUnsaid,
    OnUnsure,
    Render,
    RenderMany,
    Telling,
)
from bot.domain.agreements import Terms, default_terms
from bot.domain.budget import UNPROMPTED, is_agreed
from bot.domain.deliveries import Delivery, Method, Says
from bot.domain.members import Member
from bot.domain.rests import Excused
from bot.domain.snoozing import allowed_from
from bot.services.work import Work
from bot.storage.database import OUTAGE, Database, StorageError
from bot.storage.transaction import Transaction

log = structlog.get_logger(__name__)

TOPICS = (
    commitments,
    check_ins,
    conversations,
    wins,
    home,
    pauses,
    privacy,
    phrases,
    calendars,
    cues,
    rests,
    silence,
    zones,
)
RENDER: Mapping[Says, Render] = {says: render for topic in TOPICS for says, render in topic.RENDER.items()}
SENT: Mapping[Says, OnSent] = {**check_ins.SENT, **conversations.SENT, **wins.SENT, **phrases.SENT}
RENDER_MANY: Mapping[Says, RenderMany] = check_ins.RENDER_MANY
SENT_MANY: Mapping[Says, OnSentMany] = check_ins.SENT_MANY
UNSURE: Mapping[Says, OnUnsure] = wins.UNSURE
HELD: Mapping[Says, OnHeld] = check_ins.HELD
PASSED: Mapping[Says, OnPassed] = check_ins.PASSED
UNSAID: Mapping[Says, OnUnsaid] = check_ins.UNSAID
REFUSED: Mapping[Says, OnRefused] = wins.REFUSED


class Contents:
    """Renders rows when they are sent, so that they say what is true then."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, rows: Sequence[Delivery]) -> Mapping[int, Letter | Exception]:
        """By the id of each row its letter, or what kept it from being one: LookupError when the member or what it was
        about is gone, or the app was removed. What is wrong with one row is no other's trouble.

        Raises OUTAGE when there is no database.
        """
        try:
            async with self._database.read() as tx:
                return await self._in_one(tx, rows)
        except OUTAGE:
            raise
        except Exception as error:  # noqa: BLE001  # told to whoever asked, who knows what becomes of the row
            if len(rows) == 1:
                return {rows[0].id: error}
        return {row.id: letter for row in rows for letter in (await self.of([row])).values()}

    async def _in_one(self, tx: Transaction, rows: Sequence[Delivery]) -> Mapping[int, Letter | Exception]:
        """Raises StorageError: the transaction is broken then, for all of them."""
        letters: dict[int, Letter | Exception] = {}
        tellings: dict[Says | None, list[Telling]] = defaultdict(list)
        for row, telling in await self._tellings(tx, rows):
            if isinstance(telling, Exception):
                letters[row.id] = telling
            else:
                is_one_of_many = row.says in RENDER_MANY and row.method is Method.POST
                tellings[row.says if is_one_of_many else None].append(telling)
        for says, group in tellings.items():
            contents = await (RENDER_MANY[says](group) if says else _one_by_one(group))
            for telling in group:
                content = contents[telling.row.id]
                letters[telling.row.id] = content if isinstance(content, Exception) else _letter(telling, content)
        return letters

    async def _tellings(
        self, tx: Transaction, rows: Sequence[Delivery]
    ) -> Sequence[tuple[Delivery, Telling | LookupError]]:
        now = self._clock.now()
        workspaces = {one.id: one for one in await tx.workspaces.with_ids({row.workspace_id for row in rows})}
        members = await tx.members.with_terms({row.member_id for row in rows if row.member_id is not None}, now)
        rests = await tx.rests.of_all(members)
        tellings: list[tuple[Delivery, Telling | LookupError]] = []
        for row in rows:
            workspace = workspaces.get(row.workspace_id)
            whom = stranger(row, now) if row.member_id is None else members.get(row.member_id)
            if workspace is None or workspace.bot_token is None or whom is None:
                tellings.append((row, LookupError("nobody to say it to")))
            else:
                member, terms = whom
                excused = Excused(days_off=terms.days_off, rests=tuple(rests.get(member.id, ())))
                tellings.append((row, Telling(tx, row, workspace, member, terms, excused, now)))
        return tellings

    async def sent(self, work: Work, row: Delivery, place: Place) -> None:
        if row.says in SENT_MANY and row.method is Method.POST:
            await SENT_MANY[row.says](work, [(row, place)])
        elif row.says in SENT:
            await SENT[row.says](work, row, place)

    async def sent_many(self, work: Work, sent: Iterable[tuple[Delivery, Place]]) -> None:
        """What follows for each of them. What goes wrong with one is logged: it is said, and stays said.

        Raises StorageError: the transaction is broken then, for all of them.
        """
        groups: dict[Says | None, list[tuple[Delivery, Place]]] = defaultdict(list)
        for row, place in sent:
            is_one_of_many = row.says in SENT_MANY and row.method is Method.POST
            groups[row.says if is_one_of_many else None].append((row, place))
        for says, group in groups.items():
            if says:
                await SENT_MANY[says](work, group)
                continue
            for row, place in group:
                try:
                    await self.sent(work, row, place)
                except StorageError:
                    raise
                except Exception:
                    log.exception("what follows a message could not be done", says=row.says)

    async def unsay(self, work: Work, row: Delivery, place: Place) -> None:
        """Its member deleted everything while it was being sent: a post in a channel is taken down again."""
        is_post = row.method is Method.POST and "channel" in row.refs and row.member_id is not None
        if is_post and place.ts is not None:
            await work.say_to_stranger(
                row.workspace_id,
                "",
                Says.TAKEN_DOWN,
                {"ts": place.ts},
                method=Method.DELETE,
                channel=place.channel,
            )

    async def uncertain(self, work: Work, row: Delivery) -> None:
        if row.says in UNSURE:
            await UNSURE[row.says](work, row)

    async def held(self, work: Work, row: Delivery, until: datetime) -> None:
        if row.says in HELD:
            await HELD[row.says](work, row, until)

    async def let_pass(self, work: Work, row: Delivery) -> None:
        if row.says in PASSED:
            await PASSED[row.says](work, row)

    async def unsaid(self, work: Work, row: Delivery) -> None:
        if row.says in UNSAID and row.method is Method.POST:
            await UNSAID[row.says](work, row)

    async def refused(self, work: Work, row: Delivery, error: str) -> None:
        if row.says in REFUSED:
            await REFUSED[row.says](work, row, error)


async def _one_by_one(tellings: Sequence[Telling]) -> Mapping[int, Content | Exception | None]:
    contents: dict[int, Content | Exception | None] = {}
    for telling in tellings:
        try:
            contents[telling.row.id] = await RENDER[telling.row.says](telling)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  # told to whoever asked, who knows what becomes of the row
            contents[telling.row.id] = error
    return contents


def _letter(telling: Telling, content: Content | None) -> Letter:
    """While its member wants quiet nothing comes by itself; in quiet hours and on days of rest it waits."""
    row, now, held_until = telling.row, telling.now, None
    if row.method is Method.POST and not row.is_reply and row.says in UNPROMPTED:
        if not _may_be_told(telling):
            content = None
        elif content is not None and row.says is not Says.CUE:  # its moment is its own
            may_come = allowed_from(now, telling.terms, telling.excused)
            held_until = may_come if may_come > now else None
    return Letter(
        content=content,
        workspace=telling.workspace,
        member=telling.member,
        terms=telling.terms,
        held_until=held_until,
    )


def _may_be_told(telling: Telling) -> bool:
    """Whether it is still agreed to, and its member does not want quiet. What they put off themselves is no reminder;
    the message about silence is the one that comes when nothing else does any more."""
    member, row = telling.member, telling.row
    if not is_agreed(telling.terms, row.says) and "snoozed" not in row.refs:
        return False
    if row.says is Says.SILENCE:
        member = member.model_copy(update={"quiet_since": None})
    return member.is_reachable(telling.now)


def stranger(row: Delivery, now: datetime) -> tuple[Member, Terms] | None:
    """Someone of whom nothing is kept, as far as the row names them; None when it names nobody."""
    if "to" not in row.refs:
        return None
    member = Member(
        id=0,
        workspace_id=row.workspace_id,
        slack_id=str(row.refs["to"]),
        channel_id=str(row.refs["channel"]) if "channel" in row.refs else None,
        zone="UTC",
        locale="en-US",
        is_admin=False,
        joined_at=now,
        read_at=now,
    )
    return member, default_terms(member.zone, now.date())
