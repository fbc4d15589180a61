"""Days of rest: they begin, they can be taken back, and nothing is asked on them or about them."""

from datetime import date, datetime
from typing import Any

from bot.domain.agreements import Terms
from bot.domain.calendar import end_of_day, local_date
from bot.domain.check_ins import Answer
from bot.domain.deliveries import Method, Refs, Says
from bot.domain.members import Member
from bot.domain.rests import Rest, RestKind, last_day_of_week
from bot.domain.returning import is_long
from bot.services.check_ins import open_items
from bot.services.reminding import next_reminder
from bot.services.scheduling import reschedule
from bot.services.terms import agree, terms_of
from bot.services.work import Units, Work, owned


class Rests:
    """Each method is one transaction, and harmless when it comes twice."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def read(self, member: Member) -> tuple[Terms, list[Rest], date]:
        """The ground rules, what of rest is not over, and the day that it is on the agreed clock."""
        async with self._units.database.read() as tx:
            now = self._units.clock.now()
            terms = await terms_of(tx, member, now)
            today = local_date(now, terms.cadence.zone)
            return terms, await tx.rests.ending_on_or_after(member.id, today), today

    async def not_today(self, member: Member, *, key: str, say: bool = False) -> Rest:
        """Quiet for what is left of this day. `say`: nothing else shows them that it is."""
        return await self._begin_now(member, RestKind.NOT_TODAY, key=key, say=say)

    async def rough_week(self, member: Member, *, key: str, say: bool = False) -> Rest:
        """Quiet until Monday."""
        return await self._begin_now(member, RestKind.ROUGH_WEEK, key=key, say=say)

    async def change(
        self,
        member: Member,
        changes: dict[str, Any],
        holiday: tuple[date, date] | None,
        *,
        key: str,
        say: bool = False,
    ) -> None:
        """Other quiet hours, days off or holds (fields of `Terms`), and one more holiday: first and last day.

        `say`: nothing else shows them what holds now. Where nothing changed, nothing is said.
        """
        async with self._units.for_member(member, key) as (work, owner):
            before = await terms_of(work.tx, owner, work.now)
            terms = before.model_copy(update=changes)
            await agree(work, owner, terms)
            refs: Refs = {}
            if holiday is not None:
                refs["rest"] = (await begin(work, owner, RestKind.HOLIDAY, *holiday)).id
            await reschedule(work, owner)
            if say and (refs or terms != before):
                await work.say(owner, Says.TIME_OFF, refs)
            await work.refresh_home(owner)

    async def undo(
        self, member: Member, rest_id: int, *, key: str, ts: str | None = None
    ) -> tuple[datetime | None, str]:
        """As if it had never been said. What it put off today is open again.

        `ts`: the message that told of it, to be brought up to date. When the next check-in is, if there is one, and
        the agreed zone.
        """
        async with self._units.for_member(member, key) as (work, owner):
            rest = await owned(work.tx.rests, owner, rest_id)
            await work.tx.rests.forget(rest.id)
            await _ask_again(work, owner, rest)
            await reschedule(work, owner)
            if ts is not None:
                await work.say(owner, Says.RESTING, {"rest": rest.id, "ts": ts}, method=Method.UPDATE)
            await work.refresh_home(owner)
            zone = (await terms_of(work.tx, owner, work.now)).cadence.zone
            return await work.tx.commitments.next_due_of(owner.id), zone

    async def _begin_now(self, member: Member, kind: RestKind, *, key: str, say: bool) -> Rest:
        async with self._units.for_member(member, key) as (work, owner):
            return await begin_now(work, owner, kind, say=say)


async def begin_now(work: Work, member: Member, kind: RestKind, *, say: bool) -> Rest:
    """Quiet for what is left of this day, or until Monday. `say`: nothing else shows them that it is."""
    today = await _today(work, member)
    last = last_day_of_week(today) if kind is RestKind.ROUGH_WEEK else today
    rest = await begin(work, member, kind, today, last)
    await reschedule(work, member)
    if say:
        await work.say(member, Says.RESTING, {"rest": rest.id})
    await work.refresh_home(member)
    return rest


async def begin(work: Work, member: Member, kind: RestKind, first_day: date, last_day: date) -> Rest:
    """One more rest, or the one that is the same. When it begins today, what is open today is put off by it."""
    known = await work.tx.rests.ending_on_or_after(member.id, first_day)
    for rest in known:
        if (rest.kind, rest.first_day, rest.last_day) == (kind, first_day, last_day):
            return rest
    rest = await _add(work, member, kind, first_day, last_day)
    if rest.covers(await _today(work, member)):
        await _put_off(work, member, rest)
    return rest


async def _add(work: Work, member: Member, kind: RestKind, first_day: date, last_day: date) -> Rest:
    zone = (await terms_of(work.tx, member, work.now)).cadence.zone
    comes_back = kind is RestKind.HOLIDAY and is_long(first_day, last_day)
    return await work.tx.rests.add(
        workspace_id=member.workspace_id,
        member_id=member.id,
        kind=kind,
        first_day=first_day,
        last_day=last_day,
        created_at=work.now,
        returns_at=end_of_day(last_day, zone) if comes_back else None,
    )


async def let_pass(work: Work, member: Member, check_in_id: int) -> None:
    """A check-in was held all day: it is as if it had not been planned, and its day is one of rest, though not for cues
    and for what was asked before. What it would have asked about other days, the next one asks, and whom it would have
    named, the next one names."""
    check_in = await work.tx.check_ins.find(check_in_id)
    if check_in is None or check_in.ts is not None or check_in.answered_at is not None:
        return
    await work.tx.cheers.forget_telling(member.id, check_in.opened_at)
    await work.tx.check_ins.forget(check_in.id)
    today = await _today(work, member)
    await _add(work, member, RestKind.HELD, today, today)
    await reschedule(work, member)
    await work.refresh_home(member)


async def _put_off(work: Work, member: Member, rest: Rest) -> None:
    """What is open today folds to "Not today", except for days that were ticked: they are the answer. What its member
    put off until after this rest comes then."""
    await work.tx.check_ins.forget_reminders(member.id)
    zone = (await terms_of(work.tx, member, work.now)).cadence.zone
    latest = await work.tx.check_ins.latest(member.id)
    if latest is None or local_date(latest.opened_at, zone) != local_date(work.now, zone):
        return
    if latest.snoozed and latest.remind_at is not None and not rest.covers(local_date(latest.remind_at, zone)):
        return
    for item in await open_items(work.tx, latest):
        answer = Answer.DAYS if item.days else Answer.NOT_TODAY
        await work.tx.items.change(item.id, answer=answer, answered_at=work.now)
    await work.tx.check_ins.change(latest.id, answered_at=latest.answered_at or work.now, remind_at=None, snoozed=False)
    await work.say(member, Says.CHECK_IN, {"check_in": latest.id}, method=Method.UPDATE)


async def _ask_again(work: Work, member: Member, rest: Rest) -> None:
    """The lines that this rest put off are open again."""
    latest = await work.tx.check_ins.latest(member.id)
    if latest is None:
        return
    put_off = [item for item in await work.tx.items.of(latest.id) if item.answered_at == rest.created_at]
    if not put_off:
        return
    for item in put_off:
        await work.tx.items.change(item.id, answer=None, answered_at=None)
    answered_at = None if latest.answered_at == rest.created_at else latest.answered_at
    unanswered = await work.tx.check_ins.change(latest.id, answered_at=answered_at)
    await work.tx.check_ins.change(latest.id, remind_at=await next_reminder(work, member, unanswered))
    await work.say(member, Says.CHECK_IN, {"check_in": latest.id}, method=Method.UPDATE)


async def _today(work: Work, member: Member) -> date:
    return local_date(work.now, (await terms_of(work.tx, member, work.now)).cadence.zone)
