"""The tally of a habit: what counts, and what does not."""

from datetime import date, timedelta

from bot.domain.calendar import EVERY_DAY, Weekday
from bot.domain.check_ins import Answer, Item
from bot.domain.habits import LOOK_BACK, Tally, tally
from tests import records

MONDAY = date(2027, 1, 4)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def line(opened: int, since: int, *done: int, answer: Answer | None = Answer.DAYS) -> tuple[Item, date]:
    return records.item(since=day(since), answer=answer, days=tuple(day(number) for number in done)), day(opened)


def test_nothing_answered_is_nothing_to_count() -> None:
    assert tally(EVERY_DAY, []) is None
    assert tally(EVERY_DAY, [line(3, 0, answer=None)]) is None


def test_days_that_were_asked_about_count_and_today_only_once_done() -> None:
    assert tally(EVERY_DAY, [line(3, 0, 0, 2)]) == Tally(done=2, of=3)
    assert tally(EVERY_DAY, [line(3, 0, 0, 2, 3)]) == Tally(done=3, of=4)


def test_only_the_days_of_the_habit_count() -> None:
    assert tally((Weekday.MONDAY, Weekday.WEDNESDAY), [line(6, 0, 0)]) == Tally(done=1, of=2)


def test_a_day_asked_about_twice_counts_once_and_done_wins() -> None:
    assert tally(EVERY_DAY, [line(2, 0, 0, 1), line(4, 2, 2, 3)]) == Tally(done=4, of=4)


def test_not_today_is_not_counted_unless_it_was_done_after_all() -> None:
    put_off = line(2, 0, answer=Answer.NOT_TODAY)
    assert tally(EVERY_DAY, [put_off, line(4, 2, 3)]) == Tally(done=1, of=1)
    assert tally(EVERY_DAY, [put_off, line(4, 2, 2, 3)]) == Tally(done=2, of=2)


def test_days_of_a_pause_are_in_no_line_and_so_not_counted() -> None:
    assert tally(EVERY_DAY, [line(2, 0, 0, 1), line(12, 10, 10)]) == Tally(done=3, of=4)


def test_only_the_last_three_weeks_are_looked_at() -> None:
    first, rest = line(10, 0, *range(10)), [line(10 * n + 10, 10 * n + 1) for n in range(1, 5)]
    assert tally(EVERY_DAY, [first, *rest]) == Tally(done=0, of=LOOK_BACK)
