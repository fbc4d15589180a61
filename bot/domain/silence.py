"""Several check-ins without an answer, one after the other: then one message takes the next one's place, and it is
quiet until its member is heard of.

How opening asks: when something is due of a member who is reachable and in whose day it falls, `at_its_time` says what
comes at that moment.

- CHECK_IN: go on as ever.
- MESSAGE: open nothing. In the same transaction `members.quiet_since` and `prompted_on` are set, the commitments'
  `next_due_at` is emptied (`planning.next_due` gives None for whoever is left in peace), and `Says.SILENCE` is due now
  under `key_of(member, occurrence)`. What lifts it is in `bot.services.silence`.
- NOTHING: open nothing, and plan what comes next as ever. The day's one message has been said.

`unanswered` is how many check-ins the buddy started, sent, and heard nothing after: neither an answer nor anything else
that their member wrote or clicked (`members.heard_at`). Days of rest need no counting: on them nothing is sent.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from bot.domain.agreements import Terms
from bot.domain.budget import may_prompt
from bot.domain.deliveries import Says

IN_A_ROW: Final = 3
"""So many are left unanswered before anything is said about it."""


class AtItsTime(StrEnum):
    """What comes when a check-in is due."""

    CHECK_IN = "check_in"
    MESSAGE = "message"
    NOTHING = "nothing"


def at_its_time(unanswered: int, terms: Terms, prompted_on: date | None, today: date) -> AtItsTime:
    """What comes at a check-in's time after that many unanswered ones. `today` is the agreed clock's."""
    if unanswered < IN_A_ROW or not terms.ask_after_silence:
        return AtItsTime.CHECK_IN
    return AtItsTime.MESSAGE if may_prompt(prompted_on, today, Says.SILENCE) else AtItsTime.NOTHING


class Way(StrEnum):
    """What can be clicked in the message, besides pausing and stopping. ELSE opens reasons, BACK folds them again."""

    BUSY = "busy"
    ASK_LESS = "ask_less"
    ELSE = "else"
    BACK = "back"
    PERSON = "person"


class Reason(StrEnum):
    """What "Something else" may be. Each opens a guide of that name."""

    MIGHT_NOT_MANAGE = "might_not_manage"
    UNSETTLES = "unsettles"
    TRIED_BEFORE = "tried_before"
    WHO_SEES = "who_sees"
    NOT_WHAT_I_WANT = "not_what_i_want"
    DONT_KNOW_HOW = "dont_know_how"
    BEING_ASKED = "being_asked"


ABOUT_EVERYTHING: Final = frozenset({Reason.WHO_SEES, Reason.BEING_ASKED})
"""The others are about one commitment."""


def key_of(member_id: int, occurrence: datetime) -> str:
    """Under which the message is said, once for the check-in whose place it takes."""
    return f"{Says.SILENCE}:{member_id}:{occurrence.isoformat()}"
