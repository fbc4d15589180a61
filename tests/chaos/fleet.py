"""Bots in processes of their own: started, killed and started again while the test goes on."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.chaos.town import Town
from tests.world import free_port

ROOT: Final = Path(__file__).parents[2]
SHORT: Final[Mapping[str, str]] = {
    "LOG_LEVEL": "INFO",
    "BUDDY_MESSAGES_A_MINUTE": "0",
    "BUDDY_MESSAGES_A_SECOND": "0",
    "BUDDY_CALL_SECONDS": "1",
    "BUDDY_LEASE_SECONDS": "3",
}
"""Settings under which a crash is over soon, and nothing waits for Slack's limits."""


class Fleet:
    """Processes by name. `kill` and `restart` come back when it is done."""

    def __init__(self, nursery: "NurseryClient", town: Town, settings: Mapping[str, str], logs: Path) -> None:
        self._nursery = nursery
        self._town = town
        self._settings = settings
        self._logs = logs
        self._restarting = asyncio.Lock()
        self._pids: dict[str, int] = {}
        self._ports: dict[str, int] = {}
        self.kills = 0

    @property
    def names(self) -> list[str]:
        return sorted(self._pids)

    async def start(self, *names: str) -> None:
        for name in names:
            place = self._logs / name
            place.mkdir(exist_ok=True)
            own = {"PORT": str(self._ports.setdefault(name, free_port())), "HOME": str(place)}
            settings = {"PATH": os.environ["PATH"], **SHORT, **self._town.settings_of(name), **self._settings, **own}
            self._pids[name] = (await self._order({"start": settings, "place": str(place)}))["pid"]

    async def kill(self, name: str) -> None:
        """Without a word. Fails when it had ended by itself."""
        pid = self._pids.pop(name)
        status = (await self._order({"end": pid, "by": signal.SIGKILL}))["status"]
        assert status == -signal.SIGKILL, f"{name} had ended by itself with {status}:\n{self.log_of(name)[-4000:]}"
        self.kills += 1

    async def restart(self, name: str) -> None:
        async with self._restarting:
            await self.kill(name)
            await self.start(name)

    async def stop(self) -> None:
        """As Ctrl-C stops them."""
        for name in self.names:
            status = (await self._order({"end": self._pids.pop(name), "by": signal.SIGINT}))["status"]
            assert status == 0, f"{name} ended with {status}:\n{self.log_of(name)[-4000:]}"

    async def abandon(self) -> None:
        """Whatever came of the test."""
        async with self._restarting:
            for name in self.names:
                await self._order({"end": self._pids.pop(name), "by": signal.SIGKILL})

    def log_of(self, name: str) -> str:
        return (self._logs / name / "log").read_text()

    def errors(self) -> list[str]:
        """What was logged as an error, by any of them."""
        lines = [line for path in self._logs.glob("*/log") for line in path.read_text().splitlines()]
        return [line for line in lines if "[error" in line or '"level": "error"' in line or "Traceback" in line]

    def lags(self, since: float) -> list[float]:
        """How long loops were blocked by their own work after that monotonic time: seconds, the longest last."""
        lines = [line.split() for path in self._logs.glob("*/lags") for line in path.read_text().splitlines()]
        return sorted(float(worked) for at, _, worked in lines if float(at) >= since)

    async def _order(self, order: dict[str, Any]) -> dict[str, Any]:
        return await asyncio.to_thread(self._nursery.order, order)


class NurseryClient:
    """The nursery's process, for as long as the tests run: what it has imported serves them all."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._ordering = threading.Lock()

    def order(self, order: dict[str, Any]) -> dict[str, Any]:
        """Blocks until it is carried out."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._ordering:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
            return answer

    def close(self) -> None:
        """Whoever lives still is killed."""
        with self._process as process:
            assert process.stdin is not None
            process.stdin.close()


@asynccontextmanager
async def fleet(
    nursery: NurseryClient, town: Town, database_url: str, place: Path, **settings: str
) -> AsyncIterator[Fleet]:
    """No process yet; none is left at the end."""
    logs = place / "bots"
    logs.mkdir()
    bots = Fleet(nursery, town, {"DATABASE_URL": database_url, **settings}, logs)
    try:
        yield bots
    finally:
        await bots.abandon()
