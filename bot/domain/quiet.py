"""Quiet hours: nothing that the buddy begins by itself is said inside them."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.agreements import QuietHours, Terms
from bot.domain.calendar import ONE_DAY, local, to_utc


def is_quiet(at: time, hours: QuietHours) -> bool:
    """Whether a wall time is inside: from `begins` on, before `ends`, past midnight when that is the earlier one."""
    if hours.begins <= hours.ends:
        return hours.begins <= at < hours.ends
    return at >= hours.begins or at < hours.ends


def out_of_quiet(instant: datetime, terms: Terms) -> datetime:
    """The instant itself (UTC), or the end of the quiet hours that it falls into.

    It goes by what the member's clock shows: where an hour comes twice, so do its quiet minutes; and where the end is
    skipped by daylight saving, it is read with the offset before the gap, as every wall time is.
    """
    hours, zone = terms.quiet_hours, terms.cadence.zone
    if hours is None:
        return instant
    while is_quiet((wall := local(instant, zone)).time(), hours):
        day = wall.date() if wall.time() < hours.ends else wall.date() + ONE_DAY
        end = datetime.combine(day, hours.ends)
        first_pass = to_utc(end, zone)
        is_ahead = first_pass > instant
        instant = first_pass if is_ahead else end.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
    return instant
