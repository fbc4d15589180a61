"""Quiet until a date, or for good; and the way back."""

from datetime import datetime

from bot.domain.calendar import local_date
from bot.domain.deliveries import Method, Says
from bot.domain.members import Member
from bot.services import scheduling
from bot.services.returning import welcome
from bot.services.scheduling import activate, resume_asking
from bot.services.terms import terms_of
from bot.services.work import Units, Work


class Pauses:
    """While someone wants quiet nothing is sent, nothing piles up, and nothing is said about it afterwards.

    A check-in or a reminder on its way is dropped when it is to be rendered.
    """

    def __init__(self, units: Units) -> None:
        self._units = units

    async def pause(self, member: Member, until: datetime | None, *, key: str, say: bool = False) -> None:
        """Silent at once, until an instant or until they say so. `say`: nothing else shows them that it is."""
        async with self._units.for_member(member, key) as (work, owner):
            resting = await scheduling.pause(work, owner, until)
            if say:
                await work.say(resting, Says.QUIET)

    async def resume(self, member: Member, *, key: str, ts: str | None = None) -> datetime | None:
        """Ends a pause; when the next check-in is, if there is one.

        `ts`: a message that said it was quiet. It and the newest that did are brought up to date.
        """
        async with self._units.for_member(member, key) as (work, owner):
            if owner.paused_at is not None:
                await _resume(work, owner, work.now)
            newest = await work.tx.deliveries.last_said(owner.id, Says.QUIET)
            for each in {ts, newest.ts if newest else None} - {None}:
                await work.say(owner, Says.QUIET, {"ts": str(each)}, method=Method.UPDATE)
            return await work.tx.commitments.next_due_of(owner.id)

    async def end_due(self) -> None:
        """Ends the pauses whose time has come. Unless dates passed, the next check-in is all that is heard of it."""
        async with self._units.database.read() as tx:
            now = self._units.clock.now()
            members = {*await tx.members.with_pause_over(now), *await tx.commitments.with_pause_over(now)}
        await self._units.for_each(sorted(members), _end_pauses)

    async def stop(self, member: Member, *, key: str) -> None:
        """Every check-in and reminder ends now. What was written stays until its owner deletes it."""
        async with self._units.for_member(member, key) as (work, owner):
            await scheduling.stop(work, owner)

    async def start_again(self, member: Member, *, key: str) -> None:
        """After a stop everything is as it was."""
        async with self._units.for_member(member, key) as (work, owner):
            await work.refresh_home(await scheduling.start_again(work, owner))


async def _end_pauses(work: Work, member: Member) -> None:
    if member.paused_until is not None and member.paused_until <= work.now:
        zone = (await terms_of(work.tx, member, work.now)).cadence.zone
        away_since, occurrence = local_date(member.paused_at or work.now, zone), f"pause:{member.paused_until}"
        await _resume(work, member, member.paused_until)
        member = await work.tx.members.get(member.id)
        await welcome(work, member, away_since, occurrence)
    for commitment in await work.tx.commitments.paused_until(member.id, work.now):
        await activate(work, member, commitment, commitment.paused_until or work.now, away_since=commitment.paused_at)
        await work.refresh_home(member)


async def _resume(work: Work, member: Member, since: datetime) -> None:
    back = await work.tx.members.change(member.id, paused_at=None, paused_until=None)
    await resume_asking(work, back, since, away_since=member.paused_at)
    await work.refresh_home(back)
