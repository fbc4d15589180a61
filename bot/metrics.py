"""/metrics for Prometheus: numbers of the whole database, and of this process. No label names anybody."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Final

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.clock import Clock
from bot.domain.backlog import Backlog
from bot.storage.database import Database, StorageError, within

PATIENCE: Final = 3.0
"""Seconds for the database; without an answer its numbers are left out."""

ACKS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds: Slack waits three."""

SAMPLE: Final = 0.1
"""Seconds between two looks at how late the event loop is."""

COUNTED: Final = {
    "sent": "Messages that this process sent.",
    "failed": "Messages that Slack refused for good.",
    "retried": "Tries that did not get through, and were put off.",
    "parked": "Times that Slack asked us to leave a workspace alone for a while.",
}

log = structlog.get_logger(__name__)


class LoopLag:
    """How long something kept everything else waiting: the worst since it was last asked."""

    def __init__(self) -> None:
        self._worst = 0.0
        self._sampling: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._sampling = asyncio.create_task(self._sample(), name="loop-lag")

    async def stop(self) -> None:
        if self._sampling is not None:
            self._sampling.cancel()
            with suppress(asyncio.CancelledError):
                await self._sampling

    def take(self) -> float:
        """Seconds."""
        worst, self._worst = self._worst, 0.0
        return worst

    async def _sample(self) -> None:
        time = asyncio.get_running_loop().time
        while True:
            due = time() + SAMPLE
            await asyncio.sleep(SAMPLE)
            self._worst = max(self._worst, time() - due)


class Metrics(Collector):
    """`answer` is the page; `acked` is told how long each ack took; `lag` runs from start to stop."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        counts: Callable[[], Mapping[str, int]],
        since_look: Callable[[], float],
        socket: Callable[[], str] | None,
    ) -> None:
        """`counts` has what COUNTED names, since this process began."""
        self._database = database
        self._clock = clock
        self._counts = counts
        self._since_look = since_look
        self._socket = socket
        self._backlog: Backlog | None = None
        self.lag = LoopLag()
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._acks = Histogram(
            "buddy_ack_seconds", "From a request of Slack's to our ack.", buckets=ACKS, registry=self._registry
        )

    def acked(self, seconds: float) -> None:
        self._acks.observe(seconds)

    async def answer(self, _request: web.Request) -> web.Response:
        self._backlog = await self._standing()
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def describe(self) -> Iterable[Metric]:
        """Nothing: there are no numbers before the database was asked."""
        return ()

    def collect(self) -> Iterable[Metric]:
        yield _gauge("database_up", "Whether the database answers.", float(self._backlog is not None))
        if self._backlog is not None:
            yield from self._of_database(self._backlog)
        for name, says in COUNTED.items():
            yield CounterMetricFamily(f"buddy_{name}", says, value=self._counts().get(name, 0))
        yield _gauge("scheduler_idle_seconds", "Since the scheduler last looked.", self._since_look())
        yield _gauge("loop_lag_seconds", "The longest that the event loop kept others waiting.", self.lag.take())
        if self._socket is not None:
            connected = float(self._socket() == "connected")
            yield _gauge("socket_connected", "Whether the socket to Slack is connected, and not silent.", connected)

    def _of_database(self, backlog: Backlog) -> Iterable[Metric]:
        late = backlog.late_by(self._clock.now()).total_seconds()
        yield _gauge("due", "Messages that are due and that nobody has claimed.", backlog.due)
        yield _gauge("in_flight", "Messages that are being sent.", backlog.in_flight)
        yield _gauge("retrying", "Of those that are due, how many were tried before.", backlog.retrying)
        yield _gauge("unopened", "Commitments that are due and not asked about yet.", backlog.unopened)
        yield _gauge("oldest_lateness_seconds", "How late the latest of all these is.", late)
        yield _gauge("parked_workspaces", "Workspaces that Slack asked us to leave alone.", backlog.parked)

    async def _standing(self) -> Backlog | None:
        try:
            return await within(PATIENCE, self._look())
        except (StorageError, OSError) as error:  # a time-out is an OSError
            log.warning("no numbers from the database", error=type(error).__name__)
            return None

    async def _look(self) -> Backlog:
        async with self._database.read() as tx:
            return await tx.backlog.standing(self._clock.now(), self._clock.machine_now())


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"buddy_{name}", says, value=value)
