"""What in Slack holds a check-in, for those who chose it: their notification schedule, or a status that they named."""

import re
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter

from bot.domain.agreements import Terms
from bot.domain.calendar import same_local_day
from bot.domain.quiet import out_of_quiet
from bot.domain.records import Record

LOOK_AGAIN: Final = timedelta(minutes=30)
"""When nobody knows how long a status will stay."""

MOST_STATUSES: Final = 10
NAMED: Final = re.compile(r":([^\s:,]+):")
SKIN_TONES: Final = frozenset(f"skin-tone-{tone}" for tone in range(2, 7))


def _names(typed: object) -> object:
    """The emojis of a line such as ":palm_tree: :face_with_thermometer:". Raises ValueError for anything else."""
    if not isinstance(typed, str):
        return typed
    if NAMED.sub("", typed).strip(" ,\n"):
        raise ValueError("emojis stand between colons")
    return tuple(dict.fromkeys(name.lower() for name in NAMED.findall(typed) if name not in SKIN_TONES))


EmojiName = Annotated[str, StringConstraints(pattern=r"^[\w+'-]{1,100}$")]
Statuses: Final = TypeAdapter[tuple[str, ...]](
    Annotated[tuple[EmojiName, ...], BeforeValidator(_names), Field(max_length=MOST_STATUSES)]
)
"""Reads what a member typed; raises pydantic's ValidationError (a ValueError)."""


class Absence(Record):
    """What Slack tells of someone. `dnd_until`: notifications are off by their schedule until then. `status`: the name
    of an emoji, without colons and skin tone; `status_until` None: nobody knows how long."""

    dnd_until: datetime | None = None
    status: str = ""
    status_until: datetime | None = None


class Hold(Enum):
    """What becomes of a check-in that is held for longer than its day."""

    LET_PASS = auto()


def wants_holds(terms: Terms) -> bool:
    """Whether Slack is asked at all."""
    return terms.hold_in_dnd or bool(terms.hold_statuses)


def held(absence: Absence, terms: Terms, now: datetime) -> datetime | Hold | None:
    """Until when (UTC) the buddy waits, or LET_PASS when that is no longer the same day; None: nothing holds it."""
    ends = []
    if terms.hold_in_dnd and absence.dnd_until is not None and absence.dnd_until > now:
        ends.append(absence.dnd_until)
    if absence.status in terms.hold_statuses and (absence.status_until is None or absence.status_until > now):
        ends.append(absence.status_until or now + LOOK_AGAIN)
    if not ends:
        return None
    until = out_of_quiet(max(ends), terms)
    return until if same_local_day(until, now, terms.cadence.zone) else Hold.LET_PASS
