"""Small makers of what tests need in a database."""

from datetime import UTC, datetime, time
from typing import Any

from bot.clock import ManualClock
from bot.domain.calendar import Weekday, Weekly
from bot.domain.check_ins import CheckIn, Item, Origin
from bot.domain.commitments import Commitment, Kind, State
from bot.domain.deliveries import Delivery
from bot.domain.members import Member
from bot.domain.wins import CheerKind, WinState
from bot.domain.workspaces import Workspace
from bot.services.work import Units
from bot.storage.database import Database
from bot.storage.transaction import Transaction

FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TUESDAY_AND_FRIDAY = Weekly(
    days=(Weekday.TUESDAY, Weekday.FRIDAY), times=(time(10, 0),), anchor=LONG_AGO.date(), zone="Europe/Berlin"
)


def units_over(database: Database, clock: ManualClock, owner: str = "this process") -> Units:
    return Units(database, clock, owner)


async def workspace(tx: Transaction, team_id: str = "T1", **values: Any) -> Workspace:
    given = {
        "name": "Testers",
        "bot_token": f"xoxb-{team_id}",
        "bot_user_id": "UBOT",
        "bot_id": "BBOT",
        "installed_at": LONG_AGO,
    }
    return await tx.workspaces.add(team_id=team_id, **(given | values))


async def member(tx: Transaction, of: Workspace, slack_id: str = "U1", **values: Any) -> Member:
    given = {
        "channel_id": f"D{slack_id}",
        "zone": "Europe/Berlin",
        "locale": "en-GB",
        "is_admin": False,
        "joined_at": LONG_AGO,
        "read_at": LONG_AGO,
    }
    return await tx.members.add(workspace_id=of.id, slack_id=slack_id, **(given | values))


async def lapse(units: Units, row: Delivery) -> None:
    """What a claim, and the wait before another try, come to in time, on whichever clock they run."""
    async with units.database.write() as tx:
        await tx.deliveries.change(row.id, claimed_until=LONG_AGO, retry_at=LONG_AGO)


async def unpark(units: Units, workspace_id: int) -> None:
    """What Slack's wish to be left alone comes to in time."""
    async with units.database.write() as tx:
        await tx.workspaces.change(workspace_id, parked_until=LONG_AGO)


async def end_lease(units: Units, workspace_id: int) -> None:
    """What the lease of a process that died comes to in time."""
    async with units.database.write() as tx:
        await tx.workspaces.change(workspace_id, leased_until=LONG_AGO)


async def commitment(tx: Transaction, of: Member, text: str = "Finish the report", **values: Any) -> Commitment:
    given = {"kind": Kind.ONCE, "habit_days": (), "state": State.ACTIVE, "created_at": LONG_AGO}
    return await tx.commitments.add(workspace_id=of.workspace_id, member_id=of.id, text=text, **(given | values))


async def check_in(tx: Transaction, of: Member, at: datetime, **values: Any) -> CheckIn:
    given = {"origin": Origin.SCHEDULED, "occurrence": at, "opened_at": at, "zone": of.zone, "ts": "1.1", "late": False}
    return await tx.check_ins.add(workspace_id=of.workspace_id, member_id=of.id, **(given | values))


async def item(tx: Transaction, of: CheckIn, about: Commitment, **values: Any) -> Item:
    given = {"position": 0, "days": ()}
    return await tx.items.add(
        workspace_id=of.workspace_id, check_in_id=of.id, commitment_id=about.id, **(given | values)
    )


async def cheered_win(tx: Transaction, owner: Member, by: str, at: datetime) -> None:
    """A win in a channel for which someone clapped, of which its owner has not heard."""
    ids = {"workspace_id": owner.workspace_id}
    shared = {"state": WinState.SHARED, "channel_id": "C1", "ts": "1.1", "created_at": at}
    win = await tx.wins.add(**ids, member_id=owner.id, text="Out it is", **shared)
    await tx.cheers.add(**ids, win_id=win.id, slack_id=by, kind=CheerKind.CLAP, cheered_at=at)
