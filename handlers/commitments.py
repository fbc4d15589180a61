"""/commit: the modal, filled with what was understood, and what it saves."""

from datetime import date, datetime, time
from functools import partial

from bot.domain.agreements import Initiative, Terms
from bot.domain.blank import is_blank
from bot.domain.calendar import LAST_YEAR, Cadence, local_date, to_utc
from bot.domain.commitments import MAX_TEXT, Kind
from bot.domain.cues import cue_at
from bot.domain.members import Member
from bot.rendering.commitments import (
    AGREED,
    DAY,
    DAYS,
    HABIT,
    ON_REQUEST,
    TEXT,
    TIME,
    WHEN,
    Draft,
    When,
    commit_view,
    preset,
)
from bot.rendering.ids import Action, Callback, Shortcut
from bot.services.commitments import NewCommitment
from bot.services.rhythm_reading import Rhythm
from bot.services.understanding import Understood, understand
from bot.services.work import Refused
from handlers.desk import Desk
from handlers.payloads import Click, CommandCall, ShortcutCall, State, Submission
from handlers.reactions import Open, Reaction, Update
from handlers.rhythms import check_that_it_happens


def register(desk: Desk) -> None:
    topic = _Commitments(desk)
    desk.command("commit", partial(open_commit, desk))
    desk.shortcut(Shortcut.COMMIT, topic.shortcut)
    desk.click(Action.OPEN_COMMIT, topic.button)
    desk.click(Action.COMMIT_WHEN, topic.when)
    desk.submit(Callback.COMMIT, topic.save)


async def open_commit(desk: Desk, call: CommandCall, member: Member) -> Reaction:
    """The modal, with the text after the command understood as far as it can be."""
    return await _Commitments(desk).open(member, call.text)


class _Commitments:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._services = desk.services

    async def shortcut(self, _call: ShortcutCall, member: Member) -> Reaction:
        return await self.open(member, "")

    async def button(self, click: Click, member: Member) -> Reaction:
        return await self.open(member, await self._desk.typed_before(click))

    async def open(self, member: Member, text: str) -> Reaction:
        terms, agreement = await self._services.agreements.read(member)
        now = self._services.units.clock.now()
        understood = understand(text, now=now, zone=terms.cadence.zone, locale=member.locale)
        return Open(commit_view(self._draft(text, understood, terms), terms, is_first=agreement is None))

    async def when(self, click: Click, member: Member) -> Reaction:
        """Another answer to "by when" shows other fields; what was typed stays."""
        if click.view is None:
            return None
        terms, agreement = await self._services.agreements.read(member)
        draft = _typed(click.view.state, click.view.private_metadata, click.action.chosen)
        draft = draft.model_copy(update={"own": self._own(draft.check_ins, terms)})
        return Update(commit_view(draft, terms, is_first=agreement is None))

    async def save(self, submission: Submission, member: Member) -> None:
        terms, _ = await self._services.agreements.read(member)
        draft = _typed(submission.view.state, "", submission.of(WHEN).chosen)
        self._check(draft, terms)
        choice = draft.check_ins or AGREED
        own = self._own(choice, terms)
        cadence = own or preset(choice, terms.cadence)
        if cadence is not None:
            check_that_it_happens(cadence, terms, self._services.units.clock.now(), DAYS)
        new = NewCommitment(
            text=draft.text,
            kind=Kind.HABIT if draft.when is When.HABIT else Kind.ONCE,
            due_day=draft.day if draft.when is When.DATE else None,
            due_time=draft.at if draft.when is When.DATE else None,
            habit_days=draft.habit_days if draft.when is When.HABIT else (),
            cadence=cadence,
            is_its_own=own is not None,
            cue=cue_at(draft.at, draft.habit_days) if draft.when is When.HABIT and draft.at else None,
            on_request=choice == ON_REQUEST,
        )
        await self._services.commitments.make(member, new, key=submission.key)

    def _draft(self, text: str, understood: Understood, terms: Terms) -> Draft:
        """What was understood, filled in. Whoever starts check-ins is asked at no rhythm: the words stay together."""
        if understood.rhythm is not None:
            if terms.initiative is Initiative.I_START:
                return Draft(text=text.strip())
            choice = understood.rhythm.model_dump_json(exclude_none=True)
            own = self._own(choice, terms)
            return Draft(text=understood.what, phrase=understood.phrase, check_ins=choice, own=own)
        if understood.habit is not None:
            habit = understood.habit
            return Draft(
                text=understood.what, when=When.HABIT, habit_days=habit.days, at=habit.at, phrase=understood.phrase
            )
        if understood.due is not None:
            due = understood.due
            return Draft(text=understood.what, when=When.DATE, day=due.day, at=due.at, phrase=understood.phrase)
        return Draft(text=understood.what)

    def _own(self, choice: str | None, terms: Terms) -> Cadence | None:
        """The cadence of a typed rhythm, which its option holds; None for any other choice.

        Raises ValueError for what makes none.
        """
        if choice is None or not choice.startswith("{"):
            return None
        today = local_date(self._services.units.clock.now(), terms.cadence.zone)
        return Rhythm.model_validate_json(choice).cadence(terms.cadence, today)

    def _check(self, draft: Draft, terms: Terms) -> None:
        """Raises Refused with the field and what to do."""
        if is_blank(draft.text):
            raise Refused("A few words are enough.", TEXT)
        if len(draft.text) > MAX_TEXT:
            over = len(draft.text) - MAX_TEXT
            raise Refused(f"{MAX_TEXT} characters at most; this is {over} over. The short version works best.", TEXT)
        if draft.when is When.HABIT and not draft.habit_days:
            raise Refused("Tick at least one day.", HABIT)
        if draft.when is When.DATE:
            check_day(draft.day, draft.at, terms.cadence.zone, self._services.units.clock.now())


def check_day(day: date | None, at: time | None, zone: str, now: datetime) -> None:
    """Raises Refused, with the field, for what is no day to come."""
    if day is None:
        raise Refused("Pick a day, or choose “No date yet”.", DAY)
    if day < local_date(now, zone) or day.year > LAST_YEAR:
        raise Refused("Pick today or a later day.", DAY)
    if at is not None and to_utc(datetime.combine(day, at), zone) <= now:
        raise Refused("That time has passed today. Pick a later one, or leave it empty.", TIME)


def _typed(state: State, phrase: str, chosen: str | None) -> Draft:
    """The draft as it stands in the modal."""
    return Draft(
        text=(state.of(TEXT).value or "").strip(),
        when=When(chosen) if chosen else When.NO_DATE,
        day=state.of(DAY).selected_date,
        at=state.of(TIME).selected_time,
        habit_days=state.of(HABIT).weekdays,
        phrase=phrase,
        check_ins=state.of(DAYS).chosen,
    )
