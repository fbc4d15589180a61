"""What Home and the list show."""

from collections import defaultdict
from datetime import date, datetime
from typing import Final

from bot.domain.calendar import local_date, same_local_day
from bot.domain.check_ins import Item
from bot.domain.commitments import UNDO_LETTING_GO, Commitment, Revision, State
from bot.domain.habits import tally
from bot.domain.members import Member
from bot.domain.overview import Overview as View
from bot.domain.overview import Standing
from bot.services.check_ins import open_items
from bot.services.terms import excused_of, terms_of
from bot.services.work import Units
from bot.storage.transaction import Transaction

RECENT_WINS: Final = 5


class Overview:
    """Everything of one member at a glance."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def of(self, member: Member) -> View:
        async with self._units.database.read() as tx:
            now = self._units.clock.now()
            return await overview_of(tx, await tx.members.get(member.id), now)

    async def show_home(self, team_id: str, slack_id: str) -> None:
        """Someone opened Home: it is brought up to date, and kept so for a while. Whom we do not know stays unknown:
        opening Home is no reason to keep a row.
        """
        async with self._units.begin() as work:
            workspace = await work.tx.workspaces.by_team(team_id)
            if workspace is None:
                return
            member = await work.tx.members.open_home(workspace.id, slack_id, work.now)
            if member is not None:
                await work.refresh_home(member)
            else:
                await work.show_first_home(workspace.id, slack_id)


async def overview_of(tx: Transaction, member: Member, now: datetime) -> View:
    terms = await terms_of(tx, member, now)
    agreement = await tx.agreements.current(member.id)
    commitments = sorted(await tx.commitments.open(member.id), key=lambda one: (one.state is not State.ACTIVE, one.id))
    ids = [one.id for one in commitments]
    lines: dict[int, list[tuple[Item, date]]] = defaultdict(list)
    for item, opened_on in await tx.items.habit_answers([one.id for one in commitments if one.is_habit]):
        lines[item.commitment_id].append((item, opened_on))
    revisions: dict[int, list[Revision]] = defaultdict(list)
    for revision in await tx.revisions.of_all(ids):
        revisions[revision.commitment_id].append(revision)
    readiness: dict[int, list[int]] = defaultdict(list)
    for answer in await tx.answers.ratings(ids):
        if answer.commitment_id is not None and answer.text.isdecimal():
            readiness[answer.commitment_id].append(int(answer.text))

    excused, today = await excused_of(tx, member, now), local_date(now, terms.cadence.zone)

    def standing(commitment: Commitment) -> Standing:
        return Standing(
            commitment=commitment,
            revisions=tuple(revisions[commitment.id]),
            tally=tally(commitment.habit_days, lines[commitment.id], excused) if commitment.is_habit else None,
            readiness=tuple(readiness[commitment.id]),
        )

    latest = await tx.check_ins.latest_shown(member.id)
    waiting = (
        latest is not None
        and same_local_day(latest.opened_at, now, terms.cadence.zone)
        and bool(await open_items(tx, latest))
    )
    remind_at = latest.remind_at if latest and waiting else None
    if remind_at is not None and not same_local_day(remind_at, now, terms.cadence.zone):
        remind_at = None
    coming = [*await _put_off(tx, member), await tx.commitments.next_due_of(member.id)]
    return View(
        member=member,
        now=now,
        terms=terms,
        agreed_at=agreement.agreed_at if agreement else None,
        standings=tuple(standing(one) for one in commitments),
        closed=tuple(await tx.commitments.closed_since(member.id, now - UNDO_LETTING_GO)),
        wins=tuple(await tx.wins.recent(member.id, RECENT_WINS)),
        next_at=min((at for at in coming if at is not None and at != remind_at), default=None),
        waiting=waiting,
        remind_at=remind_at,
        resting=next((one for one in excused.rests if one.covers(today)), None),
    )


async def _put_off(tx: Transaction, member: Member) -> list[datetime | None]:
    """When comes what they put off, unless something newer asks about all of it."""
    coming = []
    for check_in in await tx.check_ins.put_off(member.id):
        asked_since = {item.commitment_id for item in await tx.items.newer(check_in)}
        if any(item.commitment_id not in asked_since for item in await open_items(tx, check_in)):
            coming.append(check_in.remind_at)
    return coming
