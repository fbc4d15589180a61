"""Opening: what is due becomes check-ins, hundreds of members in one transaction."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.domain import silence
from bot.domain.check_ins import key_of
from bot.domain.deliveries import Refs, Says
from bot.domain.members import Member
from bot.domain.opening import TOGETHER, opening
from bot.domain.sittings import SittingStatus
from bot.domain.wins import TELL_WITHIN
from bot.services.cheers import claim_untold_cheers
from bot.services.turns import set_aside
from bot.services.work import NothingToDo, Scheduled, Units, Work
from bot.storage.repositories.openings import Opened
from bot.storage.repositories.people import NO_SENSE

AT_A_TIME: Final = 200
"""Commitments taken in one transaction: enough to make statements cheap, few enough to let clicks in between."""

A_FEW: Final = 50
"""Members thought about before others have the loop."""

ASIDE: Final = timedelta(hours=1)
"""Until when what cannot be opened is left alone."""

log = structlog.get_logger(__name__)


class Opening:
    """Opens check-ins, and plans the next ones, in the transaction that writes down what is to be said."""

    def __init__(self, units: Units) -> None:
        self._units = units
        # One after the other, so that of two who take at once neither waits for what the other holds.
        self._taking = asyncio.Lock()

    async def open_due(self) -> int:
        """Opens some of what is due now, the earliest first; of how many members. 0: nothing is left to us."""
        async with self._units.courtesy.step():
            async with self._units.database.read() as tx:
                if not await tx.openings.any_due(self._units.clock.now()):
                    return 0
            with suppress(NothingToDo):
                async with self._units.begin() as work:
                    return await self._open_some(work)
            return 0

    async def _open_some(self, work: Work) -> int:
        async with self._taking:
            count = self._units.courtesy.at_a_time(AT_A_TIME)
            due = await work.tx.openings.take(work.now, work.now + TOGETHER, count)
        if not due.situations and not due.broken:
            raise NothingToDo
        opened, broken = list[Opened](), dict(due.broken)
        for number, here in enumerate(due.situations, 1):
            try:
                opened.append((here, opening(here, work.now)))
            except NO_SENSE as error:
                broken[here.member.id] = type(error).__name__
            if number % A_FEW == 0:
                await asyncio.sleep(0)
        if broken:
            log.error("what was due could not be opened", members=sorted(broken), errors=set(broken.values()))
            await work.tx.openings.put_aside(broken, work.now, work.now + ASIDE)
        check_ins = await work.tx.openings.write(opened, work.now)
        await self._say(work, [one for one in opened if one[0].member.id in check_ins], check_ins)
        await self._fall_silent(work, [one for one in opened if one[1].falls_silent])
        return len(opened) or len(broken)

    async def _say(self, work: Work, opened: Sequence[Opened], check_ins: Mapping[int, int]) -> None:
        cheered = await work.tx.cheers.owners_to_tell(check_ins, work.now - TELL_WITHIN)
        messages = []
        for here, one in opened:
            member = here.member
            if one.is_said:
                if here.running_since is not None:
                    await put_question_off(work, member)
                told = await claim_untold_cheers(work, member, work.now) if member.id in cheered else ""
                messages.append(_message(member, check_ins[member.id], told, one.occurrence))
            elif not one.waits:
                await work.refresh_home(member)
        await work.schedule(messages)

    async def _fall_silent(self, work: Work, opened: Sequence[Opened]) -> None:
        for here, _ in opened:
            if here.running_since is not None:
                await put_question_off(work, here.member)
            await work.refresh_home(here.member)
        await work.schedule(
            Scheduled(here.member, Says.SILENCE, {}, silence.key_of(here.member.id, one.occurrence), work.now)
            for here, one in opened
        )


async def put_question_off(work: Work, member: Member) -> None:
    """A question that nobody answered gives way to the check-in, and is offered once more after it."""
    running = await work.tx.conversations.running(member.id)
    if running is not None:
        await set_aside(work, member, running, SittingStatus.LATER)


def _message(member: Member, check_in_id: int, cheered: str, at: datetime) -> Scheduled:
    refs: Refs = {"check_in": check_in_id} | ({"cheered": cheered} if cheered else {})
    return Scheduled(member, Says.CHECK_IN, refs, key_of(check_in_id), at)
