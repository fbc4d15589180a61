"""The week's one question after a check-in: which one fits what was answered. It is seldom the same twice running."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.calendar import local_date
from bot.domain.check_ins import Answer, Item
from bot.domain.commitments import Commitment
from bot.domain.guides.guide import GuideId
from bot.domain.readiness import Stage

IN_TURN: Final = timedelta(days=13)
"""Whether a plan held, the next step, and what moves someone take turns about a commitment: each every other week at
most."""

SELDOM: Final = timedelta(weeks=4)
"""What keeps going is looked at now and then."""

STEADY_FOR: Final = timedelta(weeks=8)
WEEKS: Final = STEADY_FOR.days // 7

_NEVER: Final = datetime.min.replace(tzinfo=UTC)

NO_STEP: Final = frozenset({Stage.PRE_CONTEMPLATION, Stage.CONTEMPLATION, Stage.MAINTENANCE})
"""Who has not decided is asked for none, and what keeps going needs none, week after week."""

AT_ONCE: Final = (GuideId.WRAP_UP, GuideId.AFTER_A_TRY, GuideId.EIGHT_WEEKS)
"""What does not wait for a turn, the first of them first."""


def question(
    item: Item, about: Commitment, asked: Mapping[str, datetime], now: datetime, *, steady: bool
) -> GuideId | None:
    """What may be asked about one line, or None. `asked`: when each guide was last opened about its commitment."""

    def lately(guide: str, within: timedelta) -> bool:
        return guide in asked and now - asked[guide] < within

    if item.answer is Answer.DONE:
        return GuideId.AFTER_A_TRY if item.trying is not None else GuideId.WRAP_UP
    if not item.is_progress or item.trying is not None:
        return None
    if steady and not lately(GuideId.EIGHT_WEEKS, STEADY_FOR):
        return GuideId.EIGHT_WEEKS
    turns = _turns(item, about)
    if about.stage is Stage.MAINTENANCE and any(lately(guide, SELDOM) for guide in asked):
        return None
    turn = min(turns, key=lambda guide: asked.get(guide, _NEVER), default=None)
    return turn if turn is not None and not lately(turn, IN_TURN) else None


def _turns(item: Item, about: Commitment) -> list[GuideId]:
    turns = [GuideId.PLAN_HELD] if about.plan else []
    if item.answer is Answer.MOVING and about.stage not in NO_STEP:
        turns.append(GuideId.NEXT_STEP)
    if about.stage is not None:
        turns.append(GuideId.A_QUESTION)
    return turns


def place(guide: GuideId, asked: Mapping[str, datetime], since: datetime) -> tuple[int, datetime]:
    """Of several lines the lowest is asked about: what is done comes first, then what was not asked about for longest.

    `since`: when its commitment was made.
    """
    rank = AT_ONCE.index(guide) if guide in AT_ONCE else len(AT_ONCE)
    return rank, max(asked.values(), default=since)


def is_steady(answers: Sequence[Item], now: datetime, zone: str) -> bool:
    """Whether something went on in each of the last eight weeks but one, on a calendar in `zone`, and nothing was a
    "not yet"."""
    recent = [(each, each.answered_at) for each in answers if each.answered_at and now - each.answered_at < STEADY_FOR]
    weeks = {local_date(at, zone).isocalendar()[:2] for each, at in recent if each.is_progress}
    return len(weeks) >= WEEKS - 1 and not any(each.is_not_yet for each, _ in recent)
