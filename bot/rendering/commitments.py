"""The modal of /commit, and the message that says a commitment back."""

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from pydantic import Field

from bot.domain.agreements import Initiative, Terms
from bot.domain.calendar import (
    EVERY_DAY,
    WORKDAYS,
    Cadence,
    Weekday,
    Weekly,
    clock_label,
    describe_days,
    listing,
)
from bot.domain.commitments import Commitment, State
from bot.domain.readiness import LABELS, LEAVE_IT_THERE, LEAVE_IT_THERE_LABEL, WHERE_ARE_YOU, Stage
from bot.domain.records import Record
from bot.rendering.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    date_picker,
    field,
    modal,
    option,
    overflow,
    quote,
    section,
    select,
    sentence,
    text_input,
    time_picker,
    weekday_select,
    words,
)
from bot.rendering.copy import GROUND_RULES, WHO_SEES_THIS
from bot.rendering.dates import at_named, at_time, due
from bot.rendering.ids import Action, Callback, act

TEXT: Final = "what"
WHEN: Final = "when"
DAY: Final = "day"
TIME: Final = "time"
HABIT: Final = "habit"
DAYS: Final = "check_ins"


class When(StrEnum):
    """The answers to "by when"."""

    NO_DATE = "no_date"
    DATE = "date"
    HABIT = "habit"


class Draft(Record):
    """What the modal is filled with. `phrase`: the member's words that a date, a habit or a rhythm was understood from.

    `own`: the rhythm that they typed, which `check_ins` then names.
    """

    text: str = Field("", repr=False)
    when: When = When.NO_DATE
    day: date | None = None
    at: time | None = None
    habit_days: tuple[Weekday, ...] = ()
    phrase: str = Field("", repr=False)
    check_ins: str | None = None
    own: Cadence | None = None


STAGE_ANSWERS: Final[dict[str, str]] = {
    **{stage.value: LABELS[stage] for stage in Stage},
    LEAVE_IT_THERE: LEAVE_IT_THERE_LABEL,
}

AGREED: Final = "agreed"
ON_REQUEST: Final = "on_request"
PRESETS: Final[dict[str, tuple[Weekday, ...]]] = {
    "workdays": WORKDAYS,
    "every_day": EVERY_DAY,
    "monday": (Weekday.MONDAY,),
    "friday": (Weekday.FRIDAY,),
    "mon_wed_fri": (Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.FRIDAY),
    "tue_fri": (Weekday.TUESDAY, Weekday.FRIDAY),
}


def preset(name: str, agreed: Cadence) -> Cadence | None:
    """The cadence of a choice, at the agreed times and in the agreed zone; None for the agreed one and for none."""
    days = PRESETS.get(name)
    if days is None:
        return None
    own = Weekly(days=days, times=agreed.times, anchor=agreed.anchor, zone=agreed.zone)
    return None if own == agreed else own


def commit_view(draft: Draft, terms: Terms, *, is_first: bool) -> View:
    """Three fields. The ground rules stand above Save the first time."""
    blocks: list[Block] = [
        field(
            "What do you want to do? (only you)",
            text_input("text", initial=draft.text, placeholder="Finish the report", focus=not draft.text),
            block_id=TEXT,
        ),
        field("By when?", _when(draft), block_id=WHEN, dispatch=True),
        *_details(draft),
        field("Check-ins", _check_ins(draft, terms, is_first=is_first), block_id=DAYS),
        *(_understood(draft) if draft.own else []),
    ]
    if is_first:
        rules = f"Until you change them, the ground rules are: {GROUND_RULES}."
        blocks.append(section(rules, accessory=button(WHO_SEES_THIS, Action.OPEN_PRIVACY)))
    return modal(Callback.COMMIT, "A commitment", blocks, submit="Save", close="Not now", metadata=draft.phrase[:1000])


def committed(
    commitment: Commitment, zone: str, remind_at: datetime | None, today: date, *, was_left: bool = False
) -> list[Block]:
    """The commitment said back, when it will be asked about, and the question where they are with it.

    `was_left`: the answer was to leave it there. Another answer can take the place of any.
    """
    change = button("Change", act(Action.CHANGE, commitment.id), says="Change this commitment or its ground rules")
    blocks = [section(_noted(commitment, zone, remind_at, today), accessory=change if commitment.is_open else None)]
    if commitment.state is not State.ACTIVE:
        return blocks
    if commitment.stage is None and not was_left:
        return [*blocks, *_stage_question(commitment)]
    return [*blocks, _stage_answer(commitment)]


def committed_text(commitment: Commitment) -> str:
    return f"Noted: {quote(commitment.text)}. {WHERE_ARE_YOU}"


def stage_buttons(commitment_id: int) -> Block:
    return actions([button(label, act(Action.STAGE, commitment_id, value)) for value, label in STAGE_ANSWERS.items()])


def _stage_question(commitment: Commitment) -> Sequence[Block]:
    return section(f"{WHERE_ARE_YOU} (only you)"), stage_buttons(commitment.id)


def _stage_answer(commitment: Commitment) -> Block:
    """What was answered, and the other answers behind "..."."""
    here = commitment.stage or LEAVE_IT_THERE
    others = [option(label, value) for value, label in STAGE_ANSWERS.items() if value != here]
    return section(f"{WHERE_ARE_YOU} *{STAGE_ANSWERS[here]}*", overflow(act(Action.STAGE, commitment.id), others))


def _noted(commitment: Commitment, zone: str, remind_at: datetime | None, today: date) -> str:
    said = [f"Noted: {quote(commitment.text, 500)}."]
    if commitment.is_habit:
        said.append(f"A habit: {describe_days(commitment.habit_days)}.")
        if commitment.cue is not None:
            said.append(f"I'll say it back to you at {listing(clock_label(each) for each in commitment.cue.times)}.")
    elif commitment.due_day is None:
        said.append("No date, so nothing to be late for.")
    else:
        said.append(f"{sentence(due(commitment.due_day, commitment.due_time, today))}.")
    if commitment.next_due_at is None:
        said.append("I won't ask by myself; `/buddy checkin` starts a check-in.")
    else:
        once_more = ""
        if remind_at is not None:
            once_more = f", once more at {at_time(remind_at, zone)} if I hear nothing"
        said.append(f"Next check-in: {at_named(commitment.next_due_at, zone)}{once_more}.")
    return " ".join(said)


def _when(draft: Draft) -> dict[str, object]:
    options = [
        option("No date yet", When.NO_DATE),
        option("By a date", When.DATE),
        option("A habit, with its days", When.HABIT),
    ]
    return select(Action.COMMIT_WHEN, options, draft.when)


def _details(draft: Draft) -> list[Block]:
    if draft.when is When.NO_DATE:
        return []
    understood = [] if draft.own else _understood(draft)
    if draft.when is When.DATE:
        return [*day_fields(draft.day, draft.at), *understood]
    return [
        field("On which days?", weekday_select("habit", draft.habit_days), block_id=HABIT),
        field("Remind me at", time_picker("time", draft.at), block_id=TIME, optional=True),
        *understood,
    ]


def day_fields(day: date | None, at: time | None) -> list[Block]:
    return [
        field("Which day?", date_picker("day", day), block_id=DAY),
        field("At what time?", time_picker("time", at), block_id=TIME, optional=True),
    ]


def _understood(draft: Draft) -> list[Block]:
    return [context(f"Understood from “{words(draft.phrase)}”. Change it if I got it wrong.")] if draft.phrase else []


def _check_ins(draft: Draft, terms: Terms, *, is_first: bool) -> dict[str, object]:
    """The agreed days first; then others at the agreed time; the first time also none by themselves.

    Who starts is agreed once for everything: whoever starts check-ins is not asked by anything.
    """
    if terms.initiative is Initiative.I_START:
        return select("days", [option("When I start one", AGREED)], AGREED)
    cadence = terms.cadence
    options = [option(sentence(cadence.describe()), AGREED)]
    if draft.own is not None and draft.check_ins is not None:
        options.append(option(sentence(draft.own.describe()), draft.check_ins))
    options += [
        option(sentence(other.describe()), name) for name in PRESETS if (other := preset(name, cadence)) is not None
    ]
    if is_first:
        options.append(option("Only when I start one", ON_REQUEST))
    known = {str(each["value"]) for each in options}
    return select("days", options, draft.check_ins if draft.check_ins in known else AGREED)
