"""The response window: how long after a check-in its one reminder comes."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.domain.agreements import Terms
from bot.domain.calendar import local, local_date, same_local_day, to_utc
from bot.domain.quiet import out_of_quiet

WINDOWS: Final = (1, 2, 4, 6)
"""Hours to choose from, besides a time of the day."""

NOT_WITHIN: Final = timedelta(hours=2)
AFTER: Final = timedelta(hours=4)
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
    return after if local(after, zone).time() <= LATEST else None


def later_today(instant: datetime, at: time, zone: str) -> datetime | None:
    """When (UTC) to ask once more about what was asked at `instant`: later that local day, or not at all.

    At the wall time `at`, when that is more than two hours away; otherwise four hours after `instant`. None when that
    would be later than 22:00 or on another day: an evening is left alone.
    """
    day = local_date(instant, zone)
    agreed = to_utc(datetime.combine(day, at), zone)
    reminder = agreed if agreed - instant > NOT_WITHIN else instant.astimezone(UTC) + AFTER
    wall = local(reminder, zone)
    return reminder if wall.date() == day and wall.time() <= max(LATEST, at) else None
