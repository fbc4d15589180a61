"""What Home and the list show of one member: everything of theirs at a glance, as it is now."""

from datetime import date, datetime

from bot.domain.agreements import Terms
from bot.domain.calendar import local_date
from bot.domain.commitments import Commitment, Revision, State
from bot.domain.habits import Tally
from bot.domain.members import Member
from bot.domain.records import Record
from bot.domain.rests import Rest
from bot.domain.wins import Win


class Standing(Record):
    """A commitment with its history: the words it had, a habit's tally, the numbers on the ruler, oldest first."""

    commitment: Commitment
    revisions: tuple[Revision, ...] = ()
    tally: Tally | None = None
    readiness: tuple[int, ...] = ()


class Overview(Record):
    """`agreed_at` is None while the ground rules are the default ones. `next_at`: when something is asked next, as
    planned or put off until then. `waiting`: a check-in is open since today, to be asked once more at `remind_at`,
    today too. `resting`: what makes today a day of rest, if it is more than a weekly day off.

    `standings` are open commitments, active ones first; `closed` those done or let go that can still be taken back.
    """

    member: Member
    now: datetime
    terms: Terms
    agreed_at: datetime | None = None
    standings: tuple[Standing, ...] = ()
    closed: tuple[Commitment, ...] = ()
    wins: tuple[Win, ...] = ()
    next_at: datetime | None = None
    waiting: bool = False
    remind_at: datetime | None = None
    resting: Rest | None = None

    @property
    def zone(self) -> str:
        return self.terms.cadence.zone

    @property
    def today(self) -> date:
        return local_date(self.now, self.zone)

    @property
    def is_first_visit(self) -> bool:
        return self.agreed_at is None and not self.standings and not self.closed and not self.wins

    @property
    def active(self) -> tuple[Standing, ...]:
        return tuple(one for one in self.standings if one.commitment.state is State.ACTIVE)

    @property
    def due_today(self) -> tuple[Commitment, ...]:
        """What is to be done by today."""
        return tuple(one.commitment for one in self.active if one.commitment.due_day == self.today)
