"""Cues: a member's own words, told at the times they typed. No question, so no check-in."""

import re
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field

from bot.domain.calendar import EVERY_DAY, Weekday, Weekly, describe_days, local_date, next_instant
from bot.domain.records import Record

MOST_TIMES: Final = 4
"""A day."""

MOST_TOGETHER: Final = 10
"""Commitments told in one message."""

ITS_MOMENT: Final = timedelta(minutes=30)
"""Later than that a cue is not told: its moment is over."""

CONDITION: Final = re.compile(r"(.*?)(?:,|\bthen\b|\bdann\b|\balors\b|→|->)", re.IGNORECASE | re.DOTALL)
CLOCK: Final = re.compile(
    r"(?<![\w:.,])(?P<hour>\d{1,2})(?:[:h](?P<minute>[0-5]\d)(?![:\d])|\.(?P<dotted>[0-5]\d)(?= ?(?:uhr|[ap]\.?m)))?"
    r"(?: ?(?P<half>[ap])\.?m\b| ?(?P<unit>uhr|o['’]clock|h)\b)?",
    re.IGNORECASE,
)


class Cue(Record):
    """Wall times on some days of the week, in the zone of the ground rules. Both are put in order."""

    times: Annotated[
        tuple[time, ...], Field(min_length=1, max_length=MOST_TIMES), AfterValidator(lambda given: tuple(sorted(given)))
    ]
    days: Annotated[tuple[Weekday, ...], Field(min_length=1), AfterValidator(lambda given: tuple(sorted(given)))] = (
        EVERY_DAY
    )

    def next(self, after: datetime, zone: str) -> datetime:
        """Its first instant (UTC) strictly after `after`."""
        rhythm = Weekly(days=self.days, times=self.times, anchor=local_date(after, zone), zone=zone)
        return next_instant(rhythm, after)

    def also_at(self, at: time) -> Self:
        """One time more a day, if there is room."""
        times = tuple(sorted({*self.times, at}))
        return self if len(times) > MOST_TIMES else self.model_copy(update={"times": times})

    @property
    def days_in_words(self) -> str:
        """ "every day", "Monday to Friday"."""
        return describe_days(self.days)


def is_its_moment(occurrence: datetime, now: datetime) -> bool:
    """Whether what was for `occurrence` can still be told at `now`."""
    return occurrence <= now <= occurrence + ITS_MOMENT


def named_time(plan: str) -> time | None:
    """The wall time that sets off an if-then plan, as in "If it is 7:30, then I ..."; None without one, or with two.

    A number alone is no time: it takes minutes, am or pm, or a word such as "Uhr".
    """
    condition = CONDITION.match(plan)
    found = {at for match in CLOCK.finditer(condition[1] if condition else plan) if (at := _read(match))}
    return found.pop() if len(found) == 1 else None


def _read(match: re.Match[str]) -> time | None:
    minute = match["minute"] or match["dotted"]
    if not (minute or match["half"] or match["unit"]):
        return None
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    return time(hour, int(minute or 0)) if hour < 24 else None


def cue_at(at: time, days: Collection[Weekday] = ()) -> Cue:
    """Once a day, on those days or on every one."""
    return Cue(times=(at,), days=tuple(days) or EVERY_DAY)
