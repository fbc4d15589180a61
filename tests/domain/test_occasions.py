"""When sharing is offered: at a finish, a first or a comeback, and not day after day."""

from datetime import date

import pytest

from bot.domain.check_ins import Answer, Item, Occasion, occasion
from tests import records

DAY = date(2027, 1, 4)


def line(answer: Answer | None, *days: date) -> Item:
    return records.item(answer=answer, days=days)


DONE, MOVING, NOT_YET, NOT_TODAY = (line(one) for one in (Answer.DONE, Answer.MOVING, Answer.NOT_YET, Answer.NOT_TODAY))
A_DAY, NO_DAY = line(Answer.DAYS, DAY), line(Answer.DAYS)


@pytest.mark.parametrize("earlier", [[], [DONE], [NOT_YET]])
def test_what_is_done_once_is_shared_when_it_is_finished(earlier: list[Item]) -> None:
    assert occasion(DONE, earlier, is_habit=False) is Occasion.FINISH
    for answer in (MOVING, NOT_YET, NOT_TODAY, line(None)):
        assert occasion(answer, earlier, is_habit=False) is None


@pytest.mark.parametrize("now", [DONE, A_DAY])
def test_a_habit_is_worth_it_at_its_first_day_and_after_a_not_yet_only(now: Item) -> None:
    assert occasion(now, [], is_habit=True) is Occasion.FIRST
    assert occasion(now, [NOT_YET, NO_DAY], is_habit=True) is Occasion.FIRST, "nothing was done before"
    for before in (DONE, A_DAY):
        assert occasion(now, [before], is_habit=True) is None, "day after day nothing is offered"
        assert occasion(now, [NOT_TODAY, before, NOT_YET, before], is_habit=True) is None
        for gap in (NOT_YET, NO_DAY):
            assert occasion(now, [NOT_TODAY, gap, before], is_habit=True) is Occasion.COMEBACK


def test_without_progress_there_is_nothing_to_share() -> None:
    for answer in (NOT_YET, NO_DAY, NOT_TODAY, line(None)):
        assert occasion(answer, [], is_habit=True) is None
