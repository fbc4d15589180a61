"""How the sending stands, counted."""

from datetime import timedelta

from bot.clock import ManualClock
from bot.domain.backlog import Backlog, Recent
from bot.domain.deliveries import DeliveryState, Method, Says
from bot.domain.members import Member
from bot.storage.database import Database
from bot.storage.transaction import Transaction
from tests import factories

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def row(tx: Transaction, to: Member, key: str, state: DeliveryState, **values: object) -> None:
    given = {"token": key, "lane": key, "method": Method.POST, "says": Says.PHRASE, "refs": {}, "attempts": 0}
    await tx.deliveries.add(workspace_id=to.workspace_id, member_id=to.id, key=key, state=state, **(given | values))


async def test_nothing_is_due(database: Database, clock: ManualClock) -> None:
    async with database.read() as tx:
        standing = await tx.backlog.standing(clock.now(), clock.machine_now())
        assert await tx.backlog.leases(clock.machine_now()) == []
    assert standing == Backlog(due=0, in_flight=0, retrying=0, unopened=0, oldest=None, parked=0)
    assert standing.late_by(clock.now()) == timedelta(0)


async def test_what_should_be_out_by_now_is_counted_and_nothing_else(database: Database, clock: ManualClock) -> None:
    now = clock.now()
    waiting, claimed = DeliveryState.WAITING, DeliveryState.CLAIMED
    async with database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
        await row(tx, maya, "later", waiting, due_at=now + MINUTE)
        await row(tx, maya, "due", waiting, due_at=now - MINUTE)
        await row(tx, maya, "again", waiting, due_at=now - 3 * MINUTE, attempts=2)
        await row(tx, maya, "at it", claimed, due_at=now)
        await row(tx, maya, "over", DeliveryState.SENT, sent_at=now)
        await factories.commitment(tx, maya, next_due_at=now - 5 * MINUTE)
        await factories.commitment(tx, maya, next_due_at=now + MINUTE)
        standing = await tx.backlog.standing(now, clock.machine_now())
    assert standing == Backlog(due=2, in_flight=1, retrying=1, unopened=1, oldest=now - 5 * MINUTE, parked=0)
    assert standing.late_by(now) == 5 * MINUTE


async def test_what_came_of_messages_lately(database: Database, clock: ManualClock) -> None:
    now = clock.now()
    async with database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
        for key, ago in (("a", MINUTE), ("b", 2 * HOUR), ("c", 23 * HOUR), ("d", 25 * HOUR)):
            await row(tx, maya, key, DeliveryState.SENT, sent_at=now - ago)
        await row(tx, maya, "e", DeliveryState.FAILED, sent_at=now - MINUTE)
        await row(tx, maya, "f", DeliveryState.DROPPED, sent_at=now - MINUTE)
        assert await tx.backlog.recent(now) == Recent(sent_in_hour=1, sent_in_day=3, failed_in_day=1)


async def test_workspaces_parkings_and_leases(database: Database, clock: ManualClock) -> None:
    async with database.write() as tx:
        now = await tx.backlog.clock(clock.machine_now())
        await factories.workspace(tx, "T1", leased_by="a", leased_until=now + MINUTE, parked_until=now + MINUTE)
        await factories.workspace(tx, "T2", leased_by="a", leased_until=now + 2 * MINUTE, parked_until=now - MINUTE)
        await factories.workspace(tx, "T3", leased_by="b", leased_until=now - MINUTE)
        await factories.workspace(tx, "T4", bot_token=None)
        installations = await tx.backlog.installations(clock.machine_now())
        [lease] = await tx.backlog.leases(clock.machine_now())
        assert (await tx.backlog.standing(clock.now(), clock.machine_now())).parked == 1
    assert (installations.installed, installations.parked, installations.parked_until) == (3, 1, now + MINUTE)
    assert (lease.holder, lease.workspaces, lease.until) == ("a", 2, now + 2 * MINUTE)
