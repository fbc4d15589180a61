"""The product itself: everything that is due is opened, sent and recorded."""

import asyncio
from datetime import timedelta
from typing import Any, Final

import aiohttp
from pydantic import SecretStr

from benchmarks.seeding import DUE
from benchmarks.sides.gate import Gate
from bot import logs
from bot.app import Buddy
from bot.clock import SystemClock
from bot.config import Settings
from bot.running import spare_the_collector
from bot.services.work import Units

SECRET: Final = "a-signing-secret"
OPEN_ROWS: Final = "SELECT count(*) FROM deliveries WHERE due_at IS NOT NULL"


class ShiftedClock(SystemClock):
    """The machine's clock, moved so that it shows `start` now."""

    def __init__(self, start: timedelta) -> None:
        """`start`: how long before what is due falls due."""
        super().__init__()
        self._offset = DUE - start - self.machine_now()

    def now(self) -> Any:
        return self.machine_now() + self._offset

    def move(self, by: timedelta) -> None:
        self._offset += by
        self._tell()


def settings(url: str, stub: str, port: int = 0) -> Settings:
    """Pacing lifted: the stub says what it cannot take."""
    return Settings(
        slack_bot_token=SecretStr("xoxb-1"),
        slack_signing_secret=SecretStr(SECRET),
        slack_api_url=f"{stub}/api/",
        database_url=url,
        port=port,
        buddy_messages_a_minute=0,
        buddy_messages_a_second=0,
        log_level="ERROR",
    )


async def run(gate: Gate, *, url: str, stub: str, messages: int, port: int = 0) -> dict[str, Any]:
    """From the moment at which everything falls due to the moment when all of it is sent and recorded."""
    logs.configure("ERROR")
    clock = ShiftedClock(timedelta(minutes=5))
    buddy = Buddy(settings(url, stub, port), clock)
    await buddy.start()
    spare_the_collector()
    try:
        await buddy.settle()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session:
            await gate.open()
            clock.move(timedelta(minutes=5, seconds=1))
            async with session.get(f"{stub}/bench/until/{messages}") as response:
                await response.read()
            while await _left(buddy.units):
                await asyncio.sleep(0.005)
            return gate.spent()
    finally:
        await buddy.stop()


async def _left(units: Units) -> int:
    """Rows that are not recorded yet, of this process or another."""
    async with units.database.read() as tx:
        return int((await tx.connection.exec_driver_sql(OPEN_ROWS)).scalar_one())
