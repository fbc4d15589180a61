"""Where someone is with a commitment, how ready they are, and why: what they click about it."""

from typing import Final

from bot.domain.commitments import Commitment
from bot.domain.deliveries import Method, Refs, Says
from bot.domain.guides.guide import GuideId
from bot.domain.members import Member
from bot.domain.readiness import Stage
from bot.domain.sittings import SittingStatus
from bot.services.commitments import set_stage
from bot.services.conversations import Conversations
from bot.services.guides import library
from bot.services.turns import next_turn, set_aside
from bot.services.work import Gone, Units, Work, owned


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
            commitment = await owned(work.tx.commitments, owner, commitment_id)
            chosen = await work.tx.stages.of(commitment.id)
            if not commitment.is_open or (chosen and chosen[-1].stage is stage):
                return
            commitment = await set_stage(work, commitment, stage)
            await self._drop_begun(work, owner, commitment)
            if ts is not None:
                refs: Refs = {"commitment": commitment.id, "ts": ts}
                await work.say(owner, Says.COMMITTED, refs, method=Method.UPDATE)
            if stage is None:
                await next_turn(work, owner)
            else:
                await self._conversations.open_at_once(work, owner, self._guides[stage], commitment)
            await work.refresh_home(owner)

    async def open(self, member: Member, commitment_id: int, guide: GuideId, *, key: str) -> None:
        """A sitting that its member clicked for."""
        async with self._units.for_member(member, key) as (work, owner):
            commitment = await owned(work.tx.commitments, owner, commitment_id)
            if not commitment.is_open:
                raise Gone
            await self._conversations.open_at_once(work, owner, guide, commitment)

    async def _drop_begun(self, work: Work, member: Member, commitment: Commitment) -> None:
        for sitting in await work.tx.conversations.about(commitment.id):
            if sitting.guide in self._guides.values():
                await set_aside(work, member, sitting, SittingStatus.STOPPED)
