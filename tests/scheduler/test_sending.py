"""Whatever Slack does, a message arrives once; and a conversation's messages arrive in order."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.deliveries import Delivery, DeliveryState, Method, Says
from bot.domain.members import Member
from playground.client import text_of
from tests.world import World, world

POST = "chat.postMessage"
THANKS = "Any time."


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("ratelimited", {"retry_after": 1}),
        ("http_500", {}),
        ("timeout_after_accept", {}),
        ("drop_connection", {}),
    ],
)
async def test_a_check_in_arrives_once_whatever_happens(sqlite_url: str, kind: str, more: dict[str, float]) -> None:
    async with world(sqlite_url, call=1.0) as here:
        await _commit(here)
        await here.slack.fault(POST, kind, 1, **more)
        await here.move_to("2027-01-05T10:00")
        await here.maya.sees("how did it go?")
        await _written_down(here)
        assert len(_asking(await here.maya.messages())) == 1


async def test_what_is_said_in_a_thread_is_looked_for_there(sqlite_url: str) -> None:
    async with world(sqlite_url, call=1.0) as here:
        await _commit(here)
        await here.maya.click("Weighing it up")
        question = await here.maya.sees("1 of 3")
        await here.settle()
        await here.slack.fault(POST, "timeout_after_accept", 1)
        await here.maya.say("My son", thread=question["ts"])
        await here.maya.wait_for(lambda state: _next_question(state.messages("app", question["ts"])))
        await _written_down(here)
        assert len(_next_question((await here.maya.state()).messages("app", question["ts"]))) == 1


def _next_question(messages: list[dict[str, object]]) -> list[dict[str, object]]:
    return [message for message in messages if "2 of 3" in text_of(message)]


async def test_a_crash_after_slack_took_the_message_sends_it_once(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await _commit(here)
        await here.slack.fault(POST, "timeout_after_accept", 1)
        await here.slack.move_to("2027-01-05T10:00")
        await here.maya.sees("how did it go?")
        await here.restart()
        await here.settle()
        assert len(_asking(await here.maya.messages())) == 1


async def test_replies_keep_their_order_when_one_has_to_wait(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await here.slack.fault(POST, "http_500", 2)
        for number in range(3):
            await here.maya.say(f"thanks {number}")
        await here.maya.wait_for(lambda state: len(state.from_app()) == 3)
        calls = (await here.slack.calls())["calls"]
        sent = [call for call in calls if call["name"] == POST]
        assert len(sent) >= 5


async def _written_down(here: World) -> None:
    """Returns when nothing is open any more, a look-up included."""
    async with asyncio.timeout(15):
        while True:
            async with here.buddy.units.database.read() as tx:
                if not len(await tx.deliveries.all(tx.deliveries.table.c.due_at.is_not(None))):
                    return
            await asyncio.sleep(0.05)


def _asking(messages: list[dict[str, object]]) -> list[dict[str, object]]:
    return [message for message in messages if "how did it go?" in text_of(message)]


async def _commit(here: World) -> None:
    await here.maya.command("/commit", "Finish the report")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit()
    await here.maya.sees("Noted")
    await here.settle()


async def test_what_slack_took_and_nobody_wrote_down_is_found_again(sqlite_url: str) -> None:
    """The process died, or its database was gone, between Slack's answer and our record."""
    async with world(sqlite_url) as here:
        await here.maya.say("thanks")
        await here.maya.sees(THANKS)
        await here.settle()
        units = here.buddy.units
        async with units.begin() as work:
            [row] = [row for row in await work.tx.deliveries.all() if row.says is Says.PHRASE]
            lapsed = units.clock.machine_now() - timedelta(seconds=1)
            unrecorded = {"state": DeliveryState.CLAIMED, "due_at": work.now, "ts": None}
            await work.tx.deliveries.change(row.id, **unrecorded, claimed_by=units.owner, claimed_until=lapsed)
        await here.settle()
        assert len(_saying(await here.maya.messages(), THANKS)) == 1
        again = await _row(here, row)
        assert (again.state, again.ts) == (DeliveryState.SENT, row.ts)


async def test_what_cannot_be_rendered_holds_nothing_up(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = await _maya(here)
        async with here.buddy.units.begin() as work:
            await work.say(maya, Says.COMMITTED, {"commitment": "no number"})
            await work.phrase(maya, "any_time")
            broken, _ = work.born
        await here.maya.sees(THANKS)
        assert (await _row(here, broken)).state is DeliveryState.FAILED


async def test_a_lane_goes_on_when_what_it_waited_for_is_over(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = await _maya(here)
        await here.slack.fault(POST, "http_500", 50)
        async with here.buddy.units.begin() as work:
            await work.phrase(maya, "erased")
            [first] = work.born
        await here.buddy.outbox.idle()
        async with here.buddy.units.begin() as work:
            await work.phrase(maya, "any_time")
        await here.buddy.outbox.idle()
        assert not _saying(await here.maya.messages(), THANKS), "it waits its turn"
        await here.slack.clear_faults()
        async with here.buddy.units.begin() as work:
            await work.tx.deliveries.close(first, DeliveryState.DROPPED, work.now)
        await here.maya.sees(THANKS)


async def test_a_message_is_said_once_even_when_what_follows_fails(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = await _maya(here)
        await here.slack.fault(POST, "slow", 1, seconds=0.5)
        async with here.buddy.units.begin() as work:
            values = {"state": "draft", "created_at": work.now, "text": "Shipped it"}
            win = await work.tx.wins.add(workspace_id=maya.workspace_id, member_id=maya.id, **values)
            await work.say(maya, Says.WIN_PREVIEW, {"win": win.id})
            [row] = work.born
        await here.slack.wait_until(lambda: _called(here, POST), 5)
        async with here.buddy.units.database.write() as tx:
            await tx.wins.remove(tx.wins.table.c.id == win.id)
        await here.maya.sees("Shipped it")
        await here.settle()
        assert (await _row(here, row)).state is DeliveryState.SENT
        assert len(_saying(await here.maya.messages(), "Shipped it")) == 1


async def test_of_many_refreshes_of_home_the_last_will_do(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = await _maya(here)
        before = await _count(here, "views.publish")
        await here.slack.fault("views.publish", "slow", 1, seconds=2)
        for _ in range(6):
            async with here.buddy.units.begin() as work:
                await work.refresh_home(maya)
        await here.settle()
        assert await _count(here, "views.publish") - before <= 2


async def test_a_message_that_is_gone_needs_no_change(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = await _maya(here)
        async with here.buddy.units.begin() as work:
            await work.say(maya, Says.PHRASE, {"phrase": "erased", "ts": "1700000000.000100"}, method=Method.UPDATE)
            await work.phrase(maya, "any_time")
            gone, _ = work.born
        await here.maya.sees(THANKS)
        row = await _row(here, gone)
        assert (row.state, row.error) == (DeliveryState.DROPPED, "message_not_found")


async def test_what_has_not_begun_when_we_stop_is_sent_at_the_next_start(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = await _maya(here)
        await here.slack.fault(POST, "slow", 1, seconds=0.5)
        async with here.buddy.units.begin() as work:
            await work.phrase(maya, "erased")
            await work.phrase(maya, "any_time")
            _, second = work.born
        await here.slack.wait_until(lambda: _called(here, POST), 5)
        await here.buddy.stop()
        await here.start()
        await here.maya.sees(THANKS)
        assert (await _row(here, second)).attempts == 0, "it was never tried, so that nobody had to look for it"
        assert len(_saying(await here.maya.messages(), "Forgotten.")) == 1


async def test_a_check_in_on_its_way_is_not_sent_into_a_pause(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await _commit(here)
        await here.slack.fault(POST, "ratelimited", 1, retry_after=1)
        await here.move_to("2027-01-05T10:00")
        await here.maya.command("/buddy", "pause until friday")
        await here.maya.say("thanks")
        await here.maya.sees(THANKS)
        assert not _asking(await here.maya.messages())


async def test_a_check_in_that_was_held_up_past_its_day_is_not_sent_but_told(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await _commit(here)
        await here.slack.fault(POST, "http_500", 50)
        await here.move_to("2027-01-05T10:00")
        await here.buddy.stop()
        await here.slack.clear_faults()
        await here.slack.move_to("2027-01-07T12:00")
        await here.start()
        await here.move_to("2027-01-08T10:00")
        await here.maya.sees("how did it go?")
        [asked] = _asking(await here.maya.messages())
        assert "I was away at the agreed time" in text_of(asked)


async def _maya(here: World) -> Member:
    """Known since she asked for help."""
    await here.maya.command("/buddy", "help")
    await here.settle()
    async with here.buddy.units.database.read() as tx:
        [maya] = await tx.members.all()
    return maya


async def _row(here: World, row: Delivery) -> Delivery:
    async with here.buddy.units.database.read() as tx:
        return await tx.deliveries.get(row.id)


async def _count(here: World, method: str) -> int:
    return len([call for call in (await here.slack.calls())["calls"] if call["name"] == method])


async def _called(here: World, method: str) -> bool | None:
    return await _count(here, method) > 0 or None


def _saying(messages: list[dict[str, object]], part: str) -> list[dict[str, object]]:
    return [message for message in messages if part in text_of(message)]
