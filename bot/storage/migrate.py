"""Brings a database to the newest shape, and checks that the migrations say what the tables say."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util.exc import CommandError
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from bot.storage.database import Database
from bot.storage.tables import metadata

HERE = Path(__file__).parent / "migrations"
IS_NEWER = (
    "The database was last used by a newer version of Accountability Buddy than this one: go on with that version, or "
    "with a backup from before."
)


class NewerDatabaseError(Exception):
    """The database has had a migration that this version does not know, and says IS_NEWER."""

    def __init__(self) -> None:
        super().__init__(IS_NEWER)


def upgrade(database_url: str, to: str = "head") -> None:
    """Runs every migration that the database has not had, up to one of them. Safe to call at each start. Raises
    NewerDatabaseError."""
    url = sync_url(database_url)
    _known()  # of this version: later, the files may be those of the next
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    try:
        command.upgrade(_config(url), to)
    except CommandError as error:
        if isinstance(error.__cause__, ResolutionError):
            raise NewerDatabaseError from None
        raise


async def is_newer(database: Database) -> bool:
    """Whether a newer version has changed the database meanwhile: ours may then not know how to write to it."""
    async with database.read() as tx:
        revision = await tx.connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision is not None and revision not in _known()


def check(database_url: str | None = None) -> list[str]:
    """What is wrong with the migrations, in sentences; an empty list when nothing is.

    Without a database one is built in memory, so that only the migrations themselves are judged.
    """
    script = ScriptDirectory.from_config(_config(make_url("sqlite://")))
    heads = script.get_heads()
    if len(heads) != 1:
        return [f"There must be one migration at the head; there are {len(heads)}: {', '.join(heads)}."]
    url = sync_url(database_url) if database_url else make_url("sqlite://")
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        if database_url is None:
            config = _config(url)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        revision = context.get_current_revision()
        if revision is not None and revision not in _known():
            return [IS_NEWER]
        if revision != heads[0]:
            return ["The database has not had the newest migration: run `buddy migrate`."]
        return [f"Tables and migrations differ: {difference}" for difference in compare_metadata(context, metadata)]


def revise(message: str) -> None:
    """Writes the migration from the migrations' newest shape to what the tables say (for developers)."""
    with create_engine("sqlite://", poolclass=NullPool).connect() as connection:
        config = _config(make_url("sqlite://"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
        command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")


def sync_url(database_url: str) -> URL:
    """The same database for Alembic, which is not asynchronous."""
    url = make_url(database_url)
    return url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url


@cache
def _known() -> frozenset[str]:
    """The numbers of all migrations there are."""
    script = ScriptDirectory.from_config(_config(make_url("sqlite://")))
    return frozenset(known.revision for known in script.walk_revisions())


def _config(url: URL) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["url"] = url
    return config
