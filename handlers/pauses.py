"""Quiet: for everything or for one commitment, until a date or until they say so."""

from datetime import date, datetime

from bot.domain.calendar import LAST_YEAR, local_date, start_of_day, to_utc
from bot.domain.members import Member
from bot.rendering.dates import not_taken
from bot.rendering.ids import Action, Callback
from bot.rendering.pauses import HOME, SAID, UNTIL, pause_view, quiet, quiet_blocks, resumed, resumed_said
from bot.services.understanding import named_day, parse_due
from bot.services.work import Refused
from handlers.desk import Desk
from handlers.lists import refreshed
from handlers.payloads import ON, Click, CommandCall, Submission
from handlers.reactions import Open, Reaction, Replace, Whisper, on_top

BEFORE_A_DATE = ("until ", "till ", "to ")


def register(desk: Desk) -> None:
    topic = _Pauses(desk)
    desk.click(Action.OPEN_PAUSE, topic.open)
    desk.click(Action.PAUSE_ONE, topic.open_for_one)
    desk.click(Action.RESUME, topic.resume)
    desk.click(Action.START_AGAIN, topic.start_again)
    desk.submit(Callback.PAUSE, topic.pause)


async def pause(desk: Desk, call: CommandCall, member: Member) -> Reaction:
    """With a date that is understood, at once; otherwise the modal asks for one."""
    typed = call.text.strip()
    if not typed:
        return Open(pause_view())
    terms, _ = await desk.services.agreements.read(member)
    zone, now = terms.cadence.zone, desk.services.units.clock.now()
    bare = next((typed[len(word) :] for word in BEFORE_A_DATE if typed.lower().startswith(word)), typed)
    due = parse_due(bare, now=now, zone=zone, locale=member.locale)
    until = None
    if due is not None:
        until = to_utc(datetime.combine(due.day, due.at), zone) if due.at else start_of_day(due.day, zone)
    if until is None or until <= now:
        named = named_day(bare, now=now, zone=zone, locale=member.locale)
        return Open(pause_view(note=not_taken(bare, named, local_date(now, zone))))
    await desk.services.pauses.pause(member, until, key=call.key)
    today = local_date(now, zone)
    return Whisper(quiet(until, zone, today), quiet_blocks(until, zone, today))


async def resume(desk: Desk, call: CommandCall, member: Member) -> Reaction:
    next_at = await desk.services.pauses.resume(member, key=call.key)
    terms, _ = await desk.services.agreements.read(member)
    return Whisper(resumed(next_at, terms.cadence.zone))


class _Pauses:
    def __init__(self, desk: Desk) -> None:
        self._services = desk.services

    async def open(self, click: Click, _member: Member) -> Reaction:
        at_hand, view = click.view, pause_view()
        if at_hand is not None and at_hand.type == HOME:
            view["private_metadata"] = f"{ON}{HOME}"
        return on_top(at_hand, view)

    async def open_for_one(self, click: Click, member: Member) -> Reaction:
        commitment, _ = await self._services.commitments.read(member, click.number())
        return on_top(click.view, pause_view(commitment))

    async def pause(self, submission: Submission, member: Member) -> Reaction:
        terms, _ = await self._services.agreements.read(member)
        until = self._until(submission.of(UNTIL).selected_date, terms.cadence.zone)
        if not submission.view.about:
            shows = submission.view.lies_on == HOME
            await self._services.pauses.pause(member, until, key=submission.key, say=not shows)
            return None
        await self._services.commitments.pause(member, int(submission.view.about), until, key=submission.key)
        return await refreshed(self._services, submission, member)

    async def resume(self, click: Click, member: Member) -> Reaction:
        said = click.ts if click.about == (SAID,) else None
        next_at = await self._services.pauses.resume(member, key=click.key, ts=said)
        if not click.container.is_ephemeral:
            return None
        terms, _ = await self._services.agreements.read(member)
        return Replace(*resumed_said(next_at, terms.cadence.zone))

    async def start_again(self, click: Click, member: Member) -> None:
        await self._services.pauses.start_again(member, key=click.key)

    def _until(self, day: date | None, zone: str) -> datetime | None:
        """Raises Refused for a day that is no pause."""
        if day is None:
            return None
        if not local_date(self._services.units.clock.now(), zone) < day or day.year > LAST_YEAR:
            raise Refused("Pick tomorrow or a later day.", UNTIL)
        return start_of_day(day, zone)
