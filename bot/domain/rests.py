"""Days of rest: a holiday, a rough week, "not today". Nothing is asked on them, nor about them afterwards."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.calendar import Weekday
from bot.domain.records import Record


class RestKind(StrEnum):
    """What its member called it; all three do the same. `HELD`: a status held the day's check-in until it was over."""

    HOLIDAY = "holiday"
    ROUGH_WEEK = "rough_week"
    NOT_TODAY = "not_today"
    HELD = "held"


class Rest(Record):
    """`first_day` to `last_day`, both included, on the member's agreed clock.

    `returns_at`: when a long holiday is over, until something was made of that.
    """

    id: int
    workspace_id: int
    member_id: int
    kind: RestKind
    first_day: date
    last_day: date
    created_at: datetime
    returns_at: datetime | None = None

    def covers(self, day: date) -> bool:
        """Whether `day` is one of its days."""
        return self.first_day <= day <= self.last_day

    @property
    def is_wished(self) -> bool:
        """Whether its member said so themself: then cues are silent, too."""
        return self.kind is not RestKind.HELD

    @property
    def days(self) -> int:
        """How many days it is."""
        return (self.last_day - self.first_day).days + 1


class Excused(Record):
    """The days on which nothing is asked of a member, and about which nothing is asked: `day in excused`."""

    days_off: tuple[Weekday, ...] = ()
    rests: tuple[Rest, ...] = ()

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (
            day.weekday() in self.days_off or any(rest.covers(day) for rest in self.rests)
        )


def last_day_of_week(day: date) -> date:
    """The Sunday of its week: a rough week ends with it."""
    return day + timedelta(days=Weekday.SUNDAY - day.weekday())
