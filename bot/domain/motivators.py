"""What moves someone, from inside and from around them, and which question about it comes next."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.readiness import Stage

LATELY: Final = timedelta(days=28)
"""A question asked within this time waits while another one has not been."""

_IN_THE_MIDDLE: Final = frozenset({Stage.PREPARATION, Stage.ACTION})

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Side(StrEnum):
    """Where a motive lives: in oneself, or in the people and things around."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class Theme(StrEnum):
    """What a motivator question is about."""

    WHY_IT_MATTERS = "why_it_matters"
    INNER_DRIVER = "inner_driver"
    IMPORTANCE_TO_ME = "importance_to_me"
    COST_TO_ME = "cost_to_me"
    STEPS = "steps"
    HOW_I_WILL_KNOW = "how_i_will_know"
    IN_THE_WAY_IN_ME = "in_the_way_in_me"
    IF_THE_PLAN_STOPS = "if_the_plan_stops"
    OUTSIDE_DRIVERS = "outside_drivers"
    IMPORTANCE_TO_OTHERS = "importance_to_others"
    COST_TO_OTHERS = "cost_to_others"
    HOW_OTHERS_HELP = "how_others_help"
    IN_THE_WAY_AROUND_ME = "in_the_way_around_me"
    HOW_TO_KEEP_TO_IT = "how_to_keep_to_it"
    STRUCTURES = "structures"

    @property
    def side(self) -> Side:
        return Side.EXTERNAL if self in _AROUND else Side.INTERNAL


_AROUND: Final = frozenset(
    {
        Theme.OUTSIDE_DRIVERS,
        Theme.IMPORTANCE_TO_OTHERS,
        Theme.COST_TO_OTHERS,
        Theme.HOW_OTHERS_HELP,
        Theme.IN_THE_WAY_AROUND_ME,
        Theme.HOW_TO_KEEP_TO_IT,
        Theme.STRUCTURES,
    }
)


class Question(BaseModel):
    """One question of the bank. `choices` are answers to tap; typing another is always possible."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    theme: Theme
    ask: str = Field(min_length=1)
    hint: str = ""
    choices: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = Field(min_length=1)


def choose(
    bank: Sequence[Question], *, stage: Stage | None, asked: Mapping[str, datetime], now: datetime
) -> list[Question]:
    """The questions that suit the stage, longest unasked first.

    `asked` holds, for each question id, when it was last asked (aware UTC). A question asked within LATELY comes only
    after all others; among equals the order of the bank decides. Inside and outside alternate, beginning with the side
    that was not asked last, for as long as both have questions.
    """
    suited = [question for question in bank if _suits(question, stage)]

    def lately(question: Question) -> bool:
        return question.id in asked and now - asked[question.id] < LATELY

    fresh = [question for question in suited if not lately(question)]
    recent = [question for question in suited if lately(question)]
    ordered: list[Question] = []
    side = _other(_side_last_asked(bank, asked))
    for group in (fresh, recent):
        sides = {each: _oldest_first(group, each, asked) for each in Side}
        while sides[Side.INTERNAL] or sides[Side.EXTERNAL]:
            question = (sides[side] or sides[_other(side)]).pop(0)
            ordered.append(question)
            side = _other(question.theme.side)
    return ordered


def _suits(question: Question, stage: Stage | None) -> bool:
    """Who chose no stage is asked neither what suits only before a decision, nor only what has long been going on."""
    return stage in question.stages if stage is not None else _IN_THE_MIDDLE.issubset(question.stages)


def _oldest_first(questions: Sequence[Question], side: Side, asked: Mapping[str, datetime]) -> list[Question]:
    mine = [question for question in questions if question.theme.side is side]
    themes: dict[Theme, datetime] = {}
    for question in mine:
        themes[question.theme] = max(themes.get(question.theme, _NEVER), asked.get(question.id, _NEVER))
    # Among questions never asked, a theme not yet touched comes before one that was.
    return sorted(mine, key=lambda question: (asked.get(question.id, _NEVER), themes[question.theme]))


def _side_last_asked(bank: Sequence[Question], asked: Mapping[str, datetime]) -> Side:
    known = [question for question in bank if question.id in asked]
    if not known:
        return Side.EXTERNAL
    return max(known, key=lambda question: asked[question.id]).theme.side


def _other(side: Side) -> Side:
    return Side.EXTERNAL if side is Side.INTERNAL else Side.INTERNAL
