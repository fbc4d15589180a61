"""The stages someone can choose, and what a number on the ruler leads to."""

import pytest

from bot.domain.readiness import HIGHEST, LABELS, LOWEST, FollowUp, Stage, follow_ups


def test_every_stage_has_words_of_its_own_that_do_not_name_it() -> None:
    assert set(LABELS) == set(Stage)
    assert len(set(LABELS.values())) == len(Stage)
    for stage, label in LABELS.items():
        assert stage.replace("_", " ") not in label.lower()


@pytest.mark.parametrize("rating", range(LOWEST + 1, HIGHEST))
def test_in_between_it_first_asks_why_not_lower(rating: int) -> None:
    assert follow_ups(rating) == (FollowUp.WHY_NOT_LOWER, FollowUp.ONE_UP)


def test_at_the_ends_there_is_one_question() -> None:
    assert follow_ups(LOWEST) == (FollowUp.FROM_THE_BOTTOM,)
    assert follow_ups(HIGHEST) == (FollowUp.KEEPS_IT_THERE,)


@pytest.mark.parametrize("rating", [LOWEST - 1, HIGHEST + 1])
def test_a_number_off_the_ruler_is_refused(rating: int) -> None:
    with pytest.raises(ValueError, match=f"not {rating}"):
        follow_ups(rating)
