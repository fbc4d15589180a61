"""Asking: check-ins opened when they are due or asked for, and the one reminder."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from bot.domain.agreements import Terms
from bot.domain.calendar import habit_days_between, instants, later_today, local_date, same_local_day
from bot.domain.check_ins import CheckIn, Origin, last_day_asked
from bot.domain.commitments import Commitment
from bot.domain.deliveries import Says
from bot.domain.members import Member
from bot.domain.planning import next_due
from bot.domain.sittings import SittingStatus
from bot.services.check_ins import open_items
from bot.services.terms import on_agreed_clock, terms_of
from bot.services.turns import set_aside
from bot.services.wins import claim_untold_cheers
from bot.services.work import Units, Work

TOGETHER: Final = timedelta(hours=1)
"""What falls due within an hour is one message."""

WAITS: Final = timedelta(hours=1)
"""A check-in waits this long for a conversation under way; then the conversation rests."""


class Asking:
    """Each method is one transaction, and harmless when it comes twice."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def open_due(self) -> int:
        """Opens what is due now and plans what comes next; for how many members."""
        async with self._units.database.read() as tx:
            members = await tx.commitments.with_due(self._units.clock.now())
        return await self._units.for_each(members, self._open_for)

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
                await self._add_items(work, latest, lines, first=len(items))
                if latest.ts is None:  # held back until now, or on its way
                    await work.tx.check_ins.change(latest.id, remind_at=None)
                    await self._say(work, owner, latest)
                else:
                    await work.say(owner, Says.REMINDER, {"check_in": latest.id, "again": 1})
                return True
            check_in = await self._write(work, owner, active, Origin.ASKED)
            if check_in is None:
                return False
            await self._say(work, owner, check_in)
            return True

    async def _open_for(self, work: Work, member: Member) -> None:
        terms = await terms_of(work.tx, member, work.now)
        member = await on_agreed_clock(work.tx, member, work.now)
        due = await work.tx.commitments.due_of(member.id, work.now)
        if not due:  # another process was quicker
            return
        today = [one for one in due if _still_today(one, terms, member, work)]
        if today:
            due = await work.tx.commitments.due_of(member.id, work.now + TOGETHER)
            today += [one for one in due if one.next_due_at and one.next_due_at > work.now]
        occurrence = max((one.next_due_at for one in due if one.next_due_at), default=work.now)
        for one in due:
            follows = max(work.now, one.next_due_at or work.now)
            await work.tx.commitments.change(one.id, next_due_at=next_due(one, terms, member, follows))
        if not member.is_reachable(work.now):
            return
        if not today:
            await work.tx.check_ins.add_once(
                "member_id",
                "origin",
                "occurrence",
                **_check_in_values(member, Origin.SCHEDULED, occurrence, work),
                late=True,
            )
            await work.refresh_home(member)
            return
        answered = await self._asked_today(work, member)
        wanted = [one for one in today if one.id not in answered]
        check_in = await self._write(work, member, wanted, Origin.SCHEDULED, occurrence=occurrence, terms=terms)
        if check_in is None:
            return
        running = await work.tx.conversations.running(member.id)
        if running is not None and work.now - running.asked_at < WAITS:
            await work.tx.check_ins.change(check_in.id, remind_at=running.asked_at + WAITS)
            return
        await self._rest(work, member)
        await self._say(work, member, check_in)

    async def _rest(self, work: Work, member: Member) -> None:
        """A question that nobody answered gives way to the check-in, and is offered once more after it."""
        running = await work.tx.conversations.running(member.id)
        if running is not None:
            await set_aside(work, member, running, SittingStatus.LATER)

    async def _asked_today(self, work: Work, member: Member) -> set[int]:
        """What the member already checked in about today, by themself."""
        latest = await work.tx.check_ins.latest(member.id)
        if latest is None or latest.origin is not Origin.ASKED:
            return set()
        if not same_local_day(latest.opened_at, work.now, member.zone):
            return set()
        return {item.commitment_id for item in await work.tx.items.of(latest.id)}

    async def _write(
        self,
        work: Work,
        member: Member,
        commitments: Sequence[Commitment],
        origin: Origin,
        *,
        occurrence: object = None,
        terms: Terms | None = None,
    ) -> CheckIn | None:
        """The rows of a check-in; None when there is nothing to ask, or when this occurrence has its check-in."""
        lines = await self._lines(work, member, commitments, origin)
        if not lines:
            return None
        remind_at = await self._remind_at(work, member, terms) if terms else None
        check_in = await work.tx.check_ins.add_once(
            "member_id",
            "origin",
            "occurrence",
            **_check_in_values(member, origin, occurrence or work.now, work),
            remind_at=remind_at,
            late=False,
        )
        if check_in is None:
            return None
        await self._add_items(work, check_in, lines)
        return check_in

    async def _lines(
        self, work: Work, member: Member, commitments: Sequence[Commitment], origin: Origin
    ) -> list[tuple[Commitment, date | None]]:
        """What is to be asked, a habit with the first day it is asked about; one without such a day is left out."""
        until = last_day_asked(origin, work.now, member.zone)
        lines = [(one, await self._since(work, member, one)) for one in commitments]
        return [(one, since) for one, since in lines if since is None or _asks(one, since, until)]

    async def _add_items(
        self, work: Work, check_in: CheckIn, lines: Sequence[tuple[Commitment, date | None]], first: int = 0
    ) -> None:
        for position, (one, since) in enumerate(lines, start=first):
            await work.tx.items.add(
                workspace_id=check_in.workspace_id,
                check_in_id=check_in.id,
                commitment_id=one.id,
                position=position,
                since=since,
                trying=one.trying,
                days=(),
            )

    async def _is_open_today(self, work: Work, member: Member, check_in: CheckIn) -> bool:
        if not same_local_day(check_in.opened_at, work.now, member.zone):
            return False
        if check_in.ts is None and await self._came_to_nothing(work, check_in):
            return False
        return bool(await open_items(work.tx, check_in))

    async def _came_to_nothing(self, work: Work, check_in: CheckIn) -> bool:
        """Whether its message will not be sent any more."""
        said = await work.tx.deliveries.keyed(check_in.workspace_id, _key(check_in))
        return said is not None and said.is_over

    async def _since(self, work: Work, member: Member, commitment: Commitment) -> date | None:
        """The first day a habit is asked about: the one after those asked about last, and never one of a pause. None
        for what is asked about as a whole: no habit, or something to try once."""
        if not commitment.is_habit or commitment.trying is not None:
            return None
        last = await work.tx.items.last_about_days(commitment.id)
        if last is None or last.since is None:
            since = local_date(commitment.created_at, member.zone)
        else:
            check_in = await work.tx.check_ins.get(last.check_in_id)
            until = last_day_asked(check_in.origin, check_in.opened_at, member.zone)
            if check_in.ts is None and last.answer is None:
                since = last.since  # its member was never asked
            elif until == local_date(check_in.opened_at, member.zone) and until not in last.days:
                since = until  # the day was not over
            else:
                since = until + timedelta(days=1)
        return max(since, commitment.asks_from or since)

    async def _remind_at(self, work: Work, member: Member, terms: Terms) -> object:
        """Once more later today, unless the check-in before was left unanswered: then we do not press."""
        before = await work.tx.check_ins.last_scheduled(member.id)
        if not terms.remind or (before is not None and before.answered_at is None and before.ts is not None):
            return None
        return later_today(work.now, terms.remind_at, terms.cadence.zone)

    async def _say(self, work: Work, member: Member, check_in: CheckIn) -> None:
        if await work.tx.deliveries.keyed(check_in.workspace_id, _key(check_in)) is not None:
            return  # on its way
        cheered = await claim_untold_cheers(work, member) if check_in.origin is Origin.SCHEDULED else ()
        refs: dict[str, int | str] = {"check_in": check_in.id}
        if cheered:
            refs["cheered"] = " ".join(cheered)
        await work.say(member, Says.CHECK_IN, refs, key=_key(check_in))

    # Reminding

    async def remind_due(self) -> None:
        """The one reminder for what was not answered; and check-ins that waited long enough for a conversation."""
        async with self._units.database.read() as tx:
            members = await tx.check_ins.with_reminder(self._units.clock.now())
        await self._units.for_each(members, self._remind_of)

    async def _remind_of(self, work: Work, member: Member) -> None:
        member = await on_agreed_clock(work.tx, member, work.now)
        for check_in in await work.tx.check_ins.to_remind(member.id, work.now):
            await self._remind(work, member, check_in)

    async def _remind(self, work: Work, member: Member, check_in: CheckIn) -> None:
        is_today = same_local_day(check_in.opened_at, work.now, member.zone)
        await work.tx.check_ins.change(check_in.id, remind_at=None)
        if check_in.answered_at is not None or not is_today or not member.is_reachable(work.now):
            return
        if not await open_items(work.tx, check_in):  # done, paused or let go from the list
            return
        running = await work.tx.conversations.running(member.id)
        if running is not None and check_in.ts is not None and work.now - running.asked_at < WAITS:
            await work.tx.check_ins.change(check_in.id, remind_at=running.asked_at + WAITS)
            return
        await self._rest(work, member)
        if check_in.ts is None:
            await self._say(work, member, check_in)
        else:
            await work.tx.check_ins.change(check_in.id, reminded_at=work.now)
            await work.say(member, Says.REMINDER, {"check_in": check_in.id}, key=f"reminder:{check_in.id}")


def _key(check_in: CheckIn) -> str:
    return f"check_in:{check_in.id}"


def _still_today(commitment: Commitment, terms: Terms, member: Member, work: Work) -> bool:
    """Whether its latest occurrence up to now is of the member's present day."""
    latest = commitment.next_due_at
    for instant in instants(commitment.cadence or terms.cadence, commitment.next_due_at or work.now):
        if instant > work.now:
            break
        latest = instant
    return latest is not None and same_local_day(latest, work.now, member.zone)


def _asks(commitment: Commitment, since: date, until: date) -> bool:
    return bool(habit_days_between(commitment.habit_days, since, until))


def _check_in_values(member: Member, origin: Origin, occurrence: object, work: Work) -> dict[str, object]:
    return {
        "workspace_id": member.workspace_id,
        "member_id": member.id,
        "origin": origin,
        "occurrence": occurrence,
        "opened_at": work.now,
    }
