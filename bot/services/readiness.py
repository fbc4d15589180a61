"""Where someone is with a commitment, how ready they are, and why: what they click about it."""

from datetime import timedelta
from typing import Final

from bot.domain.commitments import Commitment
from bot.domain.deliveries import Method, Says
from bot.domain.guides.guide import GuideId
from bot.domain.members import Member
from bot.domain.readiness import LABELS, LEAVE_IT_THERE_LABEL, Stage
from bot.services.commitments import owned, said_back_at, set_stage
from bot.services.conversations import Conversations
from bot.services.guides import library
from bot.services.turns import next_turn
from bot.services.work import Gone, Units, Work

ASKED_FOR: Final = timedelta(hours=24)
"""How long what is typed may answer "Where are you with it?"."""

TYPED: Final[dict[str, Stage | None]] = {
    **{label.casefold(): stage for stage, label in LABELS.items()},
    LEAVE_IT_THERE_LABEL.casefold(): None,
}


class Readiness:
    """Each method is one transaction, and harmless when it comes twice."""

    def __init__(self, units: Units, conversations: Conversations) -> None:
        self._units = units
        self._conversations = conversations
        self._guides: Final = {stage: GuideId(library().for_stage(stage).id) for stage in Stage}

    async def choose(
        self, member: Member, commitment_id: int, stage: Stage | None, *, key: str, ts: str | None
    ) -> None:
        """The answer to "Where are you with it?", asked in the message at `ts`; None leaves it there.

        Another answer replaces the first, and with it the conversation that had begun.
        """
        async with self._units.for_member(member, key) as (work, owner):
            commitment = await owned(work, owner, commitment_id)
            chosen = await work.tx.stages.of(commitment.id)
            if commitment.is_open and not (chosen and chosen[-1].stage is stage):
                await self._choose(work, owner, commitment, stage, ts)

    async def take_stage(self, work: Work, member: Member, text: str) -> bool:
        """The words of a button under "Where are you with it?", typed: about the newest commitment whose question is
        still unanswered. False when there is none, or it is something else."""
        if text not in TYPED:
            return False
        asked = await self.asked_about(work, member)
        if asked is None:
            return False
        stage, ts = TYPED[text], await said_back_at(work, asked)
        if stage is None:
            await work.phrase(member, "left_there")
        await self._choose(work, member, asked, stage, ts)
        return True

    async def asked_about(self, work: Work, member: Member) -> Commitment | None:
        """The newest commitment of these days, if "Where are you with it?" stands unanswered below it."""
        active = await work.tx.commitments.active(member.id)
        newest = max(active, key=lambda one: (one.created_at, one.id), default=None)
        if newest is None or work.now - newest.created_at > ASKED_FOR or await work.tx.stages.of(newest.id):
            return None
        return newest

    async def _choose(
        self, work: Work, member: Member, commitment: Commitment, stage: Stage | None, ts: str | None
    ) -> None:
        commitment = await set_stage(work, commitment, stage)
        await self._drop_begun(work, member, commitment)
        if ts is not None:
            refs: dict[str, int | str] = {"commitment": commitment.id, "ts": ts}
            await work.say(member, Says.COMMITTED, refs, method=Method.UPDATE)
        if stage is None:
            await next_turn(work, member)
        else:
            await self._conversations.open_at_once(work, member, self._guides[stage], commitment)
        await work.refresh_home(member)

    async def rate(self, member: Member, commitment_id: int, *, key: str) -> None:
        """The ruler from 1 to 10, a sitting of its own."""
        await self._open(member, commitment_id, GuideId.RULER, key)

    async def remind_why(self, member: Member, commitment_id: int, *, key: str) -> None:
        """What was written about why it matters, and whether that is still true; asked, when nothing was."""
        await self._open(member, commitment_id, GuideId.REMIND_ME_WHY, key)

    async def plan(self, member: Member, commitment_id: int, *, key: str) -> None:
        """A line for a moment or an obstacle, said back once."""
        await self._open(member, commitment_id, GuideId.IF_THEN, key)

    async def try_once(self, member: Member, commitment_id: int, *, key: str) -> None:
        """Something to try instead of a promise."""
        await self._open(member, commitment_id, GuideId.TRY_ONCE, key)

    async def _open(self, member: Member, commitment_id: int, guide: GuideId, key: str) -> None:
        async with self._units.for_member(member, key) as (work, owner):
            commitment = await owned(work, owner, commitment_id)
            if not commitment.is_open:
                raise Gone
            await self._conversations.open_at_once(work, owner, guide, commitment)

    async def _drop_begun(self, work: Work, member: Member, commitment: Commitment) -> None:
        for sitting in await work.tx.conversations.about(commitment.id):
            if sitting.guide in self._guides.values():
                await self._conversations.drop(work, member, sitting)
