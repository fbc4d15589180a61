"""Owners hear who cheered a win of theirs: in a check-in, or once in the afternoon."""

from contextlib import suppress
from datetime import datetime

from bot.domain.calendar import local_date
from bot.domain.deliveries import Says
from bot.domain.members import Member
from bot.domain.wins import TELL_WITHIN, tell_up_to
from bot.services.budget import has_room, take_room, with_room
from bot.services.terms import terms_of
from bot.services.work import AlreadyHandled, Units, Work
from bot.storage.repositories.people import NO_SENSE


class Cheers:
    """Each member's turn is one transaction. That somebody cheers is in `wins`."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def tell_due(self) -> None:
        """In the afternoon, owners hear who cheered until then; not on days on which a check-in can tell them."""
        now = self._units.clock.now()
        async with self._units.database.read() as tx:
            waiting = await tx.cheers.waiting(now - TELL_WITHIN)
            told_now = {zone: _tell_up_to(now, zone) for zone, _ in waiting.values()}
            up_to = {
                owner: until
                for owner, (zone, first) in waiting.items()
                if (until := told_now[zone]) is not None and first <= until
            }
            owners = await with_room(tx, list(up_to), now, Says.CHEERS) if up_to else []
        for owner in owners:
            with suppress(AlreadyHandled, *NO_SENSE):
                await self._tell(owner, up_to[owner.id])

    async def _tell(self, member: Member, up_to: datetime) -> None:
        async with self._units.for_member(member) as (work, owner):
            if not await has_room(work, owner, Says.CHEERS):
                return
            told = await claim_untold_cheers(work, owner, up_to)
            if told:
                await take_room(work, owner)
                key = f"cheers:{owner.id}:{local_date(work.now, owner.zone)}"
                await work.once(owner.workspace_id, key)
                await work.say(owner, Says.CHEERS, {"cheers": told}, key=key, at=work.now)


async def claim_untold_cheers(work: Work, member: Member, up_to: datetime) -> str:
    """The cheers given until then that their owner has not heard of, as a message's refs name them: by ids, never whom
    they are from, who may want to be forgotten. From now on they have heard; none while they do not want to."""
    if not (await terms_of(work.tx, member, work.now)).tell_cheers:
        return ""
    untold = [cheer.id for cheer in await work.tx.cheers.untold(member.id, work.now - TELL_WITHIN, up_to)]
    if untold:
        await work.tx.cheers.mark_told(untold, work.now)
    return " ".join(map(str, untold))


def _tell_up_to(now: datetime, zone: str) -> datetime | None:
    """None too for whom nobody here can tell when it is afternoon: a check-in can name who cheered."""
    try:
        return tell_up_to(now, zone)
    except NO_SENSE:
        return None
