"""The response window: how long after a check-in its one reminder comes."""

from datetime import datetime, time, timedelta
from typing import Final

from bot.domain.agreements import Terms
from bot.domain.calendar import later_today, local, same_local_day
from bot.domain.quiet import out_of_quiet

WINDOWS: Final = (1, 2, 4, 6)
"""Hours to choose from, besides a time of the day."""

LATEST: Final = time(22)


def remind_at(asked_at: datetime, terms: Terms) -> datetime | None:
    """When (UTC) to ask once more about what was asked at `asked_at`: later that day, as agreed, or not at all.

    After the agreed number of hours, or at the agreed wall time, or when the quiet hours it falls into are over; an
    evening is left alone.
    """
    agreed = _as_agreed(asked_at, terms) if terms.remind else None
    if agreed is None:
        return None
    heard = out_of_quiet(agreed, terms)
    return heard if same_local_day(heard, asked_at, terms.cadence.zone) else None


def _as_agreed(asked_at: datetime, terms: Terms) -> datetime | None:
    zone = terms.cadence.zone
    if terms.remind_after is None:
        return later_today(asked_at, terms.remind_at, zone)
    after = asked_at + timedelta(hours=terms.remind_after)
    wall = local(after, zone)
    return after if wall.date() == local(asked_at, zone).date() and wall.time() <= LATEST else None
