"""What a measurement stands on: the stub, the databases, and the processes that are measured, each on its core."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, Literal, Self

from benchmarks.seeding import Population, seed
from benchmarks.sides.gate import pin
from bot.config import SQLITE
from tests.postgres import Postgres, running_postgres

Kind = Literal["postgresql", "sqlite"]
KINDS: Final[tuple[Kind, ...]] = ("postgresql", "sqlite")

DURABLE: Final = ("listen_addresses=", "max_connections=200")
"""As PostgreSQL comes: what is committed is on disk."""

PATIENCE: Final = 600.0
"""Seconds that a side may take."""


class Child:
    """One measured process."""

    def __init__(self, side: str, cores: Sequence[int], **arguments: Any) -> None:
        self.side = side
        given = json.dumps({"cores": list(cores), **arguments})
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.sides", side, given],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=without_settings(),
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ready(self) -> dict[str, Any]:
        """Waits until it could start. What it had to say."""
        return self._line()

    def go(self) -> None:
        _pipe(self._process.stdin).write("go\n")
        _pipe(self._process.stdin).flush()

    def result(self) -> dict[str, Any]:
        """Waits for its end."""
        found = self._line()
        self._process.wait(PATIENCE)
        return found

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            _pipe(pipe).close()

    def _line(self) -> dict[str, Any]:
        line = _pipe(self._process.stdout).readline()
        if not line:
            raise RuntimeError(f"{self.side} ended without a word")
        said: dict[str, Any] = json.loads(line)
        return said


class Stand:
    """Use as a context manager. Everything but the measured process runs on the first core."""

    def __init__(self) -> None:
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        self.shared = cores[:1]
        self.measured = cores[-1:]
        self._exits = ExitStack()
        self._templates: dict[tuple[Kind, Population | None], str] = {}
        self._numbers = iter(range(1, 10_000))

    def __enter__(self) -> Self:
        pin(self.shared)
        self.directory = Path(self._exits.enter_context(tempfile.TemporaryDirectory(prefix="buddy-bench-")))
        self._stub = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.stub"], stdout=subprocess.PIPE, env=without_settings(), text=True
        )
        self._exits.callback(self._end_stub)
        self.stub = f"http://127.0.0.1:{int(_pipe(self._stub.stdout).readline())}"
        self._postgres: Postgres | None = None
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    def slack(self, command: str, **given: Any) -> dict[str, Any]:
        """Tells the stub something; what it saw so far."""
        request = urllib.request.Request(f"{self.stub}/bench/{command}", data=json.dumps(given).encode())
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            seen: dict[str, Any] = json.loads(response.read())
            return seen

    @contextmanager
    def database(self, kind: Kind, people: Population | None) -> Iterator[str]:
        """The address of a fresh database with these people; with no tables when there are none."""
        template = self._template(kind, people)
        if kind == "postgresql":
            with self.postgres.copy(template) as url:
                yield url
            return
        with tempfile.TemporaryDirectory(dir=self.directory) as directory:
            yield f"{SQLITE}{shutil.copy(template, directory)}"

    @contextmanager
    def empty(self, kind: Kind) -> Iterator[str]:
        """The address of a database with nothing in it."""
        with self.database(kind, None) as url:
            yield url

    @contextmanager
    def child(self, side: str, *, cores: Sequence[int] | None = None, **arguments: Any) -> Iterator[Child]:
        """A measured process, on the core that is kept for it."""
        child = Child(side, self.measured if cores is None else cores, **arguments)
        try:
            yield child
        finally:
            child.kill()

    @property
    def postgres(self) -> Postgres:
        if self._postgres is None:
            self._postgres = self._exits.enter_context(running_postgres(DURABLE))
        return self._postgres

    def postgres_cpu(self) -> float:
        """CPU seconds that the database's processes have spent, where the system tells; else 0."""
        return cpu_of_family(self.postgres.pid) if Path("/proc").exists() else 0.0

    def _template(self, kind: Kind, people: Population | None) -> str:
        key = (kind, people)
        if key not in self._templates:
            name = f"template_{next(self._numbers)}"
            if kind == "postgresql":
                url = self.postgres.create(name)
            else:
                name = str(self.directory / f"{name}.db")
                Path(name).touch()
                url = f"{SQLITE}{name}"
            if people is not None:
                seed(url, people)
            self._templates[key] = name
        return self._templates[key]

    def _end_stub(self) -> None:
        self._stub.kill()
        self._stub.wait()
        _pipe(self._stub.stdout).close()


def cpu_of_family(pid: int) -> float:
    """CPU seconds of a process, of its children, and of those of them that are gone."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(") ")[2].split()
            user, system, waited_user, waited_system = map(int, fields[11:15])
            if int(fields[1]) == pid or path.parent.name == str(pid):
                ticks += user + system
            if path.parent.name == str(pid):
                ticks += waited_user + waited_system
    return ticks / os.sysconf("SC_CLK_TCK")


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def without_settings() -> dict[str, str]:
    """Without settings of the buddy's that a developer may have."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "BUDDY_", "DATABASE_"))}
