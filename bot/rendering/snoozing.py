"""A check-in put off: the choice of when, the modal for another time, and what it folds to."""

from datetime import datetime, time
from functools import cache
from typing import Final

from bot.domain.calendar import ONE_DAY, clock_label, local
from bot.domain.snoozing import LABELS, Snooze
from bot.rendering.blocks import (
    Block,
    Element,
    View,
    button,
    date_picker,
    field,
    modal,
    option,
    section,
    select,
    time_picker,
)
from bot.rendering.dates import day
from bot.rendering.ids import Action, Callback, act

DAY: Final = "day"
TIME: Final = "time"

AT_A_TIME: Final = "at_a_time"
NOT_TODAY: Final = "not_today"
ROUGH_WEEK: Final = "rough_week"

LATER: Final = (
    *LABELS.items(),
    (AT_A_TIME, "At a time…"),
)
REST: Final = ((NOT_TODAY, "Quiet today"), (ROUGH_WEEK, "Rough week"))
"""These are about everything, not about this check-in alone."""

EVENING: Final = time(17)


def later(check_in_id: int, *, alone: bool, late: bool) -> Element:
    """One small choice. A check-in about one thing has "Not today" in its line's menu; `late`, no evening is left."""
    return select(act(Action.SNOOZE, check_in_id), _options(alone=alone, late=late), placeholder="Later")


@cache
def _options(*, alone: bool, late: bool) -> list[Element]:
    left_out = {NOT_TODAY} if alone else set()
    if late:
        left_out.add(Snooze.EVENING)
    return [option(label, value) for value, label in (*LATER, *REST) if value not in left_out]


def snooze_view(check_in_id: int, wall: datetime) -> View:
    """`wall`: what the pickers are filled with."""
    blocks: list[Block] = [
        field("On which day?", date_picker("day", wall.date()), block_id=DAY),
        field("At what time?", time_picker("time", wall.time()), block_id=TIME),
    ]
    return modal(Callback.SNOOZE, "Later", blocks, submit="Ask me then", close="Not now", metadata=str(check_in_id))


def snoozed(check_in_id: int, about: str, until: datetime, zone: str, now: datetime) -> Block:
    """`about`: what is asked again, in mrkdwn that pings nobody."""
    change = button("Change", act(Action.WAKE, check_in_id), says="Change when I ask again")
    return section(put_off_until(about, until, zone, now), accessory=change)


def put_off_until(about: str, until: datetime, zone: str, now: datetime) -> str:
    return f"{about}: I'll ask again {when_again(until, zone, now)}."


def when_again(until: datetime, zone: str, now: datetime) -> str:
    """ "this evening at 18:00", "tomorrow at 10:00", "on Friday 8 January at 10:00": on the agreed clock."""
    wall, today = local(until, zone), local(now, zone).date()
    at = f"at {clock_label(wall.time())}"
    if wall.date() == today:
        return f"this evening {at}" if wall.time() >= EVENING else at
    return f"tomorrow {at}" if wall.date() == today + ONE_DAY else f"on {day(wall.date(), today)} {at}"
