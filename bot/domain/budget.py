"""How little the buddy says by itself: what of it can be switched off, and how much a day may bring.

Besides messages whose time the member typed, one a day; reflective questions, one a week (`agreements.may_reflect`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.domain.agreements import Initiative, Terms
from bot.domain.deliveries import Says

INITIATIVE: Final = "initiative"

UNPROMPTED: Final[Mapping[Says, str]] = {
    Says.CHECK_IN: INITIATIVE,
    Says.REMINDER: "remind",
    Says.CUE: "tell_cues",
    Says.CHEERS: "tell_cheers",
    Says.SILENCE: "ask_after_silence",
    Says.ZONE: "ask_about_zone",
    Says.WELCOME_BACK: "welcome_back",
}
"""Every kind of message that can come without its member having done something, and the field of `Terms` that switches
it off. All else answers an act."""

TYPED: Final = frozenset({Says.CHECK_IN, Says.REMINDER, Says.CUE})
"""These come at a time that the member typed, or agreed on."""


def is_agreed(terms: Terms, says: Says) -> bool:
    """Whether the ground rules let the buddy say this by itself."""
    switch = UNPROMPTED[says]
    return terms.initiative is Initiative.ASK_ME if switch == INITIATIVE else bool(getattr(terms, switch))


def may_prompt(prompted_on: date | None, today: date, says: Says) -> bool:
    """Whether the day has room for it. `prompted_on`: the last day on which the buddy began a message by itself."""
    return says in TYPED or prompted_on is None or prompted_on < today
