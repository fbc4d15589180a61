"""Whether a check-in or its reminder waits, as its member chose, for what Slack says of them. Asked just before the
call, outside any transaction."""

from datetime import datetime
from typing import Final

from bot.clock import Clock
from bot.delivery.content import Letter
from bot.delivery.outcomes import Held, LetPass
from bot.directory import Directory
from bot.domain.deliveries import Delivery, Method, Says
from bot.domain.holds import held, wants_holds

HELD: Final = frozenset({Says.CHECK_IN, Says.REMINDER})


class Holding:
    """One for the app."""

    def __init__(self, directory: Directory, clock: Clock) -> None:
        self._directory = directory
        self._clock = clock

    async def of(self, row: Delivery, letter: Letter) -> Held | LetPass | None:
        """None: it can be sent now. One that may be in Slack already is not held any more."""
        is_asked_for = row.is_reply or row.method is not Method.POST or row.says not in HELD
        if is_asked_for or row.attempts or not wants_holds(letter.terms):
            return None
        absence = await self._directory.absence(letter.workspace, letter.member, letter.terms)
        until = held(absence, letter.terms, self._clock.now())
        if until is None:
            return None
        return Held(until) if isinstance(until, datetime) else LetPass()
