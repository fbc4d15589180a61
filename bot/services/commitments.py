"""Making commitments, and what their owner does with them later."""

from datetime import date, datetime, time

from pydantic import Field

from bot.domain.agreements import Initiative, Terms
from bot.domain.calendar import Cadence, Weekday, next_instant
from bot.domain.commitments import Commitment, Kind, State
from bot.domain.deliveries import Method, Says
from bot.domain.members import Member
from bot.domain.readiness import Stage
from bot.domain.records import Record
from bot.services.agreements import agree, terms_of
from bot.services.conversations import Conversations
from bot.services.work import Gone, Units, Work


class NewCommitment(Record):
    """What the modal asks. `cadence`: None keeps the agreed check-in days. `on_request`: only when I start."""

    text: str = Field(repr=False, min_length=1)
    kind: Kind = Kind.ONCE
    due_day: date | None = None
    due_time: time | None = None
    habit_days: tuple[Weekday, ...] = ()
    cadence: Cadence | None = None
    on_request: bool = False


class Commitments:
    """Each method is one transaction, and harmless when it comes twice."""

    def __init__(self, units: Units, conversations: Conversations) -> None:
        self._units = units
        self._conversations = conversations

    async def make(self, member: Member, new: NewCommitment, *, key: str) -> None:
        """Keeps it, and says it back with the question where they are with it."""
        async with self._units.for_member(member, key) as (work, owner):
            agreed = await work.tx.agreements.current(owner.id)
            terms = await terms_of(work.tx, owner, work.now)
            own = new.cadence
            if agreed is None:
                # The first choice of days is the agreement's; later ones belong to their commitment.
                changes = {"cadence": own or terms.cadence}
                if new.on_request:
                    changes["initiative"] = Initiative.I_START
                terms, own = terms.model_copy(update=changes), None
                await agree(work, owner, terms)
            commitment = await work.tx.commitments.add(
                workspace_id=owner.workspace_id,
                member_id=owner.id,
                text=new.text,
                kind=new.kind,
                due_day=new.due_day,
                due_time=new.due_time,
                habit_days=new.habit_days,
                state=State.ACTIVE,
                cadence=own,
                next_due_at=next_due(own, terms, owner, work.now),
                created_at=work.now,
            )
            await work.tx.members.change(owner.id, stopped_at=None)
            await work.say(owner, Says.COMMITTED, {"commitment": commitment.id})
            await work.refresh_home(owner)

    async def restate(self, work: Work, member: Member, commitment_id: int, ts: str | None) -> None:
        """Brings the message that said a commitment back up to date."""
        if ts is not None:
            await work.say(member, Says.COMMITTED, {"commitment": commitment_id, "ts": ts}, method=Method.UPDATE)


def next_due(own: Cadence | None, terms: Terms, member: Member, now: datetime) -> datetime | None:
    """When a commitment is asked about next; None while its owner starts the check-ins or wants quiet.

    After a pause it is the first occasion that the pause leaves.
    """
    if terms.initiative is Initiative.I_START or member.stopped_at is not None:
        return None
    if member.paused_at is not None:
        if member.paused_until is None:
            return None
        now = max(now, member.paused_until)
    return next_instant(own or terms.cadence, now)


async def owned(work: Work, member: Member, commitment_id: int) -> Commitment:
    """The member's commitment. Raises Gone."""
    commitment = await work.tx.commitments.of(member.id, commitment_id)
    if commitment is None:
        raise Gone
    return commitment


async def set_stage(work: Work, commitment: Commitment, stage: Stage | None) -> Commitment:
    """Keeps the choice with its history."""
    await work.tx.stages.add(
        workspace_id=commitment.workspace_id, commitment_id=commitment.id, stage=stage, chosen_at=work.now
    )
    return await work.tx.commitments.change(commitment.id, stage=stage)


async def reschedule(work: Work, member: Member) -> None:
    """Plans each active commitment's next check-in anew, after days, quiet or initiative changed."""
    terms = await terms_of(work.tx, member, work.now)
    for commitment in await work.tx.commitments.active(member.id):
        due = next_due(commitment.cadence, terms, member, work.now)
        await work.tx.commitments.change(commitment.id, next_due_at=due)
