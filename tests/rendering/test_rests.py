"""Time off, later and welcome back: what Slack takes, and what is said."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.agreements import QuietHours, Terms, default_terms
from bot.domain.calendar import Weekday
from bot.domain.check_ins import Answer
from bot.domain.commitments import State
from bot.domain.rests import Rest, RestKind
from bot.rendering.blocks import Block
from bot.rendering.check_ins import Line, Picture, check_in_blocks
from bot.rendering.pauses import quiet
from bot.rendering.rests import (
    DAYS_OFF,
    SHOWN,
    resting,
    resting_said,
    resting_undone,
    time_off_in_words,
    time_off_kept,
    time_off_view,
)
from bot.rendering.returning import welcome_back
from bot.rendering.snoozing import snooze_view, when_again
from playground.client import text_of
from tests import records
from tests.rendering.accepting import accepted, accepted_view

TUESDAY = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""10:00 in Berlin."""
TODAY = TUESDAY.date()
A_DAY = timedelta(days=1)
BERLIN = default_terms("Europe/Berlin", TODAY)
ALL_OF_IT = BERLIN.model_copy(
    update={
        "quiet_hours": QuietHours(begins=time(21), ends=time(7)),
        "days_off": (Weekday.SATURDAY, Weekday.SUNDAY),
        "hold_in_dnd": True,
        "hold_statuses": ("palm_tree", "face_with_thermometer"),
    }
)


def rest(number: int = 1, kind: RestKind = RestKind.HOLIDAY, *, first: int = 0, days: int = 1) -> Rest:
    first_day = TODAY + first * A_DAY
    return records.rest(first_day, first_day + (days - 1) * A_DAY, id=number, kind=kind)


def fits(blocks: list[Block], text: str) -> str:
    accepted((text, blocks))
    return text_of({"blocks": blocks})


# Time off


@pytest.mark.parametrize("terms", [BERLIN, ALL_OF_IT])
@pytest.mark.parametrize("number", [0, 1, SHOWN, SHOWN + 5])
def test_time_off_fits_whatever_was_agreed(terms: Terms, number: int) -> None:
    rests = [rest(one, first=one + 1, days=5) for one in range(number)]
    shown = accepted_view(time_off_view(terms, rests, TODAY, "Kept."))
    assert "Quiet today" in shown
    assert ("5 more" in shown) is (number > SHOWN)
    assert shown.count("Remove") == min(number, SHOWN)


def test_days_off_are_one_line_whatever_their_number() -> None:
    view = time_off_view(ALL_OF_IT, [], TODAY)
    (days,) = [block["element"] for block in view["blocks"] if block.get("block_id") == DAYS_OFF]
    assert days["type"] == "multi_static_select"
    assert len(days["options"]) == len(Weekday)
    assert [one["text"]["text"] for one in days["initial_options"]] == ["Saturday", "Sunday"]


def test_while_someone_rests_there_is_nothing_to_begin() -> None:
    shown = accepted_view(time_off_view(BERLIN, [rest(kind=RestKind.ROUGH_WEEK, days=6)], TODAY))
    assert "Quiet today" not in shown
    assert "Rough week: Tuesday 5 January to Sunday 10 January" in shown
    assert shown.index("Rough week") < shown.index("Quiet hours"), "what holds now comes first"


def test_a_check_in_let_pass_leaves_the_day_to_its_member() -> None:
    shown = accepted_view(time_off_view(BERLIN, [rest(kind=RestKind.HELD)], TODAY))
    assert "Quiet today" in shown
    assert "Check-in left out: Tuesday 5 January" in shown


@pytest.mark.parametrize(
    ("kind", "days", "said"),
    [
        (RestKind.NOT_TODAY, 1, "Quiet for the rest of today. It doesn't count, either way."),
        (RestKind.HELD, 1, "Today's check-in was left out. It doesn't count, either way."),
        (RestKind.ROUGH_WEEK, 6, "Quiet until Monday. These days don't count, either way."),
        (RestKind.HOLIDAY, 10, "Quiet until Friday 15 January. These days don't count, either way."),
    ],
)
def test_what_is_said_back_is_one_kind_sentence_with_the_way_back(kind: RestKind, days: int, said: str) -> None:
    text, blocks = resting_said(rest(kind=kind, days=days))
    assert text == resting(rest(kind=kind, days=days)) == said
    assert "Undo" in fits(blocks, text)
    for next_at in (None, TUESDAY):
        undone, blocks = resting_undone(next_at, "Europe/Berlin")
        fits(blocks, undone)


def test_time_off_in_the_ground_rules() -> None:
    assert time_off_in_words(BERLIN) == "No quiet hours, no days off"
    said = "Quiet from 21:00 to 7:00; Saturday and Sunday off; check-ins wait while Slack says you're away"
    assert time_off_in_words(ALL_OF_IT) == said
    holds_only = BERLIN.model_copy(update={"hold_in_dnd": True})
    assert time_off_in_words(holds_only) == "Check-ins wait while Slack says you're away"


def test_what_was_saved_is_said_in_a_line() -> None:
    holiday = rest(days=10)
    for terms, added, said in (
        (BERLIN, None, "Kept. No quiet hours, no days off."),
        (BERLIN, holiday, "Kept. Holiday: Tuesday"),
        (ALL_OF_IT, holiday, "Kept. Quiet from 21:00 to 7:00; Saturday and Sunday off; check-ins wait while"),
    ):
        text, blocks = time_off_kept(terms, added, TODAY)
        assert text.startswith(said)
        assert ("These days don't count, either way." in text) is (added is not None)
        fits(blocks, text)


# Later


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (timedelta(hours=1), "at 11:00"),
        (timedelta(hours=8), "this evening at 18:00"),
        (A_DAY, "tomorrow at 10:00"),
        (3 * A_DAY, "on Friday 8 January at 10:00"),
    ],
)
def test_when_it_comes_again(until: timedelta, said: str) -> None:
    assert when_again(TUESDAY + until, "Europe/Berlin", TUESDAY) == said


def test_the_modal_for_a_time() -> None:
    assert "At what time?" in accepted_view(snooze_view(7, datetime(2027, 1, 5, 11, tzinfo=UTC)))


def asked(*answers: Answer | None, snoozed: bool = False, text: str = "Read") -> Picture:
    return Picture(
        check_in=records.check_in(TUESDAY, snoozed=snoozed, remind_at=TUESDAY + timedelta(hours=8)),
        lines=tuple(
            Line(
                item=records.item(id=number, commitment_id=number, position=number, answer=answer),
                commitment=records.commitment(text, id=number),
            )
            for number, answer in enumerate(answers)
        ),
        terms=BERLIN,
        zone="Europe/Berlin",
        now=TUESDAY,
    )


@pytest.mark.parametrize("answers", [(None,), (None, None), (None, Answer.DONE)])
def test_later_is_one_small_element_while_something_is_open(answers: tuple[Answer | None, ...]) -> None:
    blocks = check_in_blocks(asked(*answers))
    selects = [one for block in blocks for one in block.get("elements", []) if one["type"] == "static_select"]
    assert [one["placeholder"]["text"] for one in selects] == ["Later"]
    labels = [one["text"]["text"] for one in selects[0]["options"]]
    assert ("Quiet today" in labels) is (len(answers) > 1), "a line alone has it in its menu"
    fits(blocks, "x")


@pytest.mark.parametrize("answers", [(None,), (None, None)])
def test_late_in_the_evening_there_is_no_evening_to_choose(answers: tuple[None, ...]) -> None:
    picture = asked(*answers)
    assert "This evening" in fits(check_in_blocks(picture), "x")
    assert "This evening" not in fits(check_in_blocks(replace(picture, now=TUESDAY + timedelta(hours=11))), "x")


def test_nothing_open_nothing_to_put_off() -> None:
    assert "Later" not in fits(check_in_blocks(asked(Answer.DONE, Answer.MOVING)), "x")


def test_put_off_it_folds_to_one_line_and_what_was_answered_stays() -> None:
    shown = fits(check_in_blocks(asked(None, Answer.DONE, None, snoozed=True)), "x")
    assert "“Read” and 1 more: I'll ask again this evening at 18:00." in shown
    assert "Done ✓" in shown
    assert "Moving" not in shown
    answered = fits(check_in_blocks(asked(Answer.DONE, snoozed=True)), "x")
    assert "ask again" not in answered


def test_what_is_put_off_is_named_and_pings_nobody() -> None:
    shown = fits(check_in_blocks(asked(None, snoozed=True, text="<!channel> *now*\n" + "x" * 200)), "x")
    assert shown.startswith("“&lt;!channel&gt; *\u2060now*\u2060 xxx")
    assert "x…”: I'll ask again" in shown
    assert len(shown) < 200
    three = fits(check_in_blocks(asked(None, None, Answer.NOT_TODAY, None, snoozed=True)), "x")
    assert "“Read” and 2 more: I'll ask again" in three


def test_without_a_time_to_come_none_is_promised() -> None:
    picture = asked(None, snoozed=True)
    lost = replace(picture, check_in=picture.check_in.model_copy(update={"remind_at": None}))
    assert "ask again" not in fits(check_in_blocks(lost), "x")


@pytest.mark.parametrize("number", [1, 12, 60])
def test_any_number_of_lines_fits_put_off_or_not(number: int) -> None:
    for snoozed in (False, True):
        fits(check_in_blocks(asked(*[None] * number, snoozed=snoozed)), "x")
        fits(check_in_blocks(asked(None, *[Answer.NOT_YET] * number, snoozed=snoozed)), "x")


# Welcome back


@pytest.mark.parametrize(
    ("number", "said"), [(1, "One date passed"), (2, "Two dates passed"), (10, "Ten dates"), (30, "30 dates")]
)
def test_each_date_that_passed_is_moved_or_let_go(number: int, said: str) -> None:
    text, blocks = welcome_back([records.commitment(id=one, due_day=TODAY - A_DAY) for one in range(number)], TODAY)
    assert text.startswith(f"Welcome back. {said}")
    shown = fits(blocks, text)
    assert shown.count("Let go") == min(number, 10)
    assert (f"{number - 10} more" in shown) is (number > 10)
    assert "away" not in shown


def test_what_was_seen_to_meanwhile_says_so() -> None:
    passed = [
        records.commitment("A", id=1, due_day=TODAY - A_DAY, state=State.LET_GO),
        records.commitment("B", id=2, due_day=TODAY - A_DAY, state=State.DONE),
        records.commitment("C", id=3, due_day=TODAY - A_DAY, state=State.PAUSED),
        records.commitment("D", id=4, due_day=TODAY + A_DAY),
        records.commitment("<!channel>", id=5),
    ]
    text, blocks = welcome_back(passed, TODAY)
    shown = fits(blocks, text)
    for said in ("*: let go", "*: done ✓", "*: paused", "by Wednesday 6 January", "*: no date"):
        assert said in shown
    assert "<!channel>" not in shown
    assert "Move" not in shown


def test_a_pause_into_another_year_says_which() -> None:
    assert quiet(datetime(2099, 3, 1, tzinfo=UTC), "UTC", TODAY) == "Quiet until Sunday 1 March 2099."
    assert "Monday 4 January 2027" in resting(rest(first=-5, days=4))
