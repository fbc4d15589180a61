"""What is done when its time has come: plain functions of a clock. `wakeups` decides when they are called."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from bot.delivery.outbox import Outbox
from bot.domain.agenda import Matter
from bot.services import Services

KEEP_HANDLED: Final = timedelta(days=7)
"""How long we remember what was handled, and what was sent: longer than anything is retried."""

A_PORTION: Final = 1000
"""Rows forgotten in one transaction, which nobody who clicks meanwhile should have to wait for."""

OPENERS: Final = 2
"""While the database writes down what one has opened, the other thinks."""


class Jobs:
    """Steps that bring the product up to now. Each may be called at any time, any number of times. `on_progress` is
    called while a long one goes on."""

    def __init__(self, services: Services, outbox: Outbox) -> None:
        self._services = services
        self._outbox = outbox
        self._running = asyncio.Lock()
        self.on_progress: Callable[[], None] = lambda: None
        self._steps: Mapping[Matter, Callable[[], Awaitable[None]]] = {
            Matter.PAUSES: services.pauses.end_due,
            Matter.RETURNS: services.returning.welcome_due,
            Matter.CHECK_INS: self._open,
            Matter.CUES: self._tell_cues,
            Matter.REMINDERS: services.reminding.remind_due,
            Matter.CHEERS: services.cheers.tell_due,
            Matter.ZONES: services.zones.ask_due,
        }

    async def catch_up(self) -> None:
        """Opens what is due, and has it sent, which goes on by itself. When nothing is due it is one statement.

        Raises ExceptionGroup at its end: what goes wrong with one matter keeps no other.
        """
        async with self._running:
            await self._services.units.courtesy.give_way()
            due = await self._due()
            failed = []
            for matter, step in self._steps.items():
                if matter not in due:
                    continue
                try:
                    await step()
                except Exception as error:  # noqa: BLE001  # told when the others have had their turn
                    failed.append(error)
                due = await self._due()  # one may make the next fall due
            if Matter.MESSAGES in due:
                self._outbox.look()
            if failed:
                raise ExceptionGroup("not everything that is due was done", failed)

    async def _due(self) -> frozenset[Matter]:
        async with self._services.units.database.read() as tx:
            return await tx.agenda.due(self._services.units.clock.now())

    async def _open(self) -> None:
        async with asyncio.TaskGroup() as openers:
            for _ in range(OPENERS):
                openers.create_task(_until_nothing_is_left(self._open_some))

    async def _tell_cues(self) -> None:
        await _until_nothing_is_left(self._services.cues.tell_due)

    async def _open_some(self) -> int:
        """The first are on their way while the others are opened."""
        opened = await self._services.opening.open_due()
        if opened:
            self._outbox.look()
            self.on_progress()
        return opened

    async def tidy(self) -> None:
        """Forgets what has no use any more, a portion at a time."""
        units = self._services.units
        before = units.clock.now() - KEEP_HANDLED
        for rows in (attrgetter("acts"), attrgetter("deliveries")):
            last: int | None = 0
            while last is not None:
                async with units.courtesy.step(), units.database.write() as tx:
                    last = await rows(tx).forget_before(before, last, units.courtesy.at_a_time(A_PORTION))

    async def wait(self, now: datetime, machine_now: datetime) -> timedelta | None:
        """How long from `now` until there is something to do, as far as the database knows: something falls due, what
        could not be sent may be tried again, or a workspace is parked no more."""
        async with self._services.units.database.read() as tx:
            ahead = await tx.agenda.ahead(now, machine_now)
        first = ahead.first_of()
        due = None if first is None else first - now
        return min((wait for wait in (due, ahead.retry) if wait is not None), default=None)


async def _until_nothing_is_left(step: Callable[[], Awaitable[int]]) -> None:
    """Repeats a step that handles so many at a time and says how many; in between others have the loop."""
    handled = await step()
    while handled:
        await asyncio.sleep(0)
        handled = await step()
