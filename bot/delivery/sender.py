"""Sends delivery rows: in order within a lane, paced per workspace, never twice."""

import asyncio
import random
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.clock import Clock
from bot.delivery.contents import Contents
from bot.delivery.errors import REVOKED, TRANSIENT, UNREACHABLE
from bot.delivery.posting import Posting
from bot.directory import Directory
from bot.domain.deliveries import Delivery, DeliveryState, Method
from bot.services.work import LEASE, Units
from bot.services.workspaces import Workspaces

CLAIM: Final = 100
ATTEMPTS: Final = 8
CALL_TIMEOUT: Final = 20.0
"""Seconds for one Web API call; well inside a lease."""

log = structlog.get_logger(__name__)


class Sender:
    """`send(rows)` for replies, `deliver_due()` for what waited. A lane has one task at a time: it keeps its order."""

    def __init__(self, units: Units, workspaces: Workspaces, directory: Directory, contents: Contents) -> None:
        self._units = units
        self._clock: Clock = units.clock
        self._workspaces = workspaces
        self._posting = Posting(directory)
        self._contents = contents
        self._lanes: dict[str, deque[Delivery]] = {}
        self._tasks: set[asyncio.Future[Any]] = set()
        self._parked: dict[int, datetime] = {}
        self._held: dict[str, int] = {}  # lane -> the row it waits for before anything else leaves
        self._stopping = False

    def send(self, rows: Sequence[Delivery]) -> None:
        """Takes rows that this process has claimed; returns at once."""
        for row in rows:
            waiting = self._lanes.get(row.lane)
            if waiting is None:
                self._lanes[row.lane] = deque([row])
                task = asyncio.create_task(self._run_lane(row.lane), name=f"lane {row.lane}")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            else:
                waiting.append(row)

    async def deliver_due(self) -> int:
        """Claims what is due and hands it to its lanes; the number of rows."""
        if self._stopping:
            return 0
        async with self._units.database.write() as tx:
            rows = await tx.deliveries.claim(
                self._clock.now(), self._clock.machine_now(), self._units.owner, LEASE, CLAIM
            )
        self.send(rows)
        return len(rows)

    async def recover(self) -> None:
        """At start: what an earlier process of an embedded database had claimed is free again."""
        if self._units.database.is_sqlite:
            async with self._units.database.write() as tx:
                await tx.deliveries.release_all(self._clock.machine_now())

    async def idle(self) -> None:
        """Returns when nothing is being sent."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self, seconds: float = 10.0) -> None:
        """Finishes what is in flight; what has not begun stays a row for the next start."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()

    async def _run_lane(self, lane: str) -> None:
        queue = self._lanes[lane]
        try:
            while queue and not self._stopping:
                row = queue.popleft()
                if self._held.get(lane, row.id) != row.id:
                    await self._put_back([row, *queue])
                    break
                if not await self._deliver(row):
                    self._held[lane] = row.id
                    await self._put_back(list(queue))
                    break
                self._held.pop(lane, None)
            if self._stopping and queue:
                await self._put_back(list(queue))
        except Exception:
            log.exception("a lane broke off", lane=lane)
        finally:
            del self._lanes[lane]

    async def _put_back(self, rows: Sequence[Delivery]) -> None:
        async with self._units.database.write() as tx:
            for row in rows:
                was = DeliveryState.CLAIMED if self._was_tried(row) else DeliveryState.WAITING
                await tx.deliveries.edit(row, state=was, claimed_by=None, claimed_until=self._clock.machine_now())

    def _was_tried(self, row: Delivery) -> bool:
        """Whether another process may have sent it: it was claimed, and not by us when the row was born."""
        return row.attempts > 0 or (row.state is DeliveryState.CLAIMED and row.claimed_by != self._units.owner)

    async def _deliver(self, row: Delivery) -> bool:
        """Sends one row and writes down what came of it. False when the lane must wait for it."""
        parked = self._parked.get(row.workspace_id)
        if parked is not None and parked > self._clock.machine_now():
            await self._retry(row, parked, "parked", counts=False)
            return False
        try:
            content, workspace, member = await self._contents.of(row)
        except LookupError:
            content = None
        if content is None:
            await self._finish(row, DeliveryState.DROPPED)
            return True
        if self._was_tried(row) and _is_channel_post(row):
            return await self._lost(row, "interrupted")
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                place = None
                if self._was_tried(row):
                    place = await self._posting.look_up(row, workspace, member)
                if place is None:
                    place = await self._posting.call(row, content, workspace, member)
        except SlackApiError as error:
            return await self._refused(row, error)
        except (aiohttp.ClientError, TimeoutError, SlackClientError, OSError) as error:
            return await self._lost(row, type(error).__name__)
        async with self._units.begin() as work:
            if await work.tx.deliveries.close(row, DeliveryState.SENT, work.now, ts=place.ts):
                await self._contents.sent(work, row, place)
            else:
                await self._contents.unsay(work, row, place)
        return True

    async def _refused(self, row: Delivery, error: SlackApiError) -> bool:
        response: Any = error.response
        code = str(response.get("error", "")) if isinstance(response.data, dict) else ""
        if response.status_code == 429 or code in {"ratelimited", "rate_limited"}:
            until = self._clock.machine_now() + timedelta(seconds=float(response.headers.get("Retry-After", 1)))
            self._parked[row.workspace_id] = until
            await self._retry(row, until, "ratelimited", counts=False)
            return False
        if response.status_code >= 500 or code in TRANSIENT:
            return await self._lost(row, code or str(response.status_code))
        log.warning("Slack refused a message", says=row.says, method=row.method, error=code)
        if code in REVOKED:
            await self._revoked(row)
        elif code in UNREACHABLE and row.member_id is not None and "channel" not in row.refs:
            await self._unreachable(row.member_id)
        async with self._units.begin() as work:
            if await work.tx.deliveries.close(row, DeliveryState.FAILED, work.now, error=code):
                await self._contents.refused(work, row, code)
        return True

    async def _lost(self, row: Delivery, error: str) -> bool:
        """The call ended without an answer. A direct message is looked up before the next try; a channel post is not
        sent again, since it may be there: its owner decides."""
        if row.attempts + 1 >= ATTEMPTS or _is_channel_post(row):
            async with self._units.begin() as work:
                if await work.tx.deliveries.close(row, DeliveryState.FAILED, work.now, error=error):
                    await self._contents.uncertain(work, row)
            return True
        backoff = min(2.0**row.attempts, 60.0) * (0.5 + random.random())  # noqa: S311  # spread, not secrecy
        await self._retry(row, self._clock.machine_now() + timedelta(seconds=backoff), error)
        return False

    async def _retry(self, row: Delivery, at: datetime, error: str, *, counts: bool = True) -> None:
        state = DeliveryState.CLAIMED if counts else DeliveryState.WAITING
        async with self._units.begin() as work:
            await work.tx.deliveries.edit(
                row,
                state=state,
                claimed_by=None,
                claimed_until=self._clock.machine_now(),
                retry_at=at,
                attempts=row.attempts + int(counts),
                error=error,
            )
        seconds = max(0.0, (at - self._clock.machine_now()).total_seconds())
        asyncio.get_running_loop().call_later(seconds + 0.05, self._try_again)

    def _try_again(self) -> None:
        task = asyncio.ensure_future(self.deliver_due())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, row: Delivery, state: DeliveryState, error: str | None = None) -> None:
        async with self._units.begin() as work:
            await work.tx.deliveries.close(row, state, work.now, error=error)

    async def _revoked(self, row: Delivery) -> None:
        workspace = await self._contents.workspace_of(row)
        await self._workspaces.uninstall(workspace.team_id)

    async def _unreachable(self, member_id: int) -> None:
        async with self._units.begin() as work:
            await work.tx.members.change(member_id, stopped_at=work.now)
            await work.tx.commitments.unschedule(member_id)


def _is_channel_post(row: Delivery) -> bool:
    """Such a one is sent at most once: the scopes do not let us look whether it is there."""
    return row.method is Method.POST and "channel" in row.refs
