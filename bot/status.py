"""`buddy status`: one screen for whoever runs the bot, read from the database, whether the bot runs or not."""

from datetime import datetime, timedelta
from typing import Final

import aiohttp
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.clock import Clock
from bot.config import HEALTH_PATH, Settings
from bot.domain.agenda import SAYING
from bot.domain.backlog import Backlog, Installations, Lease, Recent
from bot.domain.records import Record
from bot.running import StartError, open_database, reaching_database
from bot.storage.database import StorageError

PATIENCE: Final = aiohttp.ClientTimeout(total=5)
SPANS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


class Health(BaseModel):
    """What a running bot says of itself: see bot.health."""

    model_config = ConfigDict(extra="ignore")

    ok: bool
    database: str
    scheduler: str
    sending: str | None = None
    socket: str | None = None
    now: datetime


class Status(Record):
    """Everything on the screen. `bot` is None when nobody answers at `address`; `now` is product time."""

    now: datetime
    database: str
    workspaces: Installations
    backlog: Backlog
    late_seconds: float
    recent: Recent
    next_due: datetime | None
    leases: tuple[Lease, ...]
    address: str
    bot: Health | None

    def __str__(self) -> str:
        lines = [
            ("now", _at(self.now)),
            ("database", self.database),
            ("workspaces", self._workspaces()),
            ("due", self._due()),
            ("sent", f"{self.recent.sent_in_hour:,} in the last hour, {self.recent.sent_in_day:,} in the last day"),
            ("failed", f"{self.recent.failed_in_day:,} in the last day"),
            ("next", f"{_at(self.next_due)}, in {_span(self.next_due - self.now)}" if self.next_due else "nothing"),
            *(("lease", _lease(lease)) for lease in self.leases),
            ("bot", self._bot()),
        ]
        return "\n".join(f"{about:<10}  {says}" for about, says in lines)

    def _workspaces(self) -> str:
        here = self.workspaces
        until = f", {here.parked} parked until {_at(here.parked_until)}" if here.parked_until else ""
        return f"{here.installed:,} installed{until}"

    def _due(self) -> str:
        here = self.backlog
        parts = [f"{here.due:,} waiting", f"{here.in_flight:,} in flight"]
        if here.retrying:
            parts.append(f"{here.retrying:,} to be tried again")
        if here.unopened:
            parts.append(f"{here.unopened:,} to be asked about")
        if self.late_seconds:
            parts.append(f"the oldest {_span(timedelta(seconds=self.late_seconds))} late")
        return ", ".join(parts)

    def _bot(self) -> str:
        if self.bot is None:
            return f"nobody answers at {self.address}"
        parts = self.bot.model_dump(include={"database", "scheduler", "sending", "socket"}, exclude_none=True)
        said = ", ".join(f"{part} {state}" for part, state in parts.items())
        return f"{'well' if self.bot.ok else 'not well'}: {said}, at {self.address}"


async def look(settings: Settings, clock: Clock) -> Status:
    """How things are now. Changes nothing. Raises StartError when there is no database to read."""
    if settings.sqlite_file is not None and not settings.sqlite_file.exists():
        raise StartError(f"{settings.sqlite_file} is not there yet: `buddy run` makes it.")
    address = f"http://localhost:{settings.port}{HEALTH_PATH}"
    bot = await _ask(address)
    now, machine_now = bot.now if bot else clock.now(), clock.machine_now()
    try:
        with reaching_database():
            async with open_database(settings) as database, database.read() as tx:
                backlog = await tx.backlog.standing(now, machine_now)
                return Status(
                    now=now,
                    database="PostgreSQL" if settings.sqlite_file is None else f"SQLite, {settings.sqlite_file}",
                    workspaces=await tx.backlog.installations(machine_now),
                    backlog=backlog,
                    late_seconds=backlog.late_by(now).total_seconds(),
                    recent=await tx.backlog.recent(now),
                    next_due=(await tx.agenda.ahead(now, machine_now)).first_of(SAYING),
                    leases=tuple(await tx.backlog.leases(machine_now)),
                    address=address,
                    bot=bot,
                )
    except StorageError:
        raise StartError("The database has not its newest shape: run `buddy migrate`, or start the bot.") from None


async def _ask(address: str) -> Health | None:
    """What the bot says of itself; None when nobody answers, or somebody else does."""
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE) as session, session.get(address) as answer:
            return Health.model_validate_json(await answer.read())
    except (aiohttp.ClientError, OSError, ValidationError):  # a time-out is an OSError
        return None


def _lease(lease: Lease) -> str:
    workspaces = "1 workspace" if lease.workspaces == 1 else f"{lease.workspaces:,} workspaces"
    return f"{lease.holder} sends to {workspaces}, until {_at(lease.until)}"


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"


def _span(span: timedelta) -> str:
    """The two largest units: "2 h 5 min"."""
    left, parts = int(span.total_seconds()), []
    for seconds, unit in SPANS:
        count, left = divmod(left, seconds)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"
