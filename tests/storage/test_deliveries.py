"""Claiming: what is due and free, in the order of its lane, once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.clock import ManualClock
from bot.domain.deliveries import Delivery, DeliveryState, Method, Says
from bot.domain.members import Member
from bot.services.work import LEASE, AlreadyHandled, Units
from bot.storage.database import Database
from tests import factories


@pytest.fixture
async def units(database_url: str, clock: ManualClock) -> AsyncIterator[Units]:
    database = Database(database_url)
    yield factories.units_over(database, clock)
    await database.close()


@pytest.fixture
async def maya(units: Units) -> Member:
    async with units.database.write() as tx:
        return await factories.member(tx, await factories.workspace(tx))


async def _claim(units: Units, owner: str = "one") -> list[Delivery]:
    async with units.database.write() as tx:
        now = units.clock.now()
        return await tx.deliveries.claim(now, now, owner, LEASE, 10)


async def test_a_lane_gives_up_one_row_at_a_time_in_its_order(units: Units, maya: Member) -> None:
    async with units.begin() as work:
        for number in range(3):
            await work.say(maya, Says.PHRASE, {"phrase": str(number)}, at=work.now)
    first = await _claim(units)
    assert [row.refs["phrase"] for row in first] == ["0"]
    assert await _claim(units, "another") == []


async def test_what_is_not_due_yet_waits(units: Units, maya: Member, clock: ManualClock) -> None:
    async with units.begin() as work:
        await work.say(maya, Says.PHRASE, at=work.now + timedelta(minutes=5))
    assert await _claim(units) == []
    clock.advance(timedelta(minutes=5))
    assert len(await _claim(units)) == 1


async def test_a_lease_that_lapsed_is_claimed_by_another(units: Units, maya: Member, clock: ManualClock) -> None:
    async with units.begin() as work:
        await work.say(maya, Says.PHRASE, at=work.now)
    await _claim(units, "one")
    clock.advance(LEASE)
    [row] = await _claim(units, "two")
    assert row.attempts == 1, "it may have been sent already"


async def test_what_was_put_back_untried_is_claimed_as_new(units: Units, maya: Member) -> None:
    async with units.begin() as work:
        await work.say(maya, Says.PHRASE)
        await work.tx.deliveries.put_back(work.born, units.owner)
    [row] = await _claim(units)
    assert row.attempts == 0


async def test_only_the_owner_puts_back_or_holds(units: Units, maya: Member, clock: ManualClock) -> None:
    async with units.begin() as work:
        await work.say(maya, Says.PHRASE, at=work.now)
    [row] = await _claim(units, "one")
    clock.advance(LEASE)
    await _claim(units, "two")
    async with units.database.write() as tx:
        assert not await tx.deliveries.is_next(row, "one")
        assert not await tx.deliveries.hold(row, "one", clock.now() + LEASE)
        await tx.deliveries.put_back([row], "one")
        assert await tx.deliveries.is_next(row, "two")
        assert await tx.deliveries.hold(row, "two", clock.now() + LEASE)


async def test_a_reply_waits_for_what_another_process_is_still_to_send(units: Units, maya: Member) -> None:
    async with units.begin() as work:
        await work.say(maya, Says.PHRASE, {"phrase": "first"}, at=work.now)
    [first] = await _claim(units, "another")
    async with units.begin() as work:
        await work.say(maya, Says.PHRASE, {"phrase": "second"})
        [second] = work.born
    async with units.database.write() as tx:
        assert not await tx.deliveries.is_next(second, units.owner)
        await tx.deliveries.close(first, DeliveryState.SENT, units.clock.now())
        assert await tx.deliveries.is_next(second, units.owner)


async def test_a_machine_clock_that_was_set_back_holds_nothing_up(
    units: Units, maya: Member, clock: ManualClock
) -> None:
    async with units.begin() as work:
        await work.say(maya, Says.PHRASE, at=work.now)
    [row] = await _claim(units)
    async with units.database.write() as tx:
        await tx.deliveries.put_back([row], units.owner, retry_at=clock.now() + timedelta(seconds=30))
    assert await _claim(units) == []
    async with units.database.write() as tx:
        now, before = clock.now(), clock.now() - timedelta(days=1)
        assert len(await tx.deliveries.claim(now, before, "one", LEASE, 10)) == 1


async def test_a_workspace_that_is_parked_is_left_alone(units: Units, maya: Member) -> None:
    async with units.database.write() as tx:
        theo = await factories.member(tx, await factories.workspace(tx, "T2"), "UTHEO")
    async with units.begin() as work:
        await work.say(maya, Says.PHRASE, at=work.now)
        await work.say(theo, Says.PHRASE, at=work.now)
    async with units.database.write() as tx:
        now = units.clock.now()
        rows = await tx.deliveries.claim(now, now, "one", LEASE, 10, without=[maya.workspace_id])
    assert [row.member_id for row in rows] == [theo.id]


async def test_what_is_shown_anew_is_shown_once(units: Units, maya: Member) -> None:
    async with units.begin() as work:
        await work.refresh_home(maya)
        await work.say(maya, Says.CHECK_IN, {"check_in": 1}, method=Method.UPDATE)
        await work.refresh_home(maya)
        await work.say(maya, Says.CHECK_IN, {"check_in": 2}, method=Method.UPDATE)
        await work.say(maya, Says.CHECK_IN, {"check_in": 1}, method=Method.UPDATE)
        assert [row.refs.get("check_in") for row in work.born] == [None, 1, 2]


async def test_a_key_is_said_once(units: Units, maya: Member) -> None:
    for _ in range(2):
        async with units.begin() as work:
            await work.say(maya, Says.PHRASE, key="the same", at=work.now)
    async with units.database.read() as tx:
        assert await tx.deliveries.count() == 1


async def test_a_reply_is_born_claimed_and_handed_over_after_the_commit(units: Units, maya: Member) -> None:
    said: list[Delivery] = []
    units.on_said = said.extend
    async with units.begin() as work:
        await work.say(maya, Says.PHRASE)
        assert not said
    assert [row.claimed_by for row in said] == [units.owner]
    assert await _claim(units) == [], "nobody else sends it"


async def test_of_two_who_handle_one_act_at_once_one_does(units: Units, maya: Member) -> None:
    done: list[int] = []

    async def act(number: int) -> None:
        async with units.for_member(maya, "click:1"):
            done.append(number)

    results = await asyncio.gather(*(act(number) for number in range(4)), return_exceptions=True)
    assert len(done) == 1
    assert sum(isinstance(result, AlreadyHandled) for result in results) == 3
