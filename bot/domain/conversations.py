"""The interpreter of guided conversations: (guide, state, reply) becomes (state, next prompt). Pure, and total.

A state holds the answers' text, so storage encrypts it as one JSON. It holds no clock. Every function accepts every
reply at any time: one that comes late, twice or to the wrong question changes nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from pydantic import Field

from bot.domain.agreements import Tone
from bot.domain.guides.guide import (
    MOST_QUESTIONS,
    ONLY_YOU,
    PLACEHOLDER,
    Choice,
    Guide,
    Keeps,
    Kind,
    Outcome,
    Shape,
    Step,
    Toned,
)
from bot.domain.guides.paths import (
    Answer,
    Planned,
    filled,
    fitting,
    following,
    most,
    plan,
    resolve,
    sure,
    tokens,
)
from bot.domain.motivators import Question, Theme
from bot.domain.readiness import HIGHEST, LOWEST, Stage

__all__ = [
    "Answer",
    "Choice",
    "Context",
    "ConversationState",
    "Guide",
    "Heard",
    "Keeps",
    "Kept",
    "Kind",
    "Move",
    "Outcome",
    "Prompt",
    "Reply",
    "Said",
    "Status",
    "Turn",
    "advance",
    "amend",
    "answer_form",
    "append",
    "as_form",
    "current_prompt",
    "erase",
    "kept",
    "resume",
    "retract",
    "start",
]

_OFFERED: Final = 1
"""A sitting that was put off is offered again this many times."""


class Move(StrEnum):
    """What a reply does."""

    TEXT = "text"
    CHOICE = "choice"
    SKIP = "skip"
    BACK = "back"
    LATER = "later"
    STOP = "stop"
    LET_GO = "let_go"


class Reply(Shape):
    """What a member did: `said` is what they typed, or the value they tapped.

    `step_id` names the question it belongs to; a reply to another one than the present is ignored. None means the
    present one, for words that were simply typed.
    """

    move: Move
    step_id: str | None = None
    said: str = ""

    @classmethod
    def text(cls, said: str, step_id: str | None = None) -> "Reply":
        return cls(move=Move.TEXT, step_id=step_id, said=said)

    @classmethod
    def choice(cls, value: str, step_id: str | None = None) -> "Reply":
        return cls(move=Move.CHOICE, step_id=step_id, said=value)


class Context(Shape):
    """What a sitting starts from.

    `words` are named in guides.guide.CONTEXT_WORDS. `questions` is what motivators.choose gave, best first; a guide's
    `pick` steps take from it what fits their themes, so give them the whole ordered bank.
    """

    words: dict[str, str] = Field(default_factory=dict)
    stage: Stage | None = None
    tone: Tone = Tone.GENTLE
    questions: tuple[Question, ...] = ()


class Status(StrEnum):
    """Where a sitting is. `later` was put off and can go on; the last two are over."""

    ASKING = "asking"
    LATER = "later"
    FINISHED = "finished"
    STOPPED = "stopped"


class ConversationState(Shape):
    """A sitting. `answers` are in the order they were given and include what was skipped; `drafts` are answers gone back on."""

    guide: str
    plan: tuple[Planned, ...]
    at: str | None
    answers: tuple[Answer, ...] = ()
    drafts: tuple[Answer, ...] = ()
    status: Status = Status.ASKING
    put_off: int = 0
    let_go: bool = False
    words: dict[str, str] = Field(default_factory=dict)
    stage: Stage | None = None
    tone: Tone = Tone.GENTLE


class Said(Shape):
    """A sentence of ours with a member's words in it, kept apart so that rendering can escape them."""

    template: str
    words: dict[str, str] = Field(default_factory=dict)

    def fill(self, escape: Callable[[str], str] = str) -> str:
        """The sentence with every word put through `escape`."""
        return PLACEHOLDER.sub(lambda found: escape(self.words.get(found[1], "")), self.template)


class Prompt(Said):
    """A question as it stands on the screen.

    `receives` is said before it: the previous answer acknowledged, or what was not understood. `draft` is an answer given
    before and gone back on. `audience` says who will see the answer.
    """

    step_id: str
    number: int
    total: int
    kind: Kind
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    audience: str = ONLY_YOU
    can_go_back: bool = False
    can_let_go: bool = False
    receives: Said | None = None
    draft: Answer | None = None
    question_id: str | None = None
    """The question of the bank, to be remembered as asked."""


class Kept(Shape):
    """An answer to be stored, by conversation and step: the same step answered again replaces it."""

    step_id: str
    keeps: Keeps
    text: str
    value: str | None = None
    theme: Theme | None = None
    question_id: str | None = None


class Heard(StrEnum):
    """What became of a reply: taken; not understood, so the prompt says what is needed; or past, so nothing is to be said."""

    TAKEN = "taken"
    UNCLEAR = "unclear"
    PAST = "past"


class Turn(Shape):
    """What a reply led to. `closing` and `outcome` come with the end of a sitting, or `closing` alone with its being put off."""

    state: ConversationState
    prompt: Prompt | None = None
    kept: tuple[Kept, ...] = ()
    closing: Said | None = None
    outcome: Outcome | None = None
    heard: Heard = Heard.TAKEN


def start(guide: Guide, context: Context) -> tuple[ConversationState, Prompt]:
    """Begin a sitting. The loader has checked that every guide has a first question at every stage."""
    planned = plan(guide, context.stage, context.questions)
    steps = resolve(guide, planned)
    first = following(steps, None, (), context.words) or steps[0]
    state = ConversationState(
        guide=guide.id, plan=planned, at=first.id, words=context.words, stage=context.stage, tone=context.tone
    )
    return state, _prompt(guide, state, first, _say(guide.opening, state))


def current_prompt(guide: Guide, state: ConversationState) -> Prompt | None:
    """The question being asked, as it was first shown; None when nothing is being asked."""
    step = _present(guide, state)
    if step is None or state.status is not Status.ASKING:
        return None
    return _prompt(guide, state, step, _received(guide, state))


def resume(guide: Guide, state: ConversationState) -> tuple[ConversationState, Prompt | None]:
    """Go on with a sitting that was put off. One that is over stays over."""
    step = _present(guide, state)
    if step is None or state.status not in {Status.ASKING, Status.LATER}:
        return state, None
    state = state.model_copy(update={"status": Status.ASKING})
    return state, _prompt(guide, state, step, _say(guide.common.resumed, state))


def advance(guide: Guide, state: ConversationState, reply: Reply, *, words: Mapping[str, str] | None = None) -> Turn:
    """Hear a reply. `words` brings the context's words up to date, such as when the next check-in is."""
    step = _present(guide, state)
    over = state.status in {Status.FINISHED, Status.STOPPED}
    again = state.status is Status.LATER and reply.move is Move.LATER
    if step is None or over or again or reply.step_id not in {None, step.id}:
        return Turn(state=state, prompt=current_prompt(guide, state), heard=Heard.PAST)
    state = state.model_copy(update={"status": Status.ASKING, "words": {**state.words, **(words or {})}})
    match reply.move:
        case Move.BACK:
            return _back(guide, state)
        case Move.LATER:
            return _later(guide, state)
        case Move.STOP:
            state = state.model_copy(update={"status": Status.STOPPED})
            return Turn(state=state, closing=_say(guide.common.stopped, state))
        case Move.LET_GO if step.allow_let_go:
            return _finish(guide, state.model_copy(update={"let_go": True}))
        case Move.SKIP:
            return _take(guide, state, step, Answer(step_id=step.id))
        case _:
            answer = _understood(step, reply)
            return _unclear(guide, state, step) if answer is None else _take(guide, state, step, answer)
