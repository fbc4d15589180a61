"""A check-in put off by its member, as often as they like: it is no answer, and no silence."""

import re
from datetime import datetime, timedelta
from typing import Final

from bot.domain.agreements import Terms
from bot.domain.calendar import to_utc
from bot.domain.check_ins import CheckIn
from bot.domain.deliveries import Method, Says
from bot.domain.members import Member
from bot.domain.rests import Excused
from bot.domain.snoozing import Snooze, allowed_from, snoozed_until, typed_snooze, when_typed
from bot.services.check_ins import open_items, open_sheet
from bot.services.reminding import next_reminder
from bot.services.terms import excused_of, terms_of
from bot.services.understanding import parse_due
from bot.services.work import Gone, Units, Work, owned

FURTHEST: Final = timedelta(days=60)
"""What is longer from now nobody would remember."""

BARE_HOUR: Final = re.compile(r" (?=\d{1,2}(?::\d\d)?$)")
IS_A_DATE: Final = re.compile(r"^(?:by|until|till|before|bis|vor) ")
"""By when it is to be done, and not when to ask."""


class Snoozing:
    """Each method is one transaction, and harmless when it comes twice."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def snooze(self, member: Member, check_in_id: int, choice: Snooze, *, key: str) -> None:
        """Asked again later. Of a check-in with nothing open nothing comes. Raises Gone."""
        async with self._units.for_member(member, key) as (work, owner):
            check_in = await _shown_one(work, owner, check_in_id)
            terms, excused = await _rules(work, owner)
            at = snoozed_until(choice, work.now, check_in.opened_at, terms, excused)
            await _put_off(work, owner, check_in, at)

    async def snooze_until(self, member: Member, check_in_id: int, at: datetime, *, key: str) -> None:
        """The same until an instant; later when that is in quiet hours or on a day of rest."""
        async with self._units.for_member(member, key) as (work, owner):
            check_in = await _shown_one(work, owner, check_in_id)
            await _put_off(work, owner, check_in, allowed_from(at, *await _rules(work, owner)))

    async def choose_a_time(self, member: Member, check_in_id: int, *, key: str) -> None:
        """Nothing is put off yet; its message is shown anew, since a choice that was made once cannot be made again."""
        async with self._units.for_member(member, key) as (work, owner):
            await _show(work, owner, await _shown_one(work, owner, check_in_id))

    async def take_typed(self, work: Work, member: Member, text: str) -> bool:
        """What was typed while a check-in is open puts it off, when it says a choice of "Later" or a day with its hour,
        and nothing else. Then the check-in comes below, and says until when."""
        sheet = await open_sheet(work, member)
        if sheet is None:
            return False
        terms, excused = await _rules(work, member)
        choice = typed_snooze(text)
        if choice is not None:
            at = snoozed_until(choice, work.now, sheet.check_in.opened_at, terms, excused)
        else:
            typed = _instant(text, work.now, terms.cadence.zone, member.locale)
            if typed is None:
                return False
            at = allowed_from(typed, terms, excused)
        await work.tx.check_ins.change(sheet.check_in.id, snoozed=True, remind_at=at)
        await work.say(member, Says.REMINDER, {"check_in": sheet.check_in.id, "again": 1})
        await work.refresh_home(member)
        return True

    async def wake(self, member: Member, check_in_id: int, *, key: str) -> None:
        """Not put off after all: it is open here and now."""
        async with self._units.for_member(member, key) as (work, owner):
            check_in = await _shown_one(work, owner, check_in_id)
            if check_in.snoozed:
                at = await next_reminder(work, owner, check_in)
                await work.tx.check_ins.change(check_in.id, snoozed=False, remind_at=at)
                await _show(work, owner, check_in)


def _instant(text: str, now: datetime, zone: str, locale: str) -> datetime | None:
    """ "tomorrow at 9", "Friday 17:00", and "tomorrow 9" too."""
    said = when_typed(text)
    if IS_A_DATE.match(said):
        return None
    for each in (said, BARE_HOUR.sub(" at ", said)):
        due = parse_due(each, now=now, zone=zone, locale=locale)
        if due is not None:
            if due.at is None:
                return None
            instant = to_utc(datetime.combine(due.day, due.at), zone)
            return instant if now < instant <= now + FURTHEST else None
    return None


async def _put_off(work: Work, member: Member, check_in: CheckIn, at: datetime) -> None:
    if await open_items(work.tx, check_in):
        await work.tx.check_ins.change(check_in.id, snoozed=True, remind_at=at)
    await _show(work, member, check_in)


async def _show(work: Work, member: Member, check_in: CheckIn) -> None:
    await work.say(member, Says.CHECK_IN, {"check_in": check_in.id}, method=Method.UPDATE)
    await work.refresh_home(member)


async def _rules(work: Work, member: Member) -> tuple[Terms, Excused]:
    return await terms_of(work.tx, member, work.now), await excused_of(work.tx, member, work.now)


async def _shown_one(work: Work, member: Member, check_in_id: int) -> CheckIn:
    """The member's check-in, in the place that it has. Raises Gone."""
    check_in = await owned(work.tx.check_ins, member, check_in_id)
    if check_in.ts is None:
        raise Gone
    return check_in
