"""The modal of /commit, and the message that says a commitment back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.agreements import Initiative, Terms, default_terms
from bot.domain.readiness import LABELS, Stage
from bot.rendering.commitments import DAYS, Draft, commit_view, committed
from tests import records
from tests.rendering.accepting import accepted, accepted_view

ZONE = "America/New_York"
TERMS = default_terms(ZONE, date(2027, 1, 4))
TUESDAY = datetime(2027, 1, 5, 15, 0, tzinfo=UTC)


def test_who_starts_is_a_question_of_the_first_time_only() -> None:
    assert "Only when I start one" in offered(TERMS, is_first=True)
    assert "Only when I start one" not in offered(TERMS, is_first=False)


def test_whoever_starts_check_ins_is_offered_no_days_on_which_nothing_would_be_asked() -> None:
    by_myself = TERMS.model_copy(update={"initiative": Initiative.I_START})
    assert offered(by_myself, is_first=False) == ["When I start one"]


def test_a_choice_that_is_no_longer_there_falls_back_to_the_agreed_one() -> None:
    view = commit_view(Draft(check_ins="on_request"), TERMS, is_first=False)
    accepted_view(view)
    assert days_of(view)["initial_option"]["value"] == "agreed"


@pytest.mark.parametrize("stage", [*Stage, None])
def test_the_answer_stands_there_with_the_five_others_behind_it(stage: Stage | None) -> None:
    blocks = said_back(stage, was_left=stage is None)
    answer = LABELS[stage] if stage else "Leave it there"
    assert blocks[-1]["text"]["text"] == f"Where are you with it? *{answer}*"
    others = [option["text"]["text"] for option in blocks[-1]["accessory"]["options"]]
    assert sorted([answer, *others]) == sorted([*LABELS.values(), "Leave it there"])


def test_all_six_are_buttons_until_one_is_chosen() -> None:
    assert len(said_back(None)[-1]["elements"]) == 6


def test_both_times_are_in_the_readers_own_way() -> None:
    text = said_back(None)[0]["text"]["text"]
    assert text.count("<!date^") == 2


def test_the_day_is_named_for_whoever_reads_it_later() -> None:
    assert "{date_long} at {time}" in said_back(None)[0]["text"]["text"]


@pytest.mark.parametrize(
    ("due_day", "said"), [(date(2027, 3, 5), "By Friday 5 March."), (date(2030, 3, 5), "By Tuesday 5 March 2030.")]
)
def test_another_year_is_named(due_day: date, said: str) -> None:
    assert said in said_back(None, due_day=due_day)[0]["text"]["text"]


def said_back(stage: Stage | None, *, was_left: bool = False, due_day: date | None = None) -> list[dict[str, Any]]:
    commitment = records.commitment(stage=stage, next_due_at=TUESDAY, due_day=due_day)
    blocks = committed(commitment, ZONE, TUESDAY, TUESDAY.date(), was_left=was_left)
    accepted(("Noted", blocks))
    return blocks


def offered(terms: Terms, *, is_first: bool) -> list[str]:
    view = commit_view(Draft(), terms, is_first=is_first)
    accepted_view(view)
    return [option["text"]["text"] for option in days_of(view)["options"]]


def days_of(view: dict[str, Any]) -> dict[str, Any]:
    (element,) = [block["element"] for block in view["blocks"] if block.get("block_id") == DAYS]
    return dict(element)
