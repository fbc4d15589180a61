"""What it costs to look for what is due, however much is kept: start, idle poll, opening and claiming five hundred."""

import time
from datetime import timedelta
from typing import Any, Final

from benchmarks.seeding import DUE
from benchmarks.sides.buddy import ShiftedClock, settings
from benchmarks.sides.gate import Gate
from bot import logs
from bot.app import Buddy
from bot.delivery.dispatcher import AHEAD, LEASES
from bot.services import Services
from bot.services.work import Units
from bot.storage.database import Database
from scheduler.jobs import Jobs

POLLS: Final = 100
ROUNDS: Final = 9
CLAIM: Final = 500
TEAMS: Final = 100
FORGET: Final = "UPDATE deliveries SET due_at = NULL, state = 'sent' WHERE due_at IS NOT NULL"


async def run(gate: Gate, *, url: str, stub: str, schedules: int) -> dict[str, Any]:
    """Seconds of each; medians are the harness's business."""
    logs.configure("ERROR")
    clock = ShiftedClock(timedelta(minutes=5))
    await gate.open()
    buddy = Buddy(settings(url, stub), clock)
    await buddy.start()
    try:
        await buddy.settle()
        start = gate.spent()
        polls = await _polls(Jobs(buddy.services, buddy.outbox), clock)
    finally:
        await buddy.stop()
    return {"start": start, "poll": polls, **await _claims(url, clock, schedules)}


async def _polls(jobs: Jobs, clock: ShiftedClock) -> list[float]:
    """A look with nothing due, and when to look next."""
    took = []
    for _ in range(POLLS):
        began = time.perf_counter()
        await jobs.catch_up()
        await jobs.wait(clock.now(), clock.machine_now())
        took.append(time.perf_counter() - began)
    return took


async def _claims(url: str, clock: ShiftedClock, schedules: int) -> dict[str, list[float]]:
    """Five hundred fall due, spread over the whole table; they are opened, then claimed, and nothing is sent."""
    database = Database(url)
    units = Units(database, clock, owner="bench")
    opening = Services.over(units).opening
    opened, claimed = [], []
    try:
        for number in range(ROUNDS):
            await _make_due(database, number, schedules)
            clock.move(DUE - clock.now() + timedelta(seconds=1))
            began = time.perf_counter()
            while await opening.open_due():
                pass
            opened.append(time.perf_counter() - began)
            began = time.perf_counter()
            rows = await _claim_all(units)
            claimed.append(time.perf_counter() - began)
            if rows != CLAIM:
                raise RuntimeError(f"{rows} rows claimed, not {CLAIM}")
            async with database.write() as tx:
                await tx.leases.release_all()
                await tx.connection.exec_driver_sql(FORGET)
    finally:
        await database.close()
    return {"open": opened, "claim": claimed}


async def _claim_all(units: Units) -> int:
    """As the dispatcher does: leases, a look ahead, the rows' own claims. How many rows."""
    count, clock, database = 0, units.clock, units.database
    while True:
        now, machine_now = clock.now(), clock.machine_now()
        async with database.read() as tx:
            wanted = await tx.leases.wanted(now, machine_now, LEASES)
        if not wanted:
            return count
        async with database.write() as tx:
            ids = await tx.leases.take(wanted, machine_now, units.owner, units.lease)
        async with database.read() as tx:
            rows = await tx.deliveries.ahead(ids, now, machine_now, AHEAD)
        async with database.write() as tx:
            marked = await tx.deliveries.mark([row.id for row in rows], machine_now, units.owner, units.lease)
        count += len(marked)


async def _make_due(database: Database, number: int, members: int) -> None:
    """Five in each of a hundred workspaces, none of them twice in twenty rounds."""
    instant = f"{DUE:%Y-%m-%d %H:%M:%S}" + (".000000" if database.is_sqlite else "+00")
    rows = members // TEAMS
    ids = ", ".join(str((n * rows // CLAIM + number) % rows * TEAMS + n % TEAMS + 1) for n in range(CLAIM))
    async with database.write() as tx:
        await tx.connection.exec_driver_sql(f"UPDATE commitments SET next_due_at = '{instant}' WHERE id IN ({ids})")
