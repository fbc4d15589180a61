"""How ready someone says they are: the stage they chose, and the ruler from 1 to 10."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Stage(StrEnum):
    """Where a member said they are with a commitment. Only ever what they clicked; nothing infers it."""

    PRE_CONTEMPLATION = "pre_contemplation"
    CONTEMPLATION = "contemplation"
    PREPARATION = "preparation"
    ACTION = "action"
    MAINTENANCE = "maintenance"


WHERE_ARE_YOU: Final = "Where are you with it?"

LABELS: Final[Mapping[Stage, str]] = MappingProxyType(
    {
        Stage.PRE_CONTEMPLATION: "Someone else wants it",
        Stage.CONTEMPLATION: "Weighing it up",
        Stage.PREPARATION: "Ready to plan",
        Stage.ACTION: "On it",
        Stage.MAINTENANCE: "Keeping it going",
    }
)
"""What members read. The names of the stages themselves are never shown."""

LEAVE_IT_THERE: Final = "leave_it_there"
LEAVE_IT_THERE_LABEL: Final = "Leave it there"
"""The sixth answer to "Where are you with it?". It is no stage: only the click is kept, nothing is asked."""

LOWEST: Final = 1
HIGHEST: Final = 10


class FollowUp(StrEnum):
    """What may be asked after a number on the ruler. "Why not 10" is not among them: it argues against the member."""

    WHY_NOT_LOWER = "why_not_lower"
    ONE_UP = "one_up"
    FROM_THE_BOTTOM = "from_the_bottom"
    KEEPS_IT_THERE = "keeps_it_there"


def follow_ups(rating: int) -> tuple[FollowUp, ...]:
    """The questions a rating leads to, in order: why not lower comes first because it draws out reasons of one's own.

    Raises ValueError for a number that is not on the ruler.
    """
    if not LOWEST <= rating <= HIGHEST:
        raise ValueError(f"The ruler goes from {LOWEST} to {HIGHEST}, not {rating}.")
    if rating == LOWEST:
        return (FollowUp.FROM_THE_BOTTOM,)
    if rating == HIGHEST:
        return (FollowUp.KEEPS_IT_THERE,)
    return (FollowUp.WHY_NOT_LOWER, FollowUp.ONE_UP)
