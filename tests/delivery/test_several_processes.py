"""Several processes send what was scheduled: leases are shared, lapse, are lost, or were taken by another."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta

import pytest

from bot.clock import ManualClock
from bot.delivery import dispatcher
from bot.delivery.limits import Limits
from bot.delivery.shares import IN_FLIGHT
from bot.domain.deliveries import DeliveryState
from bot.storage.instants import Instant
from bot.storage.repositories.leases import Leases
from tests import factories
from tests.delivery.offices import Offices


async def test_two_processes_share_the_workspaces(postgres_url: str, clock: ManualClock) -> None:
    offices = Offices(postgres_url, clock)
    await offices.staff(*[12] * 6)
    offices.slack.open.clear()
    async with offices.open("one") as one, offices.open("two") as two:
        await one.outbox.start()
        await offices.slack.until_waiting(6 * IN_FLIGHT)
        await two.outbox.start()
        await two.outbox.idle()
        assert {row.claimed_by for row in await two.rows(state=DeliveryState.CLAIMED)} == {"one"}
        assert await two.leased() == ["one"], "whose leases are left alone"
        offices.slack.open.set()
        await asyncio.gather(one.outbox.idle(), two.outbox.idle())
        assert await one.states() == {DeliveryState.SENT: 72}
    assert len(set(offices.slack.posts)) == len(offices.slack.posts) == 72


async def test_leases_of_a_dead_process_lapse_and_its_rows_are_looked_for(offices: Offices) -> None:
    """Slack took one of the two that were in its hands."""
    await offices.staff(2)
    async with offices.open("heir") as heir:
        rows = await heir.rows()
        async with heir.units.database.write() as tx:
            now = heir.units.clock.machine_now()
            await tx.leases.take([1], now, "dead", heir.units.lease)
            await tx.deliveries.mark([row.id for row in rows], now, "dead", heir.units.lease)
        taken = {"metadata": {"event_payload": {"id": rows[0].token}}, "ts": "7.7"}
        offices.slack.history["DU1X0"].append(taken)
        if not heir.units.database.is_sqlite:  # where whoever starts is alone, and need not wait for that
            await heir.outbox.start()
            await heir.outbox.idle()
            assert offices.slack.calls == {}
            for row in rows:
                await factories.lapse(heir.units, row)
            await factories.end_lease(heir.units, 1)
            heir.outbox.look()
        else:
            await heir.outbox.start()
        await heir.outbox.idle()
        assert offices.slack.calls == {"conversations.history": 2, "chat.postMessage": 1}
        assert [(row.state, row.attempts) for row in await heir.rows()] == [(DeliveryState.SENT, 1)] * 2
        assert (await heir.rows())[0].ts == "7.7"


async def test_who_lost_a_lease_sends_no_more(postgres_url: str, clock: ManualClock) -> None:
    offices = Offices(postgres_url, clock)
    await offices.staff(20)
    one_a_second = Limits(a_minute=60, a_second=0, lease=timedelta(seconds=2), call=0.5)
    async with offices.open(limits=one_a_second) as office:
        await office.outbox.start()
        await offices.slack.until_posted(IN_FLIGHT)
        async with office.units.database.write() as tx:
            until = Instant(tx.connection, office.units.clock.machine_now()).after(timedelta(minutes=10))
            await tx.workspaces.change(1, leased_by="another", leased_until=until)
        await office.outbox.idle()
        assert (await office.states())[DeliveryState.WAITING] >= 20 - IN_FLIGHT - 3
        assert await office.leased() == ["another"]


async def test_what_another_process_was_told_to_leave_alone_is_left_alone(
    postgres_url: str, clock: ManualClock
) -> None:
    offices = Offices(postgres_url, clock)
    await offices.staff(30)
    offices.slack.open.clear()
    async with offices.open() as office:
        await office.outbox.start()
        await offices.slack.until_waiting(IN_FLIGHT)
        async with office.units.database.write() as tx:
            await tx.leases.park(1, clock.machine_now(), timedelta(minutes=1))
        offices.slack.open.set()
        await office.outbox.idle()
        assert await office.states() == {DeliveryState.SENT: IN_FLIGHT, DeliveryState.WAITING: 30 - IN_FLIGHT}


async def test_who_was_not_quick_enough_looks_for_more_at_once(
    postgres_url: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both saw the same workspaces, and the other took them all."""
    offices = Offices(postgres_url, clock)
    await offices.staff(*[1] * (dispatcher.LEASES + 10))
    take, taken = Leases.take, list[int]()

    async def too_late(
        self: Leases, ids: Collection[int], machine_now: datetime, _: str, lease: timedelta
    ) -> list[int]:
        monkeypatch.setattr(Leases, "take", take)
        taken.extend(await take(self, ids, machine_now, "another", lease))
        return []

    monkeypatch.setattr(Leases, "take", too_late)
    async with offices.open() as office:
        await office.outbox.start()
        await offices.slack.until_posted(10)
        assert len(taken) == dispatcher.LEASES
