"""Check-ins: answered with a click each, corrected any time, with notes, and what an answer leads to."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.agreements import AfterNotYet, may_reflect
from bot.domain.check_ins import (
    ALL_MOVING,
    EVERY_DAY,
    LET_GO,
    Answer,
    CheckIn,
    FollowUp,
    Item,
    choices,
    days_asked,
    not_yets_in_a_row,
    says,
    typed_answer,
)
from bot.domain.commitments import Commitment, State
from bot.domain.deliveries import Method, Refs, Says
from bot.domain.guides.guide import GuideId
from bot.domain.members import Member
from bot.domain.notes import Part, as_note, parts_of
from bot.domain.planning import next_cue, next_due
from bot.domain.reflecting import STEADY_FOR, is_steady, place, question
from bot.services.commitments import close
from bot.services.keeping import Message
from bot.services.scheduling import ask_about_it_anew
from bot.services.sittings import drop_those_of, offer_again, open_at_once, open_sitting, owes_an_offer
from bot.services.terms import excused_of, may_ask, terms_of
from bot.services.work import Gone, Units, Work
from bot.services.zones import ask_after_check_in
from bot.storage.repositories.check_ins import Sheet
from bot.storage.transaction import Transaction

NOTE_UNTIL: Final = timedelta(hours=24)
"""Until when a typed message is taken as a note on an open check-in."""

AFTER_NOT_YET: Final = (GuideId.LOOK_AT_IT, GuideId.AGAIN_NOT_YET, GuideId.SMALLER_OR_LET_GO, GuideId.STALLED)
"""What "look at it" opens the first time, the second, the third, and from then on: back to what it is for."""

LINES_OF_EIGHT_WEEKS: Final = 168
"""Of a commitment that is asked about three times a day."""


class CheckIns:
    """Each method is one transaction, and harmless when it comes twice."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def answer(
        self, member: Member, item_id: int, answer: Answer, *, key: str, note_ts: str | None = None
    ) -> None:
        """Keeps how it went, with what follows from it. An earlier answer is taken back first. `note_ts`: where what
        was typed about it was said back, with the answers below."""
        async with self._units.for_member(member, key) as (work, owner):
            sheet, item = await _owned(work, owner, item_id)
            if item.answer is not answer:
                await self._settle(work, owner, await self._keep(work, owner, sheet, item, answer))
            if note_ts is not None:
                await _show_note(work, owner, item, note_ts)

    async def answer_rest(self, member: Member, check_in_id: int, *, key: str) -> None:
        """Everything that is not answered yet is moving."""
        async with self._units.for_member(member, key) as (work, owner):
            sheet = await work.tx.check_ins.sheet(check_in_id)
            if sheet is None or sheet.check_in.member_id != owner.id:
                raise Gone
            await self._answer_rest(work, owner, sheet)

    async def _answer_rest(self, work: Work, member: Member, sheet: Sheet, *, is_typed: bool = False) -> None:
        for item in sheet.open_items:
            sheet = await self._keep(work, member, sheet, item, Answer.MOVING)
        await self._settle(work, member, sheet, is_typed=is_typed)

    async def tick_days(self, member: Member, item_id: int, days: Sequence[date], *, key: str) -> None:
        """The days of a habit so far; the line stays open until its owner says that this is all."""
        async with self._units.for_member(member, key) as (work, owner):
            sheet, item = await _owned(work, owner, item_id)
            asked = await _days_of(work, owner, sheet, item)
            await work.tx.items.change(item.id, days=[day for day in asked if day in days], answered_at=work.now)
            await work.tx.check_ins.change(sheet.check_in.id, answered_at=work.now, remind_at=None, snoozed=False)
            if item.answer is not None:  # the answer was quicker, and its message is as it was before this tick
                await self._redraw(work, owner, sheet.check_in)

    async def answer_days(
        self,
        member: Member,
        item_id: int,
        *,
        every: bool,
        key: str,
        ticked: Sequence[date] | None = None,
        note_ts: str | None = None,
    ) -> None:
        """The days ticked so far, or every one of them, are the answer. `ticked`: those that are so on the screen,
        whatever was kept of it. `note_ts` as in `answer`."""
        async with self._units.for_member(member, key) as (work, owner):
            sheet, item = await _owned(work, owner, item_id)
            if every or ticked is not None:
                asked = await _days_of(work, owner, sheet, item)
                days = asked if every else [day for day in asked if day in (ticked or ())]
                item = await work.tx.items.change(item.id, days=days)
            await self._settle(work, owner, await self._keep(work, owner, sheet, item, Answer.DAYS))
            if note_ts is not None:
                await _show_note(work, owner, item, note_ts)

    async def reopen(self, member: Member, item_id: int, *, key: str) -> None:
        """Takes an answer back, so that another can be given."""
        async with self._units.for_member(member, key) as (work, owner):
            sheet, item = await _owned(work, owner, item_id)
            await self._undo(work, owner, item, sheet.line(item.id)[1])
            await work.tx.items.change(item.id, answer=None, follow_up=None, trying=item.trying or None)
            await self._redraw(work, owner, sheet.check_in)

    async def follow_up(self, member: Member, item_id: int, choice: FollowUp, *, key: str) -> None:
        """After a "not yet": left there, or looked at. The second time in a row other questions fit, and so on."""
        async with self._units.for_member(member, key) as (work, owner):
            sheet, item = await _owned(work, owner, item_id)
            if item.follow_up is None and item.is_not_yet:
                await self._follow_up(work, owner, sheet, item, choice)

    async def _follow_up(self, work: Work, member: Member, sheet: Sheet, item: Item, choice: FollowUp) -> None:
        sheet = sheet.changed(item=await work.tx.items.change(item.id, follow_up=choice))
        await self._redraw(work, member, sheet.check_in)
        if choice is FollowUp.LEFT and not await self._is_asking(work, member, sheet):
            await offer_again(work, member)
        if choice is FollowUp.LOOKED:
            times = not_yets_in_a_row(await work.tx.items.history(item.commitment_id))
            guide = AFTER_NOT_YET[min(max(times, 1), len(AFTER_NOT_YET)) - 1]
            commitment = sheet.line(item.id)[1]
            await open_at_once(work, member, guide, commitment, check_in=sheet.check_in)

    async def take_follow_up(self, work: Work, member: Member, choice: FollowUp) -> bool:
        """It was typed: about the "not yet" that was said last, and is neither left there nor looked at. False when
        there is none."""
        sheet, terms = await _sheet_before(work, member), await terms_of(work.tx, member, work.now)
        if sheet is None or terms.after_not_yet is not AfterNotYet.OFFER_A_LOOK:
            return False
        waiting = [item for item in sheet.items if item.is_not_yet and item.follow_up is None and item.answered_at]
        if not waiting:
            return False
        item = max(waiting, key=lambda each: (each.answered_at or work.now, each.id))
        if choice is FollowUp.LEFT:
            await work.phrase(member, "left_there")
        await self._follow_up(work, member, sheet, item, choice)
        return True

    # Notes

    async def take_note(self, work: Work, member: Member, text: str, ts: str) -> bool:
        """What was typed while a check-in is open is about its open line; of several, its member says which one. False
        when none is."""
        sheet = await open_sheet(work, member)
        if sheet is None:
            return False
        check_in = sheet.check_in
        comes_again = check_in.remind_at if check_in.snoozed else None
        await work.tx.check_ins.change(check_in.id, answered_at=work.now, remind_at=comes_again)
        if says(text, ALL_MOVING) and len([one for one in sheet.open_items if one.since is None]) > 1:
            await self._answer_rest(work, member, sheet, is_typed=True)
        elif len(sheet.open_items) > 1:
            await work.say(member, Says.WHICH_LINE, {"check_in": check_in.id, "about": ts})
        else:
            await self._place(work, member, sheet, sheet.open_items[0], Message(ts, text))
        return True

    async def note_on(self, member: Member, item_id: int, message: Message, *, key: str, asked_ts: str | None) -> None:
        """The line that a message is about, chosen in the one at `asked_ts`. Raises Gone."""
        async with self._units.for_member(member, key) as (work, owner):
            sheet, item = await _owned(work, owner, item_id)
            if not message.text or item not in sheet.open_items:
                raise Gone
            await self._place(work, owner, sheet, item, message, asked_ts=asked_ts)

    async def note_on_none(self, member: Member, ts: str, *, key: str, asked_ts: str | None) -> None:
        """The message at `ts` was about no line: it is not kept, and what else it may have been for is offered."""
        async with self._units.for_member(member, key) as (work, owner):
            if asked_ts is not None:
                refs: Refs = {"kind": "lost", "about": ts, "ts": asked_ts}
                await work.say(owner, Says.HELP_REPLY, refs, method=Method.UPDATE)

    async def _place(
        self, work: Work, member: Member, sheet: Sheet, item: Item, message: Message, *, asked_ts: str | None = None
    ) -> None:
        """The words of a button are its answer, said back where they were typed; all else is a note."""
        answer, asked = typed_answer(message.text), await _days_of(work, member, sheet, item)
        fits: tuple[Answer, ...] = (*choices(asked), Answer.NOT_TODAY)
        if len(asked) > 1 and says(message.text, EVERY_DAY):
            item, answer, fits = await work.tx.items.change(item.id, days=asked), Answer.DAYS, (Answer.DAYS,)
        if says(message.text, LET_GO):
            await close(work, member, sheet.line(item.id)[1], State.LET_GO)
            if asked_ts is None:
                await work.say(member, Says.REMINDER, {"check_in": sheet.check_in.id, "again": 1})
                await work.refresh_home(member)
            else:
                await self._redraw(work, member, sheet.check_in)
        elif answer is not None and answer in fits:
            await self._settle(work, member, await self._keep(work, member, sheet, item, answer), is_typed=not asked_ts)
        else:
            await work.tx.items.change(item.id, **as_note([*parts_of(item), Part(*message)]))
            await self._redraw(work, member, sheet.check_in)
            if asked_ts is None:
                await work.say(member, Says.NOTE_KEPT, {"item": item.id})
        if asked_ts is not None:
            await _show_note(work, member, item, asked_ts)

    async def edit_note(self, work: Work, member: Member, ts: str, text: str) -> bool:
        """An edited message replaces what of a note it became; False when it became nothing of one."""
        item = await work.tx.items.noted(member.id, ts)
        if item is None:
            return False
        parts = [Part(ts, text) if part.ts == ts else part for part in parts_of(item)]
        await self._rewrite_note(work, member, item, parts)
        return True

    async def erase_note(self, work: Work, member: Member, ts: str) -> bool:
        """The same for one that was deleted: what else the note is made of stays."""
        item = await work.tx.items.noted(member.id, ts)
        if item is None:
            return False
        await self._rewrite_note(work, member, item, [part for part in parts_of(item) if part.ts != ts])
        return True

    async def drop_note(self, member: Member, item_id: int, *, key: str, note_ts: str | None = None) -> None:
        """It was not meant as a note. `note_ts`: where it was said back."""
        async with self._units.for_member(member, key) as (work, owner):
            _, item = await _owned(work, owner, item_id)
            await self._rewrite_note(work, owner, item, [])
            if note_ts is None:
                await work.phrase(owner, "note_dropped")
            else:
                await _show_note(work, owner, item, note_ts)

    async def _rewrite_note(self, work: Work, member: Member, item: Item, parts: Sequence[Part]) -> None:
        await work.tx.items.change(item.id, **as_note(parts))
        await self._redraw(work, member, await work.tx.check_ins.get(item.check_in_id))

    # What an answer leads to

    async def _keep(self, work: Work, member: Member, sheet: Sheet, item: Item, answer: Answer) -> Sheet:
        """The sheet as it is then."""
        commitment = await self._undo(work, member, item, sheet.line(item.id)[1])
        days = item.days
        if item.since is not None and answer in (Answer.DONE, Answer.NOT_YET):
            days = await _days_of(work, member, sheet, item) if answer is Answer.DONE else ()
            answer = Answer.DAYS
        values = {} if days == item.days else {"days": days}
        kept = await work.tx.items.change(item.id, answer=answer, answered_at=work.now, follow_up=None, **values)
        answered_at = sheet.check_in.answered_at or work.now
        await work.tx.check_ins.change(sheet.check_in.id, answered_at=answered_at, remind_at=None, snoozed=False)
        if answer is Answer.DONE:
            if item.trying is not None:
                commitment = await work.tx.commitments.change(commitment.id, trying=None)
                commitment = await ask_about_it_anew(work, member, commitment)
                await drop_those_of(work, member, commitment, {GuideId.TRY_ONCE})
            elif commitment.is_open:
                commitment = await close(work, member, commitment, State.DONE)
        return sheet.changed(item=kept, about=commitment)

    async def _undo(self, work: Work, member: Member, item: Item, commitment: Commitment) -> Commitment:
        """What a Done did is taken back; other answers changed nothing but their line. The commitment as it is then."""
        if item.answer is not Answer.DONE:
            return commitment
        if item.trying is not None:
            commitment = await work.tx.commitments.change(commitment.id, trying=item.trying or None)
            return await ask_about_it_anew(work, member, commitment)
        if commitment.state is not State.DONE:
            return commitment
        terms = await terms_of(work.tx, member, work.now)
        due = next_due(commitment, terms, member, work.now, await work.tx.rests.of(member.id))
        told = next_cue(commitment.model_copy(update={"state": State.ACTIVE}), terms, work.now)
        return await work.tx.commitments.change(
            commitment.id, state=State.ACTIVE, closed_at=None, paused_at=None, next_due_at=due, next_cue_at=told
        )

    async def _settle(self, work: Work, member: Member, sheet: Sheet, *, is_typed: bool = False) -> None:
        """Redraws the message, or after an answer that was typed brings it below; once everything is answered, at most
        one question follows."""
        if is_typed:
            await work.say(member, Says.REMINDER, {"check_in": sheet.check_in.id, "again": 1})
            await work.refresh_home(member)
        else:
            await self._redraw(work, member, sheet.check_in)
        if await self._is_asking(work, member, sheet):
            return
        if await ask_after_check_in(work, member) or await self._ask_on(work, member, sheet):
            return
        await offer_again(work, member)

    async def _is_asking(self, work: Work, member: Member, sheet: Sheet) -> bool:
        """Whether a line is open, or "leave it there" or "look at it" stands below a "not yet"."""
        if sheet.open_items:
            return True
        terms = await terms_of(work.tx, member, work.now)
        if terms.after_not_yet is not AfterNotYet.OFFER_A_LOOK:
            return False
        return any(item.is_not_yet and item.follow_up is None for item in sheet.items)

    async def _ask_on(self, work: Work, member: Member, sheet: Sheet) -> bool:
        """The week's one question, if it is still to be had and one of its kind was agreed to."""
        if sheet.led_on or any(item.follow_up is not None for item in sheet.items):
            return False
        if not may_reflect(member.reflected_at, work.now):
            return False
        asked = await work.tx.conversations.last_opened(member.id)
        found: list[tuple[tuple[int, datetime], GuideId, Commitment]] = []
        for item, commitment in sheet.lines:
            before = asked.get(commitment.id, {})
            guide = question(item, commitment, before, work.now, steady=await _is_steady(work, member, commitment))
            if guide is not None and await may_ask(work, member, guide):
                found.append((place(guide, before, commitment.created_at), guide, commitment))
        # What was put off until after this check-in was promised; the week's question was not.
        if not found or await owes_an_offer(work, member):
            return False
        _, guide, commitment = min(found, key=lambda each: each[0])
        await open_sitting(work, member, guide, commitment, check_in=sheet.check_in, unasked=True)
        return True

    async def _redraw(self, work: Work, member: Member, check_in: CheckIn) -> None:
        await work.say(member, Says.CHECK_IN, {"check_in": check_in.id}, method=Method.UPDATE)
        await work.refresh_home(member)


async def _show_note(work: Work, member: Member, item: Item, ts: str) -> None:
    """Brings the message that said it back up to date."""
    await work.say(member, Says.NOTE_KEPT, {"item": item.id, "ts": ts}, method=Method.UPDATE)


async def _is_steady(work: Work, member: Member, commitment: Commitment) -> bool:
    """What has a day to be done by ends by itself."""
    if commitment.due_day is not None or work.now - commitment.created_at < STEADY_FOR:
        return False
    answers = await work.tx.items.history(commitment.id, limit=LINES_OF_EIGHT_WEEKS)
    return is_steady(answers, work.now, member.zone)


async def _owned(work: Work, member: Member, item_id: int) -> tuple[Sheet, Item]:
    """The item and its check-in, if they are this member's. Raises Gone."""
    sheet = await work.tx.check_ins.sheet_with(item_id)
    if sheet is None or sheet.check_in.member_id != member.id:
        raise Gone
    return sheet, sheet.line(item_id)[0]


async def _sheet_before(work: Work, member: Member) -> Sheet | None:
    """The latest check-in on the screen, while what is typed may be about it."""
    check_in = await work.tx.check_ins.latest_shown(member.id)
    if check_in is None or work.now - check_in.opened_at > NOTE_UNTIL:
        return None
    return await work.tx.check_ins.sheet(check_in.id)


async def open_sheet(work: Work, member: Member) -> Sheet | None:
    """The same, while something of it is open."""
    sheet = await _sheet_before(work, member)
    return sheet if sheet is not None and sheet.open_items else None


async def open_items(tx: Transaction, check_in: CheckIn) -> list[Item]:
    """What of it is still to be answered."""
    sheet = await tx.check_ins.sheet(check_in.id)
    return sheet.open_items if sheet is not None else []


async def _days_of(work: Work, member: Member, sheet: Sheet, item: Item) -> tuple[date, ...]:
    _, commitment = sheet.line(item.id)
    return days_asked(item, commitment.habit_days, sheet.check_in.last_day, await excused_of(work.tx, member, work.now))
