"""Which question fits an answer, and that it is not the same week after week."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.check_ins import Answer, Item
from bot.domain.commitments import Commitment
from bot.domain.guides.guide import GuideId
from bot.domain.readiness import Stage
from bot.domain.reflecting import STEADY_FOR, is_steady, place, question
from tests import records

NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
A_WEEK = timedelta(weeks=1)


def line(answer: Answer = Answer.MOVING, **values: object) -> Item:
    return records.item(**({"answer": answer, "answered_at": NOW} | values))


def about(stage: Stage | None = Stage.ACTION, plan: str | None = None) -> Commitment:
    return records.commitment(stage=stage, plan=plan)


def asked_week_by_week(
    item: Item, stage: Stage | None, weeks: int = 8, plan: str | None = None
) -> list[GuideId | None]:
    asked: dict[str, datetime] = {}
    found = []
    for week in range(weeks):
        now = NOW + week * A_WEEK
        guide = question(item, about(stage, plan), asked, now, steady=False)
        if guide is not None:
            asked[guide] = now
        found.append(guide)
    return found


def test_the_next_step_and_what_moves_someone_take_turns() -> None:
    assert asked_week_by_week(line(), Stage.ACTION) == [GuideId.NEXT_STEP, GuideId.A_QUESTION] * 4


def test_whether_a_plan_held_is_asked_soon_and_takes_its_turn() -> None:
    plan = "If it rains, then I take the stairs"
    asked = asked_week_by_week(line(), Stage.ACTION, 6, plan)
    assert asked == [GuideId.PLAN_HELD, GuideId.NEXT_STEP, GuideId.A_QUESTION] * 2
    seldom = asked_week_by_week(line(), Stage.MAINTENANCE, 5, plan)
    assert seldom == [GuideId.PLAN_HELD, None, None, None, GuideId.A_QUESTION]


def test_who_weighs_it_up_is_asked_for_no_step() -> None:
    for stage in (Stage.PRE_CONTEMPLATION, Stage.CONTEMPLATION):
        assert asked_week_by_week(line(), stage) == [GuideId.A_QUESTION, None] * 4


def test_who_chose_no_stage_is_asked_for_the_step_alone() -> None:
    assert asked_week_by_week(line(), None) == [GuideId.NEXT_STEP, None] * 4


def test_a_habit_has_its_questions_too() -> None:
    walked = line(Answer.DAYS, days=[NOW.date()])
    assert asked_week_by_week(walked, Stage.ACTION, 3) == [GuideId.A_QUESTION, None, GuideId.A_QUESTION]
    assert asked_week_by_week(line(Answer.DAYS), Stage.ACTION, 3) == [None] * 3, "that was a not yet"


def test_what_keeps_going_is_looked_at_now_and_then() -> None:
    assert asked_week_by_week(line(), Stage.MAINTENANCE) == [GuideId.A_QUESTION, None, None, None] * 2


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (line(Answer.DONE), GuideId.WRAP_UP),
        (line(Answer.DONE, trying="Phone in the hall"), GuideId.AFTER_A_TRY),
        (line(Answer.MOVING, trying="Phone in the hall"), None),
        (line(Answer.NOT_YET), None),
        (line(Answer.NOT_TODAY), None),
    ],
)
def test_what_an_answer_leads_to(item: Item, expected: GuideId | None) -> None:
    assert question(item, about(), {}, NOW, steady=True) is expected


def test_eight_steady_weeks_are_asked_about_once_in_eight_weeks() -> None:
    asked: dict[str, datetime] = {}
    assert question(line(), about(), asked, NOW, steady=True) is GuideId.EIGHT_WEEKS
    asked[GuideId.EIGHT_WEEKS] = NOW
    assert question(line(), about(), asked, NOW + A_WEEK, steady=True) is GuideId.NEXT_STEP
    assert question(line(), about(), asked, NOW + STEADY_FOR, steady=True) is GuideId.EIGHT_WEEKS


def test_eight_weeks_are_steady_with_something_in_each_but_one_and_no_not_yet() -> None:
    weeks = [line(answered_at=NOW - week * A_WEEK) for week in range(8)]
    assert is_steady(weeks, NOW, "Europe/Berlin")
    assert is_steady(weeks[:3] + weeks[4:], NOW, "Europe/Berlin"), "a week off"
    assert not is_steady(weeks[:6], NOW, "Europe/Berlin")
    assert not is_steady([*weeks, line(Answer.NOT_YET, answered_at=NOW - A_WEEK)], NOW, "Europe/Berlin")
    assert is_steady([*weeks, line(Answer.NOT_YET, answered_at=NOW - 9 * A_WEEK)], NOW, "Europe/Berlin"), (
        "that was before"
    )
    days = [line(answered_at=NOW - day * timedelta(days=1)) for day in range(14)]
    assert not is_steady(days, NOW, "Europe/Berlin"), "every day, in two weeks"
    not_today = [line(Answer.NOT_TODAY, answered_at=each.answered_at) for each in weeks]
    assert not is_steady(not_today, NOW, "Europe/Berlin"), "that was no progress"
    now = NOW - timedelta(minutes=5)
    assert is_steady(
        [weeks[0].model_copy(update={"answered_at": now}), *weeks[1:3], *weeks[4:]], now, "Europe/Berlin"
    ), "sooner"


def test_of_several_what_is_done_comes_first_then_what_was_not_asked_about_for_longest() -> None:
    asked = {GuideId.NEXT_STEP.value: NOW}
    made = NOW - A_WEEK
    places = [
        place(GuideId.WRAP_UP, asked, made),
        place(GuideId.EIGHT_WEEKS, asked, made),
        place(GuideId.A_QUESTION, {}, made),
        place(GuideId.A_QUESTION, asked, made),
    ]
    assert places == sorted(places)
    assert len(set(places)) == len(places)
    lately = place(GuideId.A_QUESTION, {GuideId.PLAN_HELD: made, **asked}, made)
    before = place(GuideId.A_QUESTION, {GuideId.PLAN_HELD: NOW - timedelta(days=1)}, made)
    assert before < lately, "the last time counts"
