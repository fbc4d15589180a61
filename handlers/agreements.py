"""The ground rules, and the days of check-ins: read from their modals, kept as a new version."""

from datetime import time

from bot.domain.agreements import AfterNotYet, Initiative, Terms, Tone
from bot.domain.calendar import Cadence, Weekday
from bot.domain.members import Member
from bot.rendering.agreements import (
    AFTER_NOT_YET,
    DAYS,
    MESSAGES,
    REMIND,
    REMIND_AT,
    SECOND_TIME,
    SILENCE,
    SWITCHES,
    TIME,
    TONE,
    WEEKS,
    WHO_STARTS,
    ZONE,
    Days,
    days_view,
    rules_view,
)
from bot.rendering.blocks import View
from bot.rendering.ids import Action, Callback
from bot.services.work import Refused
from handlers.desk import Desk
from handlers.payloads import Click, CommandCall, State, Submission
from handlers.reactions import Open, Reaction, Update, in_place, on_top


def register(desk: Desk) -> None:
    topic = _Agreements(desk)
    desk.click(Action.OPEN_RULES, topic.open_rules)
    desk.click(Action.OPEN_DAYS, topic.open_days)
    desk.click(Action.PREVIEW_DAYS, topic.preview)
    desk.submit(Callback.RULES, topic.agree)
    desk.submit(Callback.DAYS, topic.save_days)


async def open_rules(desk: Desk, _call: CommandCall, member: Member) -> Reaction:
    return Open(await _Agreements(desk).rules(member))


async def open_days(desk: Desk, _call: CommandCall, member: Member) -> Reaction:
    return Open(await _Agreements(desk).days(member))


class _Agreements:
    def __init__(self, desk: Desk) -> None:
        self._agreements = desk.services.agreements
        self._clock = desk.services.units.clock

    async def open_rules(self, click: Click, member: Member) -> Reaction:
        return on_top(click.view, await self.rules(member))

    async def open_days(self, click: Click, member: Member) -> Reaction:
        return on_top(click.view, await self.days(member))

    async def rules(self, member: Member) -> View:
        return rules_view(*await self._agreements.read(member))

    async def days(self, member: Member) -> View:
        terms, _ = await self._agreements.read(member)
        return days_view(Days.of(terms), terms.cadence, member.zone, self._clock.now())

    async def preview(self, click: Click, member: Member) -> Reaction:
        """What the choice so far leads to, while nothing is kept."""
        if click.view is None:
            return None
        terms, _ = await self._agreements.read(member)
        days = _days(click.view.state, terms)
        view = days_view(days, self._cadence(days, terms), member.zone, self._clock.now())
        return in_place(click.view, view)

    async def save_days(self, submission: Submission, member: Member) -> Reaction:
        terms, _ = await self._agreements.read(member)
        days = _days(submission.view.state, terms)
        if not days.days:
            raise Refused("Tick at least one day.", DAYS)
        cadence = self._cadence(days, terms)
        if cadence is None:
            raise Refused("Pick a time.", TIME)
        changes = {"cadence": cadence, "initiative": days.initiative}
        await self._agreements.change(member, changes, key=submission.key)
        view = submission.view
        if view.lies_on != Callback.RULES or view.previous_view_id is None:
            return None
        return Update(await self.rules(member), view.previous_view_id)

    async def agree(self, submission: Submission, member: Member) -> Reaction:
        await self._agreements.change(member, _rules(submission.view.state), key=submission.key)
        return None

    def _cadence(self, days: Days, terms: Terms) -> Cadence | None:
        """None while it is not complete."""
        if not days.days or not days.times:
            return None
        return days.cadence(terms.cadence, self._clock.now())


def _days(state: State, terms: Terms) -> Days:
    """What stands in the modal. Raises ValueError for what it does not offer."""
    times = (state.of(TIME).selected_time, state.of(SECOND_TIME).selected_time)
    return Days(
        days=tuple(Weekday(int(value)) for value in state.of(DAYS).all_chosen),
        times=tuple(one for one in times if one is not None),
        zone=state.of(ZONE).chosen or terms.cadence.zone,
        interval_weeks=int(state.of(WEEKS).chosen or 1),
        initiative=Initiative(state.of(WHO_STARTS).chosen or terms.initiative),
    )


def _rules(state: State) -> dict[str, object]:
    """Fields of `Terms`. Raises ValueError for what the modal does not offer."""
    switched_on = state.of(MESSAGES).all_chosen
    remind_at = state.of(REMIND_AT).selected_time
    return {
        "initiative": Initiative(state.of(WHO_STARTS).chosen or ""),
        "tone": Tone(state.of(TONE).chosen or ""),
        "after_not_yet": AfterNotYet(state.of(AFTER_NOT_YET).chosen or ""),
        "remind": state.of(SILENCE).chosen == REMIND,
        "remind_at": remind_at or time(15),
        **{name: name in switched_on for name, _, _ in SWITCHES},
    }
