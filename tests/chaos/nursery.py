"""Where bots are born: a process that has everything imported forks one for each order, and ends it at a word.

What it forks is `buddy run`, a process of its own with its own loop, sockets and database connections; only the seconds
of importing are saved, so that thirty can die while two thousand messages go out. One JSON line in, one out:

{"start": settings, "place": directory} -> {"pid": number}
{"end": pid, "by": signal}              -> {"status": exit code, or minus the signal it died of}
"""

import asyncio
import json
import os
import select
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from bot import cli, running
from bot.services import understanding

GRACE: Final = 15.0
"""Seconds until one that was asked to end is made to."""
TICK: Final = 0.01
LAG: Final = 0.02
"""Seconds that the event loop is late before it is written down."""


class Nursery:
    def __init__(self) -> None:
        self._alive: dict[int, int] = {}  # pid -> the end of a pipe that closes when the process is gone

    def start(self, settings: Mapping[str, str], place: Path) -> int:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _be_a_bot(settings, place)
        os.close(writing)
        self._alive[pid] = reading
        return pid

    def end(self, pid: int, by: int) -> int:
        alive = self._alive.pop(pid)
        os.kill(pid, by)
        if not select.select([alive], [], [], GRACE)[0]:
            os.kill(pid, signal.SIGKILL)
        os.close(alive)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def close(self) -> None:
        for pid in tuple(self._alive):
            self.end(pid, signal.SIGKILL)


def _be_a_bot(settings: Mapping[str, str], place: Path) -> NoReturn:
    """Everything that `python -m bot run` would be, from its environment to its exit code."""
    code = 1
    try:
        said = os.open(place / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        for number, stream in ((0, os.open(os.devnull, os.O_RDONLY)), (1, said), (2, said)):
            os.dup2(stream, number)
        os.environ.clear()
        os.environ.update(settings)
        os.chdir(place)
        sys.argv = ["buddy", "run"]
        running.run = _watched(running.run, place / "lags")
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _watched(run: Any, lags: Path) -> Any:
    async def watched(*given: Any) -> None:
        watch = asyncio.create_task(_watch(lags))
        try:
            await run(*given)
        finally:
            watch.cancel()

    return watched


async def _watch(lags: Path) -> None:
    """Writes down when the loop was late, by how much, and how much of that this process itself worked: seconds, all.

    What is worked is what blocks; the rest is another process on the same core.
    """
    with lags.open("a", buffering=1) as lines:
        while True:
            before, worked = time.monotonic(), time.thread_time()
            await asyncio.sleep(TICK)
            late, worked = time.monotonic() - before - TICK, time.thread_time() - worked
            if late > LAG:
                lines.write(f"{before:.4f} {late:.4f} {min(late, worked):.4f}\n")


def main() -> None:
    understanding.warm_up()
    nursery = Nursery()
    try:
        for line in sys.stdin:
            match json.loads(line):
                case {"start": settings, "place": place}:
                    answer = {"pid": nursery.start(settings, Path(place))}
                case {"end": pid, "by": by}:
                    answer = {"status": nursery.end(pid, by)}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
    finally:
        nursery.close()


if __name__ == "__main__":
    main()
