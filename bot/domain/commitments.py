"""What a person said they want to do."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from pydantic import Field

from bot.domain.calendar import Cadence, Weekday
from bot.domain.cues import Cue
from bot.domain.readiness import Stage
from bot.domain.records import Record

UNDO_LETTING_GO = timedelta(days=30)
MAX_TEXT = 500
"""Characters of a commitment: long enough for a thought, short enough to be said back."""


class Kind(StrEnum):
    """Something that gets done once, or a habit with its days."""

    ONCE = "once"
    HABIT = "habit"


class State(StrEnum):
    """Active and paused commitments are open; done and let go are closed."""

    ACTIVE = "active"
    PAUSED = "paused"
    DONE = "done"
    LET_GO = "let_go"


class Planned(Record):
    """What planning needs to know of a commitment. `cadence` overrides the agreement's.

    `trying` is something to try once: check-ins ask about it, once the day named for it, `tries_on`, is over.
    `asks_from`: before that day it is not asked about, nor about any day before. It is set after a pause, whose days
    are nobody's business, and while the try of what is no habit waits for its day. `asked_on`: the day on which its
    owner is asked about it in another way; whatever changes, no check-in is planned for that day.
    """

    id: int
    workspace_id: int
    member_id: int
    kind: Kind
    habit_days: tuple[Weekday, ...] = ()
    cadence: Cadence | None = None
    trying: str | None = Field(default=None, repr=False)
    tries_on: date | None = None
    next_due_at: datetime | None = None
    asks_from: date | None = None
    asked_on: date | None = None
    created_at: datetime

    @property
    def is_habit(self) -> bool:
        return self.kind is Kind.HABIT

    def tried_by(self, day: date) -> str | None:
        """What is asked about on that day in its place: the try, if it is time."""
        return self.trying if self.tries_on is None or self.tries_on < day else None


class Commitment(Planned):
    """The whole of it, with its owner's words. `cue`: when they want to read them. `paused_at`: since when it is not
    asked about, until it is again."""

    text: str = Field(repr=False)
    due_day: date | None = None
    due_time: time | None = None
    state: State
    stage: Stage | None = None
    done_looks_like: str | None = Field(default=None, repr=False)
    next_step: str | None = Field(default=None, repr=False)
    plan: str | None = Field(default=None, repr=False)
    cue: Cue | None = None
    next_cue_at: datetime | None = None
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in (State.ACTIVE, State.PAUSED)

    @property
    def away_since(self) -> datetime | None:
        """Since when it is not asked about; None while it is."""
        return self.paused_at or self.closed_at

    @property
    def cue_words(self) -> str:
        """What a cue tells: the if-then plan, else the commitment itself."""
        return self.plan or self.text

    @property
    def is_told(self) -> bool:
        """Whether there are times at which it is said back."""
        return self.cue is not None and self.state is State.ACTIVE

    def can_be_restored(self, now: datetime) -> bool:
        """Letting go can be undone for thirty days, and so can a Done that was none."""
        return not self.is_open and self.closed_at is not None and now - self.closed_at < UNDO_LETTING_GO


class Revision(Record):
    """The words as they were before `revised_at`."""

    id: int
    commitment_id: int
    text: str = Field(repr=False)
    due_day: date | None = None
    due_time: time | None = None
    revised_at: datetime


class StageChosen(Record):
    """What the member clicked, and when; None is "Leave it there"."""

    id: int
    commitment_id: int
    stage: Stage | None = None
    chosen_at: datetime
