"""A commitment as a line of Home and of the list, the list itself, and the modal that changes one."""

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from pydantic import Field

from bot.domain.agreements import Terms
from bot.domain.calendar import Cadence, Weekday, clock_label, describe_days, listing, local_date
from bot.domain.commitments import MAX_TEXT, Commitment, Revision, State
from bot.domain.overview import Overview, Standing
from bot.domain.readiness import HIGHEST, LABELS, WHERE_ARE_YOU
from bot.domain.records import Record
from bot.rendering.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    field,
    header,
    modal,
    option,
    overflow,
    plain,
    quote,
    section,
    select,
    shorten,
    strong,
    text_input,
    weekday_select,
)
from bot.rendering.commitments import HABIT, STAGE_ANSWERS, TEXT, WHEN, When, day_fields
from bot.rendering.dates import at, due, due_of
from bot.rendering.dates import day as in_words
from bot.rendering.ids import Action, Callback, act
from bot.rendering.rhythms import Kind as RhythmKind
from bot.rendering.rhythms import Named, Rhythm, rhythm_fields, times_fields

SHOWN: Final = 90
"""Commitments in a modal of at most a hundred blocks."""

RULER_SHOWN: Final = 8
BARS: Final = "▁▁▂▃▃▄▅▆▆▇█"

STAGE: Final = "stage"
DONE_LOOKS_LIKE: Final = "done_looks_like"
CUES: Final = ("cue", "second_cue", "third_cue", "fourth_cue")


class Deed(StrEnum):
    """What a line's menu offers."""

    DONE = "done"
    REVISE = "revise"
    PAUSE = "pause"
    RESUME = "resume"
    LET_GO = "let_go"


DEEDS: Final = {
    State.ACTIVE: (Deed.DONE, Deed.REVISE, Deed.PAUSE, Deed.LET_GO),
    State.PAUSED: (Deed.RESUME, Deed.DONE, Deed.REVISE, Deed.LET_GO),
}
DEED_LABELS: Final = {
    Deed.DONE: "Done",
    Deed.REVISE: "Revise",
    Deed.PAUSE: "Pause",
    Deed.RESUME: "Resume",
    Deed.LET_GO: "Let go",
}


class Change(Record):
    """What the modal is filled with. `stage` is one of STAGE_ANSWERS, or None while none was chosen."""

    text: str = Field("", repr=False)
    by_when: When = When.NO_DATE
    day: date | None = None
    at: time | None = None
    habit_days: tuple[Weekday, ...] = ()
    rhythm: Rhythm = Rhythm(kind=RhythmKind.AGREED)
    cue_times: tuple[time, ...] = ()
    stage: str | None = None
    done_looks_like: str = Field("", repr=False)

    @classmethod
    def of(cls, commitment: Commitment, agreed: Cadence, today: date) -> "Change":
        """What holds; `agreed` fills the fields of check-ins of its own while there are none."""
        rhythm = Rhythm.of(commitment.cadence or agreed, today)
        return cls(
            text=commitment.text,
            by_when=When.DATE if commitment.due_day else When.NO_DATE,
            day=commitment.due_day,
            at=commitment.due_time,
            habit_days=commitment.habit_days,
            rhythm=rhythm if commitment.cadence else rhythm.model_copy(update={"kind": RhythmKind.AGREED, "every": 1}),
            cue_times=commitment.cue.times if commitment.cue else (),
            stage=commitment.stage,
            done_looks_like=commitment.done_looks_like or "",
        )


# Lines


def standing_line(standing: Standing, zone: str, today: date, *, said: datetime | None = None) -> Block:
    """A commitment with everything worth knowing about it, and the menu that changes it.

    `said`: the next check-in that stands above it already.
    """
    return section(_standing_text(standing, zone, today, said), accessory=_menu(standing.commitment))


def _standing_text(standing: Standing, zone: str, today: date, said: datetime | None) -> str:
    commitment = standing.commitment
    facts = _facts(standing, zone, today)
    if commitment.next_due_at is not None and commitment.next_due_at != said:
        facts.append(f"next check-in {at(commitment.next_due_at, zone)}")
    lines = [strong(commitment.text), " · ".join(facts), " · ".join(_own_words(commitment))]
    if standing.readiness:
        lines.append(f"How ready: {ruler_history(standing.readiness)}")
    lines += [_before(revision, zone, today) for revision in standing.revisions[-2:]]
    return "\n".join(line for line in lines if line)


def _facts(standing: Standing, zone: str, today: date) -> list[str]:
    commitment = standing.commitment
    facts = []
    if commitment.state is State.PAUSED:
        until = commitment.paused_until
        facts.append(
            f"paused until {in_words(local_date(until, zone), today)}" if until else "paused until you resume it"
        )
    if commitment.is_habit:
        facts.append(describe_days(commitment.habit_days))
    if commitment.cue is not None:
        facts.append(f"reminder at {listing(clock_label(at) for at in commitment.cue.times)}")
    if commitment.cadence is not None and commitment.state is State.ACTIVE:
        facts.append(f"check-ins {commitment.cadence.describe()}")
    if standing.tally is not None and standing.tally.is_worth_telling:
        facts.append(f"{standing.tally.done} of the last {standing.tally.of}")
    if commitment.due_day is not None:
        facts.append(due_of(commitment, today))
    if commitment.stage is not None:
        facts.append(LABELS[commitment.stage])
    return facts


def _own_words(commitment: Commitment) -> list[str]:
    """What its owner wrote about it that a check-in speaks of too."""
    said = (
        ("to try", commitment.trying),
        ("next", commitment.next_step),
        ("your plan", commitment.plan),
        ("done looks like", commitment.done_looks_like),
    )
    return [f"{label}: {quote(text, 80)}" for label, text in said if text]


def ruler_history(ratings: Sequence[int]) -> str:
    """The numbers given on the ruler over time, drawn: "▃▅▇ 4, 6, 8"."""
    latest = ratings[-RULER_SHOWN:]
    drawn = "".join(BARS[min(rating, HIGHEST)] for rating in latest)
    return f"{drawn} {', '.join(map(str, latest))}"


def _before(revision: Revision, zone: str, today: date | None) -> str:
    changed = in_words(local_date(revision.revised_at, zone), today)
    by_when = f", {due(revision.due_day, revision.due_time, today)}" if revision.due_day else ""
    return f"_before {changed}:_ {quote(revision.text)}{by_when}"


def _menu(commitment: Commitment) -> Element:
    options = [option(DEED_LABELS[deed], deed) for deed in DEEDS[commitment.state]]
    return overflow(act(Action.ITEM_MENU, commitment.id), options)


# The list


def list_view(overview: Overview) -> View:
    """Everything that is open, and what can still be taken back."""
    zone = overview.zone
    paused = [one for one in overview.standings if one not in overview.active]
    blocks: list[Block] = []
    room = SHOWN
    for title, standings in (("Active", overview.active), ("Paused", paused)):
        if standings:
            blocks += [header(title), *(standing_line(one, zone, overview.today) for one in standings[:room])]
            room = max(0, room - len(standings))
    if not overview.active:
        blocks.insert(0, section("Nothing is active, so there are no check-ins."))
    if overview.closed and room:
        blocks += [
            header("Done or let go in the last 30 days"),
            *(_closed(one, zone, overview.today) for one in overview.closed[:room]),
        ]
    left = len(overview.standings) + len(overview.closed) - SHOWN
    if left > 0:
        blocks.append(context(f"{left} more"))
    return modal(Callback.LIST, "Your list", blocks)


def _closed(commitment: Commitment, zone: str, today: date) -> Block:
    on = f" on {in_words(local_date(commitment.closed_at, zone), today)}" if commitment.closed_at else ""
    how = f"✓ done{on}" if commitment.state is State.DONE else f"let go{on}"
    back = button("Bring back", act(Action.RESTORE, commitment.id), says=f"Bring back: {commitment.text}")
    return section(f"{quote(commitment.text)}\n{how}", accessory=back)


# Changing one


def change_view(commitment: Commitment, change: Change, terms: Terms, revisions: Sequence[Revision] = ()) -> View:
    """Words, date or days, where they are with it, check-ins of its own, what done looks like; and a click to the rest.

    `change` is what stands in the fields.
    """
    days = field("On which days?", weekday_select("habit", change.habit_days), block_id=HABIT)
    blocks: list[Block] = [
        field(
            "What do you want to do? (only you)",
            text_input("text", initial=change.text, multiline=True, most=MAX_TEXT),
            block_id=TEXT,
        ),
        *(_by_when(commitment, change) if not commitment.is_habit else [days]),
        field(
            f"{WHERE_ARE_YOU} (only you)",
            select("stage", [option(label, value) for value, label in STAGE_ANSWERS.items()], change.stage),
            block_id=STAGE,
            optional=True,
        ),
        *rhythm_fields(change.rhythm, _redraw(commitment), agreed=terms.cadence),
        *_cues(commitment, change),
        field(
            "What does done look like? (only you)",
            text_input("done", initial=change.done_looks_like, multiline=True),
            block_id=DONE_LOOKS_LIKE,
            optional=True,
        ),
        actions(_ways_on(commitment)),
    ]
    if revisions:
        blocks.append(context("\n".join(_before(one, terms.cadence.zone, None) for one in revisions[-5:])))
    return modal(Callback.CHANGE, "Change", blocks, submit="Save", close="Not now", metadata=str(commitment.id))


def move_view(commitment: Commitment) -> View:
    """Another day for what had one that passed, and nothing else."""
    blocks = [section(quote(commitment.text)), *day_fields(None, None)]
    return modal(Callback.MOVE, "Move", blocks, submit="Save", close="Not now", metadata=str(commitment.id))


def let_go_view(commitment: Commitment) -> View:
    """It was let go from its modal; once more, and it is back."""
    blocks = [
        section(f"{quote(commitment.text)} is let go. For 30 days you can bring it back, here or from your list."),
        actions([button("Bring back", act(Action.RESTORE, commitment.id))]),
    ]
    return modal(Callback.LIST, "Let go", blocks)


def _by_when(commitment: Commitment, change: Change) -> list[Block]:
    options = [option("No date yet", When.NO_DATE), option("By a date", When.DATE)]
    chosen = select(act(Action.CHANGE_WHEN, commitment.id), options, change.by_when)
    blocks = [field("By when?", chosen, block_id=WHEN, dispatch=True)]
    return [*blocks, *day_fields(change.day, change.at)] if change.by_when is When.DATE else blocks


def _cues(commitment: Commitment, change: Change) -> list[Block]:
    """When its words are told. What is done once needs them only where a plan says when."""
    if not (commitment.is_habit or commitment.plan or commitment.cue):
        return []
    labels = ("Remind me at", "And at", "And at", "And at")
    first, *others = times_fields(change.cue_times, CUES, labels, _redraw(commitment), optional=True)
    hint = plain(f"I'll say back “{shorten(commitment.cue_words, 100)}”, and ask nothing.")
    return [first | {"hint": hint}, *others]


def _redraw(commitment: Commitment) -> Named:
    return lambda name: act(Action.CHANGE_WHEN, commitment.id, name)


def _ways_on(commitment: Commitment) -> list[Element]:
    rest = button("Pause", act(Action.PAUSE_ONE, commitment.id))
    if commitment.state is State.PAUSED:
        rest = button("Resume", act(Action.RESUME_ONE, commitment.id))
    return [
        button("Ground rules", Action.OPEN_RULES, says="Ground rules: tone, silence, after a not yet, who starts"),
        rest,
        button("Let go", act(Action.LET_GO_ONE, commitment.id)),
    ]
