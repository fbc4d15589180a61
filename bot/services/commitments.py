"""Making commitments, and what their owner does with them later."""

from datetime import date, datetime, time

from pydantic import Field

from bot.domain.agreements import Initiative
from bot.domain.calendar import Cadence, Weekday
from bot.domain.commitments import Commitment, Kind, Revision, State
from bot.domain.cues import Cue
from bot.domain.deliveries import Method, Refs, Says
from bot.domain.guides.guide import GuideId
from bot.domain.members import Member
from bot.domain.planning import next_cue, next_due
from bot.domain.readiness import Stage
from bot.domain.records import Record
from bot.services.cues import set_cue
from bot.services.returning import show_welcome
from bot.services.scheduling import activate, pause_one, reschedule, start_again
from bot.services.sittings import open_sitting
from bot.services.terms import agree, may_ask, terms_of
from bot.services.turns import ask_no_more, redraw
from bot.services.work import Gone, Units, Work, owned


class NewCommitment(Record):
    """What the modal asks. `cadence`: None keeps the agreed check-in days; `is_its_own`: it was typed for this one, and
    is not to be agreed on for all. `on_request`: only when I start."""

    text: str = Field(repr=False, min_length=1)
    kind: Kind = Kind.ONCE
    due_day: date | None = None
    due_time: time | None = None
    habit_days: tuple[Weekday, ...] = ()
    cadence: Cadence | None = None
    is_its_own: bool = False
    cue: Cue | None = None
    on_request: bool = False


class Revised(Record):
    """A commitment as its owner wants it from now on."""

    text: str = Field(repr=False, min_length=1)
    due_day: date | None = None
    due_time: time | None = None
    habit_days: tuple[Weekday, ...] = ()
    cadence: Cadence | None = None
    cue: Cue | None = None
    stage: Stage | None = None
    done_looks_like: str | None = Field(default=None, repr=False)

    @classmethod
    def of(cls, commitment: Commitment) -> "Revised":
        """As it is."""
        return cls(**{name: getattr(commitment, name) for name in cls.model_fields})


class Commitments:
    """Each method is one transaction, and harmless when it comes twice."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def make(self, member: Member, new: NewCommitment, *, key: str) -> None:
        """Keeps it, and says it back with the question where they are with it."""
        async with self._units.for_member(member, key) as (work, before):
            owner = await start_again(work, before)
            agreed = await work.tx.agreements.current(owner.id)
            terms = await terms_of(work.tx, owner, work.now)
            own = new.cadence
            if agreed is None:
                # The first choice of days is the agreement's; later ones belong to their commitment.
                initiative = Initiative.I_START if new.on_request else terms.initiative
                agreed_on = terms.cadence if new.is_its_own else own or terms.cadence
                terms = terms.model_copy(update={"cadence": agreed_on, "initiative": initiative})
                own = own if new.is_its_own else None
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
                cue=new.cue,
                created_at=work.now,
            )
            due = next_due(commitment, terms, owner, work.now, await work.tx.rests.of(owner.id))
            told = next_cue(commitment, terms, work.now)
            await work.tx.commitments.change(commitment.id, next_due_at=due, next_cue_at=told)
            await work.say(owner, Says.COMMITTED, {"commitment": commitment.id}, key=_key_of(commitment))
            await work.refresh_home(owner)

    async def read(self, member: Member, commitment_id: int) -> tuple[Commitment, list[Revision]]:
        """A commitment with the words it had before. Raises Gone."""
        async with self._units.database.read() as tx:
            commitment = await owned(tx.commitments, member, commitment_id)
            return commitment, await tx.revisions.of(commitment.id)

    async def revise(self, member: Member, commitment_id: int, revised: Revised, *, key: str) -> None:
        """Other words or another date: those of before are kept with today's date. Another stage opens nothing."""
        async with self._units.for_member(member, key) as (work, owner):
            before = await owned(work.tx.commitments, owner, commitment_id)
            if (before.text, before.due_day, before.due_time) != (revised.text, revised.due_day, revised.due_time):
                await work.tx.revisions.add(
                    workspace_id=owner.workspace_id,
                    commitment_id=before.id,
                    text=before.text,
                    due_day=before.due_day,
                    due_time=before.due_time,
                    revised_at=work.now,
                )
            await work.tx.commitments.change(before.id, **revised.model_dump(exclude={"stage", "cue"}))
            if revised.cue != before.cue:
                await set_cue(work, owner, before, revised.cue)
            if revised.stage is not before.stage:
                await set_stage(work, before, revised.stage)
            if (revised.cadence, revised.habit_days) != (before.cadence, before.habit_days):
                await reschedule(work, owner)
            await _said_back(work, owner, before)
            await _shown(work, owner)

    async def finish(self, member: Member, commitment_id: int, *, key: str) -> None:
        """Done: a tick, and no more questions but what helped, as after a Done in a check-in."""
        async with self._units.for_member(member, key) as (work, owner):
            commitment = await owned(work.tx.commitments, owner, commitment_id)
            await close(work, owner, commitment, State.DONE)
            await _shown(work, owner)
            if commitment.is_open and await may_ask(work, owner, GuideId.WRAP_UP):
                await open_sitting(work, owner, GuideId.WRAP_UP, commitment, unasked=True)

    async def let_go(self, member: Member, commitment_id: int, *, key: str) -> None:
        """It can be taken back for thirty days."""
        async with self._units.for_member(member, key) as (work, owner):
            await close(work, owner, await owned(work.tx.commitments, owner, commitment_id), State.LET_GO)
            await _shown(work, owner)

    async def pause(self, member: Member, commitment_id: int, until: datetime | None, *, key: str) -> None:
        """No check-ins about it until an instant, or until its owner says so."""
        async with self._units.for_member(member, key) as (work, owner):
            commitment = await owned(work.tx.commitments, owner, commitment_id)
            if commitment.is_open:
                await pause_one(work, commitment, until)
            await _shown(work, owner)

    async def resume(self, member: Member, commitment_id: int, *, key: str, ended_in: int | None = None) -> None:
        """Active again, whether it was paused, let go or done. `ended_in`: the sitting whose last words offered it."""
        async with self._units.for_member(member, key) as (work, owner):
            commitment = await owned(work.tx.commitments, owner, commitment_id)
            if commitment.state is State.PAUSED or commitment.can_be_restored(work.now):
                await activate(work, owner, commitment, work.now, away_since=commitment.away_since)
            elif not commitment.is_open:
                raise Gone
            sitting = await work.tx.conversations.owned(owner.id, ended_in) if ended_in is not None else None
            if sitting is not None:
                await redraw(work, owner, sitting)
            await _shown(work, owner)


async def close(work: Work, member: Member, commitment: Commitment, state: State) -> Commitment:
    """Done or let go: no more check-ins and questions about it. What is closed stays as it is."""
    if not commitment.is_open:
        return commitment
    closed = await work.tx.commitments.change(
        commitment.id, state=state, closed_at=work.now, next_due_at=None, paused_until=None
    )
    await ask_no_more(work, member, commitment.id)
    return closed


async def set_stage(work: Work, commitment: Commitment, stage: Stage | None) -> Commitment:
    """Keeps the choice with its history."""
    await work.tx.stages.add(
        workspace_id=commitment.workspace_id, commitment_id=commitment.id, stage=stage, chosen_at=work.now
    )
    return await work.tx.commitments.change(commitment.id, stage=stage)


def _key_of(commitment: Commitment) -> str:
    """Under which it is said back, once."""
    return f"committed:{commitment.id}"


async def said_back_at(work: Work, commitment: Commitment) -> str | None:
    """The message that said it back, while it is known where it is."""
    said = await work.tx.deliveries.keyed(commitment.workspace_id, _key_of(commitment))
    return said.ts if said is not None else None


async def _said_back(work: Work, member: Member, commitment: Commitment) -> None:
    """The message that said it back says what holds now, while it is known where it is."""
    ts = await said_back_at(work, commitment)
    if ts is not None and commitment.state is State.ACTIVE:
        refs: Refs = {"commitment": commitment.id, "ts": ts}
        await work.say(member, Says.COMMITTED, refs, method=Method.UPDATE)


async def _shown(work: Work, member: Member) -> None:
    """Home, the latest check-in and the latest welcome show what has changed."""
    latest = await work.tx.check_ins.latest_shown(member.id)
    if latest is not None:
        await work.say(member, Says.CHECK_IN, {"check_in": latest.id}, method=Method.UPDATE)
    await show_welcome(work, member)
    await work.refresh_home(member)
