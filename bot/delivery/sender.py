"""Sends replies: at once, each conversation in its order. What cannot leave now is left to the dispatcher."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any, Final

import structlog

from bot.delivery.calls import Calls
from bot.delivery.contents import Contents
from bot.delivery.in_hand import InHand
from bot.delivery.outcomes import Dropped, Outcome, Untried, is_over
from bot.delivery.recording import Recording
from bot.domain.deliveries import SHOWN_ANEW, Delivery
from bot.services.work import Units
from bot.storage.database import StorageError, within

ACK_FIRST: Final = 0.02
"""Seconds that a reply lets pass: the ack of what it answers is on its way then, and nobody else in its way."""

log = structlog.get_logger(__name__)


class Sender:
    """`send(rows)` takes what this process has just committed. A lane has one task at a time: it keeps its order.

    A reply waits for nobody's turn and no lease of its workspace: somebody is there, and looks at the screen.
    """

    def __init__(self, units: Units, contents: Contents, calls: Calls, recording: Recording, in_hand: InHand) -> None:
        self._units = units
        self._contents = contents
        self._calls = calls
        self._recording = recording
        self._in_hand = in_hand
        self._lanes: dict[str, deque[Delivery]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def send(self, rows: Sequence[Delivery]) -> None:
        """Takes rows that this process has claimed; returns at once."""
        if self._stopping:
            self._begin(self._put_back(rows))
            return
        for row in rows:
            self._in_hand.take(row)
            waiting = self._lanes.get(row.lane)
            if waiting is None:
                self._lanes[row.lane] = deque([row])
                self._begin(self._run_lane(row.lane))
            else:
                waiting.append(row)

    @property
    def is_busy(self) -> bool:
        return bool(self._tasks)

    async def idle(self) -> None:
        """Returns when nothing is being sent."""
        while tasks := list(self._tasks):
            await asyncio.gather(*tasks, return_exceptions=True)
            self._tasks.difference_update(tasks)  # now: when all were over, nobody else has had a turn

    async def stop(self, seconds: float = 8.0) -> None:
        """Finishes what is in flight; what has not begun stays a row for the next start."""
        self._stopping = True
        not_begun = [row for queue in self._lanes.values() for row in _emptied(queue)]
        with suppress(TimeoutError, StorageError):
            await within(seconds, self._finish(not_begun))

    async def _finish(self, not_begun: Sequence[Delivery]) -> None:
        await self._put_back(not_begun)
        await self.idle()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, lane: str) -> None:
        queue = self._lanes[lane]
        try:
            await asyncio.sleep(ACK_FIRST)
            while queue:
                await self._units.courtesy.give_way()
                row = queue.popleft()
                try:
                    goes_on = await self._deliver(row, queue)
                finally:
                    self._in_hand.let_go(row)
                if not goes_on:
                    await self._put_back(_emptied(queue))
        except Exception:
            # The row keeps its claim until the lease ends: it may be in Slack. The others are not.
            log.exception("a lane broke off", lane=lane)
            del self._lanes[lane]  # now: what is said while the others are put back begins anew
            with suppress(StorageError):
                await self._put_back(_emptied(queue))
        else:
            del self._lanes[lane]

    async def _deliver(self, row: Delivery, waiting: Iterable[Delivery]) -> bool:
        """Sends one row and writes down what came of it. False when those behind it must wait for it."""
        outcome = Dropped() if _is_overtaken(row, waiting) else await self._send(row)
        await self._units.courtesy.give_way()
        await self._recording.keep([(row, outcome)])
        return is_over(outcome)

    async def _send(self, row: Delivery) -> Outcome:
        if not await self._is_next(row):
            return Untried()
        await self._units.courtesy.give_way()
        letters = await self._contents.of([row])
        ours = row if self._calls.is_ours(row) else await self._held(row)
        return Untried() if ours is None else await self._calls.send(ours, letters[row.id])

    async def _held(self, row: Delivery) -> Delivery | None:
        """With its claim renewed, after it had to wait; None when another process has it."""
        units, began = self._units, monotonic()
        async with units.database.write() as tx:
            if not await tx.deliveries.hold(row, units.clock.machine_now(), units.owner, units.lease):
                return None
        return row.model_copy(update={"ours_until": began + units.lease.total_seconds()})

    async def _is_next(self, row: Delivery) -> bool:
        """Whether it can leave now. What this process is sending in its lane is waited for; what another one has, or
        what Slack wants left alone for a while, is not."""
        while True:
            async with self._units.database.read() as tx:
                standing = await tx.deliveries.standing(row, self._units.clock.machine_now(), self._units.owner)
            if standing is None or standing.is_parked or standing.is_next:
                return standing is not None and standing.is_next and not standing.is_parked
            if not await self._in_hand.wait_for(row.lane):
                return False

    async def _put_back(self, rows: Sequence[Delivery]) -> None:
        for row in rows:
            self._in_hand.let_go(row)
        await self._recording.keep([(row, Untried()) for row in rows])


def _emptied(queue: deque[Delivery]) -> list[Delivery]:
    rows = list(queue)
    queue.clear()
    return rows


def _is_overtaken(row: Delivery, waiting: Iterable[Delivery]) -> bool:
    """Whether the same is shown anew further on: rows say what is true when they are sent, so the last one will do."""
    return row.method in SHOWN_ANEW and any(
        (row.method, row.says, row.refs) == (later.method, later.says, later.refs) for later in waiting
    )
