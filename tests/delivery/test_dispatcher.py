"""What was scheduled leaves once, workspace by workspace: a few at a time, and no slower for another's sake."""

import asyncio
import signal
from collections import Counter
from datetime import time, timedelta

import aiohttp
import pytest

from bot.clock import ManualClock
from bot.delivery import dispatcher
from bot.delivery.limits import Limits
from bot.delivery.shares import IN_FLIGHT
from bot.delivery.wire import CutOff, Unreached
from bot.domain.agreements import QuietHours, default_terms
from bot.domain.deliveries import Delivery, DeliveryState, Says
from bot.services.terms import agree
from tests import factories
from tests.delivery.offices import Office, Offices
from tests.delivery.slack import refusal


async def test_everything_due_is_sent_once(offices: Offices) -> None:
    await offices.staff(20, 1, 7)
    async with offices.open() as office:
        await office.outbox.start()
        await office.outbox.idle()
        assert await office.states() == {DeliveryState.SENT: 28}
        assert len(set(offices.slack.posts)) == len(offices.slack.posts) == 28
        assert await office.leased() == [], "nothing is left to send"
        assert office.outbox.counts["sent"] == 28


async def test_of_a_workspace_eight_are_in_flight(offices: Offices) -> None:
    await offices.staff(20, 20)
    offices.slack.open.clear()
    async with offices.open() as office:
        await office.outbox.start()
        await offices.slack.until_waiting(2 * IN_FLIGHT)
        assert (await office.states())[DeliveryState.CLAIMED] == 2 * IN_FLIGHT
        offices.slack.open.set()
        await office.outbox.idle()
        assert offices.slack.most_at_once == {"xoxb-T1": IN_FLIGHT, "xoxb-T2": IN_FLIGHT}
        assert await office.states() == {DeliveryState.SENT: 40}


@pytest.mark.parametrize(
    ("error", "least", "most"),
    [
        (CutOff("52"), 30, 32),
        (aiohttp.ServerDisconnectedError(), 30, 32),
        (TimeoutError(), 30, 32),
        (Unreached(), 0, 2),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, Exception) else "",
)
async def test_nothing_is_looked_for_while_slack_may_be_at_it(
    offices: Offices, error: Exception, least: int, most: int
) -> None:
    """As long again as the call was given, and at once when nothing of it ever left."""
    await offices.staff(1)
    offices.slack.answers["xoxb-T1"] = [(error, 0)]
    async with offices.open(limits=Limits(a_minute=0, a_second=0, call=30.0)) as office:
        await office.outbox.start()
        await office.outbox.idle()
        async with office.units.database.read() as tx:
            wait = (await tx.agenda.ahead(office.units.clock.now(), office.units.clock.machine_now())).retry
        assert wait is not None
        assert timedelta(seconds=least) < wait < timedelta(seconds=most)


async def test_a_workspace_that_slack_slows_down_waits_by_itself(offices: Offices) -> None:
    await offices.staff(12, 12)
    offices.slack.answers["xoxb-T1"] = [(429, 30)] * IN_FLIGHT
    async with offices.open() as office:
        await office.outbox.start()
        await office.outbox.idle()
        assert Counter(token for token, _ in offices.slack.posts) == {"xoxb-T2": 12}
        assert {row.attempts for row in await office.rows(workspace_id=1)} == {0}, "Slack took none of them"
        async with office.units.database.read() as tx:
            wait = (await tx.agenda.ahead(office.units.clock.now(), office.units.clock.machine_now())).retry
        assert wait is not None
        assert timedelta(seconds=25) < wait < timedelta(seconds=31)
        office.outbox.look()
        await office.outbox.idle()
        assert len(offices.slack.posts) == 12, "it is still left alone"
        await factories.unpark(office.units, 1)
        await office.outbox.idle()
        assert Counter(token for token, _ in offices.slack.posts) == {"xoxb-T1": 12, "xoxb-T2": 12}


async def test_a_reply_goes_past_what_is_scheduled(offices: Offices) -> None:
    """It needs no lease, and none of the places that a workspace has."""
    [[*_, last]] = await offices.staff(20)
    offices.slack.open.clear()
    async with offices.open() as office:
        await office.outbox.start()
        await offices.slack.until_waiting(IN_FLIGHT)
        async with office.units.begin() as work:
            await work.phrase(last, "any_time")
        await offices.slack.until_waiting(IN_FLIGHT + 1)
        [reply] = await office.rows(is_reply=True)
        offices.slack.open.set()
        await office.outbox.idle()
        assert reply.token in [posted for _, posted in offices.slack.posts[: IN_FLIGHT + 1]]


async def test_a_reply_waits_for_what_is_on_its_way_in_its_lane(offices: Offices) -> None:
    [[maya]] = await offices.staff(1)
    offices.slack.open.clear()
    async with offices.open() as office:
        await office.outbox.start()
        await offices.slack.until_waiting(1)
        async with office.units.begin() as work:
            await work.phrase(maya, "any_time")
        assert (await office.states())[DeliveryState.CLAIMED] == 2
        offices.slack.open.set()
        await office.outbox.idle()
        first, second = await office.rows()
        assert [posted for _, posted in offices.slack.posts] == [first.token, second.token]


async def test_a_stop_finishes_what_is_in_flight_and_leaves_the_rest(offices: Offices) -> None:
    await offices.staff(20)
    offices.slack.open.clear()
    async with offices.open() as office:
        await office.outbox.start()
        await offices.slack.until_waiting(IN_FLIGHT)
        stopping = asyncio.create_task(office.outbox.stop(5))
        await asyncio.sleep(0)
        offices.slack.open.set()
        await stopping
        assert await office.states() == {DeliveryState.SENT: IN_FLIGHT, DeliveryState.WAITING: 12}
        assert await office.leased() == []


async def test_a_stop_waits_no_longer_than_it_may(offices: Offices) -> None:
    """What hangs keeps its claim: nobody knows whether Slack took it."""
    await offices.staff(10)
    offices.slack.open.clear()
    async with offices.open() as office:
        await office.outbox.start()
        await offices.slack.until_waiting(IN_FLIGHT)
        await office.outbox.stop(0.05)
        assert await office.states() == {DeliveryState.CLAIMED: IN_FLIGHT, DeliveryState.WAITING: 2}
        assert await office.leased() == []


async def test_who_waits_for_what_has_just_ended_lets_others_go_on(offices: Offices) -> None:
    """From Python 3.12 on `gather` is over at once when all that it gathers is, and lets nobody else have a turn: a
    stop then kept the process busy for ever."""

    def spins(*_: object) -> None:
        pytest.fail("it spins")

    before = signal.signal(signal.SIGALRM, spins)
    async with offices.open() as office:
        await office.outbox.stop(1)
        office.outbox.send([])  # a task that ends in its first turn
        waiting = asyncio.create_task(office.outbox.idle())  # which looks in the same one
        signal.alarm(20)
        await waiting
        signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


async def test_pace_holds_back_what_is_more_than_it_allows(offices: Offices) -> None:
    await offices.staff(IN_FLIGHT + 3)
    async with offices.open(limits=Limits(a_minute=60 * 20, a_second=0)) as office:
        began = asyncio.get_running_loop().time()
        await office.outbox.start()
        await office.outbox.idle()
        assert await office.states() == {DeliveryState.SENT: IN_FLIGHT + 3}
        assert asyncio.get_running_loop().time() - began > 3 / 20 - 0.01


async def test_one_that_cannot_be_followed_up_keeps_nobody(offices: Offices) -> None:
    """Its win is gone when Slack has taken it."""
    [[maya, jonas]] = await offices.staff(2)
    offices.slack.open.clear()
    async with offices.open() as office:
        async with office.units.database.write() as tx:
            values = {"state": "draft", "created_at": office.units.clock.now(), "text": "Shipped it"}
            win = await tx.wins.add(workspace_id=maya.workspace_id, member_id=maya.id, **values)
            first, _ = await tx.deliveries.all()
            await tx.deliveries.change(first.id, says=Says.WIN_PREVIEW, refs={"win": win.id})
        await office.outbox.start()
        await offices.slack.until_waiting(2)
        async with office.units.database.write() as tx:
            await tx.wins.remove(tx.wins.table.c.id == win.id)
        offices.slack.open.set()
        await office.outbox.idle()
        assert await office.states() == {DeliveryState.SENT: 2}
        assert jonas.id in [row.member_id for row in await office.rows(state=DeliveryState.SENT)]


async def test_where_a_lane_is_held_up_nothing_spins(offices: Offices) -> None:
    """The first of a lane is to be tried again later; what is behind it could go, and has to wait."""
    [[maya]] = await offices.staff(1)
    async with offices.open() as office:
        async with office.units.database.write() as tx:
            [first] = await tx.deliveries.all()
            now = office.units.clock.machine_now()
            await tx.deliveries.mark([first.id], now, "one", office.units.lease)
            await tx.deliveries.put_back([first], "one", now, wait=timedelta(minutes=5))
        async with office.units.begin() as work:
            await work.say(maya, Says.PHRASE, {"phrase": "any_time"}, at=work.now)
        await office.outbox.start()
        await asyncio.wait_for(office.outbox.idle(), 5)
        assert offices.slack.calls == {}
        async with office.units.database.read() as tx:
            assert await tx.leases.wanted(office.units.clock.now(), now, 10) == []


async def test_while_there_is_no_room_nothing_spins(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pace would let more pass; every place is taken."""
    monkeypatch.setattr(dispatcher, "UNDER_WAY", 4)
    monkeypatch.setattr(dispatcher, "LINGER", 0.0)
    rounds, cycle = 0, dispatcher.Dispatcher._cycle

    async def counted(one: dispatcher.Dispatcher) -> bool:
        nonlocal rounds
        rounds += 1
        return await cycle(one)

    monkeypatch.setattr(dispatcher.Dispatcher, "_cycle", counted)
    await offices.staff(20)
    offices.slack.open.clear()
    async with offices.open() as office:
        await office.outbox.start()
        await offices.slack.until_waiting(4)
        before = rounds
        for _ in range(200):
            await asyncio.sleep(0)
        assert rounds - before < 3
        offices.slack.open.set()
        await office.outbox.idle()
        assert await office.states() == {DeliveryState.SENT: 20}


async def test_a_new_installation_survives_what_is_said_of_the_old_one(offices: Offices) -> None:
    await offices.staff(1)
    offices.slack.open.clear()
    offices.slack.answers["xoxb-T1"] = [(refusal("token_revoked"), 0)]
    async with offices.open() as office:
        await office.outbox.start()
        await offices.slack.until_waiting(1)
        async with office.units.database.write() as tx:
            await tx.workspaces.renew("T1", bot_token="xoxb-T1-anew", uninstalled_at=None)
        offices.slack.open.set()
        await office.outbox.idle()
        async with office.units.database.read() as tx:
            workspace = await tx.workspaces.get(1)
        assert (workspace.bot_token, workspace.uninstalled_at) == ("xoxb-T1-anew", None)


async def test_one_row_that_cannot_be_written_down_keeps_no_other(postgres_url: str, clock: ManualClock) -> None:
    """PostgreSQL keeps no text with a zero in it."""
    offices = Offices(postgres_url, clock)
    await offices.staff(3, 3)
    offices.slack.answers["xoxb-T1"] = [(refusal("a\0b"), 0)]
    async with offices.open() as office:
        await office.outbox.start()
        await office.outbox.idle()
        states = await office.states()
        assert states == {DeliveryState.SENT: 5, DeliveryState.FAILED: 1}
        assert office.outbox.in_trouble_for() == 0


async def test_a_round_that_comes_to_no_end_is_trouble(postgres_url: str, clock: ManualClock) -> None:
    """As when somebody has locked one of those to whom something is to be sent."""
    offices = Offices(postgres_url, clock)
    [[maya]] = await offices.staff(1)
    async with offices.open() as office:
        async with office.units.database.write() as tx:
            await tx.members.lock(maya.id)
            await office.outbox.start()
            async with asyncio.timeout(20):
                while office.outbox.in_trouble_for() < 1:  # noqa: ASYNC110 - time is what passes
                    await asyncio.sleep(0)
        await office.outbox.idle()
        assert office.outbox.in_trouble_for() == 0
        assert await office.states() == {DeliveryState.SENT: 1}


async def test_what_may_be_in_slack_is_looked_for_before_it_is_held(offices: Offices) -> None:
    """Quiet hours that begin while nobody knows whether it arrived: in the morning it would be too far back."""
    [[maya]] = await offices.staff(1)
    terms = default_terms("UTC", offices.clock.now().date())
    at = (offices.clock.now() + timedelta(minutes=1)).time()
    quiet = QuietHours(begins=at, ends=time(23, 59))
    async with offices.open() as office:
        async with office.units.begin() as work:
            await agree(work, maya, terms.model_copy(update={"quiet_hours": quiet}))
            [row] = await work.tx.deliveries.all()
            await work.tx.deliveries.change(row.id, says=Says.SILENCE, refs={})
            await work.tx.members.change(maya.id, quiet_since=work.now)
        offices.slack.unheard = 1
        await office.outbox.start()
        await office.outbox.idle()
        offices.clock.advance(timedelta(minutes=2))
        [row] = await office.rows()
        await factories.lapse(office.units, row)
        office.outbox.look()
        await office.outbox.idle()
        assert await office.states() == {DeliveryState.SENT: 1}
        assert len(offices.slack.posts) == 1


async def _may_be_there(office: Office, row: Delivery) -> None:
    """As after a crash: nobody knows whether Slack has it."""
    async with office.units.database.write() as tx:
        await tx.deliveries.change(row.id, attempts=1)


async def test_a_look_that_slack_wants_later_keeps_nobody_else_waiting(offices: Offices) -> None:
    """Slack limits each method by itself; some apps may look once a minute."""
    await offices.staff(2)
    async with offices.open() as office:
        first, second = await office.rows()
        await _may_be_there(office, first)
        async with office.units.database.write() as tx:
            await tx.deliveries.change(second.id, due_at=offices.clock.now() + timedelta(minutes=1))
        offices.slack.answers["xoxb-T1"] = [(429, 60)]
        await office.outbox.start()
        await office.outbox.idle()
        offices.clock.advance(timedelta(minutes=1))
        office.outbox.look()
        await office.outbox.idle()
        assert {row.id: row.state for row in await office.rows()} == {
            first.id: DeliveryState.WAITING,
            second.id: DeliveryState.SENT,
        }
        await factories.lapse(office.units, first)
        office.outbox.look()
        await office.outbox.idle()
        assert [(row.state, row.attempts) for row in await office.rows(id=first.id)] == [(DeliveryState.SENT, 1)]


async def test_a_look_goes_on_at_the_page_where_it_had_to_wait(offices: Offices) -> None:
    """Fifteen messages an answer and one answer a minute: from its first page on it would never see the second."""
    await offices.staff(1)
    offices.slack.page = 15
    async with offices.open() as office:
        [row] = await office.rows()
        await _may_be_there(office, row)
        there = {"ts": "7.7", "metadata": {"event_payload": {"id": row.token}}}
        offices.slack.history["DU1X0"] = [*({"ts": f"9.{number}"} for number in range(20)), there]
        offices.slack.answers["xoxb-T1"] = [(200, 0), (429, 60), (200, 0), (429, 60)]
        await office.outbox.start()
        await office.outbox.idle()
        await factories.lapse(office.units, row)
        await factories.unpark(office.units, row.workspace_id)
        office.outbox.look()
        await office.outbox.idle()
        assert [(row.state, row.ts) for row in await office.rows()] == [(DeliveryState.SENT, "7.7")]
        assert offices.slack.posts == []
