"""`buddy status`: what its one screen says, with a bot that runs and without."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import status
from bot.clock import ManualClock
from bot.config import Settings
from bot.domain.deliveries import DeliveryState, Method, Says
from bot.running import StartError
from bot.storage.database import Database
from tests import factories
from tests.world import free_port, world

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def settings(database_url: str) -> Settings:
    """A bot that does not run: nobody listens on its port."""
    return Settings(database_url=database_url, port=free_port())


def lines(screen: str) -> dict[str, str]:
    """By what they are about; the text of all lines begins in the same column."""
    assert all(line[10:12] == "  " and line[12] != " " for line in screen.splitlines())
    return {line[:10].strip(): line[12:] for line in screen.splitlines()}


async def test_nothing_has_happened_yet(settings: Settings, clock: ManualClock) -> None:
    said = lines(str(await status.look(settings, clock)))
    assert said.pop("database") in {"PostgreSQL", f"SQLite, {settings.sqlite_file}"}
    assert said == {
        "now": "2027-01-04 09:00:00 UTC",
        "workspaces": "0 installed",
        "due": "0 waiting, 0 in flight",
        "sent": "0 in the last hour, 0 in the last day",
        "failed": "0 in the last day",
        "next": "nothing",
        "bot": f"nobody answers at http://localhost:{settings.port}/healthz",
    }


async def test_a_busy_day(settings: Settings, database: Database, clock: ManualClock) -> None:
    now, row = clock.now(), {"method": Method.POST, "says": Says.PHRASE, "refs": {}}
    waiting, claimed, sent, failed = (DeliveryState(name) for name in ("waiting", "claimed", "sent", "failed"))
    async with database.write() as tx:
        shared = await tx.backlog.clock(clock.machine_now())
        lease = {"leased_by": "5f3a", "leased_until": shared + MINUTE}
        here = await factories.workspace(tx, "T1", parked_until=shared + 2 * MINUTE, **lease)
        await factories.workspace(tx, "T2", **lease)
        maya = await factories.member(tx, here)
        await factories.commitment(tx, maya, "a secret", next_due_at=now - HOUR - 5 * MINUTE)
        await factories.commitment(tx, maya, next_due_at=now + DAY + 2 * HOUR)
        rows: list[tuple[DeliveryState, dict[str, Any]]] = [
            (waiting, {"due_at": now - MINUTE, "attempts": 1}),
            (claimed, {"due_at": now}),
            (sent, {"sent_at": now - MINUTE}),
            (sent, {"sent_at": now - 2 * HOUR}),
            (failed, {"sent_at": now - 2 * HOUR, "error": "account_inactive"}),
        ]
        for number, (state, values) in enumerate(rows):
            given = {"attempts": 0, "key": str(number), "token": "x", "lane": str(number), "state": state}
            await tx.deliveries.add(workspace_id=here.id, member_id=maya.id, **(given | row | values))
    found = await status.look(settings, clock)
    said = lines(str(found))
    assert said["workspaces"] == f"2 installed, 1 parked until {shared + 2 * MINUTE:%Y-%m-%d %H:%M:%S} UTC"
    assert said["due"] == "1 waiting, 1 in flight, 1 to be tried again, 1 to be asked about, the oldest 1 h 5 min late"
    assert said["sent"] == "1 in the last hour, 2 in the last day"
    assert said["failed"] == "1 in the last day"
    assert said["next"] == "2027-01-05 11:00:00 UTC, in 1 d 2 h"
    assert said["lease"] == f"5f3a sends to 2 workspaces, until {shared + MINUTE:%Y-%m-%d %H:%M:%S} UTC"
    as_json = found.model_dump_json()
    given = json.loads(as_json)
    assert (given["late_seconds"], given["backlog"]["due"], given["bot"]) == (3900, 1, None)
    for private in ("secret", "xoxb", "Testers", "U1"):
        assert private not in as_json
        assert private not in str(found)


async def test_a_running_bot_is_asked_and_lends_its_clock(sqlite_url: str, clock: ManualClock) -> None:
    async with world(sqlite_url) as here:
        found = await status.look(here.settings, clock)
        assert lines(str(found))["bot"] == f"well: database ok, scheduler ok, sending ok, socket ok, at {found.address}"
        assert abs(found.now - here.playground.clock.now()) < MINUTE
        assert found.workspaces.installed == 1


async def test_a_database_of_an_older_shape_is_one_sentence(tmp_path: Path, clock: ManualClock) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    async with database.write():
        pass
    await database.close()
    with pytest.raises(StartError, match="buddy migrate"):
        await status.look(Settings(database_url=f"sqlite:///{tmp_path}/empty.db", port=free_port()), clock)
