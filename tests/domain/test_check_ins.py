"""A line of a check-in: what it asks about, what a newer one leaves of it, and how often it was a "not yet"."""

from datetime import date, timedelta

import pytest

from bot.domain.calendar import EVERY_DAY
from bot.domain.check_ins import HABIT_DAYS_SHOWN, Answer, choices, days_asked, not_yets_in_a_row
from tests import records

MONDAY = date(2027, 1, 4)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("days", "offered"),
    [
        (0, (Answer.DONE, Answer.MOVING, Answer.NOT_YET)),
        (1, (Answer.DONE, Answer.NOT_YET)),
        (2, (Answer.NOT_YET,)),
    ],
)
def test_a_day_is_done_or_not_yet_and_several_are_ticked(days: int, offered: tuple[Answer, ...]) -> None:
    assert choices([day(number) for number in range(days)]) == offered


@pytest.mark.parametrize(
    ("earlier", "newer", "covered"),
    [
        ({}, {}, True),
        ({}, {"since": day(3)}, True),
        ({"since": day(1)}, {"since": day(1)}, True),
        ({"since": day(1)}, {"since": day(0)}, True),
        ({"since": day(1)}, {"since": day(2)}, False),
        ({"since": day(1)}, {}, False),
        ({"since": day(1)}, {"since": day(0), "commitment_id": 2}, False),
        ({}, {"commitment_id": 2}, False),
    ],
)
def test_a_newer_line_covers_one_about_the_same_from_the_same_day_on(
    earlier: dict[str, object], newer: dict[str, object], *, covered: bool
) -> None:
    assert records.item(**newer).covers(records.item(**earlier)) is covered


def test_a_day_that_is_done_is_asked_about_although_it_became_one_of_rest() -> None:
    item = records.item(since=day(0), days=(day(1),))
    assert days_asked(item, EVERY_DAY, day(3), {day(1), day(2)}) == (day(0), day(1), day(3))


def test_a_line_goes_on_to_the_day_it_begins_with_and_to_what_was_done_after_it_was_asked() -> None:
    assert days_asked(records.item(since=day(2)), EVERY_DAY, day(1)) == (day(2),), "added in the evening"
    assert days_asked(records.item(since=day(0), days=(day(2),)), EVERY_DAY, day(1)) == (day(0), day(1), day(2))


def test_of_many_days_the_last_are_asked_about_and_what_asks_about_none_has_none() -> None:
    asked = days_asked(records.item(since=day(0)), EVERY_DAY, day(30))
    assert asked == tuple(day(number) for number in range(31 - HABIT_DAYS_SHOWN, 31))
    assert HABIT_DAYS_SHOWN <= 10, "Slack takes no more checkboxes"
    assert days_asked(records.item(), EVERY_DAY, day(30)) == ()


def test_a_not_yet_counts_until_there_was_any_progress() -> None:
    not_yet, moving, not_today = (
        records.item(answer=answer) for answer in (Answer.NOT_YET, Answer.MOVING, Answer.NOT_TODAY)
    )
    no_day, a_day = records.item(answer=Answer.DAYS), records.item(answer=Answer.DAYS, days=(MONDAY,))
    assert not_yets_in_a_row([]) == 0
    assert not_yets_in_a_row([not_yet, not_today, no_day, moving, not_yet]) == 2
    assert not_yets_in_a_row([a_day, not_yet]) == 0
