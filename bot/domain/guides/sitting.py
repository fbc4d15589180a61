"""The shapes of a sitting: what a member replies, where the conversation stands, what is said back."""

from collections.abc import Callable
from enum import StrEnum

from pydantic import Field

from bot.domain.agreements import Tone
from bot.domain.guides.guide import ONLY_YOU, PLACEHOLDER, QUOTED, Choice, Keeps, Kind, Outcome, Shape
from bot.domain.guides.paths import Answer, Planned
from bot.domain.motivators import Question, Theme
from bot.domain.readiness import Stage


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
    """A sitting. `answers` are in the order given, with what was skipped; `drafts` are answers gone back on."""

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
        """The sentence with every word put through `escape`, and with the quotation marks that readers expect."""
        ours = QUOTED.sub(r"“\1”", self.template)
        return PLACEHOLDER.sub(lambda found: escape(self.words.get(found[1], "")), ours)


class Prompt(Said):
    """A question as it stands on the screen.

    `receives` is said before it: the previous answer acknowledged, or what was not understood. `draft` is an answer
    gone back on, to be shown again. `audience` says who will see the answer.
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
    """What became of a reply: taken; unclear, so the prompt says what is needed; or past, so nothing is said."""

    TAKEN = "taken"
    UNCLEAR = "unclear"
    PAST = "past"


class Turn(Shape):
    """What a reply led to. A `closing` comes when a sitting ends or is put off, an `outcome` when it ends."""

    state: ConversationState
    prompt: Prompt | None = None
    kept: tuple[Kept, ...] = ()
    closing: Said | None = None
    outcome: Outcome | None = None
    heard: Heard = Heard.TAKEN
