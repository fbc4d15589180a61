"""How a habit is going, in plain numbers: "18 of the last 21"."""

from collections.abc import Container, Iterable, Sequence
from datetime import date
from typing import Final

from bot.domain.calendar import Weekday
from bot.domain.check_ins import Answer, Item, days_asked
from bot.domain.records import Record

LOOK_BACK: Final = 21
"""Days of the habit that are looked at: three weeks of every day, and never longer than anyone can change."""


class Tally(Record):
    """`done` of the last `of` days of a habit."""

    done: int
    of: int

    @property
    def is_worth_telling(self) -> bool:
        """More than a day, and done on at least half of them: what was not done is not counted for anyone."""
        return self.of > 1 and self.done * 2 >= self.of


def tally(
    habit_days: Sequence[Weekday], lines: Iterable[tuple[Item, date]], excused: Container[date] = ()
) -> Tally | None:
    """What a habit's answered lines come to; None while there is nothing to count.

    A line comes with the day of its check-in. Counted are the habit's days that someone was asked about and answered
    for; the day of a check-in is not over yet, so it counts only once it is done. Days put off with "not today", days
    of rest, days of a pause and days nobody answered for are not counted, unless something was done all the same.
    """
    done: set[date] = set()
    asked: set[date] = set()
    put_off: set[date] = set()
    for item, opened_on in lines:
        if item.answer is Answer.NOT_TODAY:
            put_off.add(opened_on)
        elif item.answer is Answer.DAYS:
            done.update(item.days)
            asked.update(day for day in days_asked(item, habit_days, opened_on, excused) if day < opened_on)
    counted = sorted(asked - put_off | done)[-LOOK_BACK:]
    return Tally(done=sum(day in done for day in counted), of=len(counted)) if counted else None
