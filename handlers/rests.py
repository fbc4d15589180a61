"""Time off: /buddy off, /buddy rough, the modal, and taking it back."""

from datetime import date
from typing import Any, Final

from bot.domain.agreements import Initiative, QuietHours
from bot.domain.calendar import Weekday
from bot.domain.holds import MOST_STATUSES, Statuses
from bot.domain.members import Member
from bot.domain.rests import Rest
from bot.rendering.agreements import rules_view
from bot.rendering.blocks import View, shorten
from bot.rendering.dates import not_taken
from bot.rendering.ids import Action, Callback
from bot.rendering.rests import (
    DAYS_OFF,
    FIRST_DAY,
    HOLDS,
    IN_DND,
    LAST_DAY,
    QUIET_FROM,
    QUIET_TO,
    SHOWN,
    STATUSES,
    resting,
    resting_said,
    resting_undone,
    time_off_view,
)
from bot.services.understanding import named_day
from bot.services.work import Refused
from handlers.desk import Desk
from handlers.payloads import Click, CommandCall, State, Submission
from handlers.reactions import Open, Reaction, Replace, Update, Whisper, in_place, on_top
from handlers.rhythms import happens

TODAY: Final = "today"
LONGEST: Final = 366
"""Days of one holiday."""
FURTHEST: Final = 2 * 366
"""Days until one begins: whoever looks ahead, as the calendar file does, walks over all of them."""


def register(desk: Desk) -> None:
    topic = _Rests(desk)
    desk.click(Action.OPEN_TIME_OFF, topic.open)
    desk.click(Action.REST_TODAY, topic.not_today)
    desk.click(Action.REST_WEEK, topic.rough_week)
    desk.click(Action.UNDO_REST, topic.undo)
    desk.submit(Callback.TIME_OFF, topic.save)


async def time_off(desk: Desk, call: CommandCall, member: Member) -> Reaction:
    """With "today" at once; otherwise the modal, with a day that is understood as the first of a holiday."""
    typed = call.text.strip()
    if typed.lower() == TODAY:
        rest = await desk.services.rests.not_today(member, key=call.key)
        return Whisper(*resting_said(rest))
    return Open(await _Rests(desk).view_of(member, typed))


async def rough_week(desk: Desk, call: CommandCall, member: Member) -> Reaction:
    return Whisper(*resting_said(await desk.services.rests.rough_week(member, key=call.key)))


class _Rests:
    def __init__(self, desk: Desk) -> None:
        self._rests = desk.services.rests
        self._clock = desk.services.units.clock
        self._agreements = desk.services.agreements
        self._overview = desk.services.overview

    async def open(self, click: Click, member: Member) -> Reaction:
        return on_top(click.view, await self.view(member))

    async def view(self, member: Member, note: str = "") -> View:
        terms, rests, today = await self._rests.read(member)
        return time_off_view(terms, rests, today, note)

    async def view_of(self, member: Member, typed: str) -> View:
        """The same with the day that was typed filled in, or with why it is not taken."""
        terms, rests, today = await self._rests.read(member)
        if not typed:
            return time_off_view(terms, rests, today)
        first = named_day(typed, now=self._clock.now(), zone=terms.cadence.zone, locale=member.locale)
        if first is None or first < today:
            return time_off_view(terms, rests, today, not_taken(typed, first, today))
        return time_off_view(terms, rests, today, first=first)

    async def not_today(self, click: Click, member: Member) -> Reaction:
        rest = await self._rests.not_today(member, key=click.key, say=click.view is None)
        return await self._shown(click, member, resting(rest))

    async def rough_week(self, click: Click, member: Member) -> Reaction:
        rest = await self._rests.rough_week(member, key=click.key, say=click.view is None)
        return await self._shown(click, member, resting(rest))

    async def undo(self, click: Click, member: Member) -> Reaction:
        in_whisper = click.container.is_ephemeral
        said = None if in_whisper or click.view is not None else click.ts
        next_at, zone = await self._rests.undo(member, click.number(), key=click.key, ts=said)
        if in_whisper:
            return Replace(*resting_undone(next_at, zone))
        return await self._shown(click, member)

    async def save(self, submission: Submission, member: Member) -> Reaction:
        state = submission.view.state
        _, rests, today = await self._rests.read(member)
        changes = {
            "quiet_hours": _quiet_hours(state),
            "days_off": _days_off(state),
            "hold_in_dnd": IN_DND in state.of(HOLDS).all_chosen,
            "hold_statuses": _statuses(state),
        }
        await self._check_that_check_ins_happen(member, changes)
        holiday, rules = _holiday(state, rests, today), submission.view.below(Callback.RULES)
        say = holiday is not None or rules is None  # the ground rules name no holiday
        await self._rests.change(member, changes, holiday, key=submission.key, say=say)
        return Update(rules_view(*await self._agreements.read(member)), rules) if rules is not None else None

    async def _check_that_check_ins_happen(self, member: Member, changes: dict[str, Any]) -> None:
        """Raises Refused for days off that leave no day of the check-ins agreed on, or of a commitment's own."""
        known = await self._overview.of(member)
        terms = known.terms.model_copy(update=changes)
        if terms.initiative is Initiative.I_START:
            return
        if not happens(terms.cadence, terms, known.now):
            raise Refused("No check-in day is left. Take one out, or change your check-in days first.", DAYS_OFF)
        for one in known.standings:
            own, text = one.commitment.cadence, shorten(one.commitment.text, 60)
            if own is not None and not happens(own, terms, known.now):
                raise Refused(f"No day to ask about “{text}” is left. Take one out, or change its check-ins.", DAYS_OFF)

    async def _shown(self, click: Click, member: Member, note: str = "") -> Reaction:
        """The modal at hand as it is now; what was typed in it stays."""
        if click.view is None or click.view.callback_id != Callback.TIME_OFF:
            return None
        return in_place(click.view, await self.view(member, note))


def _quiet_hours(state: State) -> QuietHours | None:
    """Raises Refused for half of it, and for none that would be all day."""
    begins, ends = state.of(QUIET_FROM).selected_time, state.of(QUIET_TO).selected_time
    if begins is None and ends is None:
        return None
    if begins is None:
        raise Refused("Pick when they begin, too.", QUIET_FROM)
    if ends is None:
        raise Refused("Pick when they end, too.", QUIET_TO)
    if begins == ends:
        raise Refused("Pick two different times.", QUIET_TO)
    return QuietHours(begins=begins, ends=ends)


def _days_off(state: State) -> tuple[Weekday, ...]:
    days = tuple(sorted(set(state.of(DAYS_OFF).weekdays)))
    if len(days) == len(Weekday):
        raise Refused("That's the whole week. A pause does that: `/buddy pause`.", DAYS_OFF)
    return days


def _holiday(state: State, rests: list[Rest], today: date) -> tuple[date, date] | None:
    """Raises Refused for days that make none."""
    first, last = state.of(FIRST_DAY).selected_date, state.of(LAST_DAY).selected_date
    if first is None and last is None:
        return None
    if first is None:
        raise Refused("Pick its first day, too.", FIRST_DAY)
    last = last or first
    if last < first:
        raise Refused("It ends before it begins.", LAST_DAY)
    if last < today:
        raise Refused("That's over already. Nothing is asked about it.", LAST_DAY)
    if (first - today).days > FURTHEST:
        raise Refused("Pick a day within the next two years.", FIRST_DAY)
    if (last - first).days >= LONGEST:
        raise Refused("A year at most. For longer, pause.", LAST_DAY)
    if len(rests) >= SHOWN:
        raise Refused("That's a lot of holidays. Remove one first.", FIRST_DAY)
    return first, last


def _statuses(state: State) -> tuple[str, ...]:
    try:
        return Statuses.validate_python(state.of(STATUSES).value or "")
    except ValueError:
        raise Refused(
            f"Up to {MOST_STATUSES} emojis, each between colons, like :palm_tree: or :face_with_thermometer:.", STATUSES
        ) from None
