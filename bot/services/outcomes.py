"""What a sitting ended with, brought about: something changes about its commitment, or in the ground rules."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from bot.domain.agreements import AfterNotYet, Initiative, Terms, Tone
from bot.domain.calendar import ONE_DAY, carried, lighter, local_date
from bot.domain.commitments import Commitment, State
from bot.domain.guides.guide import Outcome
from bot.domain.members import Member
from bot.domain.planning import next_due
from bot.domain.response import remind_at
from bot.services import scheduling
from bot.services.scheduling import reschedule
from bot.services.terms import agree, terms_of
from bot.services.work import Work

RULES: Final[Mapping[Outcome, Mapping[str, Any]]] = {
    Outcome.GENTLE: {"tone": Tone.GENTLE, "after_not_yet": AfterNotYet.LEAVE_IT},
    Outcome.DIRECT: {"tone": Tone.DIRECT},
    Outcome.QUESTIONS_ONLY: {"tone": Tone.QUESTIONS},
    Outcome.I_START: {"initiative": Initiative.I_START},
    Outcome.NO_SHARING: {"offer_sharing": False},
}
"""Outcomes that are other ground rules."""

REMINDING: Final = ("cadence", "initiative", "remind", "remind_at", "remind_after", "quiet_hours")
"""Fields of `Terms` that say when the one reminder comes; of the cadence it is the zone."""


async def bring_about(work: Work, member: Member, commitment: Commitment | None, outcome: Outcome) -> None:
    """What its member chose. What is closed stays as it is."""
    match outcome:
        case Outcome.REST:
            await scheduling.pause(work, member, None)
        case Outcome.STOP:
            await scheduling.stop(work, member)
        case Outcome.ASK_LESS:
            terms = await terms_of(work.tx, member, work.now)
            await change_rules(work, member, {"cadence": lighter(terms.cadence, terms.days_off)})
        case _ if outcome in RULES:
            await change_rules(work, member, RULES[outcome])
        case _ if commitment is not None and commitment.is_open:
            await _about_one(work, member, commitment, outcome)


async def change_rules(work: Work, member: Member, changes: Mapping[str, Any]) -> None:
    """A new version of the ground rules, and everything planned by it."""
    before = await terms_of(work.tx, member, work.now)
    terms = before.model_copy(update=changes)
    await agree(work, member, terms)
    moves = terms.cadence.zone != before.cadence.zone
    along = await _on_the_clock_of(work, member, before) if moves else []
    if moves:
        member = await _move(work, member, before.cadence.zone, terms.cadence.zone)
    await _remind_as_agreed(work, member, before, terms)
    if terms.initiative is Initiative.I_START:
        await scheduling.leave_unsent(work, member)
    await reschedule(work, member)
    if moves:
        await _ask_once(work, member, along, before, terms)
    await work.refresh_home(member)


async def _on_the_clock_of(work: Work, member: Member, terms: Terms) -> list[int]:
    zone = terms.cadence.zone
    return [
        one.id for one in await work.tx.commitments.active(member.id) if (one.cadence or terms.cadence).zone == zone
    ]


async def _ask_once(work: Work, member: Member, along: Collection[int], before: Terms, terms: Terms) -> None:
    """What comes along had its check-ins on the clock of before: none comes again when the new one shows their time."""
    shown = carried(work.now, before.cadence.zone, terms.cadence.zone)
    rests = await work.tx.rests.of(member.id)
    for one in await work.tx.commitments.active(member.id):
        if one.id in along and one.next_due_at is not None and work.now < one.next_due_at <= shown:
            due = next_due(one, terms, member, shown, rests)
            tomorrow, asks_from = local_date(shown, terms.cadence.zone) + ONE_DAY, one.asks_from
            if not one.is_habit and (due is None or local_date(due, terms.cadence.zone) >= tomorrow):
                asks_from = max(tomorrow, asks_from or tomorrow)  # whatever else is changed today
            await work.tx.commitments.change(one.id, next_due_at=due, asks_from=asks_from)


async def _remind_as_agreed(work: Work, member: Member, before: Terms, terms: Terms) -> None:
    """A reminder that is still to come comes when it is agreed on now, if that is still to come."""
    if all(getattr(before, name) == getattr(terms, name) for name in REMINDING):
        return
    for check_in in await work.tx.check_ins.to_be_reminded_of(member.id):
        at = remind_at(check_in.opened_at, terms) if terms.initiative is Initiative.ASK_ME else None
        await work.tx.check_ins.change(check_in.id, remind_at=at if at is not None and at > work.now else None)


async def _move(work: Work, member: Member, before: str, zone: str) -> Member:
    """One clock for everything: check-ins of a commitment's own, the ends of pauses and holidays, and what was put off
    keep the wall times that were said."""

    def come_along(at: datetime | None) -> datetime | None:
        return at and carried(at, before, zone)

    for one in await work.tx.commitments.all_with(member_id=member.id):  # what is closed may be brought back
        own = one.cadence
        if own is not None and own.zone == before:
            own = own.model_copy(update={"zone": zone})
        if own != one.cadence or one.paused_until is not None:
            await work.tx.commitments.change(one.id, cadence=own, paused_until=come_along(one.paused_until))
    for rest in await work.tx.rests.of(member.id):
        await work.tx.rests.change(rest.id, returns_at=come_along(rest.returns_at))
    for check_in in await work.tx.check_ins.put_off(member.id):
        await work.tx.check_ins.change(check_in.id, remind_at=come_along(check_in.remind_at))
    return await work.tx.members.change(member.id, paused_until=come_along(member.paused_until))


async def _about_one(work: Work, member: Member, commitment: Commitment, outcome: Outcome) -> None:
    match outcome:
        case Outcome.LET_GO | Outcome.GOT_THIS:
            state = State.LET_GO if outcome is Outcome.LET_GO else State.DONE
            await work.tx.commitments.change(
                commitment.id, state=state, closed_at=work.now, next_due_at=None, paused_until=None
            )
        case Outcome.PAUSE:
            await scheduling.pause_one(work, commitment, None)
        case Outcome.LIGHTER_CADENCE:
            terms = await terms_of(work.tx, member, work.now)
            cadence = lighter(commitment.cadence or terms.cadence, terms.days_off)
            await work.tx.commitments.change(commitment.id, cadence=cadence)
            await reschedule(work, member)
