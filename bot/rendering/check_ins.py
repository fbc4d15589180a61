"""The check-in: one message, one click each, folding to one line a commitment when answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.agreements import AfterNotYet, Terms, Tone
from bot.domain.calendar import local_date
from bot.domain.check_ins import (
    ALL_MOVING,
    EVERY_DAY,
    LABELS,
    LET_GO,
    SHOWN,
    Answer,
    CheckIn,
    FollowUp,
    Item,
    Occasion,
    choices,
)
from bot.domain.commitments import Commitment, State
from bot.domain.snoozing import is_late
from bot.rendering.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    checkboxes,
    context,
    option,
    overflow,
    quote,
    section,
    strong,
)
from bot.rendering.copy import PHRASES
from bot.rendering.dates import at, day, due_of
from bot.rendering.ids import Action, act
from bot.rendering.lists import Deed
from bot.rendering.snoozing import later, put_off_until, snoozed
from bot.rendering.wins import names

ANSWERED = {
    Answer.DONE: "Done ✓",
    Answer.MOVING: "Moving",
    Answer.NOT_YET: "Not yet",
    Answer.NOT_TODAY: "Not today",
}
STATE = {State.PAUSED: "Paused", State.LET_GO: "Let go", State.DONE: "Done ✓"}


THANKS = "Thanks for saying so."

NOT_TODAY = "not_today"
"""The one value of the "..." menu that is about the line; the others are about its commitment."""


MORE = [
    option("Not today", NOT_TODAY),
    option("Change", Deed.REVISE),
    option("Pause", Deed.PAUSE),
    option(LET_GO, Deed.LET_GO),
]
MORE_OF_A_TRY = [MORE[0], option("All of it is done", Deed.DONE), *MORE[1:]]

MOST_BLOCKS = 46
"""Slack takes fifty in a message; a few are kept for what stands below the lines."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One commitment of a check-in, with what its line needs. `occasion`: what makes it worth offering to share."""

    item: Item
    commitment: Commitment
    days: tuple[date, ...] = ()
    occasion: Occasion | None = None
    times_not_yet: int = 0

    @property
    def is_open(self) -> bool:
        return self.item.answer is None and self.commitment.state is State.ACTIVE


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A check-in as it stands `now`.

    `after_absence`: the agreed time passed while we were away. `cheered`: Slack ids. `drawing`
    differs each time that it is drawn: Slack shows a choice as made for as long as its block keeps its id.
    """

    check_in: CheckIn
    lines: tuple[Line, ...]
    terms: Terms
    zone: str
    now: datetime
    after_absence: bool = False
    cheered: tuple[str, ...] = ()
    is_reminder: bool = False
    drawing: int = 0

    @property
    def today(self) -> date:
        return local_date(self.now, self.zone)

    @property
    def is_alone(self) -> bool:
        """Whether it is about one thing."""
        return len(self.lines) == 1

    @property
    def is_open(self) -> bool:
        """Whether something is still to be answered."""
        return any(line.is_open for line in self.lines)

    @property
    def is_put_off(self) -> bool:
        """Whether its member said "later", and something is left to be asked then."""
        return self.check_in.snoozed and self.check_in.remind_at is not None and self.is_open


def check_in_text(picture: Picture) -> str:
    """For notifications and screen readers. What asks nothing any more says what was answered, or when it will."""
    if picture.is_put_off:
        return put_off_until(_subjects([line for line in picture.lines if line.is_open]), *_until(picture))
    if picture.is_open:
        return f"{_subjects(picture.lines)}: how did it go?"
    more = f" and {len(picture.lines) - 1} more" if len(picture.lines) > 1 else ""
    return f"{quote(_subject(picture.lines[0]), 100)}: {_answer(picture.lines[0])}{more}"


def check_in_blocks(picture: Picture) -> list[Block]:
    """Ten open lines at the most; as they are answered and fold, those behind them come up."""
    waiting = [line for line in picture.lines if line.is_open]
    blocks: list[Block] = []
    if opening := _opening(picture, waiting):
        blocks.append(section(opening))
    if picture.is_put_off:
        blocks.append(_put_off(picture, waiting))
    left_out, shown = 0, 0
    for line in picture.lines:
        if line.is_open and picture.is_put_off:
            continue
        drawn = _open(line, picture) if line.is_open else _folded(line, picture)
        if (line.is_open and shown == SHOWN) or len(blocks) + len(drawn) > MOST_BLOCKS:
            left_out += 1
            continue
        shown += line.is_open
        blocks += drawn
    if left_out and waiting:
        blocks.append(context(f"{left_out} more: `/buddy list` shows them."))
    if below := _below(picture, waiting):
        blocks.append(actions(below, f"below:{picture.drawing}"))
    if picture.cheered:
        blocks.append(context(f"{names(picture.cheered)} cheered what you shared."))
    return blocks


def moved(check_in: CheckIn, zone: str) -> Message:
    """What the first message folds to when the reminder takes its place."""
    text = f"I asked {at(check_in.opened_at, zone)}. It's below now."
    return text, [context(text)]


def note_kept(line: Line) -> Message:
    """What was typed is no answer by itself: the answers stand below. Or it was one, and then this says which."""
    if line.item.note is None:
        text = PHRASES["note_dropped"] if line.is_open else f"{quote(_subject(line))}: *{_answer(line)}*"
        return text, [section(text)]
    text = f"Kept as a note on {quote(_subject(line))} (only you)."
    if line.item.answer:
        text = f"{quote(_subject(line))}: *{_answer(line)}*, with your note (only you)."
    answers = _choices(line, "note") if line.is_open else []
    if answers and len(line.days) > 1:
        answers.insert(0, _every_day(line, "note"))
    return text, [section(text), actions([*answers, button("Take it back", act(Action.DROP_NOTE, line.item.id))])]


def which_line(lines: Sequence[Line], ts: str) -> Message:
    """Where several lines are open, nothing says which one was meant. `ts`: the message that was typed."""
    text = "Which one is that about? (only you)"
    ways = [button(_subject(line), act(Action.NOTE_ON, ts, line.item.id)) for line in lines if line.is_open]
    return text, [section(text), actions([*ways[:SHOWN], button("None of these", act(Action.NOTE_ON, ts))])]


def _below(picture: Picture, waiting: Sequence[Line]) -> list[Element]:
    """What is about all that is open; a line alone has it in its own row."""
    below: list[Element] = []
    if not waiting or picture.is_put_off:
        return below
    if len([line for line in waiting if not line.commitment.is_habit]) > 1:
        below.append(button(ALL_MOVING, act(Action.ALL_MOVING, picture.check_in.id)))
    return below if picture.is_alone else [*below, _later(picture)]


def _later(picture: Picture) -> Element:
    late = is_late(picture.now, picture.zone)
    return later(picture.check_in.id, alone=picture.is_alone, late=late)


def _put_off(picture: Picture, waiting: Sequence[Line]) -> Block:
    return snoozed(picture.check_in.id, _subjects(waiting), *_until(picture))


def _until(picture: Picture) -> tuple[datetime, str, datetime]:
    return picture.check_in.remind_at or picture.now, picture.zone, picture.now


def _opening(picture: Picture, waiting: Sequence[Line]) -> str:
    said = []
    if picture.is_put_off:
        return ""
    if picture.is_reminder and waiting:
        said.append("Still here if you want it. No answer is fine too.")
    if picture.after_absence:
        said.append("I was away at the agreed time. This covers the days since.")
    if len(picture.lines) > 1 and waiting:
        said.append("How did it go?")
    return " ".join(said)


def _subjects(lines: Sequence[Line]) -> str:
    """What they ask about, in one line: the first by its words."""
    first, more = quote(_subject(lines[0]), 100), len(lines) - 1
    return f"{first} and {more} more" if more else first


def _note(note: str) -> str:
    """On one line; where its lines end, and one message ended, stays to be seen."""
    return f"your note: {quote(' / '.join(line for line in note.splitlines() if line.strip()), 80)}"


def _subject(line: Line) -> str:
    return line.item.trying or line.commitment.text


def _open(line: Line, picture: Picture) -> list[Block]:
    subject = strong(_subject(line))
    about = (
        [due_of(line.commitment, picture.today)]
        if line.item.trying is None
        else [f"for {quote(line.commitment.text, 60)}"]
    )
    if len(line.days) == 1:
        about.append(day(line.days[0], picture.today))
    if line.commitment.next_step and line.item.trying is None:
        about.append(f"next: {quote(line.commitment.next_step, 80)}")
    if line.commitment.plan:
        about.append(f"your plan: {quote(line.commitment.plan, 120)}")
    if line.item.note:
        about.append(_note(line.item.note))
    blocks = [section(f"{subject}: how did it go?" if picture.is_alone else subject)]
    if said := " · ".join(part for part in about if part):
        blocks.append(context(said))
    ticks, buttons = _answers(line, picture.today)
    put_off = [_later(picture)] if picture.is_alone else []
    return [*blocks, *ticks, actions([*buttons, *put_off, _more(line)], f"{line.item.id}:{picture.drawing}")]


def _answers(line: Line, today: date) -> tuple[list[Block], list[Element]]:
    item = line.item
    if len(line.days) > 1:
        days = [option(day(one, today), one.isoformat()) for one in line.days]
        chosen = [one.isoformat() for one in item.days]
        ticks = actions([checkboxes(act(Action.HABIT_DAYS, item.id), days, chosen)])
        return [ticks], [
            _every_day(line),
            button("The ticked ones", act(Action.HABIT_SAVE, item.id)),
            *_choices(line),
        ]
    return [], _choices(line)


def _choices(line: Line, *where: str) -> list[Element]:
    """`where`: on which other message than the check-in's they stand."""
    return [
        button(label, act(Action.ANSWER, line.item.id, answer, *where), says=f"{label}: {_subject(line)}")
        for answer, label in LABELS.items()
        if answer in choices(line.days)
    ]


def _every_day(line: Line, *where: str) -> Element:
    says = f"{EVERY_DAY}: {_subject(line)}"
    return button(EVERY_DAY, act(Action.HABIT_EVERY_DAY, line.item.id, *where), says=says)


def _more(line: Line) -> Element:
    choices = MORE if line.item.trying is None else MORE_OF_A_TRY
    return overflow(act(Action.MORE, line.commitment.id, line.item.id), choices)


def _folded(line: Line, picture: Picture) -> list[Block]:
    item = line.item
    said = f"{quote(_subject(line))}: *{_answer(line)}*"
    if item.note:
        said += f" · {_note(item.note)}"
    if item.answer is None:
        return [section(said, accessory=_way_back(line))]
    offers: list[Element] = []
    if line.occasion is not None and picture.terms.offer_sharing:
        offers.append(button("Share it…", act(Action.SHARE_OFFER, item.id), says="Share it: you see it first"))
    change = button("Change", act(Action.CHANGE_ANSWER, item.id), says=f"Change the answer for {_subject(line)}")
    if item.is_not_yet and item.follow_up is None and picture.terms.after_not_yet is AfterNotYet.OFFER_A_LOOK:
        choices = [
            button("Leave it there", act(Action.LEAVE_IT, item.id)),
            button("Look at it", act(Action.LOOK_AT_IT, item.id)),
        ]
        received = f"\n{_received(line, picture)}".rstrip()
        return [section(said + received, accessory=change), actions(choices)]
    if item.is_not_yet and item.follow_up is not FollowUp.LOOKED and picture.terms.tone is Tone.GENTLE:
        said += f". {THANKS}"
    folded = [section(said, accessory=change)]
    return [*folded, actions(offers)] if offers else folded


def _received(line: Line, picture: Picture) -> str:
    """What a "not yet" is met with, as agreed: thanks; the gap and its date; nothing."""
    match picture.terms.tone:
        case Tone.GENTLE:
            return THANKS if line.times_not_yet <= 1 else f"{THANKS} Still yours to decide."
        case Tone.QUESTIONS:
            return ""
    due_day = line.commitment.due_day
    if due_day is None or line.item.trying is not None:
        return "It's open. What now?"
    if due_day >= local_date(picture.check_in.opened_at, picture.zone):
        return f"It's for {day(due_day, picture.today)}. What now?"
    return f"It was for {day(due_day, picture.today)} and it's open. What now?"


def _way_back(line: Line) -> Element | None:
    """For what was paused or let go from the menu of its line."""
    about = line.commitment
    if about.state is State.PAUSED:
        return button("Resume", act(Action.RESUME_ONE, about.id), says=f"Resume {about.text}")
    return button("Undo", act(Action.RESTORE, about.id), says=f"Undo for {about.text}")


def _answer(line: Line) -> str:
    item = line.item
    if item.answer is None:
        return STATE[line.commitment.state]
    if item.answer is Answer.DAYS:
        if not item.days:
            return "Not yet"
        return "Done ✓" if len(line.days) == 1 else f"{len(item.days)} of {len(line.days)} days"
    return ANSWERED[item.answer]
