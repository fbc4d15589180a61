"""What somebody does to the database by hand: adds a workspace, seals it anew, takes it along to another place."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from bot.clock import Clock
from bot.config import ONE_WORKSPACE, Settings, database_address
from bot.running import (
    StartError,
    alone,
    explaining,
    migrate_database,
    open_database,
    reaching_database,
    slack_client,
)
from bot.services.work import Units
from bot.services.workspaces import Workspaces
from bot.storage import copying

INHABITED = "The database at DATABASE_URL has a workspace in it already: give the address of an empty one."
NOTHING_THERE = "There is no file FROM: give the path of the SQLite file that is to be copied."
ITSELF = "FROM is the database at DATABASE_URL itself: set DATABASE_URL to the one that is to be filled."


async def add_workspace(settings: Settings, token: SecretStr, clock: Clock) -> str:
    """Keep a workspace's bot token; returns the workspace's name. Raises StartError for a token that does not do, and
    when a key is not there."""
    with explaining(settings):
        who = await slack_client(settings, token).auth_test()
    if who.get("is_enterprise_install"):
        raise StartError(ONE_WORKSPACE)
    async with open_database(settings) as database:
        with reaching_database():
            await database.try_keys()
        workspace = await Workspaces(Units(database, clock, owner="cli")).install(
            team_id=who["team_id"],
            name=who["team"],
            bot_token=token.get_secret_value(),
            bot_user_id=who["user_id"],
            bot_id=who["bot_id"],
        )
    return workspace.name


async def reseal(settings: Settings) -> None:
    """Encrypt all that is private with the first key. Raises StartError when a key is not there."""
    with reaching_database():
        async with open_database(settings) as database:
            await database.try_keys()
            await database.reseal()


async def copy(settings: Settings, origin: str) -> None:
    """Fill the empty database at DATABASE_URL with all that is at `origin`, an address or a SQLite file. Both get the
    newest shape. Raises StartError, and SettingsError for what is no address."""
    address = database_address(origin if "://" in origin else f"sqlite:///{origin}", name="FROM")
    source = settings.model_copy(update={"database_url": address})
    if source.sqlite_file is not None and not source.sqlite_file.is_file():
        raise StartError(NOTHING_THERE)
    if _place(source) == _place(settings):
        raise StartError(ITSELF)
    with alone(source), alone(settings):
        with _speaking_of_from():
            migrate_database(source)
        migrate_database(settings)
        try:
            async with open_database(source) as here, open_database(settings) as there:
                with _speaking_of_from(), reaching_database():
                    await here.try_keys()
                with reaching_database():
                    await copying.copy(here, there)
        except copying.Inhabited:
            raise StartError(INHABITED) from None


def _place(settings: Settings) -> Path | str:
    return settings.database_url if settings.sqlite_file is None else settings.sqlite_file.resolve()


@contextmanager
def _speaking_of_from() -> Iterator[None]:
    """What keeps a database from being opened speaks of the one that is copied."""
    try:
        yield
    except StartError as error:
        raise StartError(str(error).replace("at DATABASE_URL", "FROM")) from None
