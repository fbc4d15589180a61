"""The list, the menu of each line, and the modal that changes one commitment."""

from bot.domain.agreements import Terms
from bot.domain.blank import is_blank
from bot.domain.calendar import EVERY_DAY, Cadence, local_date
from bot.domain.commitments import MAX_TEXT, Commitment
from bot.domain.cues import Cue
from bot.domain.members import Member
from bot.domain.readiness import LEAVE_IT_THERE, Stage
from bot.rendering.commitments import DAY, HABIT, TEXT, TIME, WHEN, When
from bot.rendering.ids import Action, Callback
from bot.rendering.lists import (
    CUES,
    DONE_LOOKS_LIKE,
    STAGE,
    Change,
    Deed,
    change_view,
    let_go_view,
    list_view,
    move_view,
)
from bot.rendering.pauses import pause_view
from bot.rendering.rhythms import Rhythm
from bot.services import Services
from bot.services.commitments import Revised
from bot.services.work import Refused
from handlers import rhythms
from handlers.commitments import check_day
from handlers.desk import Desk
from handlers.payloads import Click, CommandCall, State, Submission
from handlers.reactions import Open, Reaction, Update, in_place, on_top


def register(desk: Desk) -> None:
    topic = _Lists(desk)
    desk.click(Action.OPEN_LIST, topic.open)
    desk.click(Action.ITEM_MENU, topic.menu)
    desk.click(Action.RESTORE, topic.restore)
    desk.click(Action.CHANGE, topic.open_change)
    desk.click(Action.CHANGE_WHEN, topic.redraw)
    desk.click(Action.LET_GO_ONE, topic.let_go)
    desk.click(Action.RESUME_ONE, topic.resume)
    desk.click(Action.MOVE_PASSED, topic.open_move)
    desk.click(Action.LET_PASSED_GO, topic.let_passed_go)
    desk.click(Action.BRING_PASSED_BACK, topic.restore)
    desk.submit(Callback.CHANGE, topic.save)
    desk.submit(Callback.MOVE, topic.move)


async def open_list(desk: Desk, _call: CommandCall, member: Member) -> Reaction:
    return Open(list_view(await desk.services.overview.of(member)))


async def open_change(desk: Desk, click: Click, member: Member) -> Reaction:
    """The modal of the commitment that the click names, wherever it was."""
    return await _Lists(desk).open_change(click, member)


async def line_menu(desk: Desk, click: Click, member: Member) -> Reaction:
    """What was chosen from the menu of a commitment's line, wherever the line stands."""
    return await _Lists(desk).menu(click, member)


async def refreshed(services: Services, submission: Submission, member: Member) -> Reaction:
    """The modal closes, and the list below it, if there is one, shows what has changed."""
    below = submission.view.below(Callback.LIST)
    return Update(list_view(await services.overview.of(member)), below) if below is not None else None


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
        ended_in = click.number(1) if len(click.about) > 1 else None
        await self._commitments.resume(member, click.number(), key=click.key, ended_in=ended_in)
        return await self._in_place(click, member)

    async def open_change(self, click: Click, member: Member) -> Reaction:
        commitment, revisions = await self._commitments.read(member, click.number())
        terms, _ = await self._services.agreements.read(member)
        return on_top(click.view, change_view(commitment, self._as_it_is(commitment, terms), terms, revisions))

    async def redraw(self, click: Click, member: Member) -> Reaction:
        """Other fields are shown, with a date or without, and what was typed stays."""
        if click.view is None:
            return None
        commitment, revisions = await self._commitments.read(member, click.number())
        terms, _ = await self._services.agreements.read(member)
        change = _typed(click.view.state, self._as_it_is(commitment, terms))
        return in_place(click.view, change_view(commitment, change, terms, revisions))

    async def let_go(self, click: Click, member: Member) -> Reaction:
        commitment_id = click.number()
        await self._commitments.let_go(member, commitment_id, key=click.key)
        commitment, _ = await self._commitments.read(member, commitment_id)
        return Update(let_go_view(commitment))

    async def let_passed_go(self, click: Click, member: Member) -> None:
        """Its date passed while its owner was away."""
        await self._commitments.let_go(member, click.number(), key=click.key)

    async def resume(self, click: Click, member: Member) -> Reaction:
        await self._commitments.resume(member, click.number(), key=click.key)
        return await self.redraw(click, member)

    async def save(self, submission: Submission, member: Member) -> Reaction:
        commitment, _ = await self._commitments.read(member, int(submission.view.about))
        terms, _ = await self._services.agreements.read(member)
        change = _typed(submission.view.state, self._as_it_is(commitment, terms))
        _check(change, commitment)
        is_dated = change.by_when is When.DATE and not commitment.is_habit
        before = (commitment.due_day, commitment.due_time)
        if is_dated and (change.day is None or (change.day, change.at) != before):
            check_day(change.day, change.at, terms.cadence.zone, self._services.units.clock.now())
        revised = Revised(
            text=change.text,
            due_day=change.day if is_dated else None,
            due_time=change.at if is_dated else None,
            habit_days=change.habit_days if commitment.is_habit else (),
            cadence=self._own_cadence(change.rhythm, commitment, terms),
            cue=_cue(change, commitment),
            stage=_stage(change, commitment),
            done_looks_like=change.done_looks_like or None,
        )
        await self._commitments.revise(member, commitment.id, revised, key=submission.key)
        return await refreshed(self._services, submission, member)

    async def open_move(self, click: Click, member: Member) -> Reaction:
        commitment, _ = await self._commitments.read(member, click.number())
        return on_top(click.view, move_view(commitment))

    async def move(self, submission: Submission, member: Member) -> None:
        """Another day, and everything else as it is."""
        commitment, _ = await self._commitments.read(member, int(submission.view.about))
        terms, _ = await self._services.agreements.read(member)
        day, at = submission.view.state.of(DAY).selected_date, submission.view.state.of(TIME).selected_time
        check_day(day, at, terms.cadence.zone, self._services.units.clock.now())
        moved = Revised.of(commitment).model_copy(update={"due_day": day, "due_time": at})
        await self._commitments.revise(member, commitment.id, moved, key=submission.key)

    def _as_it_is(self, commitment: Commitment, terms: Terms) -> Change:
        today = local_date(self._services.units.clock.now(), terms.cadence.zone)
        return Change.of(commitment, terms.cadence, today)

    def _own_cadence(self, rhythm: Rhythm, commitment: Commitment, terms: Terms) -> Cadence | None:
        """Check-ins of its own, in the agreed zone; None when they are as agreed. Raises Refused for days off."""
        before, now = commitment.cadence or terms.cadence, self._services.units.clock.now()
        own = rhythm.cadence(before, terms.cadence.zone, now)
        if own is None or own == terms.cadence:
            return None
        rhythms.check_that_it_happens(own, terms, now)
        return own

    async def _in_place(self, click: Click, member: Member) -> Reaction:
        """The list at hand as it is now. Home comes by itself."""
        if click.view is None or click.view.type != "modal":
            return None
        return Update(list_view(await self._services.overview.of(member)))


def _typed(state: State, before: Change) -> Change:
    """What stands in the modal; check-ins of its own are as they were `before` while they are not shown."""
    chosen = state.of(WHEN).chosen
    return Change(
        text=(state.of(TEXT).value or "").strip(),
        by_when=When(chosen) if chosen else When.NO_DATE,
        day=state.of(DAY).selected_date,
        at=state.of(TIME).selected_time,
        habit_days=state.of(HABIT).weekdays,
        rhythm=rhythms.typed(state, before.rhythm),
        cue_times=rhythms.times_in(state, CUES),
        stage=state.of(STAGE).chosen,
        done_looks_like=(state.of(DONE_LOOKS_LIKE).value or "").strip(),
    )


def _check(change: Change, commitment: Commitment) -> None:
    """Raises Refused with the field and what to do. Of days, only another one than before is looked at."""
    if is_blank(change.text):
        raise Refused("A few words are enough.", TEXT)
    if len(change.text) > MAX_TEXT:
        raise Refused(f"{MAX_TEXT} characters at most; this is {len(change.text) - MAX_TEXT} over.", TEXT)
    if commitment.is_habit and not change.habit_days:
        raise Refused("Tick at least one day.", HABIT)
    rhythms.check(change.rhythm)


def _stage(change: Change, commitment: Commitment) -> Stage | None:
    """The stage from now on; what was left empty stays. Raises ValueError for what is none."""
    if change.stage is None:
        return commitment.stage
    return None if change.stage == LEAVE_IT_THERE else Stage(change.stage)


def _cue(change: Change, commitment: Commitment) -> Cue | None:
    """On the habit's days; for a plan on those that it had, or every day."""
    if not change.cue_times:
        return None
    if commitment.is_habit:
        return Cue(times=change.cue_times, days=change.habit_days)
    return Cue(times=change.cue_times, days=commitment.cue.days if commitment.cue else EVERY_DAY)
