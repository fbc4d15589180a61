"""The time. Nothing else in the product reads it: functions take `now`, and what must wake up listens for jumps."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import aiohttp
import structlog
from pydantic import BaseModel

TICK: Final = 1.0  # seconds between two looks at the wall clock
TOLERANCE: Final = 2.0  # seconds that wall and monotonic time may part before it is called a jump
FIRST_OFFSET: Final = 5.0  # seconds to wait at start for the offset
SILENCE: Final = 45.0  # seconds without a line (one comes every 15 s) after which the stream is opened anew

Listener = Callable[[], None]
log = structlog.get_logger(__name__)


class _OffsetLine(BaseModel):
    offset: timedelta


class Clock(Protocol):
    """What tells the time, and says when it jumped.

    A listener is called, in the event loop, after each jump; it asks `now()` again and re-arms what it had planned.
    """

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...

    def machine_now(self) -> datetime:
        """This moment on the machine, aware, in UTC, wherever `now` was moved to: for leases and Retry-After."""
        ...

    def on_jump(self, listener: Listener) -> None: ...

    async def start(self) -> None:
        """Begin to watch; once started, nothing more."""
        ...

    async def stop(self) -> None: ...


class _Listeners:
    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def on_jump(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


class Watch:
    """Notices that the wall clock jumped: it was set, or the machine or the process slept.

    `wall` and `monotonic` return seconds. They are compared, not summed up: many small shifts count as one large one.
    """

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._gap = wall() - monotonic()
        self._looked = monotonic()

    def jumped(self) -> bool:
        """Whether time jumped since the last look, a tick ago. Each jump is told once."""
        monotonic = self._monotonic()
        gap = self._wall() - monotonic
        # Where the monotonic clock goes on while the machine sleeps, only the late tick shows it.
        late = monotonic - self._looked > TICK + TOLERANCE
        self._looked = monotonic
        if abs(gap - self._gap) <= TOLERANCE and not late:
            return False
        self._gap = gap
        return True


class SystemClock(_Listeners):
    """The machine's clock, read anew each time."""

    def __init__(self) -> None:
        super().__init__()
        self._tasks: list[asyncio.Task[None]] = []

    def now(self) -> datetime:
        return self.machine_now()

    def machine_now(self) -> datetime:
        return datetime.now(UTC)

    async def start(self) -> None:
        """Begin to watch for jumps."""
        if self._tasks:
            return
        self._tasks.append(asyncio.create_task(self._tick(Watch()), name="clock-watch"))

    async def stop(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _tick(self, watch: Watch) -> None:
        while True:
            await asyncio.sleep(TICK)
            if watch.jumped():
                log.info("the clock jumped")
                self._tell()


class OffsetClock(SystemClock):
    """The machine's clock plus an offset that a stand-in for Slack streams, one JSON line at each change.

    A line is `{"offset": seconds}`; blank lines keep the stream alive. When the stream breaks the last offset stays,
    and the stream is opened again.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._offset = timedelta(0)
        self._known = asyncio.Event()

    def now(self) -> datetime:
        return self.machine_now() + self._offset

    async def start(self) -> None:
        """Begin to follow; returns with the first offset, or without it after a few seconds."""
        if self._tasks:
            return
        await super().start()
        self._tasks.append(asyncio.create_task(self._follow(), name="clock-offset"))
        try:
            await asyncio.wait_for(self._known.wait(), FIRST_OFFSET)
        except TimeoutError:
            log.warning("BUDDY_CLOCK_URL does not answer; the machine's time is used until it does")

    async def _follow(self) -> None:
        timeout = aiohttp.ClientTimeout(total=None, connect=FIRST_OFFSET, sock_read=SILENCE)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                try:
                    async with session.get(self._url, raise_for_status=True) as response:
                        async for line in response.content:
                            self._read(line)
                except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                    log.debug("the clock's stream broke", error=type(error).__name__)
                await asyncio.sleep(TICK)

    def _read(self, line: bytes) -> None:
        """Take one line. Raises ValueError when it is not of the agreed form."""
        if not line.strip():
            return
        offset = _OffsetLine.model_validate_json(line).offset
        changed = offset != self._offset
        self._offset = offset
        self._known.set()
        if changed:
            self._tell()


class ManualClock(_Listeners):
    """A clock that stands still until it is moved: for tests."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def machine_now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        """Move to `now`, forwards or backwards, and tell the listeners. It must be aware."""
        if now.tzinfo is None:
            raise ValueError("the clock takes aware times only")
        self._now = now.astimezone(UTC)
        self._tell()

    def advance(self, delta: timedelta) -> None:
        self.set(self._now + delta)

    async def start(self) -> None:
        """Nothing to start."""

    async def stop(self) -> None:
        """Nothing to stop."""


def clock_for(offset_url: str | None) -> SystemClock:
    """The clock that the settings ask for."""
    return SystemClock() if offset_url is None else OffsetClock(offset_url)
