"""APScheduler wakes the jobs: at the next due instant, once a minute to be safe, and when the clock jumps.

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

SAFE: Final = 60
"""Seconds between two looks when nothing else wakes us."""

TIDY: Final = 6
"""Hours between two tidyings."""

DUE: Final = "due"

log = structlog.get_logger(__name__)


class Wakeups:
    """`start()`, `stop()`, and `look_again()` whenever the next due instant may have changed."""

    def __init__(self, jobs: Jobs, clock: Clock) -> None:
        self._jobs = jobs
        self._clock = clock
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._again = asyncio.Event()
        self._arming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._run(self._jobs.catch_up)
        self._scheduler.add_job(self._catch_up, IntervalTrigger(seconds=SAFE, timezone=UTC), id="safe")
        self._scheduler.add_job(self._run, IntervalTrigger(hours=TIDY, timezone=UTC), [self._jobs.tidy], id="tidy")
        self._scheduler.start()
        self._clock.on_jump(self._jumped)
        self._arming = asyncio.create_task(self._arm_again(), name="wakeups")
        self.look_again()

    async def stop(self) -> None:
        if self._arming is not None:
            self._arming.cancel()
            await asyncio.gather(self._arming, return_exceptions=True)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def look_again(self) -> None:
        """The next due instant may be another: find out, soon."""
        self._again.set()

    def _jumped(self) -> None:
        if self._scheduler.running:
            self._scheduler.modify_job("safe", next_run_time=self._clock.machine_now())
        self.look_again()

    async def _catch_up(self) -> None:
        await self._run(self._jobs.catch_up)
        self.look_again()

    async def _arm_again(self) -> None:
        """One wake-up is armed at a time, on the machine's clock, for an instant of the product's clock."""
        while True:
            await self._again.wait()
            self._again.clear()
            due = await self._jobs.next_due()
            if due is None:
                if self._scheduler.get_job(DUE):
                    self._scheduler.remove_job(DUE)
                continue
            wait = max(due - self._clock.now(), timedelta(0))
            at = self._clock.machine_now() + min(wait, timedelta(days=1))
            self._scheduler.add_job(self._catch_up, DateTrigger(at, timezone=UTC), id=DUE, replace_existing=True)

    async def _run(self, step: Callable[[], Awaitable[None]]) -> None:
        """A failed step is tried again at the next wake-up: nothing it had to do is lost with it."""
        try:
            await step()
        except Exception:
            log.exception("a step failed", step=getattr(step, "__name__", "step"))
