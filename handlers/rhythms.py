"""The fields of a cadence, read from wherever they stand."""

from datetime import datetime, time

from bot.domain.agreements import Terms
from bot.domain.calendar import Cadence, Weekday
from bot.domain.planning import heard
from bot.domain.rests import Excused
from bot.rendering.rhythms import DATE, DAYS, NTH, OFTEN, TIMES, WEEKDAY, Kind, Rhythm
from bot.services.work import Refused
from handlers.payloads import State


def typed(state: State, before: Rhythm) -> Rhythm:
    """What stands in the fields; those that are not shown hold what they did `before`.

    Raises ValueError for what they do not offer.
    """
    kind, _, every = (state.of(OFTEN).chosen or before.often).partition(":")
    return Rhythm(
        kind=Kind(kind),
        every=int(every),
        days=state.of(DAYS).weekdays if DAYS in state.values else before.days,
        day=int(state.of(DATE).chosen or before.day),
        nth=int(state.of(NTH).chosen or before.nth),
        weekday=Weekday(int(state.of(WEEKDAY).chosen or before.weekday)),
        times=times_in(state, TIMES) if TIMES[0] in state.values else before.times,
    )


def times_in(state: State, block_ids: tuple[str, ...]) -> tuple[time, ...]:
    """The wall times that are filled in, in their order and each once."""
    found = {at.replace(second=0, microsecond=0) for name in block_ids if (at := state.of(name).selected_time)}
    return tuple(sorted(found))


def check(rhythm: Rhythm) -> None:
    """Raises Refused with the field and what to do."""
    if rhythm.kind is Kind.AGREED:
        return
    if rhythm.kind is Kind.WEEKLY and not rhythm.days:
        raise Refused("Tick at least one day.", DAYS)
    if not rhythm.times:
        raise Refused("Pick a time.", TIMES[0])


def happens(cadence: Cadence, terms: Terms, now: datetime) -> bool:
    """Whether it ever comes to a check-in: not when all its days are days off."""
    return next(heard(cadence, now, terms, Excused(days_off=terms.days_off)), None) is not None


def check_that_it_happens(cadence: Cadence, terms: Terms, now: datetime, field: str = OFTEN) -> None:
    """Raises Refused when all its days are days off."""
    if not happens(cadence, terms, now):
        raise Refused("Those are your days off. Pick others, or change your days off in the ground rules.", field)
