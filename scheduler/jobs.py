"""What is done when its time has come: plain functions of a clock. `wakeups` decides when they are called."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from bot.delivery.outbox import Outbox
from bot.services import Services

KEEP_HANDLED: Final = timedelta(days=7)
"""How long we remember what was handled, and what was sent: longer than anything is retried."""

OPENERS: Final = 2
"""While the database writes down what one has opened, the other thinks."""


class Jobs:
    """Steps that bring the product up to now. Each may be called at any time, any number of times."""

    def __init__(self, services: Services, outbox: Outbox) -> None:
        self._services = services
        self._outbox = outbox
        self._running = asyncio.Lock()

    async def catch_up(self) -> None:
        """Opens what is due, and has it sent, which goes on by itself."""
        async with self._running:
            await self._services.units.courtesy.give_way()
            await self._services.pauses.end_due()
            await self._services.returning.welcome_due()
            await asyncio.gather(*(_until_nothing_is_left(self._open_some) for _ in range(OPENERS)))
            await _until_nothing_is_left(self._services.cues.tell_due)
            await self._services.reminding.remind_due()
            await self._services.wins.tell_cheers()
            await self._services.zones.ask_due()
            self._outbox.look()

    async def _open_some(self) -> int:
        """The first are on their way while the others are opened."""
        opened = await self._services.opening.open_due()
        if opened:
            self._outbox.look()
        return opened

    async def tidy(self) -> None:
        """Forgets what has no use any more."""
        units = self._services.units
        async with units.database.write() as tx:
            before = units.clock.now() - KEEP_HANDLED
            await tx.acts.forget_before(before)
            await tx.deliveries.forget_before(before)

    async def next_due(self, after: datetime) -> datetime | None:
        """The first instant after `after` at which there will be something to do, in UTC."""
        async with self._services.units.database.read() as tx:
            instants = [
                await tx.commitments.next_due(after),
                await tx.cues.next_due(after),
                await tx.check_ins.next_reminder(after),
                await tx.deliveries.next_due(after),
                await tx.members.next_pause_end(after),
                await tx.members.next_zone_question(after),
                await tx.rests.next_return(after),
                await tx.commitments.next_pause_end(after),
            ]
        return min((instant for instant in instants if instant is not None), default=None)

    async def next_retry(self, machine_now: datetime) -> timedelta | None:
        """How long until what could not be sent may be tried again, or a workspace is parked no more."""
        async with self._services.units.database.read() as tx:
            waits = await tx.deliveries.next_retry(machine_now), await tx.leases.next_unparked(machine_now)
        return min((wait for wait in waits if wait is not None), default=None)


async def _until_nothing_is_left(step: Callable[[], Awaitable[int]]) -> None:
    """Repeats a step that handles so many at a time and says how many; in between others have the loop."""
    handled = await step()
    while handled:
        await asyncio.sleep(0)
        handled = await step()
