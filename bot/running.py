"""A running buddy: connected to Slack, or in the playground that it brings along. Ends at SIGINT and SIGTERM, and in
Slack when a newer version has changed the database."""

import asyncio
import errno
import gc
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any, Final

import aiohttp
import psycopg
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import manifest
from bot.app import Buddy
from bot.clock import clock_for
from bot.config import APP_PAGES, EVENTS_PATH, HEALTH_PATH, WHERE, Mode, Settings
from bot.logs import error_code
from bot.storage import migrate
from bot.storage.database import Database
from bot.storage.only_one import Occupied, only_one
from bot.storage.types import FernetCipher, WrongKeys
from playground.server import Playground
from playground.settings import PlaygroundSettings
from playground.workspace import TEAM_ID

STOPS: Final = (signal.SIGINT, signal.SIGTERM)
SLACK_API_URL: Final = "https://slack.com/api/"
TRYING: Final = "you are Maya, trying Accountability Buddy on your own machine."
LACKS_A_KEY: Final = (
    "BUDDY_ENCRYPTION_KEYS lacks a key that the database was written with: set it to all of them, separated by commas, "
    "the newest in front."
)
NO_ROOM: Final = "The disk that the database is on is full: make room there, and start again."
IS_DAMAGED: Final = "The database's file is damaged: put a backup in its place, as README.md says."
DOES_NOT_OPEN: Final = (
    "The database at DATABASE_URL does not open: check its address, and that it is there and lets this user in."
)
SQLITE_DOES_NOT_OPEN: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)

Say = Callable[[str], None]


class StartError(Exception):
    """One sentence on what keeps the bot from running and what to do about it."""


COLLECT_AFTER: Final = 20_000
"""New objects between two collections: what a turn of a few hundred messages makes goes without."""


async def run(settings: Settings, say: Say) -> None:
    """Run until SIGINT or SIGTERM, which end the start too. `say` gets the one line that tells where the bot is.

    Raises StartError for what the person who started it can mend.
    """
    with alone(settings), _signals() as until:
        await _live(settings, say, until)


async def to_the_end(running: Coroutine[Any, Any, None]) -> None:
    """Whoever is still at it then is cut off, and right after that once more by asyncio: of a PostgreSQL that does not
    answer psycopg takes its leave for ten seconds, unless it is cut off in that too."""
    try:
        await running
    finally:
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """This process has the SQLite file for itself; PostgreSQL is shared. Raises StartError."""
    with ExitStack() as stack:
        try:
            stack.enter_context(only_one(settings.sqlite_file))
        except Occupied:
            raise StartError(
                f"Another `buddy run` has {settings.sqlite_file}: stop that one first, or set DATABASE_URL to "
                "a PostgreSQL database, which several may share."
            ) from None
        except OSError:
            raise StartError(DOES_NOT_OPEN) from None
        yield


async def _live(settings: Settings, say: Say, until: asyncio.Event) -> None:
    is_up = asyncio.Event()

    def up(line: str) -> None:
        is_up.set()
        say(line)

    living = asyncio.create_task(
        (_in_playground if settings.mode is Mode.PLAYGROUND else _in_slack)(settings, up, until)
    )
    ending = asyncio.create_task(until.wait())
    await asyncio.wait({living, ending}, return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if is_up.is_set():
        await living
        return
    living.cancel()
    with suppress(asyncio.CancelledError):
        await living


async def run_playground(settings: Settings, say: Say) -> None:
    """Run the playground alone, for a bot started elsewhere, until SIGINT or SIGTERM. Raises StartError."""
    with _signals() as until:
        async with _playground(playground_settings(settings)) as playground:
            given = playground.settings
            say(f"Open {_address(playground)} – Ctrl-C stops it. To point a bot at it:")
            say(f"  SLACK_API_URL={playground.api_url}")
            say(f"  BUDDY_CLOCK_URL={playground.clock_url}")
            say(f"  SLACK_BOT_TOKEN={given.bot_token}")
            say(f"  SLACK_APP_TOKEN={given.app_token}")
            await until.wait()


def playground_settings(settings: Settings) -> PlaygroundSettings:
    """A playground for the app as its manifest describes it."""
    return PlaygroundSettings(
        port=settings.playground_port,
        state_file=settings.playground_state_file,
        manifest=manifest.read(prefix=settings.buddy_command_prefix),
    )


def pointed_at(playground: Playground, settings: Settings) -> Settings:
    """The settings of a bot that takes the playground for Slack."""
    return settings.model_copy(
        update={
            "slack_bot_token": SecretStr(playground.settings.bot_token),
            "slack_app_token": SecretStr(playground.settings.app_token),
            "slack_api_url": playground.api_url,
            "buddy_clock_url": playground.clock_url,
        }
    )


def _address(playground: Playground) -> str:
    """Where a person finds it."""
    return playground.url.replace("127.0.0.1", "localhost")


def migrate_database(settings: Settings) -> None:
    """Give the database its newest shape. Raises StartError when it cannot be reached."""
    try:
        with reaching_database():
            migrate.upgrade(settings.database_url)
    except OSError:
        raise StartError(DOES_NOT_OPEN) from None


@contextmanager
def reaching_database() -> Iterator[None]:
    """Turn a database that does not open, or not for us, into StartError; what else goes wrong in it is ours, and
    passes."""
    try:
        yield
    except migrate.NewerDatabaseError as error:
        raise StartError(str(error)) from None
    except WrongKeys:
        raise StartError(LACKS_A_KEY) from None
    except Exception as error:
        reason = getattr(error, "orig", None)
        match reason:
            case psycopg.OperationalError():
                pass
            case psycopg.ProgrammingError(sqlstate=None):  # no server said so: the driver did not take the address
                pass
            case sqlite3.Error() if reason.sqlite_errorcode & 0xFF in SQLITE_DOES_NOT_OPEN:
                pass
            case sqlite3.Error() if reason.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
                raise StartError(IS_DAMAGED) from None
            case sqlite3.Error() if reason.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
                raise StartError(NO_ROOM) from None
            case _:
                raise
        raise StartError(DOES_NOT_OPEN) from None


async def _in_slack(settings: Settings, say: Say, until: asyncio.Event) -> None:
    buddy = await _started(settings)
    outgrown, ending = asyncio.create_task(buddy.outgrown()), asyncio.create_task(until.wait())
    try:
        slack = "Slack" if settings.slack_api_url is None else settings.slack_api_url
        by = "by Socket Mode" if settings.mode is Mode.SOCKET else f"over HTTP at {EVENTS_PATH}"
        health = f"http://localhost:{settings.port}{HEALTH_PATH}"
        say(f"Accountability Buddy is connected to {slack} {by}; {health} tells how it is. Ctrl-C stops it.")
        await asyncio.wait({outgrown, ending}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (outgrown, ending):
            task.cancel()
        await buddy.stop()
    if not until.is_set():
        raise StartError(migrate.IS_NEWER)


async def _in_playground(settings: Settings, say: Say, until: asyncio.Event) -> None:
    guest = Guest()
    wanted = playground_settings(settings).model_copy(update={"on_start_over": guest.start_over})
    async with _playground(wanted) as playground, guest.staying(pointed_at(playground, settings)):
        say(f"Open {_address(playground)} – {TRYING} Ctrl-C stops it.")
        await until.wait()


class Guest:
    """The bot in the playground; "start over" there makes it forget the playground, and nothing else."""

    def __init__(self) -> None:
        self._changing = asyncio.Lock()
        self._settings: Settings
        self._buddy: Buddy | None = None

    @asynccontextmanager
    async def staying(self, settings: Settings) -> AsyncIterator[None]:
        """The bot is there until the end of the block."""
        self._settings = settings
        async with self._changing:
            self._buddy = await _started(settings)
        try:
            yield
        finally:
            async with self._changing:
                await self._leave()

    async def start_over(self) -> None:
        """Leave, forget, come back. Does nothing while the bot is not there."""
        async with self._changing:
            if self._buddy is None:
                return
            await self._leave()
            await forget_workspace(self._settings, TEAM_ID)
            self._buddy = await _started(self._settings)

    async def _leave(self) -> None:
        buddy, self._buddy = self._buddy, None
        if buddy is not None:
            await buddy.stop()


async def _started(settings: Settings) -> Buddy:
    """A running bot, with a clock of its own. Raises StartError."""
    buddy = Buddy(settings, clock_for(settings.buddy_clock_url))
    try:
        with explaining(settings), reaching_database():
            if settings.slack_app_token is not None:  # the socket would try a wrong one again and again
                token = settings.slack_app_token.get_secret_value()
                await slack_client(settings, settings.slack_app_token).apps_connections_open(app_token=token)
            await buddy.start()
    except BaseException:
        await buddy.stop()
        raise
    spare_the_collector()
    return buddy


def spare_the_collector() -> None:
    """What was imported and made until now is here to stay: Python's garbage collector need not look at it again and
    again. While many messages go out that was a quarter of all that the process did."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database for a moment, closed at the end."""
    database = Database(settings.database_url, FernetCipher(settings.encryption_keys))
    try:
        yield database
    finally:
        await database.close()


async def forget_workspace(settings: Settings, team_id: str) -> None:
    """Delete all that the database knows of one workspace."""
    async with open_database(settings) as database, database.write() as tx:
        await tx.workspaces.forget_team(team_id)


def slack_client(settings: Settings, token: SecretStr) -> AsyncWebClient:
    """A client for a single question."""
    return AsyncWebClient(token=token.get_secret_value(), base_url=settings.slack_api_url or SLACK_API_URL, timeout=10)


@contextmanager
def explaining(settings: Settings) -> Iterator[None]:
    """Turn what a person can mend at the bot's start into StartError."""
    try:
        yield
    except SlackApiError as error:
        code = error_code(error)
        # Only this method takes the app token.
        name = "SLACK_APP_TOKEN" if "apps.connections.open" in str(error) else "SLACK_BOT_TOKEN"
        raise StartError(f"Slack does not accept {name} ({code}): copy it from {WHERE[name]} in {APP_PAGES}.") from None
    except (aiohttp.ClientConnectionError, TimeoutError):
        where = settings.slack_api_url or SLACK_API_URL
        raise StartError(f"Slack cannot be reached at {where}: check SLACK_API_URL and the network.") from None
    except OSError as error:
        raise _taken(error, "PORT", settings.port) from None


def _taken(error: OSError, name: str, port: int) -> Exception:
    """The sentence for a port that cannot be had, or the error itself when it is another."""
    match error.errno:
        case errno.EADDRINUSE:
            return StartError(f"Port {port} is taken: stop what listens there, or set {name} to a free one.")
        case errno.EACCES:
            return StartError(f"Port {port} is not for this user: set {name} to one above 1023.")
    return error


@asynccontextmanager
async def _playground(settings: PlaygroundSettings) -> AsyncIterator[Playground]:
    playground = Playground(settings)
    try:
        try:
            await playground.start()
        except OSError as error:
            raise _taken(error, "PLAYGROUND_PORT", settings.port) from None
        yield playground
    finally:
        await playground.stop()


@contextmanager
def _signals() -> Iterator[asyncio.Event]:
    """An event that SIGINT and SIGTERM set. A second one of them ends the process there and then."""
    until, loop = asyncio.Event(), asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in STOPS}

    def first() -> None:
        until.set()
        for number in STOPS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)

    for number in STOPS:
        loop.add_signal_handler(number, first)
    try:
        yield until
    finally:
        for number in STOPS:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])
