"""A guided conversation on the screen: one question at a time, its closing words, and the same on one form."""

from collections.abc import Sequence
from typing import Final

from bot.domain.guides.guide import ONLY_YOU, Kind
from bot.domain.guides.sitting import Prompt, Said
from bot.domain.records import Record
from bot.domain.sittings import KeptAnswer
from bot.rendering.blocks import (
    OVERFLOW_MAX,
    SECTION_MAX,
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    context,
    field,
    modal,
    option,
    overflow,
    quote,
    radio_buttons,
    section,
    select,
    shorten,
    text_input,
    words,
)
from bot.rendering.copy import WHO_SEES_THIS
from bot.rendering.cues import PlanCue, plan_cue_button, plan_cue_note
from bot.rendering.ids import Action, Callback, act

MOTIVES_SHOWN: Final = 5
LABEL_MAX: Final = 2000


class Menu:
    """The values of the "…" menu. Behind NOT_AN_ANSWER stands the step, as in "not_an_answer:one_side"."""

    BACK = "back"
    FORM = "form"
    PRIVACY = "privacy"
    NOT_AN_ANSWER = "not_an_answer"
    WHY = "why"
    LEAVE = "leave"


class Motive(Record):
    """Something the member wrote about why it matters, and the day they did."""

    text: str
    day: str


class Asking(Record):
    """A question with what stands around it.

    `typed_step`: the step whose answer was typed just before, so that it can be taken back. `can_wait`: it was not put
    off yet. `has_commitment`: there is something to be reminded of. `earlier`: motives besides the one asked about.
    `subject`: the commitment, where the question does not name it.
    """

    sitting_id: int
    prompt: Prompt
    typed_step: str | None = None
    can_wait: bool = True
    has_commitment: bool = False
    earlier: tuple[Motive, ...] = ()
    subject: str | None = None


class Closed(Record):
    """A commitment that a sitting ended: let go of, or not asked about any more. `is_back`: it was taken up again."""

    commitment_id: int
    is_back: bool = False


def asking(question: Asking) -> Message:
    """A question: what received the answer before, the question, who sees the answer, and how far along it is."""
    prompt = question.prompt
    blocks = _said(prompt)
    about = [_subject(question.subject)] if question.subject else []
    about += [f"{prompt.number} of {prompt.total}"] if prompt.total > 1 else []
    about += [words(prompt.hint)] if prompt.hint else []
    if about:
        blocks.append(context(" · ".join(about)))
    if question.earlier:
        blocks.append(context("Also yours: " + " ".join(_motive(motive, 80) for motive in question.earlier)))
    if prompt.draft is not None:
        keep = button("Keep that", act(Action.AS_BEFORE, question.sitting_id, prompt.step_id))
        blocks.append(section(f"You had said: {quote(prompt.draft.text)}", accessory=keep))
    if prompt.choices:
        blocks.append(actions([_choice(question, choice.value, choice.label) for choice in prompt.choices]))
    blocks.append(actions(_ways(question)))
    return _text(prompt, question.subject), blocks


def folded(prompt: Prompt, answer: str | None, subject: str | None = None) -> Message:
    """A question that is not asked any more. `answer`: what was tapped, or that it was skipped."""
    blocks = _said(prompt)
    below = [_subject(subject)] if subject else []
    below += [words(shorten(answer, 150))] if answer is not None else []
    if below:
        blocks.append(context(" · ".join(below)))
    return _text(prompt, subject), blocks


def closing(
    said: Said,
    sitting_id: int,
    *,
    typed_step: str | None,
    can_change: bool,
    closed: Closed | None,
    plan: PlanCue | None = None,
) -> Message:
    """The last words. `closed`: the commitment that they ended; `plan`: it names a time."""
    text = said.fill(words)
    ways: list[Element] = [plan_cue_button(plan)] if plan else []
    if can_change:
        ways.append(button("Change", act(Action.CHANGE_WORDS, sitting_id), says="Change what was kept"))
    if typed_step is not None:
        ways.append(button("Take it back", act(Action.NOT_AN_ANSWER, sitting_id, typed_step)))
    note = plan_cue_note(plan) if plan else []
    if closed is not None and closed.is_back:
        note.append(context("You have it back. It's in your list."))
    elif closed is not None:
        ways.append(button("Have it back", act(Action.RESTORE, closed.commitment_id, sitting_id)))
    return text, [section(text), *note, *([actions(ways)] if ways else [])]


def offer_again(sitting_id: int, subject: str | None, *, is_open: bool) -> Message:
    """What was put off, offered once more. `subject`: the commitment it was about."""
    about = f" about {quote(subject)}" if subject else ""
    text = f"There's still a question{about} from earlier. Go on with it? Leaving it there is just as fine."
    ways = [
        button("Go on", act(Action.GO_ON, sitting_id)),
        button("Leave it there", act(Action.LEAVE, sitting_id)),
    ]
    return text, [section(text), *([actions(ways)] if is_open else [])]


def motives(subject: str, found: Sequence[Motive]) -> Message:
    """What was written about why it matters, newest first. No question."""
    if not found:
        text = f"Nothing about why is kept for {quote(subject)} yet."
        return text, [section(text)]
    text = f"Why {quote(subject)} matters to you, in your words (only you):"
    return text, [section(text), *(section(f"• {_motive(motive, 400)}") for motive in found[:MOTIVES_SHOWN])]


def erase_offer(ts: str) -> Message:
    text = "You deleted a message that I had kept. Shall I forget it too? (only you)"
    return text, [
        section(text),
        actions([button("Erase", act(Action.ERASE, ts)), button("Keep", act(Action.KEEP, ts))]),
    ]


def form_view(sitting_id: int, title: str, prompts: Sequence[Prompt]) -> View:
    """The questions on one screen. What is left empty is skipped."""
    fields = [
        field(_label(prompt), _input(prompt), block_id=prompt.step_id, hint=_hint(prompt), optional=True)
        for prompt in prompts
    ]
    return modal(Callback.FORM, title, fields, submit="Save", close="Not now", metadata=str(sitting_id))


def kept_words_view(sitting_id: int, kept: Sequence[tuple[Prompt, KeptAnswer]]) -> View:
    """What was kept, to be put in other words."""
    fields = [
        field(
            _label(prompt),
            text_input(prompt.step_id, initial=row.text, multiline=True),
            block_id=prompt.step_id,
            hint="Empty it to forget it.",
            optional=True,
        )
        for prompt, row in kept
    ]
    return modal(Callback.KEPT_WORDS, "What you kept", fields, submit="Save", close="Not now", metadata=str(sitting_id))


def _said(prompt: Prompt) -> list[Block]:
    said = prompt.receives.fill(words) if prompt.receives is not None else ""
    question = f"{prompt.fill(words)} ({prompt.audience})"
    together = f"{said}\n{question}".strip()
    return [section(together)] if len(together) <= SECTION_MAX else [section(said), section(question)]


def _subject(text: str) -> str:
    return f"about {quote(text, 80)}"


def _text(prompt: Prompt, subject: str | None) -> str:
    said = prompt.receives.fill(words) if prompt.receives is not None else ""
    about = f"({_subject(subject)})" if subject else ""
    return f"{said} {prompt.fill(words)} {about}".strip()


def _choice(question: Asking, value: str, label: str) -> Element:
    action_id = act(Action.CHOOSE, question.sitting_id, question.prompt.step_id, value)
    says = f"{label} of 10" if question.prompt.kind is Kind.RULER else None
    return button(label, action_id, says=says)


def _ways(question: Asking) -> list[Element]:
    """Out of the question, and round it: never only through it."""
    about = (question.sitting_id, question.prompt.step_id)
    ways = [button("Skip", act(Action.SKIP, *about))]
    if question.can_wait:
        ways.append(button("Later", act(Action.LATER, *about), says="Later, after the next check-in"))
    if question.prompt.can_let_go:
        ways.append(button("Let go", act(Action.LET_GO, *about), says="Let the commitment go"))
    menu = [option("As a form instead", Menu.FORM), option("Leave it there", Menu.LEAVE)]
    if question.has_commitment:
        menu.insert(0, option("Remind me why", Menu.WHY))
    if question.typed_step is not None:
        menu.insert(0, option("That wasn't an answer", f"{Menu.NOT_AN_ANSWER}:{question.typed_step}"))
    if question.prompt.can_go_back:
        menu.insert(0, option("Back", Menu.BACK))
    if len(menu) < OVERFLOW_MAX:  # as with the first question of every sitting
        menu.append(option(WHO_SEES_THIS, Menu.PRIVACY))
    return [*ways, overflow(act(Action.MENU, *about), menu)]


def _motive(motive: Motive, most: int) -> str:
    return f"{quote(motive.text, most)} ({words(motive.day)})"


def _label(prompt: Prompt) -> str:
    """Labels are plain text: nothing in them needs escaping."""
    return shorten(f"{prompt.fill(str)} ({prompt.audience or ONLY_YOU})", LABEL_MAX)


def _hint(prompt: Prompt) -> str | None:
    labels = ", ".join(choice.label for choice in prompt.choices)
    if prompt.kind is Kind.TEXT and labels:
        return f"Such as: {labels}."
    return prompt.hint or None


def _input(prompt: Prompt) -> Element:
    options = [option(choice.label, choice.value) for choice in prompt.choices]
    draft = prompt.draft
    match prompt.kind:
        case Kind.CHOICE:
            return radio_buttons(prompt.step_id, options, draft.value if draft else None)
        case Kind.RULER:
            return select(prompt.step_id, options, draft.value if draft else None)
    return text_input(prompt.step_id, initial=draft.text if draft else "", multiline=True)
