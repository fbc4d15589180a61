"""Claiming: what is due and free, in the order of its lane, once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.clock import ManualClock
from bot.domain.deliveries import Delivery, DeliveryState, Method, Says
from bot.domain.members import Member
from bot.services.work import LEASE, AlreadyHandled, Units
from bot.storage.database import Database
from tests import factories


async def _ahead(units: Units, *workspaces: int, limit: int = 10, is_reply: bool = False) -> list[Delivery]:
    async with units.database.read() as tx:
        now = units.clock.now()
        rows = await tx.deliveries.ahead(workspaces or (1,), now, now, limit)
    return [row for row in rows if row.is_reply is is_reply]


async def _mark(units: Units, *rows: Delivery, owner: str = "one") -> dict[int, int]:
    async with units.database.write() as tx:
        return await tx.deliveries.mark([row.id for row in rows], units.clock.now(), owner, LEASE)


async def _say(units: Units, to: Member, phrase: str = "any_time", after: timedelta | None = timedelta()) -> Delivery:
    """A row; a reply when it is for no instant."""
    async with units.begin() as work:
        at = None if after is None else work.now + after
        await work.say(to, Says.PHRASE, {"phrase": phrase}, at=at)
        return (await work.tx.deliveries.all())[-1]


async def test_a_lane_shows_its_first_row_only(units: Units, maya: Member) -> None:
    for number in range(3):
        await _say(units, maya, str(number))
    [first] = await _ahead(units)
    assert first.refs["phrase"] == "0"
    assert await _mark(units, first) == {first.id: 0}
    assert await _ahead(units) == []


async def test_what_is_not_due_yet_waits(units: Units, maya: Member, clock: ManualClock) -> None:
    row = await _say(units, maya, after=timedelta(minutes=5))
    assert await _ahead(units) == []
    clock.advance(timedelta(minutes=5))
    assert await _ahead(units) == [row]


async def test_each_workspace_shows_so_many_those_due_longest_first(units: Units, maya: Member) -> None:
    async with units.database.write() as tx:
        elsewhere = await factories.workspace(tx, "T2")
        people = [await factories.member(tx, elsewhere, f"U{number}") for number in range(4)]
    for member, minutes in zip(people, (3, 1, 4, 2), strict=True):
        await _say(units, member, after=timedelta(minutes=-minutes))
    here = await _say(units, maya)
    rows = await _ahead(units, maya.workspace_id, elsewhere.id, limit=3)
    assert [row.member_id for row in rows] == [people[2].id, people[0].id, people[3].id, here.member_id]


async def test_of_two_who_mark_a_row_one_has_it(units: Units, maya: Member) -> None:
    row = await _say(units, maya)
    assert sorted([len(await _mark(units, row, owner="one")), len(await _mark(units, row, owner="two"))]) == [0, 1]


async def test_a_claim_that_lapsed_is_taken_up_and_counts_as_a_try(units: Units, maya: Member) -> None:
    row = await _say(units, maya)
    await _mark(units, row, owner="one")
    await factories.lapse(units, row)
    assert await _mark(units, row, owner="two") == {row.id: 1}, "it may have been sent already"


async def test_what_was_put_back_untried_is_claimed_as_new(units: Units, maya: Member) -> None:
    row = await _say(units, maya, after=None)
    async with units.database.write() as tx:
        await tx.deliveries.put_back([row], units.owner)
    [again] = await _ahead(units, is_reply=True)
    assert await _mark(units, again) == {row.id: 0}


async def test_a_retry_is_left_alone_until_then(units: Units, maya: Member) -> None:
    row = await _say(units, maya)
    await _mark(units, row)
    async with units.database.write() as tx:
        now = units.clock.machine_now()
        await tx.deliveries.put_back([row], "one", now, wait=timedelta(seconds=30), attempts=1)
        wait = (await tx.agenda.ahead(now, now)).retry
    assert wait is not None
    assert timedelta(seconds=25) < wait <= timedelta(seconds=30)
    assert await _ahead(units) == []
    assert await _mark(units, row) == {}
    await factories.lapse(units, row)
    assert [again.attempts for again in await _ahead(units)] == [1]


async def test_only_the_owner_puts_back_or_holds(units: Units, maya: Member) -> None:
    row = await _say(units, maya)
    await _mark(units, row, owner="one")
    await factories.lapse(units, row)
    await _mark(units, row, owner="two")
    async with units.database.write() as tx:
        now = units.clock.machine_now()
        assert await tx.deliveries.standing(row, now, "one") is None
        assert not await tx.deliveries.hold(row, now, "one", LEASE)
        await tx.deliveries.put_back([row], "one")
        assert await tx.deliveries.standing(row, now, "two") is not None
        assert await tx.deliveries.hold(row, now, "two", LEASE)


async def test_a_reply_waits_for_what_another_process_is_still_to_send(units: Units, maya: Member) -> None:
    first = await _say(units, maya)
    await _mark(units, first, owner="another")
    second = await _say(units, maya, after=None)
    assert not await _is_next(units, second)
    async with units.database.write() as tx:
        await tx.deliveries.close(first, DeliveryState.SENT, units.clock.now())
    assert await _is_next(units, second)


async def test_a_reply_waits_for_a_reply_and_not_for_what_has_not_begun(units: Units, maya: Member) -> None:
    await _say(units, maya)
    first = await _say(units, maya, after=None)
    second = await _say(units, maya, after=None)
    assert await _is_next(units, first)
    assert not await _is_next(units, second)


async def test_a_reply_leaves_a_parked_workspace_alone(units: Units, maya: Member) -> None:
    row = await _say(units, maya, after=None)
    async with units.database.write() as tx:
        now = units.clock.machine_now()
        await tx.leases.park(maya.workspace_id, now, timedelta(seconds=30))
        standing = await tx.deliveries.standing(row, now, units.owner)
    assert standing is not None
    assert standing.is_parked


async def _is_next(units: Units, row: Delivery) -> bool:
    async with units.database.read() as tx:
        standing = await tx.deliveries.standing(row, units.clock.machine_now(), units.owner)
    return standing is not None and standing.is_next


async def test_a_clock_that_was_set_back_holds_nothing_up(sqlite_url: str, clock: ManualClock) -> None:
    """On SQLite, which goes by the machine's clock."""
    database = Database(sqlite_url)
    units = factories.units_over(database, clock)
    async with database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
    row = await _say(units, maya)
    await _mark(units, row)
    async with database.write() as tx:
        now, before = clock.now(), clock.now() - timedelta(days=1)
        assert await tx.deliveries.mark([row.id], before, "one", LEASE) == {row.id: 1}
        await tx.deliveries.put_back([row], "one", now, wait=timedelta(seconds=30))
        assert await tx.deliveries.ahead([1], now, now, 10) == []
        assert len(await tx.deliveries.ahead([1], now, before, 10)) == 1
    await database.close()


async def test_many_are_sent_at_once_where_they_still_are(units: Units, maya: Member) -> None:
    rows = [await _say(units, maya, str(number)) for number in range(3)]
    async with units.database.write() as tx:
        await tx.deliveries.remove(tx.deliveries.table.c.id == rows[1].id)
        closed = await tx.deliveries.sent({row.id: f"{row.id}.1" for row in rows} | {99: None}, units.clock.now())
        kept = await tx.deliveries.all()
    assert closed == {rows[0].id, rows[2].id}
    assert [(row.state, row.ts, row.due_at) for row in kept] == [
        (DeliveryState.SENT, f"{row.id}.1", None) for row in (rows[0], rows[2])
    ]


async def test_what_was_closed_stays_as_it_was_closed(units: Units, maya: Member) -> None:
    row, now = await _say(units, maya), units.clock.now()
    await _mark(units, row)
    async with units.database.write() as tx:
        assert await tx.deliveries.sent({row.id: "1.1"}, now) == {row.id}
        assert await tx.deliveries.sent({row.id: "2.2"}, now) == set()
        assert not await tx.deliveries.close(row, DeliveryState.SENT, now, ts="2.2")
        assert not await tx.deliveries.close(row, DeliveryState.FAILED, now, owner="one")
        kept = await tx.deliveries.get(row.id)
    assert (kept.state, kept.ts) == (DeliveryState.SENT, "1.1")


async def test_whose_claim_lapsed_knows_only_that_it_was_sent(units: Units, maya: Member) -> None:
    row, now = await _say(units, maya), units.clock.now()
    await _mark(units, row, owner="one")
    await factories.lapse(units, row)
    await _mark(units, row, owner="two")
    async with units.database.write() as tx:
        for state in (DeliveryState.FAILED, DeliveryState.DROPPED):
            assert not await tx.deliveries.close(row, state, now, owner="one")
        assert (await tx.deliveries.get(row.id)).claimed_by == "two"
        assert await tx.deliveries.sent({row.id: "1.1"}, now) == {row.id}, "what was said is said"
        assert not await tx.deliveries.close(row, DeliveryState.FAILED, now, owner="two")


async def test_a_strangers_row_goes_when_its_owner_is_done_with_it(units: Units, maya: Member) -> None:
    async with units.begin() as work:
        await work.say_to_stranger(maya.workspace_id, "U9", Says.PHRASE, {"phrase": "gone"}, channel="U9")
        [row] = work.born
    async with units.database.write() as tx:
        assert not await tx.deliveries.close(row, DeliveryState.FAILED, units.clock.now(), owner="another")
        assert await tx.deliveries.close(row, DeliveryState.FAILED, units.clock.now(), owner=units.owner)
        assert len(await tx.deliveries.all()) == 0


async def test_where_the_app_was_removed_nothing_is_said(units: Units, maya: Member) -> None:
    await _say(units, maya)
    async with units.begin() as work:
        await work.say_to_stranger(maya.workspace_id, "U9", Says.PHRASE, {"phrase": "gone"}, channel="U9")
    async with units.database.write() as tx:
        await tx.deliveries.drop_all_of(maya.workspace_id, units.clock.now())
        assert [row.state for row in await tx.deliveries.all()] == [DeliveryState.DROPPED]


async def test_where_the_app_was_removed_what_others_are_writing_down_is_left_to_them(
    postgres_url: str, clock: ManualClock
) -> None:
    """They may be waiting for whoever removes it."""
    units = factories.units_over(Database(postgres_url), clock)
    async with units.database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
    first, second = await _say(units, maya), await _say(units, maya)
    async with units.database.write() as one, units.database.write() as two:
        await two.connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        await one.deliveries.change(first.id, attempts=1)
        await two.deliveries.drop_all_of(maya.workspace_id, clock.now())
        assert (await two.deliveries.get(second.id)).state is DeliveryState.DROPPED
        assert (await two.deliveries.get(first.id)).state is DeliveryState.WAITING
    await units.database.close()


async def test_homes_that_wait_are_overtaken(units: Units, maya: Member) -> None:
    async with units.begin() as work:
        for _ in range(3):
            await work.say(maya, Says.HOME, method=Method.HOME, at=work.now, key=None)
        await work.say(maya, Says.PHRASE, at=work.now)
        rows = await work.tx.deliveries.all()
        await work.tx.deliveries.drop_overtaken(rows[:1], work.now)
        states = [row.state for row in await work.tx.deliveries.all()]
    assert states == [DeliveryState.WAITING, DeliveryState.DROPPED, DeliveryState.DROPPED, DeliveryState.WAITING]


async def test_what_is_shown_anew_is_shown_once(units: Units, maya: Member) -> None:
    maya = maya.model_copy(update={"home_opened_at": units.clock.now()})
    async with units.begin() as work:
        await work.refresh_home(maya)
        await work.say(maya, Says.CHECK_IN, {"check_in": 1}, method=Method.UPDATE)
        await work.refresh_home(maya)
        await work.say(maya, Says.CHECK_IN, {"check_in": 2}, method=Method.UPDATE)
        await work.say(maya, Says.CHECK_IN, {"check_in": 1}, method=Method.UPDATE)
        assert [row.refs.get("check_in") for row in work.born] == [None, 1, 2]


async def test_a_home_that_nobody_looks_at_is_not_shown_anew(units: Units, maya: Member) -> None:
    for ago, shown in ((None, 0), (timedelta(days=1), 0), (timedelta(hours=23), 1)):
        opened = units.clock.now() - ago if ago else None
        async with units.begin() as work:
            await work.refresh_home(maya.model_copy(update={"home_opened_at": opened}))
            assert len(work.born) == shown


async def test_a_key_is_said_once(units: Units, maya: Member) -> None:
    for _ in range(2):
        async with units.begin() as work:
            await work.say(maya, Says.PHRASE, key="the same", at=work.now)
    async with units.database.read() as tx:
        assert len(await tx.deliveries.all()) == 1


async def test_a_reply_is_born_claimed_and_handed_over_after_the_commit(units: Units, maya: Member) -> None:
    said: list[Delivery] = []
    units.on_said = said.extend
    async with units.begin() as work:
        await work.say(maya, Says.PHRASE)
        assert not said
    assert [row.claimed_by for row in said] == [units.owner]
    assert await _ahead(units, is_reply=True) == [], "nobody else sends it"


async def test_of_two_who_handle_one_act_at_once_one_does(units: Units, maya: Member) -> None:
    done: list[int] = []

    async def act(number: int) -> None:
        async with units.for_member(maya, "click:1"):
            done.append(number)

    results = await asyncio.gather(*(act(number) for number in range(4)), return_exceptions=True)
    assert len(done) == 1
    assert sum(isinstance(result, AlreadyHandled) for result in results) == 3


async def test_acts_at_once_queue_up_and_each_is_handled_once(units: Units, maya: Member) -> None:
    """On PostgreSQL whoever waits for the member's row looks at it anew, and at the act that it just wrote down."""
    seen = []

    async def act(key: str) -> None:
        async with units.for_member(maya, key) as (work, owner):
            before = owner.reflected_at
            await asyncio.sleep(0)  # others wait for her row now
            assert (await work.tx.members.get(maya.id)).reflected_at == before
            await work.tx.members.change(maya.id, reflected_at=work.now)
            seen.append((key, before is not None))

    keys = ["a", "b", "a", "c", "b"]
    results = await asyncio.gather(*(act(key) for key in keys), return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["AlreadyHandled"] * 2 + ["NoneType"] * 3
    assert sorted(key for key, _ in seen) == ["a", "b", "c"]
    assert [changed for _, changed in seen] == [False, True, True]


async def test_an_act_of_someone_who_is_gone_is_not_kept(units: Units, maya: Member) -> None:
    stranger = maya.model_copy(update={"id": 99})
    for _ in range(2):
        with pytest.raises(LookupError):
            async with units.for_member(stranger, "a"):
                pytest.fail("there is nobody")


async def test_a_database_that_knows_statistics_finds_what_is_due(units: Units, maya: Member) -> None:
    """Once somebody had run ANALYZE, SQLite 3.40 took a lane with something sent in it for one that waits for that."""
    async with units.database.write() as tx:
        people = [await factories.member(tx, await tx.workspaces.get(maya.workspace_id), f"U{n}9") for n in range(5)]
    for member in people:
        sent, _ = await _say(units, member, "first"), await _say(units, member, "second")
        async with units.database.write() as tx:
            await tx.deliveries.close(sent, DeliveryState.SENT, units.clock.now(), ts="1.1")
    async with units.database.write() as tx:
        await tx.connection.exec_driver_sql("ANALYZE")
    await units.database.close()  # statistics are read when a connection opens
    assert [row.member_id for row in await _ahead(units)] == [member.id for member in people]


async def test_what_is_held_for_later_keeps_nothing_that_is_due_before(
    units: Units, maya: Member, clock: ManualClock
) -> None:
    """By the instants for which they were scheduled, and not by when they were written."""
    monday = await _say(units, maya, after=timedelta(hours=2))
    cue = await _say(units, maya, after=timedelta(hours=1))
    clock.advance(timedelta(hours=1))
    assert await _ahead(units) == [cue]
    clock.advance(timedelta(hours=1))
    assert await _ahead(units) == [cue], "one at a time"
    assert await _mark(units, cue) == {cue.id: 0}
    assert await _mark(units, monday) == {}
    async with units.database.write() as tx:
        await tx.deliveries.sent({cue.id: "1.1"}, clock.now())
    assert await _ahead(units) == [monday]
