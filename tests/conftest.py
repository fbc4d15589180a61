"""What every test can ask for: a database of its own, a clock that stands still, no network beyond this machine."""

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from bot.clock import ManualClock
from bot.config import SQLITE, Settings
from bot.domain.members import Member
from bot.services.work import Units
from bot.storage import migrate
from bot.storage.database import Database
from tests import factories
from tests.postgres import Postgres, running_postgres

MONDAY = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)

settings.register_profile("on any machine", deadline=None)
settings.load_profile("on any machine")


@pytest.fixture(autouse=True)
def _settings_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own settings do not reach the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def clock() -> ManualClock:
    """Monday, 4 January 2027, 09:00 UTC, until a test moves it."""
    return ManualClock(MONDAY)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, started when the first test asks for it."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, to be copied."""
    path = tmp_path_factory.mktemp("template") / "buddy.db"
    migrate.upgrade(f"{SQLITE}{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The name of a migrated PostgreSQL database, to be copied."""
    name = "buddy_template"
    migrate.upgrade(postgres.create(name))
    return name


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite database."""
    return f"{SQLITE}{shutil.copy(sqlite_template, tmp_path / 'buddy.db')}"


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    """The address of a fresh, migrated PostgreSQL database."""
    with postgres.copy(postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open until the test is over."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def units(database: Database, clock: ManualClock) -> Units:
    return factories.units_over(database, clock)


@pytest.fixture
async def maya(database: Database) -> Member:
    """Of Berlin, in a workspace of hers."""
    async with database.write() as tx:
        return await factories.member(tx, await factories.workspace(tx))
