"""The fields of a cadence: how often, on which days, at what times. Only those that go with the rhythm are shown."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from bot.domain.calendar import (
    LAST,
    ORDINALS,
    Cadence,
    MonthlyOnDate,
    MonthlyOnWeekday,
    Weekday,
    Weekly,
    clock_label,
    local,
    local_date,
    numbered,
)
from bot.domain.records import Record
from bot.rendering.blocks import (
    Block,
    field,
    option,
    select,
    sentence,
    time_picker,
    weekday_select,
    weekdays,
)

OFTEN: Final = "often"
DAYS: Final = "days"
DATE: Final = "date"
NTH: Final = "nth"
WEEKDAY: Final = "weekday"
TIMES: Final = ("at", "second_at", "third_at")

Named = Callable[[str], str]
"""From the name of a field to its action_id."""


class Kind(StrEnum):
    """The rhythms there are to choose from, named as the cadences are; or none but the agreed one."""

    AGREED = "agreed"
    WEEKLY = "weekly"
    ON_DATE = "monthly_date"
    ON_WEEKDAY = "monthly_weekday"


CHOICES: Final = (
    *((Kind.WEEKLY, every) for every in (1, 2, 3, 4)),
    *((kind, every) for every in (1, 2, 3) for kind in (Kind.ON_DATE, Kind.ON_WEEKDAY)),
)
WHICH: Final = ((1, "First"), (2, "Second"), (3, "Third"), (4, "Fourth"), (LAST, "Last"))


class Rhythm(Record):
    """What the fields hold, shown or not. `every`: so many weeks or months; `day`: of the month."""

    kind: Kind = Kind.WEEKLY
    every: int = 1
    days: tuple[Weekday, ...] = ()
    day: int = 1
    nth: int = 1
    weekday: Weekday = Weekday.MONDAY
    times: tuple[time, ...] = ()

    @classmethod
    def of(cls, cadence: Cadence, today: date) -> "Rhythm":
        """A cadence in its fields; those of other rhythms hold what goes with it, or with `today`."""
        given: dict[str, object] = {"kind": cadence.kind, "times": cadence.times}
        weekday = Weekday(today.weekday())
        match cadence:
            case Weekly():
                days = {"days": cadence.days, "weekday": cadence.days[0], "day": today.day}
                return cls.model_validate(given | days | {"every": cadence.interval_weeks})
            case MonthlyOnDate():
                days = {"days": (weekday,), "weekday": weekday, "day": cadence.day}
            case MonthlyOnWeekday():
                days = {"days": (cadence.weekday,), "weekday": cadence.weekday, "nth": cadence.nth, "day": today.day}
        return cls.model_validate(given | days | {"every": cadence.interval_months})

    @property
    def often(self) -> str:
        """The value of its option."""
        return _value(self.kind, self.every)

    def cadence(self, before: Cadence, zone: str, now: datetime) -> Cadence | None:
        """What the fields come to; None while a day or a time is missing, and for the agreed rhythm.

        Weeks or months are counted from the present one, unless the rhythm is as it was `before`. Raises ValueError for
        what makes none.
        """
        if self.kind is Kind.AGREED or not self.times or (self.kind is Kind.WEEKLY and not self.days):
            return None
        same = Rhythm.of(before, before.anchor).often == self.often
        anchor = before.anchor if same else local_date(now, zone)
        match self.kind:
            case Kind.WEEKLY:
                return Weekly(days=self.days, interval_weeks=self.every, times=self.times, anchor=anchor, zone=zone)
            case Kind.ON_DATE:
                return MonthlyOnDate(
                    day=self.day, interval_months=self.every, times=self.times, anchor=anchor, zone=zone
                )
        given = {"nth": self.nth, "weekday": self.weekday, "interval_months": self.every}
        return MonthlyOnWeekday.model_validate(given | {"times": self.times, "anchor": anchor, "zone": zone})


def rhythm_fields(rhythm: Rhythm, named: Named, *, agreed: Cadence | None = None) -> list[Block]:
    """How often, and what goes with it. Where an `agreed` cadence holds otherwise, it can be chosen: nothing goes with
    it."""
    options = [option(sentence(f"As agreed: {agreed.describe()}"), _value(Kind.AGREED, 1))] if agreed else []
    choices = dict.fromkeys([*CHOICES, *([(rhythm.kind, rhythm.every)] if rhythm.kind is not Kind.AGREED else [])])
    options += [option(_often(kind, every), _value(kind, every)) for kind, every in choices]
    label = "Check-ins" if agreed else "How often?"
    blocks = [field(label, select(named(OFTEN), options, rhythm.often), block_id=OFTEN, dispatch=True)]
    if rhythm.kind is Kind.AGREED:
        return blocks
    blocks += _day_fields(rhythm, named)
    blocks += times_fields(rhythm.times, TIMES, ("At what time?", "And again the same day?", "And once more?"), named)
    return blocks


def times_fields(
    times: Sequence[time], block_ids: Sequence[str], labels: Sequence[str], named: Named, *, optional: bool = False
) -> list[Block]:
    """Wall times: as many fields as there are times, and an empty one as long as there is room."""
    shown = list(zip(block_ids, labels, [*times, *([None] * len(block_ids))], strict=False))[: len(times) + 1]
    return [
        field(
            label,
            time_picker(named(block_id), at),
            block_id=block_id,
            optional=optional or n > 0,
            dispatch=True,
        )
        for n, (block_id, label, at) in enumerate(shown)
    ]


def moment(instant: datetime, zone: str) -> str:
    """ "Tue 5 January, 10:00", on the clocks of a zone: short enough to stand beside a button."""
    wall = local(instant, zone)
    return f"{wall:%a} {wall.day} {wall:%B}, {clock_label(wall.time())}"


def _day_fields(rhythm: Rhythm, named: Named) -> Iterator[Block]:
    match rhythm.kind:
        case Kind.WEEKLY:
            yield field("Which days?", weekday_select(named(DAYS), rhythm.days), block_id=DAYS, dispatch=True)
        case Kind.ON_DATE:
            dates = [option(_date_label(number), str(number)) for number in range(1, 32)]
            yield field("On which date?", select(named(DATE), dates, str(rhythm.day)), block_id=DATE, dispatch=True)
        case Kind.ON_WEEKDAY:
            which = [option(label, str(number)) for number, label in WHICH]
            yield field(
                "Which one in the month?", select(named(NTH), which, str(rhythm.nth)), block_id=NTH, dispatch=True
            )
            chosen_day = str(int(rhythm.weekday))
            yield field(
                "Which weekday?", select(named(WEEKDAY), weekdays(), chosen_day), block_id=WEEKDAY, dispatch=True
            )


def _value(kind: Kind, every: int) -> str:
    return f"{kind}:{every}"


def _often(kind: Kind, every: int) -> str:
    nth = f" {ORDINALS[every]}" if every > 1 else ""
    match kind:
        case Kind.ON_DATE:
            return f"Every{nth} month, on a date"
        case Kind.ON_WEEKDAY:
            return f"Every{nth} month, on a weekday"
    return f"Every{nth} week"


def _date_label(number: int) -> str:
    if number == 31:
        return "The last day"
    return f"The {numbered(number)}" + (", or the last day" if number > 28 else "")
