"""The ground rules a member and the buddy agreed on. The scheduler does nothing to a member that these do not name."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.calendar import Cadence, Weekday
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


class Terms(Record):
    """What holds until it is changed.

    `remind_at` is the wall time of the one reminder after silence. The last five are the kinds of message the buddy may
    send, each with its own switch; check-ins themselves are switched off by `initiative`.
    """

    cadence: Cadence
    tone: Tone = Tone.GENTLE
    initiative: Initiative = Initiative.ASK_ME
    after_not_yet: AfterNotYet = AfterNotYet.OFFER_A_LOOK
    remind: bool = True
    remind_at: time = time(15, 0)
    ask_next_step: bool = True
    offer_sharing: bool = True
    tell_cheers: bool = True
    ask_what_helped: bool = True


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
    return Terms(cadence=Cadence(days=days, times=(time(10, 0),), anchor=today, zone=zone))


def may_reflect(reflected_at: datetime | None, now: datetime) -> bool:
    """Whether this week's one reflective question is still to be had."""
    return reflected_at is None or now - reflected_at >= REFLECTION_EVERY
