"""APScheduler wakes the jobs: at the next due instant or try, after a while to be safe, and when the clock jumps.

It holds nothing: what is due lives in the database. A memory store, UTC instants and intervals only.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import Clock
from scheduler.jobs import Jobs

SAFE: Final = timedelta(minutes=1)
"""Between two looks when nothing else wakes us."""

TIDY: Final = timedelta(hours=6)
"""Between two tidyings."""

SETTLED: Final = timedelta(minutes=10)
"""From the start to the first tidying: there is more urgent work then, and not everybody runs for hours."""

GAP: Final = 0.2
"""Seconds between two looks, so that a burst of changes is one look."""

PATIENCE: Final = 2
"""Seconds that a step gets to end when we stop."""

DUE: Final = "due"

log = structlog.get_logger(__name__)


class Wakeups:
    """`start()`, `stop()`, and `look_again()` whenever the next due instant may have changed."""

    def __init__(self, jobs: Jobs, clock: Clock, lease: timedelta = SAFE) -> None:
        """`lease`: after which what a process that died was sending is taken up by another. Nobody tells us of that,
        so we look twice in that time."""
        self._jobs = jobs
        self._safe = min(SAFE, lease / 2)
        self._clock = clock
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True})
        self._again = asyncio.Event()
        self._stopping = False
        self._working: asyncio.Task[None] | None = None
        self._looked = 0.0

    async def start(self) -> None:
        first = self._clock.machine_now() + SETTLED
        self._scheduler.add_job(
            self._tidy, IntervalTrigger(seconds=round(TIDY.total_seconds()), start_date=first, timezone=UTC)
        )
        self._scheduler.start()
        self._clock.on_jump(self.look_again)
        self._jobs.on_progress = self._note
        self._note()
        self._working = asyncio.create_task(self._work(), name="wakeups")
        self.look_again()

    async def stop(self) -> None:
        """Finishes the step under way, unless it takes long: a transaction that is cut off has not been."""
        self._stopping = True
        self._again.set()
        if self._working is not None:
            await asyncio.wait({self._working}, timeout=PATIENCE)
            self._working.cancel()
            self._scheduler.shutdown(wait=False)

    def since_look(self) -> float:
        """Seconds since a look ended well, or went on: more than a few times SAFE, and something is stuck."""
        return asyncio.get_running_loop().time() - self._looked

    def look_again(self) -> None:
        """Something may be due, or the next due instant may be another."""
        self._again.set()

    async def _work(self) -> None:
        while True:
            await self._again.wait()
            if self._stopping:
                return
            self._again.clear()
            if await self._run(self._jobs.catch_up):
                self._note()
            await self._run(self._arm)
            await asyncio.sleep(GAP)

    def _note(self) -> None:
        self._looked = asyncio.get_running_loop().time()

    async def _arm(self) -> None:
        """One wake-up, on the machine's clock, for an instant of the product's clock, or to be safe.

        Each look arms the next: after a jump of the clock, which is a reason to look, nothing waits for the old time.
        """
        wait = self._safe
        try:
            until_due = await self._jobs.wait(self._clock.now(), self._clock.machine_now())
            wait = wait if until_due is None else min(until_due, wait)
        finally:
            at = self._clock.machine_now() + wait
            self._scheduler.add_job(self.look_again, DateTrigger(at, timezone=UTC), id=DUE, replace_existing=True)

    async def _tidy(self) -> None:
        await self._run(self._jobs.tidy)

    async def _run(self, step: Callable[[], Awaitable[None]]) -> bool:
        """A failed step is tried again at the next wake-up: nothing it had to do is lost with it."""
        try:
            await step()
        except Exception:
            log.exception("a step failed", step=getattr(step, "__name__", "step"))
            return False
        return True
