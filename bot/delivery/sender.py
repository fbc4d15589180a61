"""Sends delivery rows: in order within a lane, never twice. A workspace that Slack slows down waits by itself."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.delivery.content import Content
from bot.delivery.contents import Contents
from bot.delivery.errors import NOTHING_THERE, REVOKED, SLOW_DOWN, TRANSIENT, UNREACHABLE
from bot.delivery.posting import Place, Posting
from bot.directory import Directory
from bot.domain.deliveries import SHOWN_ANEW, Delivery, DeliveryState, Method
from bot.domain.members import Member
from bot.domain.workspaces import Workspace
from bot.services.work import LEASE, Units
from bot.services.workspaces import Workspaces
from bot.storage.database import StorageError

CLAIM: Final = 100
"""Lanes at work at once, replies aside: what is due beyond that stays a row, free for another process."""

TRIES: Final = 8
"""For what Slack answers with an error of its own: about two minutes."""

TRIES_IN_SILENCE: Final = 50
"""While Slack cannot be reached: some hours."""

LONGEST_WAIT: Final = 300.0
"""Seconds between two tries; what Slack asks for may be longer, up to the limit below."""

LONGEST_PARKING: Final = 600.0
CALL_TIMEOUT: Final = 20.0
"""Seconds for everything a row needs of Slack."""

A_MOMENT: Final = timedelta(milliseconds=50)
"""Two clocks run while we wait: later by either is late enough."""

IN_HAND: Final = timedelta(seconds=CALL_TIMEOUT + 10)
"""What must be left of a lease when a call begins."""

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
        self._tasks: set[asyncio.Task[None]] = set()
        self._parked: dict[int, float] = {}  # workspace -> until when, by the event loop's time
        self._stopping = False
        self.counts: Counter[str] = Counter()
        """Since this process began: "sent", "failed", "retried"."""

    def send(self, rows: Sequence[Delivery]) -> None:
        """Takes rows that this process has claimed; returns at once."""
        if self._stopping:
            self._begin(self._put_back(rows))
            return
        for row in rows:
            waiting = self._lanes.get(row.lane)
            if waiting is None:
                self._lanes[row.lane] = deque([row])
                self._begin(self._run_lane(row.lane))
            else:
                waiting.append(row)

    async def deliver_due(self) -> int:
        """Claims what is due and hands it to its lanes; the number of rows. With enough at work it claims nothing."""
        room = CLAIM - len(self._lanes)
        if self._stopping or room <= 0:
            return 0
        parked = [workspace_id for workspace_id in self._parked if self._parked_for(workspace_id)]
        async with self._units.database.write() as tx:
            rows = await tx.deliveries.claim(
                self._clock.now(), self._clock.machine_now(), self._units.owner, LEASE, room, without=parked
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

    async def stop(self, seconds: float = 4.0) -> None:
        """Finishes what is in flight; what has not begun stays a row for the next start."""
        self._stopping = True
        not_begun = [row for queue in self._lanes.values() for row in _emptied(queue)]
        with suppress(TimeoutError, StorageError):
            async with asyncio.timeout(seconds):
                await self._put_back(not_begun)
                await self.idle()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, lane: str) -> None:
        queue = self._lanes[lane]
        try:
            while queue:
                row = queue.popleft()
                if _is_overtaken(row, queue):
                    await self._finish(row, DeliveryState.DROPPED)
                elif not await self._deliver(row):
                    await self._put_back(_emptied(queue))
        except Exception:
            # The row keeps its claim until the lease ends: it may be in Slack. The others are not.
            log.exception("a lane broke off", lane=lane)
            with suppress(StorageError):
                await self._put_back(_emptied(queue))
        finally:
            del self._lanes[lane]

    async def _put_back(self, rows: Sequence[Delivery]) -> None:
        if rows:
            async with self._units.begin() as work:
                await work.tx.deliveries.put_back(rows, self._units.owner)

    async def _deliver(self, row: Delivery) -> bool:
        """Sends one row and writes down what came of it. False when the lane must wait for it."""
        parked = self._parked_for(row.workspace_id)
        if parked:
            await self._retry(row, parked, "parked")
            return False
        if not await self._is_next(row):
            await self._put_back([row])
            return False
        try:
            content, workspace, member = await self._contents.of(row)
        except StorageError:
            raise
        except LookupError as error:
            log.info("what was to be told is gone", says=row.says, error=type(error).__name__)
            content = None
        except Exception as error:
            log.exception("a message could not be rendered", says=row.says)
            await self._finish(row, DeliveryState.FAILED, type(error).__name__)
            return True
        if content is None:
            await self._finish(row, DeliveryState.DROPPED)
            return True
        if row.attempts and _is_channel_post(row):
            return await self._lost(row, "interrupted")
        if await self._is_held(row):
            return await self._call(row, content, workspace, member)
        return True

    async def _call(self, row: Delivery, content: Content, workspace: Workspace, member: Member) -> bool:
        """The call of the Web API, after a look whether an earlier one had come through."""
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                place = await self._posting.look_up(row, workspace, member) if row.attempts else None
                if place is None:
                    place = await self._posting.call(row, content, workspace, member)
        except SlackApiError as error:
            return await self._refused(row, error)
        except (aiohttp.ClientError, OSError) as error:  # a time-out is an OSError
            return await self._lost(row, type(error).__name__, tries=TRIES_IN_SILENCE)
        except StorageError:
            raise
        except Exception as error:
            log.exception("a call broke off", says=row.says, method=row.method)
            return await self._lost(row, type(error).__name__)
        await self._record(row, place)
        return True

    async def _is_next(self, row: Delivery) -> bool:
        """Whether it is ours, and nothing of its lane has to leave before it: another process may be at that."""
        async with self._units.database.read() as tx:
            return await tx.deliveries.is_next(row, self._units.owner)

    async def _is_held(self, row: Delivery) -> bool:
        """Whether a call ends well inside the lease, which is renewed if need be; False when another has the row."""
        now = self._clock.machine_now()
        if row.claimed_until is not None and now + IN_HAND <= row.claimed_until <= now + LEASE:
            return True
        async with self._units.database.write() as tx:
            return await tx.deliveries.hold(row, self._units.owner, now + LEASE)

    async def _record(self, row: Delivery, place: Place) -> None:
        """It is said: never again, even when what should follow cannot."""
        self.counts["sent"] += 1
        try:
            async with self._units.begin() as work:
                if row.member_id is not None:  # before its rows, as everybody does who changes something of a member's
                    with suppress(LookupError):
                        await work.tx.members.lock(row.member_id)
                if await work.tx.deliveries.close(row, DeliveryState.SENT, work.now, ts=place.ts):
                    await self._contents.sent(work, row, place)
                else:
                    await self._contents.unsay(work, row, place)
        except StorageError:
            raise
        except Exception:
            log.exception("what follows a message could not be done", says=row.says)
            await self._finish(row, DeliveryState.SENT)

    async def _refused(self, row: Delivery, error: SlackApiError) -> bool:
        response: Any = error.response
        code = str(response.get("error", "")) if isinstance(response.data, dict) else ""
        if response.status_code == 429 or code in SLOW_DOWN:
            seconds = min(float(response.headers.get("Retry-After", 1)), LONGEST_PARKING)
            self._parked[row.workspace_id] = asyncio.get_running_loop().time() + seconds
            await self._retry(row, seconds, "ratelimited")
            return False
        if response.status_code >= 500:
            return await self._lost(row, code or str(response.status_code), tries=TRIES_IN_SILENCE)
        if code in TRANSIENT:
            return await self._lost(row, code)
        if code in NOTHING_THERE and row.method in {Method.UPDATE, Method.DELETE}:
            await self._finish(row, DeliveryState.DROPPED, code)
            return True
        log.warning("Slack refused a message", says=row.says, method=row.method, error=code)
        self.counts["failed"] += 1
        if code in REVOKED:
            await self._revoked(row)
        elif code in UNREACHABLE and row.member_id is not None and "channel" not in row.refs:
            await self._unreachable(row.member_id)
        async with self._units.begin() as work:
            if await work.tx.deliveries.close(row, DeliveryState.FAILED, work.now, error=code):
                await self._contents.refused(work, row, code)
        return True

    async def _lost(self, row: Delivery, error: str, *, tries: int = TRIES) -> bool:
        """The call ended without an answer. A direct message is looked up before the next try; a channel post is not
        sent again, since it may be there: its owner decides."""
        log.warning("a message did not get through", says=row.says, error=error, attempts=row.attempts + 1)
        if row.attempts + 1 >= tries or _is_channel_post(row):
            self.counts["failed"] += 1
            async with self._units.begin() as work:
                if await work.tx.deliveries.close(row, DeliveryState.FAILED, work.now, error=error):
                    await self._contents.uncertain(work, row)
            return True
        backoff = min(2.0**row.attempts, LONGEST_WAIT) * (0.5 + random.random())  # noqa: S311  # spread, not secrecy
        await self._retry(row, backoff, error, attempts=row.attempts + 1)
        return False

    async def _retry(self, row: Delivery, seconds: float, error: str, **values: int) -> None:
        """Later, by whichever process wakes up then."""
        self.counts["retried"] += 1
        at = self._clock.machine_now() + timedelta(seconds=seconds) + A_MOMENT
        async with self._units.begin() as work:
            await work.tx.deliveries.put_back([row], self._units.owner, retry_at=at, error=error, **values)

    def _parked_for(self, workspace_id: int) -> float:
        """Seconds until a workspace is sent to again; 0 when it is now."""
        return max(self._parked.get(workspace_id, 0.0) - asyncio.get_running_loop().time(), 0.0)

    async def _finish(self, row: Delivery, state: DeliveryState, error: str | None = None) -> None:
        async with self._units.begin() as work:
            await work.tx.deliveries.close(row, state, work.now, error=error)

    async def _revoked(self, row: Delivery) -> None:
        workspace = await self._contents.workspace_of(row)
        await self._workspaces.uninstall(workspace.team_id)

    async def _unreachable(self, member_id: int) -> None:
        with suppress(LookupError):
            async with self._units.begin() as work:
                await work.tx.members.change(member_id, stopped_at=work.now)
                await work.tx.commitments.unschedule(member_id)


def _emptied(queue: deque[Delivery]) -> list[Delivery]:
    rows = list(queue)
    queue.clear()
    return rows


def _is_overtaken(row: Delivery, waiting: Iterable[Delivery]) -> bool:
    """Whether the same is shown anew further on: rows say what is true when they are sent, so the last one will do."""
    return row.method in SHOWN_ANEW and any(
        (row.method, row.says, row.refs) == (later.method, later.says, later.refs) for later in waiting
    )


def _is_channel_post(row: Delivery) -> bool:
    """Such a one is sent at most once: the scopes do not let us look whether it is there."""
    return row.method is Method.POST and "channel" in row.refs
