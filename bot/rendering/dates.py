"""Dates and times in words, in a member's own zone: for fallbacks, for plain text, and where Slack cannot format."""

from datetime import date, datetime, time
from functools import lru_cache

from bot.domain.calendar import clock_label, day_label, local
from bot.domain.commitments import Commitment
from bot.rendering.blocks import quote, when


def on_day(instant: datetime, zone: str) -> str:
    """ "Friday at 10:00", as the member's own clock has it."""
    wall = local(instant, zone)
    return f"{wall:%A} at {clock_label(wall.time())}"


def at(instant: datetime, zone: str) -> str:
    """The same, shown by Slack in the reader's own time."""
    return when(instant, on_day(instant, zone))


def at_named(instant: datetime, zone: str) -> str:
    """The same with its day by name and date: for what is still read when "tomorrow" is long over."""
    return f"<!date^{int(instant.timestamp())}^{{date_long}} at {{time}}|{on_day(instant, zone)}>"


def at_time(instant: datetime, zone: str) -> str:
    """ "15:00", shown by Slack in the reader's own time: for instants of today."""
    return f"<!date^{int(instant.timestamp())}^{{time}}|{clock_label(local(instant, zone).time())}>"


def hours_after(hours: int) -> str:
    """ "after 1 hour", "after 2 hours"."""
    return f"after {hours} hour{'s' if hours > 1 else ''}"


@lru_cache(maxsize=1024)
def day(value: date, today: date | None) -> str:
    """ "Friday 5 March", with its year unless it is this one; always with it where nobody knows what day it is."""
    return day_label(value, today or date.min)


def due(due_day: date, due_time: time | None, today: date | None) -> str:
    """ "by Friday 5 March, 17:00"."""
    return f"by {day(due_day, today)}" + (f", {clock_label(due_time)}" if due_time else "")


def due_of(commitment: Commitment, today: date) -> str:
    """When it is to be done, or nothing."""
    return due(commitment.due_day, commitment.due_time, today) if commitment.due_day else ""


def not_taken(typed: str, day: date | None, today: date) -> str:
    """Why what was typed is not taken as a day to come. `day`: the one that it names, if any was understood."""
    if day is None or day > today:
        return f"I couldn't read {quote(typed)} as a date. Pick one here."
    return f"{quote(typed)} {'is over' if day < today else 'has begun'}. Pick a later day."
