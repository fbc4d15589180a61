"""Check-ins that come once more: the one reminder, and those that their member put off."""

from datetime import datetime

from bot.domain.check_ins import CheckIn
from bot.domain.deliveries import Method, Refs, Says
from bot.domain.members import Member
from bot.domain.opening import is_ignored
from bot.domain.reminding import Turn, Waiting, turn
from bot.domain.response import remind_at
from bot.services.asking import say_check_in
from bot.services.check_ins import open_items
from bot.services.opening import put_question_off
from bot.services.terms import excused_of, on_agreed_clock, terms_of
from bot.services.work import Scheduled, Units, Work


class Reminding:
    """Each member's turn is one transaction."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def remind_due(self) -> None:
        """What was not answered, and what waited for a conversation, for the end of quiet hours or for its time."""
        async with self._units.database.read() as tx:
            members = await tx.check_ins.with_reminder(self._units.clock.now())
        await self._units.for_each(members, _remind)


async def next_reminder(work: Work, member: Member, check_in: CheckIn) -> datetime | None:
    """When the one reminder of an open check-in comes, if it is still to come."""
    if is_ignored(await work.tx.check_ins.reminded(member.id)):
        return None
    at = remind_at(check_in.opened_at, await terms_of(work.tx, member, work.now))
    return at if check_in.reminded_at is None and at is not None and at > work.now else None


async def _remind(work: Work, member: Member) -> None:
    member = await on_agreed_clock(work.tx, member, work.now)
    for check_in in await work.tx.check_ins.to_remind(member.id, work.now):
        await _take_turn(work, member, check_in)


async def _take_turn(work: Work, member: Member, check_in: CheckIn) -> None:
    step = turn(await _waiting(work, member, check_in), work.now)
    waits = step.turn is Turn.WAIT
    await work.tx.check_ins.change(check_in.id, remind_at=step.until, snoozed=check_in.snoozed and waits)
    if waits or step.turn is Turn.NOTHING:
        if check_in.snoozed:  # its message names a time
            await work.say(member, Says.CHECK_IN, {"check_in": check_in.id}, method=Method.UPDATE)
        return
    await put_question_off(work, member)
    match step.turn:
        case Turn.SAY:
            await say_check_in(work, member, check_in)
        case Turn.REMIND:
            await work.tx.check_ins.change(check_in.id, reminded_at=work.now)
            await _leave_to_newer(work, check_in)
            await _say_again(work, member, check_in, f"reminder:{check_in.id}", {})
        case Turn.ASK_AGAIN:
            key = f"snoozed:{check_in.id}:{check_in.remind_at}"
            asked_anew = check_in.model_copy(update={"opened_at": work.now})
            at = await next_reminder(work, member, asked_anew)
            await work.tx.check_ins.change(check_in.id, remind_at=at)
            await _leave_to_newer(work, check_in)
            await _say_again(work, member, check_in, key, {"snoozed": 1})


async def _leave_to_newer(work: Work, check_in: CheckIn) -> None:
    """What newer ones ask about, and perhaps have an answer to, is not asked here once more; a line on which something
    stands already stays."""
    newer = await work.tx.items.newer(check_in)
    for item in await open_items(work.tx, check_in):
        if item.note is None and not item.days and any(one.covers(item) for one in newer):
            await work.tx.items.forget(item.id)


async def _say_again(work: Work, member: Member, check_in: CheckIn, key: str, refs: Refs) -> None:
    await work.schedule([Scheduled(member, Says.REMINDER, {"check_in": check_in.id, **refs}, key, work.now)])


async def _waiting(work: Work, member: Member, check_in: CheckIn) -> Waiting:
    running = await work.tx.conversations.running(member.id)
    return Waiting(
        check_in=check_in,
        member=member,
        terms=await terms_of(work.tx, member, work.now),
        open_commitments=frozenset(item.commitment_id for item in await open_items(work.tx, check_in)),
        asked_since=frozenset(item.commitment_id for item in await work.tx.items.newer(check_in)),
        excused=await excused_of(work.tx, member, work.now),
        running_since=running.asked_at if running else None,
        reminded=await work.tx.check_ins.reminded(member.id),
    )
