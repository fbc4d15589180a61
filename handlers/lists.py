"""The list, the menu of each line, and the modal that changes one commitment."""

from datetime import date

from bot.domain.agreements import Terms
from bot.domain.calendar import Cadence, Weekday, Weekly
from bot.domain.commitments import MAX_TEXT, Commitment
from bot.domain.members import Member
from bot.domain.readiness import LEAVE_IT_THERE, Stage
from bot.rendering.commitments import DAY, HABIT, TEXT, TIME, WHEN, When
from bot.rendering.ids import Action, Callback
from bot.rendering.lists import (
    DONE_LOOKS_LIKE,
    OWN_DAYS,
    STAGE,
    Change,
    Deed,
    change_view,
    let_go_view,
    list_view,
)
from bot.rendering.pauses import pause_view
from bot.services import Services
from bot.services.commitments import Revised
from bot.services.work import Refused
from handlers.desk import Desk
from handlers.payloads import Click, CommandCall, State, Submission
from handlers.reactions import Open, Reaction, Update, in_place, on_top

LAST_YEAR = 2999


def register(desk: Desk) -> None:
    topic = _Lists(desk)
    desk.click(Action.OPEN_LIST, topic.open)
    desk.click(Action.ITEM_MENU, topic.menu)
    desk.click(Action.RESTORE, topic.restore)
    desk.click(Action.CHANGE, topic.open_change)
    desk.click(Action.CHANGE_WHEN, topic.redraw)
    desk.click(Action.LET_GO_ONE, topic.let_go)
    desk.click(Action.RESUME_ONE, topic.resume)
    desk.submit(Callback.CHANGE, topic.save)


async def open_list(desk: Desk, _call: CommandCall, member: Member) -> Reaction:
    return Open(list_view(await desk.services.overview.of(member)))


async def line_menu(desk: Desk, click: Click, member: Member) -> Reaction:
    """What was chosen from the menu of a commitment's line, wherever the line stands."""
    return await _Lists(desk).menu(click, member)


async def refreshed(services: Services, submission: Submission, member: Member) -> Reaction:
    """The modal closes, and the list below it, if there is one, shows what has changed."""
    view = submission.view
    if view.lies_on != Callback.LIST or view.previous_view_id is None:
        return None
    return Update(list_view(await services.overview.of(member)), view.previous_view_id)


class _Lists:
    def __init__(self, desk: Desk) -> None:
        self._services = desk.services
        self._commitments = desk.services.commitments

    async def open(self, click: Click, member: Member) -> Reaction:
        return on_top(click.view, list_view(await self._services.overview.of(member)))

    async def menu(self, click: Click, member: Member) -> Reaction:
        """What was chosen from a line's menu, in Home or in the list."""
        commitment_id = click.number()
        match Deed(click.action.chosen or ""):
            case Deed.DONE:
                await self._commitments.finish(member, commitment_id, key=click.key)
            case Deed.LET_GO:
                await self._commitments.let_go(member, commitment_id, key=click.key)
            case Deed.RESUME:
                await self._commitments.resume(member, commitment_id, key=click.key)
            case Deed.PAUSE:
                commitment, _ = await self._commitments.read(member, commitment_id)
                return on_top(click.view, pause_view(commitment))
            case Deed.REVISE:
                return await self.open_change(click, member)
        return await self._in_place(click, member)

    async def restore(self, click: Click, member: Member) -> Reaction:
        await self._commitments.resume(member, click.number(), key=click.key)
        return await self._in_place(click, member)

    async def open_change(self, click: Click, member: Member) -> Reaction:
        commitment, revisions = await self._commitments.read(member, click.number())
        terms, _ = await self._services.agreements.read(member)
        return on_top(click.view, change_view(commitment, Change.of(commitment), terms, revisions))

    async def redraw(self, click: Click, member: Member) -> Reaction:
        """Other fields are shown, with a date or without, and what was typed stays."""
        if click.view is None:
            return None
        commitment, revisions = await self._commitments.read(member, click.number())
        terms, _ = await self._services.agreements.read(member)
        return in_place(click.view, change_view(commitment, _typed(click.view.state), terms, revisions))

    async def let_go(self, click: Click, member: Member) -> Reaction:
        commitment_id = click.number()
        await self._commitments.let_go(member, commitment_id, key=click.key)
        commitment, _ = await self._commitments.read(member, commitment_id)
        return Update(let_go_view(commitment))

    async def resume(self, click: Click, member: Member) -> Reaction:
        await self._commitments.resume(member, click.number(), key=click.key)
        return await self.redraw(click, member)

    async def save(self, submission: Submission, member: Member) -> Reaction:
        commitment, _ = await self._commitments.read(member, int(submission.view.about))
        terms, _ = await self._services.agreements.read(member)
        change = _typed(submission.view.state)
        _check(change, commitment)
        dated = change.by_when is When.DATE and not commitment.is_habit
        revised = Revised(
            text=change.text,
            due_day=change.day if dated else None,
            due_time=change.at if dated else None,
            habit_days=change.habit_days if commitment.is_habit else (),
            cadence=_own_cadence(change.own_days, commitment, terms),
            stage=_stage(change, commitment),
            done_looks_like=change.done_looks_like or None,
        )
        await self._commitments.revise(member, commitment.id, revised, key=submission.key)
        return await refreshed(self._services, submission, member)

    async def _in_place(self, click: Click, member: Member) -> Reaction:
        """The list at hand as it is now. Home comes by itself."""
        if click.view is None or click.view.type != "modal":
            return None
        return Update(list_view(await self._services.overview.of(member)))


def _typed(state: State) -> Change:
    """What stands in the modal."""
    chosen = state.of(WHEN).chosen
    return Change(
        text=(state.of(TEXT).value or "").strip(),
        by_when=When(chosen) if chosen else When.NO_DATE,
        day=state.of(DAY).selected_date,
        at=state.of(TIME).selected_time,
        habit_days=_weekdays(state, HABIT),
        own_days=_weekdays(state, OWN_DAYS),
        stage=state.of(STAGE).chosen,
        done_looks_like=(state.of(DONE_LOOKS_LIKE).value or "").strip(),
    )


def _weekdays(state: State, block_id: str) -> tuple[Weekday, ...]:
    return tuple(Weekday(int(value)) for value in state.of(block_id).all_chosen)


def _check(change: Change, commitment: Commitment) -> None:
    """Raises Refused with the field and what to do. A date of before may stay."""
    if not change.text:
        raise Refused("A few words are enough.", TEXT)
    if len(change.text) > MAX_TEXT:
        raise Refused(f"{MAX_TEXT} characters at most; this is {len(change.text) - MAX_TEXT} over.", TEXT)
    if commitment.is_habit and not change.habit_days:
        raise Refused("Tick at least one day.", HABIT)
    if change.by_when is When.DATE and not commitment.is_habit:
        _check_day(change.day)


def _check_day(day: date | None) -> None:
    if day is None:
        raise Refused("Pick a day, or choose “No date yet”.", DAY)
    if day.year > LAST_YEAR:
        raise Refused("Pick a day in this millennium.", DAY)


def _stage(change: Change, commitment: Commitment) -> Stage | None:
    """The stage from now on; what was left empty stays. Raises ValueError for what is none."""
    if change.stage is None:
        return commitment.stage
    return None if change.stage == LEAVE_IT_THERE else Stage(change.stage)


def _own_cadence(days: tuple[Weekday, ...], commitment: Commitment, terms: Terms) -> Cadence | None:
    """Check-in days of its own, at its own times or the agreed ones; None when they are the agreed days."""
    base = commitment.cadence or terms.cadence
    own = Weekly(days=days, times=base.times, anchor=base.anchor, zone=base.zone) if days else None
    if own is None or own == terms.cadence:
        return None
    return base if isinstance(base, Weekly) and base.days == own.days else own
