"""Where everything leaves that is to be said: replies at once, what was scheduled in its turn."""

import asyncio
from collections import Counter

from bot.delivery.calls import Calls
from bot.delivery.contents import Contents
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.holding import Holding
from bot.delivery.in_hand import InHand
from bot.delivery.limits import Limits
from bot.delivery.posting import Posting
from bot.delivery.recording import Recording
from bot.delivery.sender import Sender
from bot.directory import Directory
from bot.services.work import Units


class Outbox:
    """`send(rows)` takes replies that were just committed; `look()` says that something may be due."""

    def __init__(self, units: Units, directory: Directory, limits: Limits) -> None:
        contents = Contents(units.database, units.clock)
        calls = Calls(Posting(directory, limits.a_second), Holding(directory, units.clock), limits)
        self._units = units
        self._in_hand = InHand()
        self._recording = Recording(units, contents)
        self._sender = Sender(units, contents, calls, self._recording, self._in_hand)
        self._dispatcher = Dispatcher(units, contents, calls, self._recording, self._in_hand, limits)
        self._recording.on_parked = self._dispatcher.park
        self.send = self._sender.send
        self.look = self._dispatcher.look
        self.in_trouble_for = self._dispatcher.in_trouble_for

    @property
    def counts(self) -> Counter[str]:
        """Since this process began: "sent", "failed", "retried", "parked", "dropped"."""
        return self._recording.counts

    async def start(self) -> None:
        """What an earlier process of an embedded database had claimed is free again."""
        if self._units.database.is_sqlite:
            async with self._units.database.write() as tx:
                await tx.deliveries.release_all(self._units.clock.machine_now())
                await tx.leases.release_all()
        self._dispatcher.start()

    async def idle(self) -> None:
        """Returns when nothing is left that could be sent now. What one has sent may be what the other waits for."""
        while True:
            await self._sender.idle()
            self.look()
            await self._dispatcher.idle()
            if not self._sender.is_busy:
                return

    async def stop(self, seconds: float) -> None:
        """Finishes what is in flight, within `seconds`; the rest stays as rows."""
        await asyncio.gather(self._dispatcher.stop(seconds), self._sender.stop(seconds))
