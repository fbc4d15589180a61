"""After silence: the message's ways on, and how quiet ends. Whatever a member does ends it."""

from collections.abc import Sequence

from bot.domain.agreements import Terms
from bot.domain.calendar import lighter
from bot.domain.commitments import Commitment
from bot.domain.deliveries import Method, Says
from bot.domain.guides.guide import GuideId
from bot.domain.members import Member
from bot.domain.silence import ABOUT_EVERYTHING, Reason, Way
from bot.services.outcomes import change_rules
from bot.services.scheduling import resume_asking
from bot.services.sittings import open_at_once
from bot.services.terms import terms_of
from bot.services.work import Gone, Units, Work

GUIDES = {reason: GuideId(reason) for reason in Reason if reason is not Reason.NOT_WHAT_I_WANT} | {
    Reason.NOT_WHAT_I_WANT: GuideId.STALLED
}
"""What each reason opens: back to what it is for, where it is not wanted."""


class Silence:
    """Each method is one transaction, and harmless when it comes twice. `ts` is the message that was clicked."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def heard(self, member: Member) -> None:
        """They did something, if only looked at a form: what was left in peace goes on as agreed."""
        if member.quiet_since is not None:
            async with self._units.begin() as work:
                await heard(work, await work.tx.members.hear(member.id, work.now))

    async def answer(self, member: Member, way: Way, *, key: str, ts: str | None) -> None:
        """What was clicked, in the message's place. Nothing has changed by it but that its member was heard of."""
        async with self._units.for_member(member, key) as (work, owner):
            await _show(work, owner, ts, shows=way)

    async def name_someone(self, member: Member, *, key: str) -> None:
        """They would rather talk to a person."""
        async with self._units.for_member(member, key) as (work, owner):
            await work.say(owner, Says.A_PERSON)

    async def look_into(
        self, member: Member, reason: Reason, commitment_id: int | None, *, key: str, ts: str | None
    ) -> None:
        """Opens the reason's questions, about a commitment where it needs one: the only one, or the one that was named.

        Raises Gone for a commitment that is not there.
        """
        async with self._units.for_member(member, key) as (work, owner):
            active = await work.tx.commitments.active(owner.id)
            if commitment_id is None and reason not in ABOUT_EVERYTHING and len(active) > 1:
                await _show(work, owner, ts, shows="which", reason=reason)
                return
            about = None if reason in ABOUT_EVERYTHING else _named(active, commitment_id)
            await open_at_once(work, owner, GUIDES[reason], about)
            refs = {"commitment": about.id} if about else {}
            await _show(work, owner, ts, shows="looked_into", reason=reason, **refs)

    async def ask_less(self, member: Member, version: int, *, key: str, ts: str | None) -> None:
        """A lighter cadence, if the ground rules are still those of that version; 0 are the default ones."""
        async with self._units.for_member(member, key) as (work, owner):
            terms, current = await _rules(work, owner)
            if current == version:
                await change_rules(work, owner, {"cadence": lighter(terms.cadence, terms.days_off)})
                current += 1
            await _show(work, owner, ts, shows="less", version=current)

    async def ask_as_before(self, member: Member, version: int, *, key: str, ts: str | None) -> None:
        """The days that the version before had, if no other came since."""
        async with self._units.for_member(member, key) as (work, owner):
            _, current = await _rules(work, owner)
            before = await work.tx.agreements.version(owner.id, version - 1)
            if current == version and before is not None:
                await change_rules(work, owner, {"cadence": before.terms.cadence})
            await _show(work, owner, ts, shows="undone")


async def heard(work: Work, member: Member) -> Member:
    """Quiet ends with whatever its member does. Of a habit no day before is asked about."""
    if member.quiet_since is None:
        return member
    back = await work.tx.members.change(member.id, quiet_since=None)
    await resume_asking(work, back, work.now, away_since=member.quiet_since)
    await work.refresh_home(back)
    return back


async def show_that_quiet_is_over(work: Work, member: Member) -> None:
    """They typed something: the message that said it would be quiet says what holds now, while it is known where it
    is."""
    said = await work.tx.deliveries.last_said(member.id, Says.SILENCE)
    await _show(work, member, said.ts if said is not None else None, shows=Way.BACK)


async def _show(work: Work, member: Member, ts: str | None, **refs: int | str) -> None:
    if ts is not None:
        await work.say(member, Says.SILENCE, {**refs, "ts": ts}, method=Method.UPDATE)


async def _rules(work: Work, member: Member) -> tuple[Terms, int]:
    agreement = await work.tx.agreements.current(member.id)
    return await terms_of(work.tx, member, work.now), agreement.version if agreement else 0


def _named(active: Sequence[Commitment], commitment_id: int | None) -> Commitment:
    """Raises Gone when it is not among them."""
    found = [one for one in active if commitment_id in (None, one.id)]
    if not found:
        raise Gone
    return found[0]
