"""6. The bot as it is started, with a hundred thousand members and nothing to do."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from benchmarks.measures.acks import free_port
from benchmarks.measures.bench import NAMES, Bench
from benchmarks.seeding import Population
from benchmarks.sides.buddy import SECRET
from benchmarks.sides.callers import command, signed
from benchmarks.stand import KINDS, Kind, cpu_of_family, without_settings
from benchmarks.table import Line, median_of
from bot.config import EVENTS_PATH

PEOPLE: Final = Population(100, 100_000, actors=1, spread=True)
MINUTE: Final = 60.0
ROOT: Final = Path(__file__).parents[2]
BUSY: Final = 0.01
"""The share of a core that an idle process may use."""


def measure(bench: Bench) -> None:
    for kind in KINDS:
        readings = _measured(bench, kind)
        share = median_of(readings, lambda one: one["cpu"])
        memory = median_of(readings, lambda one: one["rss"])
        acked = median_of(readings, lambda one: one["acked"])
        people = f"{PEOPLE.members:,} members stored, {NAMES[kind]}"
        bench.report.add(Line(6, f"memory, {people}", f"{memory:.0f} MB"))
        bench.report.add(
            Line(6, "CPU while idle for a minute", f"{share:.2%} of a core", target="< 1%", holds=share < BUSY)
        )
        bench.report.add(Line(6, "from start to the first ack", f"{acked:.2f} s"))


def _measured(bench: Bench, kind: Kind) -> list[dict[str, Any]]:
    """Started one after the other; then all of them are idle for the same minute."""
    with ExitStack() as exits:
        started = []
        for _ in range(bench.runs):
            url = exits.enter_context(bench.stand.database(kind, PEOPLE))
            started.append(exits.enter_context(_running(bench, url)))
        time.sleep(MINUTE / 6)  # what a start leaves to do is done
        before = [cpu_of_family(pid) for pid, _ in started]
        time.sleep(MINUTE)
        return [
            bench.report.note(
                f"6 {kind}", {"acked": acked, "rss": _rss(pid), "cpu": (cpu_of_family(pid) - cpu) / MINUTE}
            )
            for (pid, acked), cpu in zip(started, before, strict=True)
        ]


@contextmanager
def _running(bench: Bench, url: str) -> Iterator[tuple[int, float]]:
    """`buddy run`, as one starts it: its process, and the seconds from its start to its first ack."""
    port = free_port()
    environment = without_settings() | {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{bench.stand.stub}/api/",
        "DATABASE_URL": url,
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(ROOT),
    }
    bench.stand.slack("reset")
    began = time.monotonic()
    program = [sys.executable, "-m", "bot", "run"]
    process = subprocess.Popen(program, env=environment, cwd=bench.stand.directory, stdout=subprocess.DEVNULL)
    try:
        while not _acks(port):
            if process.poll() is not None:
                raise RuntimeError("the bot did not start")
            time.sleep(0.01)
        yield process.pid, time.monotonic() - began
    finally:
        process.terminate()
        process.wait(20)


def _acks(port: int) -> bool:
    body, headers = signed(command("T1", PEOPLE.asked + 1, 0))
    request = urllib.request.Request(f"http://127.0.0.1:{port}{EVENTS_PATH}", data=body, headers=headers)
    with suppress(urllib.error.URLError), urllib.request.urlopen(request, timeout=5) as response:
        return bool(response.status == 200)
    return False


def _rss(pid: int) -> float:
    """Resident memory in megabytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
