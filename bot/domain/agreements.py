"""The ground rules a member and the buddy agreed on. The scheduler does nothing to a member that these do not name."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from pydantic import Field

from bot.domain.calendar import Cadence, Weekday, Weekly
from bot.domain.records import Record

REFLECTION_EVERY = timedelta(days=6, hours=12)
"""At most one reflective question a week comes unasked; who answers earlier in the day than last week still has it."""


class Tone(StrEnum):
    """How feedback is best received."""

    GENTLE = "gentle"
    DIRECT = "direct"
    QUESTIONS = "questions"


class Initiative(StrEnum):
    """Who starts a check-in."""

    ASK_ME = "ask_me"
    I_START = "i_start"


class AfterNotYet(StrEnum):
    """What follows a "not yet": an offer to look at it, or an acknowledgement and nothing else."""

    OFFER_A_LOOK = "offer_a_look"
    LEAVE_IT = "leave_it"


LONGEST_WINDOW = 12
"""Hours after which the one reminder may come."""


class QuietHours(Record):
    """From one wall time to another, past midnight when the second is earlier: 21:00 to 7:00."""

    begins: time
    ends: time


class Terms(Record):
    """What holds until it is changed.

    `remind_at` is the wall time of the one reminder after silence; `remind_after`, hours, takes its place when it is
    set. `days_off`: no check-in, and nothing asked about them. `hold_in_dnd`, `hold_statuses` (names of emojis, without
    colons): what in Slack holds a check-in that day. Each kind of message has its own switch: `remind`, the last eight,
    and `initiative` for check-ins themselves.
    """

    cadence: Cadence
    tone: Tone = Tone.GENTLE
    initiative: Initiative = Initiative.ASK_ME
    after_not_yet: AfterNotYet = AfterNotYet.OFFER_A_LOOK
    remind: bool = True
    remind_at: time = time(15, 0)
    remind_after: int | None = Field(default=None, ge=1, le=LONGEST_WINDOW)
    quiet_hours: QuietHours | None = None
    days_off: tuple[Weekday, ...] = ()
    hold_in_dnd: bool = False
    hold_statuses: tuple[str, ...] = ()
    ask_next_step: bool = True
    offer_sharing: bool = True
    tell_cheers: bool = True
    ask_what_helped: bool = True
    tell_cues: bool = True
    ask_after_silence: bool = True
    welcome_back: bool = True
    ask_about_zone: bool = True


class Agreement(Record):
    """One version of the terms. Old versions are kept."""

    id: int
    workspace_id: int
    member_id: int
    version: int
    terms: Terms
    agreed_at: datetime


def default_terms(zone: str, today: date) -> Terms:
    """Tuesday and Friday at 10:00, asked gently, reminded once."""
    days = (Weekday.TUESDAY, Weekday.FRIDAY)
    return Terms(cadence=Weekly(days=days, times=(time(10, 0),), anchor=today, zone=zone))


def may_reflect(reflected_at: datetime | None, now: datetime) -> bool:
    """Whether this week's one reflective question is still to be had."""
    return reflected_at is None or now - reflected_at >= REFLECTION_EVERY
