"""How a side speaks with the harness: it says when it is ready, waits for the start, and ends with one line of JSON."""

import asyncio
import json
import os
import resource
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class Gate:
    """One for a side's process. Work before `open` is not counted."""

    def __init__(self) -> None:
        self._began = 0.0
        self._cpu = 0.0

    async def open(self, **said: Any) -> None:
        """Returns when the harness says go."""
        print(json.dumps({"ready": True, "rss": rss(), **said}), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        self._began, self._cpu = time.monotonic(), time.process_time()

    @property
    def began(self) -> float:
        """When it opened, on the machine's monotonic clock, which the stub's process reads too."""
        return self._began

    def spent(self) -> dict[str, float]:
        """Seconds and CPU seconds since it opened, and the process's greatest memory in megabytes."""
        return {
            "began": self._began,
            "seconds": time.monotonic() - self._began,
            "cpu": time.process_time() - self._cpu,
            "rss": rss(),
        }


def rss() -> float:
    """The most memory this process has had, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says there is that of the parent, if it was more
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def pin(cores: Iterable[int]) -> None:
    """Keeps this process, and what it starts, on these cores, where the system can."""
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(cores))
