"""Where someone is with a commitment, how ready they are, and why: what they click about it."""

from datetime import timedelta
from typing import Final

from bot.domain.commitments import Commitment
from bot.domain.deliveries import Method, Refs, Says
from bot.domain.guides.guide import GuideId
from bot.domain.members import Member
from bot.domain.readiness import LABELS, LEAVE_IT_THERE_LABEL, Stage
from bot.services.commitments import said_back_at, set_stage
from bot.services.guides import library
from bot.services.sittings import drop_those_of, open_at_once
from bot.services.turns import next_turn
from bot.services.work import Gone, Units, Work, owned

ASKED_FOR: Final = timedelta(hours=24)
"""How long what is typed may answer "Where are you with it?"."""

TYPED: Final[dict[str, Stage | None]] = {
    **{label.casefold(): stage for stage, label in LABELS.items()},
    LEAVE_IT_THERE_LABEL.casefold(): None,
}


class Readiness:
    """Each method is one transaction, and harmless when it comes twice."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._guides: Final = {stage: GuideId(library().for_stage(stage).id) for stage in Stage}

    async def choose(
        self, member: Member, commitment_id: int, stage: Stage | None, *, key: str, ts: str | None
    ) -> None:
        """The answer to "Where are you with it?", asked in the message at `ts`; None leaves it there.

        Another answer replaces the first, and with it the conversation that had begun. Where it changes nothing, as in
        an old message, that one says what holds.
        """
        async with self._units.for_member(member, key) as (work, owner):
            commitment = await owned(work.tx.commitments, owner, commitment_id)
            chosen = await work.tx.stages.of(commitment.id)
            if commitment.is_open and not (chosen and chosen[-1].stage is stage):
                await self._choose(work, owner, commitment, stage, ts)
            else:
                await _show(work, owner, commitment, ts)

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
        await drop_those_of(work, member, commitment, self._guides.values())
        await _show(work, member, commitment, ts)
        if stage is None:
            await next_turn(work, member)
        else:
            await open_at_once(work, member, self._guides[stage], commitment)
        await work.refresh_home(member)

    async def open(self, member: Member, commitment_id: int, guide: GuideId, *, key: str) -> None:
        """A sitting that its member clicked for."""
        async with self._units.for_member(member, key) as (work, owner):
            commitment = await owned(work.tx.commitments, owner, commitment_id)
            if not commitment.is_open:
                raise Gone
            await open_at_once(work, owner, guide, commitment)


async def _show(work: Work, member: Member, commitment: Commitment, ts: str | None) -> None:
    if ts is not None:
        refs: Refs = {"commitment": commitment.id, "ts": ts}
        await work.say(member, Says.COMMITTED, refs, method=Method.UPDATE)
