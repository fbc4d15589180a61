"""The clock that stands still, the watch that notices jumps, the offset that a stand-in streams."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone

import pytest
from aiohttp import web

from bot.clock import ManualClock, OffsetClock, SystemClock, Watch, clock_for

WEEK = timedelta(days=7)


class Hands:
    """A wall clock and a monotonic clock that are turned by hand."""

    def __init__(self) -> None:
        self.wall = 1_000_000.0
        self.monotonic = 50.0

    def pass_by(self, seconds: float, *, wall_only: float = 0.0) -> None:
        self.monotonic += seconds
        self.wall += seconds + wall_only

    def watch(self) -> Watch:
        return Watch(lambda: self.wall, lambda: self.monotonic)


@pytest.mark.parametrize("shift", [3600.0, -3600.0, 2.5, -2.5])
def test_a_jump_of_the_wall_clock_is_told_once(shift: float) -> None:
    hands = Hands()
    watch = hands.watch()
    hands.pass_by(1)
    assert not watch.jumped()
    hands.pass_by(1, wall_only=shift)
    assert watch.jumped()
    hands.pass_by(1)
    assert not watch.jumped()


def test_a_clock_that_is_set_right_gently_does_not_jump() -> None:
    hands = Hands()
    watch = hands.watch()
    hands.pass_by(1, wall_only=0.5)
    assert not watch.jumped()
    hands.pass_by(1, wall_only=-0.5)
    assert not watch.jumped()


def test_small_shifts_add_up() -> None:
    hands = Hands()
    watch = hands.watch()
    told = []
    for _ in range(4):
        hands.pass_by(1, wall_only=0.7)
        told.append(watch.jumped())
    assert told == [False, False, True, False]


def test_a_process_that_slept_looks_again_even_when_both_clocks_went_on() -> None:
    hands = Hands()
    watch = hands.watch()
    hands.pass_by(3600)
    assert watch.jumped()
    hands.pass_by(1)
    assert not watch.jumped()


def test_the_manual_clock_moves_only_by_hand_and_tells(clock: ManualClock) -> None:
    told: list[datetime] = []
    clock.on_jump(lambda: told.append(clock.now()))
    assert clock.now() == datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    clock.advance(WEEK)
    clock.set(datetime(2027, 1, 4, 10, 0, tzinfo=timezone(timedelta(hours=1))))
    assert told == [datetime(2027, 1, 11, 9, 0, tzinfo=UTC), datetime(2027, 1, 4, 9, 0, tzinfo=UTC)]
    assert clock.now().tzinfo is UTC


def test_the_manual_clock_refuses_times_of_nowhere(clock: ManualClock) -> None:
    with pytest.raises(ValueError, match="aware"):
        clock.set(datetime(2027, 1, 4, 9, 0))  # noqa: DTZ001 - the point of the test


async def test_the_system_clock_tells_utc_and_stops_cleanly() -> None:
    clock = clock_for(None)
    assert type(clock) is SystemClock
    before = len(asyncio.all_tasks())
    await clock.start()
    await clock.start()
    assert len(asyncio.all_tasks()) == before + 1
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - clock.machine_now()) < timedelta(seconds=1)
    await clock.stop()
    assert len(asyncio.all_tasks()) == before


async def test_the_system_clock_tells_when_the_machine_was_set_to_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    hands = Hands()
    monkeypatch.setattr("bot.clock.Watch", hands.watch)
    monkeypatch.setattr("bot.clock.TICK", 0.001)
    clock, told = SystemClock(), asyncio.Event()
    clock.on_jump(told.set)
    await clock.start()
    hands.pass_by(0, wall_only=3600)
    await asyncio.wait_for(told.wait(), 10)
    await clock.stop()


class Stream:
    """A stand-in's /clock: what is put in the queue is sent as a line; None ends the response."""

    def __init__(self) -> None:
        self.lines: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.url = ""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while (line := await self.lines.get()) is not None:
            await response.write(line)
        return response


@asynccontextmanager
async def streaming() -> AsyncIterator[Stream]:
    stream = Stream()
    application = web.Application()
    application.router.add_get("/clock", stream.serve)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        stream.url = f"http://127.0.0.1:{runner.addresses[0][1]}/clock"
        yield stream
    finally:
        stream.lines.put_nowait(None)
        await runner.cleanup()


@asynccontextmanager
async def following(stream: Stream, offset: bytes) -> AsyncIterator[tuple[OffsetClock, Callable[[], Awaitable[None]]]]:
    """A clock that has its first offset, and a way to wait until it next tells of a jump."""
    clock = OffsetClock(stream.url)
    told: asyncio.Queue[None] = asyncio.Queue()
    stream.lines.put_nowait(offset)
    await clock.start()
    clock.on_jump(lambda: told.put_nowait(None))

    async def jump() -> None:
        await asyncio.wait_for(told.get(), 10)

    try:
        yield clock, jump
    finally:
        await clock.stop()


def is_ahead(clock: OffsetClock, by: timedelta) -> bool:
    return abs(clock.now() - clock.machine_now() - by) < timedelta(seconds=1)


async def test_the_offset_holds_before_start_returns() -> None:
    async with streaming() as stream, following(stream, b'{"offset": 604800}\n') as (clock, _):
        assert is_ahead(clock, WEEK)


async def test_each_change_is_told_and_keep_alives_are_not() -> None:
    async with streaming() as stream, following(stream, b'{"offset": 0}\n') as (clock, jump):
        for line in (b"\n", b'{"offset": 0}\n', b'{"offset": 3600.5}\n'):
            stream.lines.put_nowait(line)
        await jump()
        assert is_ahead(clock, timedelta(seconds=3600.5))
        stream.lines.put_nowait(b'{"offset": 0}\n')
        await jump()
        assert is_ahead(clock, timedelta(0))


@pytest.mark.parametrize("end", [None, b"no json\n", b'{"offset": "x"}\n'])
async def test_a_broken_stream_keeps_the_offset_and_is_opened_again(end: bytes | None) -> None:
    async with streaming() as stream, following(stream, b'{"offset": 60}\n') as (clock, jump):
        stream.lines.put_nowait(end)
        if end is not None:
            stream.lines.put_nowait(None)
        stream.lines.put_nowait(b'{"offset": 120}\n')
        await jump()
        assert is_ahead(clock, timedelta(seconds=120))


async def test_a_stream_that_never_speaks_leaves_the_machines_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.clock.FIRST_OFFSET", 0.05)
    async with streaming() as stream:
        clock = OffsetClock(stream.url)
        await clock.start()
        assert is_ahead(clock, timedelta(0))
        await clock.stop()
