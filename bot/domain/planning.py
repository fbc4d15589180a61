"""When a commitment is asked about next."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from bot.domain.agreements import Initiative, Terms
from bot.domain.calendar import habit_days_between, instants, local, next_instant, start_of_day
from bot.domain.check_ins import DAY_IS_DONE, Origin, last_day_asked
from bot.domain.commitments import Planned
from bot.domain.members import Member

LOOK_AHEAD: Final = 60
"""Occasions looked at for one that has something to ask about a habit."""

AN_INSTANT: Final = timedelta(microseconds=1)


def next_due(commitment: Planned, terms: Terms, member: Member, now: datetime) -> datetime | None:
    """The next occasion in UTC; None while its owner starts the check-ins, or wants quiet until they say so.

    After a pause it is the first occasion that the pause leaves, and never one before `asks_from`. An occasion at which
    there would be no day of a habit to ask about is none.
    """
    if terms.initiative is Initiative.I_START or member.stopped_at is not None:
        return None
    if member.paused_at is not None:
        if member.paused_until is None:
            return None
        now = max(now, member.paused_until)
    cadence = commitment.cadence or terms.cadence
    if commitment.asks_from is not None:
        now = max(now, start_of_day(commitment.asks_from, cadence.zone) - AN_INSTANT)
    if not commitment.is_habit or commitment.trying is not None:
        return next_instant(cadence, now)
    wall = local(now, cadence.zone)
    first = wall.date() + timedelta(days=wall.time() >= DAY_IS_DONE)
    for occasion in islice(instants(cadence, now), LOOK_AHEAD):
        until = last_day_asked(Origin.SCHEDULED, occasion, cadence.zone)
        if habit_days_between(commitment.habit_days, first, until):
            return occasion
    return next_instant(cadence, now)
