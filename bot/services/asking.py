"""Asking: check-ins that are asked for."""

from collections.abc import Sequence

from bot.domain.calendar import local_date, same_local_day
from bot.domain.check_ins import CheckIn, Origin, key_of
from bot.domain.commitments import Commitment
from bot.domain.deliveries import Refs, Says
from bot.domain.members import Member
from bot.domain.opening import Line, lines_about
from bot.services.check_ins import open_items
from bot.services.cheers import claim_untold_cheers
from bot.services.scheduling import ask_after
from bot.services.terms import excused_of, on_agreed_clock
from bot.services.work import Units, Work


class Asking:
    """Each method is one transaction, and harmless when it comes twice."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def ask_now(self, member: Member, *, key: str) -> bool:
        """A check-in on request, about everything active; False when there is nothing to ask about.

        One that is still open today is not doubled: it comes down to where its member is, with what is new.
        """
        async with self._units.for_member(member, key) as (work, locked):
            owner = await on_agreed_clock(work.tx, locked, work.now)
            active = await work.tx.commitments.active(owner.id)
            latest = await work.tx.check_ins.latest(owner.id)
            if latest is not None and await self._is_open_today(work, owner, latest):
                items = await work.tx.items.of(latest.id)
                known = {item.commitment_id for item in items}
                lines = await self._lines(work, owner, [one for one in active if one.id not in known], latest.origin)
                await self._add_items(work, owner, latest, lines, first=len(items))
                if latest.snoozed:
                    await work.tx.check_ins.change(latest.id, remind_at=None, snoozed=False)
                if latest.ts is None:  # held back until now, or on its way
                    await work.tx.check_ins.change(latest.id, remind_at=None)
                    if not await work.tx.deliveries.hurry(owner.workspace_id, key_of(latest.id), work.now):
                        await say_check_in(work, owner, latest)
                else:
                    await work.say(owner, Says.REMINDER, {"check_in": latest.id, "again": 1})
                return True
            check_in = await self._write(work, owner, active)
            if check_in is None:
                return False
            await say_check_in(work, owner, check_in)
            return True

    async def _write(self, work: Work, member: Member, commitments: Sequence[Commitment]) -> CheckIn | None:
        """The rows of a check-in that its member asked for; None when there is nothing to ask, or when it was asked
        for twice at the same moment."""
        lines = await self._lines(work, member, commitments, Origin.ASKED)
        if not lines:
            return None
        check_in = await work.tx.check_ins.add_once(
            "member_id",
            "origin",
            "occurrence",
            workspace_id=member.workspace_id,
            member_id=member.id,
            origin=Origin.ASKED,
            occurrence=work.now,
            opened_at=work.now,
            zone=member.zone,
            late=False,
        )
        if check_in is not None:
            await self._add_items(work, member, check_in, lines)
        return check_in

    async def _lines(
        self, work: Work, member: Member, commitments: Sequence[Commitment], origin: Origin
    ) -> Sequence[Line]:
        last_days = await work.tx.openings.last_days(one.id for one in commitments if one.is_habit)
        excused = await excused_of(work.tx, member, work.now)
        return tuple(lines_about(commitments, last_days, origin, member.zone, work.now, excused=excused))

    async def _add_items(
        self, work: Work, member: Member, check_in: CheckIn, lines: Sequence[Line], first: int = 0
    ) -> None:
        """What is asked about now is not asked about again today, nor announced."""
        for position, line in enumerate(lines, start=first):
            await work.tx.items.add(
                workspace_id=check_in.workspace_id,
                check_in_id=check_in.id,
                commitment_id=line.commitment.id,
                position=position,
                since=line.since,
                trying=line.trying,
                days=(),
            )
        await ask_after(work, member, {line.commitment.id for line in lines}, local_date(work.now, member.zone))

    async def _is_open_today(self, work: Work, member: Member, check_in: CheckIn) -> bool:
        if not same_local_day(check_in.opened_at, work.now, member.zone):
            return False
        if check_in.ts is None and await self._came_to_nothing(work, check_in):
            return False
        return bool(await open_items(work.tx, check_in))

    async def _came_to_nothing(self, work: Work, check_in: CheckIn) -> bool:
        """Whether its message will not be sent any more."""
        said = await work.tx.deliveries.keyed(check_in.workspace_id, key_of(check_in.id))
        return said is not None and said.is_over


async def say_check_in(work: Work, member: Member, check_in: CheckIn) -> None:
    """Its first message, once."""
    if await work.tx.deliveries.keyed(check_in.workspace_id, key_of(check_in.id)) is not None:
        return  # on its way
    cheered = await claim_untold_cheers(work, member, work.now) if check_in.origin is Origin.SCHEDULED else ""
    refs: Refs = {"check_in": check_in.id}
    if cheered:
        refs["cheered"] = cheered
    await work.say(member, Says.CHECK_IN, refs, key=key_of(check_in.id))
