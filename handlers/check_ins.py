"""/checkin, and every click in a check-in message."""

from datetime import date
from functools import partial

from bot.domain.check_ins import Answer, FollowUp
from bot.domain.members import Member
from bot.rendering.check_ins import NOT_TODAY
from bot.rendering.copy import CHECK_IN_IS, PHRASES
from bot.rendering.ids import Action, act
from bot.services.keeping import Message
from handlers import lists
from handlers.desk import Desk
from handlers.payloads import Click, CommandCall
from handlers.reactions import Reaction, Whisper


def register(desk: Desk) -> None:
    topic = _CheckIns(desk)
    desk.command("checkin", partial(start_check_in, desk))
    desk.click(Action.OPEN_CHECK_IN, topic.start)
    desk.click(Action.ANSWER, topic.answer)
    desk.click(Action.ALL_MOVING, topic.all_moving)
    desk.click(Action.HABIT_DAYS, topic.tick)
    desk.click(Action.HABIT_EVERY_DAY, topic.every_day)
    desk.click(Action.HABIT_SAVE, topic.thats_all)
    desk.click(Action.CHANGE_ANSWER, topic.change)
    desk.click(Action.LEAVE_IT, topic.leave_it)
    desk.click(Action.LOOK_AT_IT, topic.look_at_it)
    desk.click(Action.DROP_NOTE, topic.drop_note)
    desk.click(Action.NOTE_ON, topic.note_on)
    desk.click(Action.MORE, topic.more)


async def start_check_in(desk: Desk, call: CommandCall, member: Member) -> Reaction:
    """A check-in now, in the direct message."""
    if not await desk.services.asking.ask_now(member, key=call.key):
        return Whisper(PHRASES["nothing_to_ask"])
    if call.is_typed_in(member.channel_id):
        return None
    return Whisper(desk.in_our_messages(call.team_id, CHECK_IN_IS))


class _CheckIns:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._check_ins = desk.services.check_ins

    async def start(self, click: Click, member: Member) -> None:
        if not await self._desk.services.asking.ask_now(member, key=click.key):
            await self._desk.services.members.tell(member, "nothing_to_ask")

    async def answer(self, click: Click, member: Member) -> None:
        """Behind the answer stands "note" where what was typed was said back."""
        note_ts = click.ts if len(click.about) > 2 else None
        await self._check_ins.answer(member, click.number(), Answer(click.word(1)), key=click.key, note_ts=note_ts)

    async def all_moving(self, click: Click, member: Member) -> None:
        await self._check_ins.answer_rest(member, click.number(), key=click.key)

    async def tick(self, click: Click, member: Member) -> None:
        days = [date.fromisoformat(value) for value in click.action.all_chosen]
        await self._check_ins.tick_days(member, click.number(), days, key=click.key)

    async def every_day(self, click: Click, member: Member) -> None:
        note_ts = click.ts if len(click.about) > 1 else None
        await self._check_ins.answer_days(member, click.number(), every=True, key=click.key, note_ts=note_ts)

    async def thats_all(self, click: Click, member: Member) -> None:
        ticked = _ticked(click)
        await self._check_ins.answer_days(member, click.number(), every=False, ticked=ticked, key=click.key)

    async def change(self, click: Click, member: Member) -> None:
        await self._check_ins.reopen(member, click.number(), key=click.key)

    async def leave_it(self, click: Click, member: Member) -> None:
        await self._check_ins.follow_up(member, click.number(), FollowUp.LEFT, key=click.key)

    async def look_at_it(self, click: Click, member: Member) -> None:
        await self._check_ins.follow_up(member, click.number(), FollowUp.LOOKED, key=click.key)

    async def drop_note(self, click: Click, member: Member) -> None:
        await self._check_ins.drop_note(member, click.number(), key=click.key, note_ts=click.ts)

    async def note_on(self, click: Click, member: Member) -> None:
        if len(click.about) == 1:
            await self._check_ins.note_on_none(member, click.about[0], key=click.key, asked_ts=click.ts)
            return
        message = Message(click.about[0], await self._desk.typed_before(click))
        await self._check_ins.note_on(member, click.number(1), message, key=click.key, asked_ts=click.ts)

    async def more(self, click: Click, member: Member) -> Reaction:
        """The "..." menu of a line: about the line, or about its commitment as in the list."""
        if click.action.chosen != NOT_TODAY:
            return await lists.line_menu(self._desk, click, member)
        await self._check_ins.answer(member, click.number(1), Answer.NOT_TODAY, key=click.key)
        return None


def _ticked(click: Click) -> list[date] | None:
    """The days of a line as they stand on the screen; None when the click does not say. A tick may not have come
    through, or may still be on its way to another process."""
    wanted = act(Action.HABIT_DAYS, click.number())
    inputs = [inputs[wanted] for inputs in (click.state.values if click.state else {}).values() if wanted in inputs]
    return [date.fromisoformat(value) for value in inputs[0].all_chosen] if inputs else None
