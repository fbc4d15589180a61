"""How fast and how patiently we send: what the settings say about it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.services.work import LEASE
from bot.storage.instants import SET_BACK

LONGEST_WAIT: Final = SET_BACK.total_seconds() / 2
"""An instant that lies further ahead than SET_BACK is void, and a wait is longer than this by half, and by a call."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """`a_minute`: messages a workspace gets; `a_second`: messages a channel gets; 0 for as fast as it goes.

    `call`: seconds that everything takes at most that a row needs of Slack. A claim lasts for `lease`.
    """

    a_minute: float = 240.0
    a_second: float = 1.0
    lease: timedelta = LEASE
    call: float = 20.0

    @property
    def longest_wait(self) -> float:
        """Seconds between two tries of a row that does not get through, half as many again now and then: where a crash
        is over soon, so is bad luck."""
        return min(5 * self.lease.total_seconds(), LONGEST_WAIT)

    @property
    def in_hand(self) -> float:
        """Seconds that must be left of a claim when a call begins: it ends well inside it."""
        return self.call * 1.5
