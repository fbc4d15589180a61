"""The shape of a guided conversation as it stands in a YAML file."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.domain.agreements import Tone
from bot.domain.motivators import Side, Theme
from bot.domain.readiness import HIGHEST, LOWEST, FollowUp, Stage

MOST_QUESTIONS: Final = 3
"""Nobody is asked more than this in one sitting."""

ONLY_YOU: Final = "only you"

PLACEHOLDER: Final = re.compile(r"\{([a-z_]+(?::whole)?)\}")
QUOTED: Final = re.compile(r'"([^"]*)"')
"""`{step}` stands for the gist of an answer or of a word from the context, `{step:whole}` for all of it."""

CONTEXT_WORDS: Final = frozenset(
    {"commitment", "next_check_in", "quote", "quoted_on", "plan_so_far", "next_step", "day", "not_a_day"}
    | {"due_ahead", "helped_before", "helped_on"}
)
"""What a service may hand over at the start or refresh later, each a plain phrase:

commitment     the member's words, such as: stop answering email after 7
next_check_in  with its preposition, such as: on Friday at 10:00
quote          something the member wrote before about this commitment
quoted_on      the day they wrote it, such as: 3 March
plan_so_far    the if-then plan they kept last
next_step      the step they named last
day            the day that was understood from their answer, such as: Thursday 7 January
not_a_day      that answer, when none was
due_ahead      the day that its check-in asks about, while it is still to come
helped_before  what the member said had helped with something that is done
helped_on      the day they said so, such as: 3 March
"""


class GuideId(StrEnum):
    """The guides there are: each is the file of that name, and code opens them by these names."""

    SOMEONE_ELSE = "someone_else"
    WEIGHING = "weighing"
    READY_TO_PLAN = "ready_to_plan"
    ON_IT = "on_it"
    KEEPING_GOING = "keeping_going"
    NEXT_STEP = "next_step"
    LOOK_AT_IT = "look_at_it"
    AGAIN_NOT_YET = "again_not_yet"
    SMALLER_OR_LET_GO = "smaller_or_let_go"
    IF_THEN = "if_then"
    STALLED = "stalled"
    RULER = "ruler"
    REMIND_ME_WHY = "remind_me_why"
    TRY_ONCE = "try_once"
    WRAP_UP = "wrap_up"
    A_QUESTION = "a_question"
    PLAN_HELD = "plan_held"
    AFTER_A_TRY = "after_a_try"
    EIGHT_WEEKS = "eight_weeks"
    MIGHT_NOT_MANAGE = "might_not_manage"
    UNSETTLES = "unsettles"
    TRIED_BEFORE = "tried_before"
    WHO_SEES = "who_sees"
    DONT_KNOW_HOW = "dont_know_how"
    BEING_ASKED = "being_asked"


class Shape(BaseModel):
    """Frozen, and strict about names, so that a typing error in a file is found at start."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    """How a question is answered. A text question may have choices too: answers to tap instead of typing."""

    TEXT = "text"
    CHOICE = "choice"
    RULER = "ruler"


class Keeps(StrEnum):
    """What an answer is kept as."""

    MOTIVE = "motive"
    CONCERN = "concern"
    NEXT_STEP = "next_step"
    BY_WHEN = "by_when"
    TRY = "try"
    PLAN = "plan"
    DONE_LOOKS_LIKE = "done_looks_like"
    OBSTACLE = "obstacle"
    SUPPORT = "support"
    PROGRESS = "progress"
    HAPPENED = "happened"
    LESSON = "lesson"
    RULER = "ruler"
    REVISION = "revision"


_HELP: Final = (Theme.STEPS, Theme.IF_THE_PLAN_STOPS, Theme.HOW_OTHERS_HELP, Theme.HOW_TO_KEEP_TO_IT, Theme.STRUCTURES)

KEPT_AS: Final[Mapping[Theme, Keeps]] = {
    **dict.fromkeys(Theme, Keeps.MOTIVE),
    **dict.fromkeys((Theme.IN_THE_WAY_IN_ME, Theme.IN_THE_WAY_AROUND_ME), Keeps.OBSTACLE),
    **dict.fromkeys(_HELP, Keeps.SUPPORT),
    Theme.HOW_I_WILL_KNOW: Keeps.PROGRESS,
}
"""What an answer about a theme is, where its step does not say."""


class Outcome(StrEnum):
    """What a finished sitting asks the service to do or to offer next: about its commitment, or about everything."""

    LET_GO = "let_go"
    LIGHTER_CADENCE = "lighter_cadence"
    GOT_THIS = "got_this"
    MOTIVE_CHANGED = "motive_changed"
    PAUSE = "pause"

    GENTLE = "gentle"
    DIRECT = "direct"
    QUESTIONS_ONLY = "questions_only"
    I_START = "i_start"
    ASK_LESS = "ask_less"
    NO_SHARING = "no_sharing"
    REST = "rest"
    STOP = "stop"


class Line(Shape):
    """One wording. It is used only when all its placeholders have words and, with `if`, that step was answered, or that
    word of the context is known."""

    say: str = Field(min_length=1)
    given: str | None = Field(default=None, alias="if")


def _lines(raw: Any) -> Any:  # noqa: ANN401 - what a YAML file may hold, before validation
    wordings = [raw] if isinstance(raw, str | dict) else raw
    if not isinstance(wordings, list | tuple):
        return raw
    return tuple({"say": wording} if isinstance(wording, str) else wording for wording in wordings)


def _by_tone(raw: Any) -> Any:  # noqa: ANN401 - what a YAML file may hold, before validation
    if isinstance(raw, dict) and "say" not in raw:
        return raw
    return dict.fromkeys(Tone, raw)


Lines = Annotated[tuple[Line, ...], BeforeValidator(_lines)]
"""Wordings, best first. In YAML a sentence, a list of them, or `{say, if}`."""

Toned = Annotated[dict[Tone, Lines], BeforeValidator(_by_tone)]
"""Wordings by tone. A tone that is not named stays silent; wording without tones is for all of them."""


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


def choice_from_label(label: str) -> "Choice":
    """A choice that needs no name of its own: "A late project" becomes `a_late_project`."""
    return Choice(value=_slug(label), label=label)


class Choice(Shape):
    """An answer to tap. `closing` and `outcome` count when the sitting ends with this one chosen."""

    value: str = Field(pattern=r"^[a-z0-9_]+$")
    label: str = Field(min_length=1, max_length=40)
    outcome: Outcome | None = None
    closing: Toned = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _from_label(cls, raw: object) -> object:
        return {"value": _slug(raw), "label": raw} if isinstance(raw, str) else raw


class When(Shape):
    """A condition on an earlier step: that it was answered, with one of these values, or a number that leads here."""

    step: str
    chosen: tuple[str, ...] = Field(default=(), alias="is")
    follow_up: FollowUp | None = None


def _themes(raw: object) -> object:
    match raw:
        case "motivator":
            return tuple(Theme)
        case "internal" | "external":
            return tuple(theme for theme in Theme if theme.side is Side(str(raw)))
        case _:
            return raw


class Step(Shape):
    """One question.

    `ask`      wordings, best first; the last one needs nothing but the commitment, unless the step may drop out
    `pick`     the themes from which the bank replaces `ask` at the start; in YAML also motivator, internal, external
    `keeps`    what its answer is kept as; of one from the bank, if nothing is named, what its theme says
    `stages`   the stages it is for; none named means all
    `receive`  the words that receive its answer, said before the next question
    """

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    ask: Lines = Field(min_length=1)
    kind: Kind = Kind.TEXT
    choices: tuple[Choice, ...] = ()
    pick: Annotated[tuple[Theme, ...], BeforeValidator(_themes)] = ()
    theme: Theme | None = None
    keeps: Keeps | None = None
    stages: tuple[Stage, ...] = ()
    when: When | None = None
    hint: str = ""
    audience: str = ONLY_YOU
    receive: Toned = Field(default_factory=dict)
    allow_let_go: bool = False

    @model_validator(mode="after")
    def _fits_together(self) -> "Step":
        values = [choice.value for choice in self.choices]
        if len(set(values)) != len(values):
            raise ValueError("two of its choices have the same value")
        if self.kind is Kind.CHOICE and not self.choices:
            raise ValueError("a choice needs choices")
        if self.kind is Kind.RULER and self.choices:
            raise ValueError("a ruler brings its own numbers")
        if self.pick and self.kind is not Kind.TEXT:
            raise ValueError("a question from the bank is answered with text")
        return self

    def values(self) -> tuple[str, ...]:
        """What can be tapped."""
        if self.kind is Kind.RULER:
            return tuple(str(number) for number in range(LOWEST, HIGHEST + 1))
        return tuple(choice.value for choice in self.choices)


class Common(Shape):
    """What is said in every guide alike."""

    later: Toned
    rested: Toned
    stopped: Toned
    nothing_said: Toned
    day: Toned
    let_go: Toned
    resumed: Toned
    tap_one: Toned
    tap_a_number: Toned

    @model_validator(mode="after")
    def _speaks_of_the_context_only(self) -> "Common":
        for name in type(self).model_fields:
            for lines in getattr(self, name).values():
                _known_words(name, lines, {})
        return self


class Guide(Shape):
    """A conversation. Its steps are asked in order; conditions leave some out, and no other branching is needed."""

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: str = Field(min_length=1, max_length=24)
    about: str = Field(min_length=1)
    stage: Stage | None = None
    opening: Toned = Field(default_factory=dict)
    steps: tuple[Step, ...] = Field(min_length=1)
    closing: Toned
    common: Common

    @model_validator(mode="after")
    def _refers_backwards(self) -> "Guide":
        known: dict[str, Step] = {}
        for step in self.steps:
            if step.id in known or step.id in CONTEXT_WORDS:
                raise ValueError(f"step {step.id}: the name is already taken")
            if step.when is not None:
                earlier = known.get(step.when.step)
                if earlier is None:
                    raise ValueError(f"step {step.id}: depends on {step.when.step}, which is not an earlier step")
                if unknown := set(step.when.chosen) - set(earlier.values()):
                    raise ValueError(
                        f"step {step.id}: {earlier.id} cannot be answered with {', '.join(sorted(unknown))}"
                    )
                if step.when.follow_up is not None and earlier.kind is not Kind.RULER:
                    raise ValueError(f"step {step.id}: {earlier.id} is no ruler")
            _known_words(step.id, step.ask, known)
            known[step.id] = step
            for lines in step.receive.values():
                _known_words(step.id, lines, known)
            for choice in step.choices:
                for lines in choice.closing.values():
                    _known_words(step.id, lines, known)
        for lines in (*self.opening.values(), *self.closing.values()):
            _known_words("closing", lines, known)
        return self

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)

    @cached_property
    def picks(self) -> bool:
        """Whether any of its questions comes from the bank."""
        return any(step.pick for step in self.steps)

    @cached_property
    def speaks_of(self) -> frozenset[str]:
        """The words that its sentences have room for, of CONTEXT_WORDS and of its own steps."""
        return frozenset(token.removesuffix(":whole") for token in PLACEHOLDER.findall(self.model_dump_json()))


def _known_words(step_id: str, lines: tuple[Line, ...], known: dict[str, Step]) -> None:
    for line in lines:
        rulers = {
            f"{name}{end}" for name, step in known.items() if step.kind is Kind.RULER for end in ("_below", "_above")
        }
        names = {token.removesuffix(":whole") for token in PLACEHOLDER.findall(line.say)}
        if unknown := names - CONTEXT_WORDS - known.keys() - rulers:
            raise ValueError(f"step {step_id}: nothing is known as {{{min(unknown)}}} at that point")
        if line.given is not None and line.given not in CONTEXT_WORDS and line.given not in known:
            raise ValueError(f"step {step_id}: {line.given} is not an earlier step")
        if "{" in PLACEHOLDER.sub("", line.say) or "}" in PLACEHOLDER.sub("", line.say):
            raise ValueError(f"step {step_id}: a brace that is no placeholder in {line.say!r}")
