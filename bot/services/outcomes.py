"""What a sitting ended with, brought about: something changes about its commitment, or in the ground rules."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.agreements import AfterNotYet, Initiative, Tone
from bot.domain.calendar import lighter
from bot.domain.commitments import Commitment, State
from bot.domain.guides.guide import Outcome
from bot.domain.members import Member
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


async def bring_about(work: Work, member: Member, commitment: Commitment | None, outcome: Outcome) -> None:
    """What its member chose. What is closed stays as it is."""
    match outcome:
        case Outcome.REST:
            await scheduling.pause(work, member, None)
        case Outcome.STOP:
            await scheduling.stop(work, member)
        case Outcome.ASK_LESS:
            cadence = (await terms_of(work.tx, member, work.now)).cadence
            await change_rules(work, member, {"cadence": lighter(cadence)})
        case _ if outcome in RULES:
            await change_rules(work, member, RULES[outcome])
        case _ if commitment is not None and commitment.is_open:
            await _about_one(work, member, commitment, outcome)


async def change_rules(work: Work, member: Member, changes: Mapping[str, Any]) -> None:
    """A new version of the ground rules, and everything planned by it."""
    before = await terms_of(work.tx, member, work.now)
    terms = before.model_copy(update=changes)
    await agree(work, member, terms)
    if terms.cadence.zone != before.cadence.zone:
        await _move(work, member, before.cadence.zone, terms.cadence.zone)
    if not terms.remind:
        await work.tx.check_ins.forget_reminders(member.id)
    await reschedule(work, member)
    await work.refresh_home(member)


async def _move(work: Work, member: Member, before: str, zone: str) -> None:
    """One clock for everything: what has check-ins of its own on the clock of before comes along."""
    for one in await work.tx.commitments.open(member.id):
        if one.cadence is not None and one.cadence.zone == before:
            await work.tx.commitments.change(one.id, cadence=one.cadence.model_copy(update={"zone": zone}))


async def _about_one(work: Work, member: Member, commitment: Commitment, outcome: Outcome) -> None:
    values: dict[str, Any]
    match outcome:
        case Outcome.LET_GO | Outcome.GOT_THIS:
            state = State.LET_GO if outcome is Outcome.LET_GO else State.DONE
            values = {"state": state, "closed_at": work.now, "next_due_at": None, "paused_until": None}
        case Outcome.PAUSE:
            values = {"state": State.PAUSED, "paused_until": None, "next_due_at": None}
        case Outcome.LIGHTER_CADENCE:
            terms = await terms_of(work.tx, member, work.now)
            values = {"cadence": lighter(commitment.cadence or terms.cadence)}
        case _:
            return
    await work.tx.commitments.change(commitment.id, **values)
    if outcome is Outcome.LIGHTER_CADENCE:
        await reschedule(work, member)
