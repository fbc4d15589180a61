"""Whether a check-in or its reminder waits, as its member chose, for what Slack says of them. Asked just before the
call, outside any transaction."""

from datetime import datetime
from typing import Final

from bot.clock import Clock
from bot.directory import Directory
from bot.domain.agreements import Terms
from bot.domain.deliveries import Delivery, Method, Says
from bot.domain.holds import Hold, held, wants_holds
from bot.domain.members import Member
from bot.domain.workspaces import Workspace
from bot.services.rests import Rests

HELD: Final = frozenset({Says.CHECK_IN, Says.REMINDER})


class Holding:
    """One for the app."""

    def __init__(self, directory: Directory, rests: Rests, clock: Clock) -> None:
        self._directory = directory
        self._rests = rests
        self._clock = clock

    async def held_until(
        self, row: Delivery, workspace: Workspace, member: Member, terms: Terms
    ) -> datetime | Hold | None:
        """When (product time) to look again, LET_PASS when that is no longer this day, None to send it now."""
        if row.is_reply or row.method is not Method.POST or row.says not in HELD or not wants_holds(terms):
            return None
        absence = await self._directory.absence(workspace, member, terms)
        return held(absence, terms, self._clock.now())

    async def let_pass(self, row: Delivery) -> None:
        """What follows when a row was dropped because it would have had to wait for another day."""
        if row.says is Says.CHECK_IN and row.member_id is not None:
            await self._rests.let_pass(row.member_id, int(row.refs["check_in"]))
