"""What a scheduled check-in asks about, when it comes, and when it is left out: a situation in, an opening out."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.agreements import Terms
from bot.domain.calendar import habit_days_between, local_date, same_local_day
from bot.domain.check_ins import Answer, CheckIn, Item, Origin, last_day_asked, last_day_of
from bot.domain.commitments import Planned
from bot.domain.members import Member
from bot.domain.planning import heard, next_due
from bot.domain.quiet import out_of_quiet
from bot.domain.response import remind_at
from bot.domain.rests import Excused, Rest
from bot.domain.silence import AtItsTime, at_its_time

TOGETHER: Final = timedelta(hours=1)
"""What falls due within an hour is one message."""

WAITS: Final = timedelta(hours=1)
"""A check-in waits this long for a conversation under way; then the conversation rests."""


@dataclass(frozen=True)
class LastAsked:
    """The newest line that asked about a habit's days, and its check-in."""

    item: Item
    check_in: CheckIn


@dataclass(frozen=True, kw_only=True)
class Situation:
    """All that opening looks at, of one member on their agreed clock.

    `due`: what falls due up to an hour from now, the earliest first. `reminded`: the newest check-in that the buddy
    started and sent, and that was answered or reminded of. `running_since`: when the conversation that has the word
    asked last. `rests`: the member's. `unanswered`: check-ins sent since the member was heard of last.
    """

    member: Member
    terms: Terms
    due: Sequence[Planned]
    reminded: CheckIn | None = None
    last_days: Mapping[int, LastAsked] = field(default_factory=dict)
    running_since: datetime | None = None
    rests: Sequence[Rest] = ()
    is_served: bool = True
    unanswered: int = 0

    @property
    def excused(self) -> Excused:
        """Days on which nothing is asked, and about which nothing is asked."""
        return Excused(days_off=self.terms.days_off, rests=tuple(self.rests))


@dataclass(frozen=True)
class Line:
    """A commitment to ask about, a habit from its first day on; or what was to be tried once."""

    commitment: Planned
    since: date | None
    trying: str | None = None


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What is to be written. `planned`: when each commitment is asked about next.

    Without `lines` nothing is said. `late`: the agreed day of something has passed; this check-in says so, or the next
    one when nothing is asked now. `waits`: a conversation has the word, and the check-in comes at `remind_at`.
    `falls_silent`: one message takes the check-in's place, and nothing is asked any more until its member is heard of.
    """

    planned: Mapping[int, datetime | None]
    occurrence: datetime
    lines: Sequence[Line] = ()
    remind_at: datetime | None = None
    late: bool = False
    waits: bool = False
    falls_silent: bool = False

    @property
    def is_check_in(self) -> bool:
        """Whether there is something to write down beside the plan."""
        return self.late or bool(self.lines)

    @property
    def says_something(self) -> bool:
        """Whether its member hears of it."""
        return self.falls_silent or bool(self.lines)

    @property
    def is_said(self) -> bool:
        """Whether its message goes out now."""
        return bool(self.lines) and not self.waits


def opening(here: Situation, now: datetime) -> Opening:
    """What to open for a member of whom something is due at `now` (UTC)."""
    member, zone = here.member, here.member.zone
    due = [one for one in here.due if one.next_due_at is not None and one.next_due_at <= now]
    today = {one.id for one in due if _is_of_today(one, here, now)}
    is_late = any(local_date(one.next_due_at or now, zone) not in here.excused for one in due if one.id not in today)
    if today:
        due += _brought_forward(here, here.due[len(due) :], now)
    occurrence = min((one.next_due_at for one in due if one.next_due_at), default=now)
    planned = {one.id: next_due(one, here.terms, member, max(now, one.next_due_at or now), here.rests) for one in due}
    if not here.is_served or not member.is_reachable(now):
        return Opening(planned=planned, occurrence=occurrence)
    if not today or local_date(now, zone) in here.excused:
        return Opening(planned=planned, occurrence=occurrence, late=is_late)
    loud = out_of_quiet(now, here.terms)  # later than now after a late start
    if not same_local_day(loud, now, zone):
        return Opening(planned=planned, occurrence=occurrence, late=True)
    if loud > now:
        return Opening(planned=dict.fromkeys(planned, loud), occurrence=occurrence, late=is_late)
    lines = tuple(lines_about(due, here.last_days, Origin.SCHEDULED, zone, now, excused=here.excused))
    if not lines:
        return Opening(planned=planned, occurrence=occurrence, late=is_late)
    comes = at_its_time(here.unanswered, here.terms, member.prompted_on, local_date(now, zone))
    if comes is not AtItsTime.CHECK_IN:
        return Opening(planned=planned, occurrence=occurrence, falls_silent=comes is AtItsTime.MESSAGE)
    running = here.running_since
    waits = running is not None and now - running < WAITS
    return Opening(
        planned=planned,
        occurrence=occurrence,
        lines=lines,
        remind_at=running + WAITS if running and waits else _remind_at(here, now),
        late=is_late,
        waits=waits,
    )


def lines_about(
    commitments: Sequence[Planned],
    last_days: Mapping[int, LastAsked],
    origin: Origin,
    zone: str,
    now: datetime,
    *,
    excused: Container[date] = (),
) -> Iterator[Line]:
    """What is to be asked, a habit with the first day it is asked about; one without such a day is left out."""
    until, today = last_day_asked(origin, now, zone), local_date(now, zone)
    for one in commitments:
        trying = one.tried_by(today)
        since = days_from(one, last_days.get(one.id), zone) if trying is None else None
        if since is None or any(day not in excused for day in habit_days_between(one.habit_days, since, until)):
            yield Line(one, since, trying)


def days_from(commitment: Planned, last: LastAsked | None, zone: str) -> date | None:
    """The first day a habit is asked about: the one after those asked about last, and never one of a pause. What is no
    habit is asked about as a whole."""
    if not commitment.is_habit:
        return None
    if last is None or last.item.since is None:
        since = local_date(commitment.created_at, zone)
    else:
        check_in = last.check_in
        until = last_day_of(last.item, last.item.since, check_in.last_day)
        not_asked = (check_in.ts is None or check_in.snoozed) and last.item.answer is None
        if not_asked or last.item.answer is Answer.NOT_TODAY:
            since = last.item.since  # its member was never asked, or put it off
        elif until == check_in.day and until not in last.item.days:
            since = until  # the day was not over
        else:
            since = until + timedelta(days=1)
    return max(since, commitment.asks_from or since)


def _brought_forward(here: Situation, soon: Sequence[Planned], now: datetime) -> list[Planned]:
    """What falls due within the hour comes along; not a habit of which no day is over yet, at its own time one is."""
    lines = lines_about(soon, here.last_days, Origin.SCHEDULED, here.member.zone, now, excused=here.excused)
    return [line.commitment for line in lines]


def _is_of_today(commitment: Planned, here: Situation, now: datetime) -> bool:
    """Whether its latest occasion up to now is of the member's present day."""
    zone, latest = here.member.zone, commitment.next_due_at or now
    if same_local_day(latest, now, zone):
        return True
    for occasion in heard(commitment.cadence or here.terms.cadence, latest, here.terms, here.excused):
        if occasion > now:
            break
        latest = occasion
    return same_local_day(latest, now, zone)


def is_ignored(reminded: CheckIn | None) -> bool:
    """Whether the latest reminder was left without an answer, and nothing was answered since: then we do not press."""
    return reminded is not None and reminded.answered_at is None


def _remind_at(here: Situation, now: datetime) -> datetime | None:
    """Once more later today, unless the reminder before it was ignored."""
    return None if is_ignored(here.reminded) else remind_at(now, here.terms)
