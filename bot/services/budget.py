"""How little is said unasked: whether there is room for it today."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.agreements import Terms
from bot.domain.budget import is_agreed, may_prompt
from bot.domain.calendar import local_date
from bot.domain.deliveries import Says
from bot.domain.members import Member
from bot.domain.rests import Excused, Rest
from bot.domain.snoozing import allowed_from
from bot.services.terms import terms_of
from bot.services.work import Work
from bot.storage.repositories.people import NO_SENSE
from bot.storage.transaction import Transaction


async def has_room(work: Work, member: Member, says: Says) -> bool:
    """Whether the buddy may say this by itself today.

    It has to be agreed to, in no quiet hours and on no day of rest, and no other may have come or be about to come
    today, on the agreed clock: a day with a check-in has its message. The member is locked by whoever asks.
    """
    tx, now = work.tx, work.now
    terms, rests = await terms_of(tx, member, now), await tx.rests.of(member.id)
    due = await tx.commitments.next_due_of(member.id)
    return _may_speak(terms, rests, now) and _leaves_room(member, terms, due, now, says)


async def with_room(tx: Transaction, members: Sequence[int], now: datetime, says: Says) -> list[Member]:
    """Those of many for whom there is room as it looks now: nobody is locked, so ask again before saying anything.

    There is none for someone whose rows make no sense, and they keep nobody else waiting.
    """
    try:
        return await _with_room(tx, members, now, says)
    except NO_SENSE:
        alone = [[one] for one in members] if len(members) > 1 else []
        return [member for one in alone for member in await with_room(tx, one, now, says)]


async def _with_room(tx: Transaction, members: Sequence[int], now: datetime, says: Says) -> list[Member]:
    people = await tx.members.with_terms(members, now)
    due = await tx.commitments.next_due_of_all(members)
    rests = await tx.rests.of_all(members)
    return [
        one
        for one, terms in people.values()
        if _may_speak(terms, rests.get(one.id, ()), now) and _leaves_room(one, terms, due.get(one.id), now, says)
    ]


def _may_speak(terms: Terms, rests: Collection[Rest], now: datetime) -> bool:
    """Whether it is no quiet hour, and no day of rest."""
    return allowed_from(now, terms, Excused(days_off=terms.days_off, rests=tuple(rests))) <= now


def _leaves_room(member: Member, terms: Terms, due: datetime | None, now: datetime, says: Says) -> bool:
    zone = terms.cadence.zone
    today = local_date(now, zone)
    if not (member.is_reachable(now) and is_agreed(terms, says) and may_prompt(member.prompted_on, today, says)):
        return False
    return due is None or local_date(due, zone) > today


async def take_room(work: Work, member: Member) -> None:
    """Today's one message is said."""
    zone = (await terms_of(work.tx, member, work.now)).cadence.zone
    await work.tx.members.change(member.id, prompted_on=local_date(work.now, zone))
