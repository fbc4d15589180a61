"""Which question of the bank comes next."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.guides import load
from bot.domain.motivators import LATELY, Side, Theme, choose
from bot.domain.readiness import Stage

BANK = load().bank
NOW = datetime(2025, 3, 7, 10, 0, tzinfo=UTC)

histories = st.dictionaries(
    st.sampled_from([question.id for question in BANK]),
    st.integers(min_value=0, max_value=400).map(lambda days: NOW - timedelta(days=days)),
)
stages = st.sampled_from([None, *Stage])


def test_every_theme_has_at_least_three_questions_and_every_stage_some_from_both_sides() -> None:
    for theme in Theme:
        assert sum(question.theme is theme for question in BANK) >= 3, theme
    for stage in Stage:
        sides = [question.theme.side for question in BANK if stage in question.stages]
        assert sides.count(Side.INTERNAL) >= 3, stage
        assert sides.count(Side.EXTERNAL) >= 3, stage


def test_the_two_sides_are_those_of_the_coaching_notes() -> None:
    assert [theme for theme in Theme if theme.side is Side.INTERNAL] == [
        Theme.WHY_IT_MATTERS,
        Theme.INNER_DRIVER,
        Theme.IMPORTANCE_TO_ME,
        Theme.COST_TO_ME,
        Theme.STEPS,
        Theme.HOW_I_WILL_KNOW,
        Theme.IN_THE_WAY_IN_ME,
        Theme.IF_THE_PLAN_STOPS,
    ]


def test_what_gets_in_the_way_around_can_be_tapped() -> None:
    labels = {label for question in BANK if question.theme is Theme.IN_THE_WAY_AROUND_ME for label in question.choices}
    assert {"Family", "A late project", "The commute", "Friends"} <= labels


def test_it_begins_inside_and_then_alternates() -> None:
    first, second, third, *_ = choose(BANK, stage=Stage.CONTEMPLATION, asked={}, now=NOW)
    assert first.ask == "What makes it worth thinking about?"
    assert [first.theme.side, second.theme.side, third.theme.side] == [Side.INTERNAL, Side.EXTERNAL, Side.INTERNAL]


def test_the_next_sitting_begins_on_the_other_side() -> None:
    first, *_ = choose(BANK, stage=Stage.ACTION, asked={}, now=NOW)
    second, *_ = choose(BANK, stage=Stage.ACTION, asked={first.id: NOW}, now=NOW + timedelta(days=7))
    assert first.theme.side is not second.theme.side


@pytest.mark.parametrize("stage", list(Stage))
def test_a_year_of_weekly_questions_does_not_repeat_one_lately_asked(stage: Stage) -> None:
    asked: dict[str, datetime] = {}
    for week in range(52):
        now = NOW + timedelta(weeks=week)
        question, *_ = choose(BANK, stage=stage, asked=asked, now=now)
        assert question.id not in asked or now - asked[question.id] >= LATELY
        asked[question.id] = now
    assert len(asked) == sum(stage in question.stages for question in BANK)


@given(stages, histories)
def test_all_that_suit_come_once_each_and_those_asked_lately_last(
    stage: Stage | None, asked: dict[str, datetime]
) -> None:
    chosen = choose(BANK, stage=stage, asked=asked, now=NOW)
    suited = {Stage.PREPARATION, Stage.ACTION} if stage is None else {stage}
    assert sorted(question.id for question in chosen) == sorted(
        question.id for question in BANK if suited <= {*question.stages}
    )
    lately = [question.id in asked and NOW - asked[question.id] < LATELY for question in chosen]
    assert lately == sorted(lately)


@given(stages, histories)
def test_it_gives_always_the_same_and_longest_unasked_first(stage: Stage | None, asked: dict[str, datetime]) -> None:
    chosen = choose(BANK, stage=stage, asked=asked, now=NOW)
    assert chosen == choose(BANK, stage=stage, asked=asked, now=NOW)
    for side in Side:
        times = [asked.get(question.id) for question in chosen if question.theme.side is side]
        for earlier, later in pairwise(times):
            assert earlier is None or (later is not None and earlier <= later)
