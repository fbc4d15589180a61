"""Sends what was scheduled: workspace by workspace under a lease, many rows to a transaction, at Slack's pace."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import Final, TypeVar

import structlog

from bot.delivery.calls import Calls
from bot.delivery.content import Letter
from bot.delivery.contents import Contents
from bot.delivery.in_hand import InHand
from bot.delivery.limits import Limits
from bot.delivery.outcomes import Outcome, Parked, Untried, is_over
from bot.delivery.recording import Ended, Recording
from bot.delivery.shares import IN_FLIGHT, Share, Shares
from bot.domain.deliveries import Delivery, Method
from bot.services.work import Units
from bot.storage.database import StorageError, within

LEASES: Final = 64
"""Workspaces taken at a time: as many as keep us busy, so that other processes find some too."""

MOST_LEASES: Final = 480
"""While their pace holds them up, more are taken, up to this."""

UNDER_WAY: Final = LEASES * IN_FLIGHT
"""Rows that are claimed at once. More than there are connections, so that none of these waits for a transaction."""

CONNECTIONS: Final = 200
"""To Slack, in use at once for what was scheduled."""

AHEAD: Final = 64
"""Rows of a workspace that are looked at in one go."""

LOOKED_AT: Final = 16
"""Workspaces that are looked ahead in with one statement."""

AT_A_TIME: Final = 32
"""Rows or workspaces handled before others have the loop: a stretch of work stays well below 50 ms."""

TURN: Final = UNDER_WAY // 2
LINGER: Final = 0.05
"""So many rows, or so many seconds, are gathered of what ends before it is written down, while as many are under way:
fewer transactions do. One half is rendered while the other is on its way."""

TROUBLE: Final = 1.0
"""Seconds until the next attempt when the database does not answer."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Dispatcher:
    """`look()` whenever something may be due. One loop: take leases, look ahead, claim and write down in one short
    transaction, render in another, call.

    A lease keeps two processes from sending at double pace; that a row is sent once is for its own claim to see to.
    """

    def __init__(  # noqa: PLR0917  # what Outbox puts together
        self, units: Units, contents: Contents, calls: Calls, recording: Recording, in_hand: InHand, limits: Limits
    ) -> None:
        self._units = units
        self._contents = contents
        self._calls = calls
        self._recording = recording
        self._in_hand = in_hand
        self._lease = limits.lease
        self._shares = Shares(limits)
        self._connections = asyncio.Semaphore(CONNECTIONS)
        self._beginning: set[asyncio.Task[None]] = set()
        self._begun = 0
        self._flying: set[asyncio.Task[None]] = set()
        self._ended: list[Ended] = []
        self._again = asyncio.Event()
        self._rested = asyncio.Event()
        self._look = False
        self._is_at_it = True
        self._stopping = False
        self._in_trouble_since: float | None = None
        self._working: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._working = asyncio.create_task(self._work(), name="dispatcher")
        self.look()

    def look(self) -> None:
        """Something may be due, or free again."""
        self._look = True
        self._again.set()

    def park(self, workspace_id: int) -> None:
        """Slack wants it left alone: the database says for how long."""
        share = self._shares.get(workspace_id)
        if share is not None:
            share.close()
            share.bucket.empty(monotonic())

    def in_trouble_for(self) -> float:
        """Seconds since rounds do not end well, or this one not at all."""
        return 0.0 if self._in_trouble_since is None else monotonic() - self._in_trouble_since

    async def idle(self) -> None:
        """Returns when nothing is left that could be sent now."""
        while self._working is not None and self._is_busy:
            self._rested.clear()
            await self._rested.wait()

    @property
    def _is_busy(self) -> bool:
        return bool(self._is_at_it or self._look or self._under_way or self._ended or len(self._shares))

    @property
    def _under_way(self) -> int:
        """Rows that are claimed, and of which nothing is known yet."""
        return self._begun + len(self._flying)

    @property
    def _room(self) -> int:
        return self._units.courtesy.at_a_time(UNDER_WAY) - self._under_way

    @property
    def _a_turn(self) -> int:
        """Rows of a turn as it is now."""
        return self._units.courtesy.at_a_time(TURN)

    async def stop(self, seconds: float = 8.0) -> None:
        """Finishes what is in flight; what was not begun waits for whoever comes next."""
        self._stopping = True
        self._again.set()
        if self._working is None:
            return
        with suppress(TimeoutError, StorageError):
            async with asyncio.timeout(seconds):
                await asyncio.wait({self._working})
                while under_way := self._beginning | self._flying:
                    await asyncio.wait(under_way)
        for task in (self._working, *self._beginning, *self._flying):
            task.cancel()
        with suppress(TimeoutError, StorageError):
            await within(TROUBLE, self._leave())
        self._working = None
        self._rested.set()

    async def _leave(self) -> None:
        await self._recording.keep(self._ended)
        await self._give_up(list(self._shares))

    # The loop

    async def _work(self) -> None:
        while not self._stopping:
            self._again.clear()
            self._in_trouble_since = self._in_trouble_since or monotonic()
            try:
                went_on = await self._cycle()
            except Exception:
                log.exception("sending what was scheduled was interrupted")
                await asyncio.sleep(TROUBLE)
                continue
            self._in_trouble_since = None
            if not went_on:
                await self._rest()
            else:
                await self._linger()

    async def _linger(self) -> None:
        """Until a turn's worth has ended, unless there is room for one more: fewer transactions do."""
        until, turn = monotonic() + LINGER, self._a_turn
        while self._room < turn and len(self._ended) < turn and monotonic() < until and not self._stopping:
            self._again.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(until - monotonic()):
                    await self._again.wait()

    async def _rest(self) -> None:
        """Until something ended or may be due, the pace allows more, or a lease is to be renewed."""
        self._is_at_it = False
        self._rested.set()
        pace = self._shares.wait(monotonic()) if self._room > 0 else None
        waits = [pace, self._lease.total_seconds() / 4 if len(self._shares) else None]
        with suppress(TimeoutError):
            async with asyncio.timeout(min((wait for wait in waits if wait is not None), default=None)):
                await self._again.wait()
        self._is_at_it = True

    async def _cycle(self) -> bool:
        """One round; whether there was anything to do."""
        async with self._units.courtesy.step():
            await self._keep_leases()
            took = await self._take_leases()
            fed = await self._look_ahead()
            ended, self._ended = self._ended, []
            picked = self._shares.pick(min(self._room, self._a_turn), monotonic())
            if ended or picked:
                await self._turn(ended, picked)
            await self._give_up([share for share in self._shares if share.is_drained])
            return bool(took or fed or ended or picked)

    # Leases

    async def _keep_leases(self) -> None:
        began, half = monotonic(), self._lease.total_seconds() / 2
        held = [share for share in self._shares if not share.is_closed]
        if not any(share.ours_until - began < half for share in held):
            return
        async with self._units.database.write() as tx:
            ids = [share.workspace_id for share in held]
            ours = await tx.leases.renew(ids, self._units.clock.machine_now(), self._units.owner, self._lease)
        for share in held:
            if share.workspace_id in ours:
                share.ours_until = began + self._lease.total_seconds()
            else:
                share.close()
                self.look()

    async def _take_leases(self) -> bool:
        """More workspaces, if something may be due and those we have do not keep us busy."""
        now = monotonic()
        has_room = len(self._shares) <= MOST_LEASES - LEASES and self._shares.movable(now) < UNDER_WAY
        if not self._look or not has_room:
            return False
        self._look = False  # now, so that what falls due while we look is looked for again
        for share in self._shares:
            share.is_read = False
        clock = self._units.clock
        async with self._units.database.read() as tx:
            wanted = await tx.leases.wanted(clock.now(), clock.machine_now(), LEASES)
        if not wanted:
            return False
        async with self._units.database.write() as tx:
            ids = await tx.leases.take(wanted, clock.machine_now(), self._units.owner, self._lease)
        self._shares.add(ids, now + self._lease.total_seconds(), now)
        self._look = self._look or len(wanted) == LEASES
        if not ids:  # others were quicker: there may be more where these came from
            await asyncio.sleep(LINGER * random.random())  # noqa: S311  # spread, not secrecy
        return bool(ids) or self._look

    async def _give_up(self, shares: Sequence[Share]) -> None:
        if not shares:
            return
        async with self._units.database.write() as tx:
            await tx.leases.give_up([share.workspace_id for share in shares], self._units.owner)
        for share in shares:
            self._shares.remove(share)

    # Rows

    async def _look_ahead(self) -> bool:
        """What can be sent in the workspaces that have use for more. The lease lets us look without claiming."""
        hungry = [share for share in self._shares if share.is_hungry]
        ahead = self._units.courtesy.at_a_time(AHEAD)
        limit = max(IN_FLIGHT, min(ahead, AHEAD * LEASES // max(len(self._shares), 1)))
        clock = self._units.clock
        for few in _in_chunks(hungry, LOOKED_AT):
            mine: dict[int, list[Delivery]] = {share.workspace_id: [] for share in few}
            async with self._units.database.read() as tx:
                for row in await tx.deliveries.ahead(list(mine), clock.now(), clock.machine_now(), limit):
                    mine[row.workspace_id].append(row)
            for share in few:
                rows = mine[share.workspace_id]
                replies = sum(row.is_reply for row in rows)
                is_all = max(replies, len(rows) - replies) < limit
                share.feed((row for row in rows if row not in self._in_hand), is_all=is_all)
            await asyncio.sleep(0)
            await self._units.courtesy.give_way()
        return bool(hungry)

    async def _turn(self, ended: Sequence[Ended], picked: Sequence[Delivery]) -> None:
        """Writes down what ended, claims what was picked, and begins it."""
        for row in picked:
            self._in_hand.begin(row)
        try:
            marked = await self._write(ended, picked)
        except BaseException:
            self._ended = [*ended, *self._ended]
            self._over(picked)
            raise
        self._over([row for row, _ in ended])
        self._over([row for row in picked if row.id not in marked])
        if marked:
            self._begun += len(marked)
            self._keep(asyncio.create_task(self._begin(list(marked.values()))), self._beginning)

    async def _begin(self, rows: Sequence[Delivery]) -> None:
        """Renders what is claimed, and calls, while the next is being claimed."""
        left = list(rows)
        try:
            letters = await self._letters(rows)
            while left:
                few, left = left[:AT_A_TIME], left[AT_A_TIME:]
                self._begun -= len(few)
                for row in few:
                    self._keep(asyncio.create_task(self._send(row, letters[row.id])), self._flying)
                await asyncio.sleep(0)
        except Exception:
            log.exception("what is claimed could not be read")
        finally:
            self._begun -= len(left)
            self._ended += [(row, Untried()) for row in left]
            self._again.set()

    def _keep(self, task: asyncio.Task[None], among: set[asyncio.Task[None]]) -> None:
        among.add(task)
        task.add_done_callback(among.discard)

    async def _write(self, ended: Sequence[Ended], picked: Sequence[Delivery]) -> Mapping[int, Delivery]:
        """One transaction; those of the picked rows that are ours now, by id."""
        try:
            return await self._write_at_once(ended, picked)
        except Exception:
            # Should it be for what follows one of those that ended, the others are kept without that.
            log.exception("what was sent is written down one by one")
            await self._recording.keep(ended)
            self.look()
            return {}

    async def _write_at_once(self, ended: Sequence[Ended], picked: Sequence[Delivery]) -> Mapping[int, Delivery]:
        units, marked = self._units, dict[int, int]()
        tells = not all(is_over(outcome) for _, outcome in ended)
        async with units.begin(tells=tells) as work:
            rows = [*(row for row, _ in ended), *picked]
            await work.tx.members.hold({row.member_id for row in rows if row.member_id is not None})
            await self._recording.write(work, ended)
            began = monotonic()
            if picked:
                ids = [row.id for row in picked]
                marked = await work.tx.deliveries.mark(ids, units.clock.machine_now(), units.owner, self._lease)
            homes = [row for row in picked if row.method is Method.HOME and row.member_id is not None]
            if homes:
                await work.tx.deliveries.drop_overtaken(homes, work.now)
        self._recording.count(ended)
        until = began + self._lease.total_seconds()
        return {
            row.id: row.model_copy(update={"attempts": marked[row.id], "ours_until": until})
            for row in picked
            if row.id in marked
        }

    async def _letters(self, rows: Sequence[Delivery]) -> Mapping[int, Letter | Exception]:
        letters: dict[int, Letter | Exception] = {}
        for few in _in_chunks(rows, TURN):
            async with self._units.courtesy.step():
                letters |= await self._contents.of(few)
            await asyncio.sleep(0)
        return letters

    async def _send(self, row: Delivery, letter: Letter | Exception) -> None:
        async with self._connections:
            await self._units.courtesy.give_way()
            outcome: Outcome = Untried() if self._stopping else await self._calls.send(row, letter)
        if isinstance(outcome, Parked):
            self.park(row.workspace_id)
        self._ended.append((row, outcome))
        self._again.set()

    def _over(self, rows: Sequence[Delivery]) -> None:
        for row in rows:
            self._in_hand.end(row)
            share = self._shares.get(row.workspace_id)
            if share is not None:
                share.ended()


def _in_chunks(things: Sequence[T], size: int) -> list[Sequence[T]]:
    return [things[start : start + size] for start in range(0, len(things), size)]
