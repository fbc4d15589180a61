"""When a commitment is asked about next."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from bot.domain.agreements import Initiative, Terms
from bot.domain.calendar import (
    Cadence,
    end_of_day,
    habit_days_between,
    local,
    local_date,
    next_instant,
    start_of_day,
)
from bot.domain.check_ins import DAY_IS_DONE, Origin, last_day_asked
from bot.domain.commitments import Commitment, Planned, State
from bot.domain.cues import is_its_moment
from bot.domain.members import Member
from bot.domain.rests import Excused, Rest
from bot.domain.snoozing import allowed_from

LOOK_AHEAD: Final = 60
"""Occasions looked at for one on which there is something to ask."""

AN_INSTANT: Final = timedelta(microseconds=1)

ONE_WEEK: Final = timedelta(weeks=1)
"""No quiet hours, and seldom days of rest, put an occasion off for longer."""

NO_DAY: Final = Excused()


def next_due(
    commitment: Planned,
    terms: Terms,
    member: Member,
    now: datetime,
    rests: Collection[Rest] = (),
    *,
    days_from: date | None = None,
) -> datetime | None:
    """The next occasion in UTC; None while its owner starts the check-ins, wants quiet until they say so, or is left in
    peace until they are heard of; and where there is none, as on Saturdays of someone who has Saturdays off.

    It is on no day of rest, and in no quiet hours: one inside them comes at their end. After a pause it is the first
    occasion that the pause leaves, and never one before `asks_from` or on `asked_on`. An occasion at which there would
    be no day of a habit to ask about is none: they begin with `days_from`, and without it with the first that is not
    over now.
    """
    if terms.initiative is Initiative.I_START or member.stopped_at is not None or member.quiet_since is not None:
        return None
    if member.paused_at is not None:
        if member.paused_until is None:
            return None
        now = max(now, member.paused_until - AN_INSTANT)
    cadence = commitment.cadence or terms.cadence
    if commitment.asks_from is not None:
        now = max(now, start_of_day(commitment.asks_from, cadence.zone) - AN_INSTANT)
    excused = Excused(days_off=terms.days_off, rests=tuple(rests))
    heard_at = heard(cadence, now, terms, excused)
    coming = (at for at in heard_at if local_date(at, cadence.zone) != commitment.asked_on)
    if not commitment.is_habit:
        return next(coming, None)
    wall = local(now, cadence.zone)
    first = days_from or wall.date() + timedelta(days=wall.time() >= DAY_IS_DONE)
    for occasion in islice(coming, LOOK_AHEAD):
        if commitment.tried_by(local_date(occasion, cadence.zone)):
            return occasion
        until = last_day_asked(Origin.SCHEDULED, occasion, cadence.zone)
        if any(day not in excused for day in habit_days_between(commitment.habit_days, first, until)):
            return occasion
    return None


def heard(cadence: Cadence, after: datetime, terms: Terms, excused: Excused) -> Iterator[datetime]:
    """The same as `occasions`, but those in quiet hours come at their end, on the first day that is none of rest."""
    if terms.quiet_hours is None:
        yield from occasions(cadence, after, excused)
        return
    for occasion in occasions(cadence, after - ONE_WEEK, excused):
        instant = allowed_from(occasion, terms, excused)
        if instant > after:
            after = instant  # two of the same quiet hours are one
            yield instant


def next_cue(commitment: Commitment, terms: Terms, now: datetime) -> datetime | None:
    """When its owner's words are told next, in UTC; None without a cue. Whether they are told then is seen then.

    What is due at this very moment still is.
    """
    if commitment.cue is None or commitment.state is not State.ACTIVE or not terms.tell_cues:
        return None
    if commitment.next_cue_at is not None and is_its_moment(commitment.next_cue_at, now):
        return commitment.next_cue_at
    return commitment.cue.next(now, terms.cadence.zone)


def occasions(cadence: Cadence, after: datetime, excused: Excused = NO_DAY) -> Iterator[datetime]:
    """The instants (UTC) of a cadence strictly after `after` that are on no excused day, in order.

    They end where day after day of the cadence is one of rest.
    """
    in_a_row = 0
    while in_a_row < LOOK_AHEAD:
        after = next_instant(cadence, after)
        day = local_date(after, cadence.zone)
        if day not in excused:
            in_a_row = 0
            yield after
            continue
        in_a_row += 1
        over = max((rest.last_day for rest in excused.rests if rest.covers(day)), default=day)
        after = max(after, end_of_day(over, cadence.zone) - AN_INSTANT)
