"""Which ground rules hold, and how a new version of them comes about."""

from datetime import datetime
from typing import Final

from bot.domain.agreements import Terms, default_terms, may_reflect
from bot.domain.calendar import local_date
from bot.domain.guides.guide import GuideId
from bot.domain.members import Member
from bot.domain.rests import Excused
from bot.services.work import Work
from bot.storage.transaction import Transaction


async def terms_of(tx: Transaction, member: Member, now: datetime) -> Terms:
    """The ground rules that hold for a member: their own, or the default ones in their zone."""
    agreement = await tx.agreements.current(member.id)
    return agreement.terms if agreement else default_terms(member.zone, local_date(now, member.zone))


async def excused_of(tx: Transaction, member: Member, now: datetime) -> Excused:
    """The days on which nothing is asked of a member, and about which nothing is asked."""
    terms = await terms_of(tx, member, now)
    return Excused(days_off=terms.days_off, rests=tuple(await tx.rests.of(member.id)))


async def on_agreed_clock(tx: Transaction, member: Member, now: datetime) -> Member:
    """The member with the zone of the ground rules, where days and hours are counted; Slack's may be another."""
    terms = await terms_of(tx, member, now)
    return member.model_copy(update={"zone": terms.cadence.zone})


AFTER_A_DONE: Final = frozenset({GuideId.WRAP_UP, GuideId.AFTER_A_TRY})
"""Questions with the switch of "Done"; the others have that of what is under way."""


async def may_ask(work: Work, member: Member, guide: GuideId) -> bool:
    """Whether a question may come unasked: one of a kind that was agreed to, and this week's first."""
    terms = await terms_of(work.tx, member, work.now)
    agreed = terms.ask_what_helped if guide in AFTER_A_DONE else terms.ask_next_step
    return agreed and may_reflect(member.reflected_at, work.now)


async def agree(work: Work, member: Member, terms: Terms) -> None:
    """A new version, unless nothing changed. Old versions are kept."""
    current = await work.tx.agreements.current(member.id)
    if current is not None and current.terms == terms:
        return
    await work.tx.agreements.add(
        workspace_id=member.workspace_id,
        member_id=member.id,
        version=current.version + 1 if current else 1,
        terms=terms,
        agreed_at=work.now,
    )
