"""Days and times in English, as members read them."""

from collections.abc import Iterable
from datetime import date, time

from bot.domain.calendar.days import EVERY_DAY, WORKDAYS, Weekday

ORDINALS = (
    "",
    "",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)


def clock_label(at: time) -> str:
    """A wall time as people write it: "9:00", "18:30"."""
    return f"{at.hour}:{at.minute:02}"


def day_label(value: date, today: date) -> str:
    """A day as people write it: "Friday 5 March", with its year unless it is this one."""
    year = "" if value.year == today.year else f" {value.year}"
    return f"{value:%A} {value.day} {value:%B}{year}"


def listing(words: Iterable[str]) -> str:
    """Words in a row: "Monday", "Monday and Friday", "Monday, Tuesday and Friday"."""
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def describe_days(days: tuple[Weekday, ...], interval_weeks: int = 1) -> str:
    """The days in English: "every day", "Tuesday and Friday", "every second Monday"."""
    nth = ORDINALS[interval_weeks]
    names = listing(day.label for day in days)
    if days == EVERY_DAY:
        return f"every day of every {nth} week" if nth else "every day"
    if days == WORKDAYS:
        names = "Monday to Friday"
    if len(days) == 1:
        return f"every {nth} {names}" if nth else f"every {names}"
    return f"every {nth} week, {names}" if nth else names


def numbered(number: int) -> str:
    """A number in its order, as people write it: "1st", "22nd", "13th"."""
    teens = 10 < number % 100 < 14
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
