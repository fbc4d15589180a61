"""People who change their minds, and have bad luck with the network or with time."""

import asyncio

import pytest

from bot.domain.sittings import SittingStatus
from playground.client import text_of
from tests.hostile.invariants import nobody_else_sees
from tests.journeys.steps import POST, TUESDAY, UPDATE, check_in, commit, now, twice
from tests.world import World

# Changing one's mind


async def test_restart_in_mid_conversation(here: World) -> None:
    maya = here.maya
    noted = await commit(here, "Finish the report")
    await maya.click("Weighing it up", in_message=noted)
    await maya.sees("1 of 3")
    await here.restart()
    await maya.say("My son")
    await maya.sees("2 of 3")
    await here.buddy.stop()
    await asyncio.gather(maya.say("Clients like it"))
    await here.slack.settle()
    await here.start()
    await maya.say("I look keen")
    await maya.wait_for(lambda state: state.says("3 of 3") or state.says("2 of 3"))
    await here.settle()
    await here.slack.request("DELETE", "/control/calls")  # nobody was there to ack


async def test_two_people_interleaved(here: World) -> None:
    for person, words in ((here.maya, "Mayas Sache"), (here.priya, "Priyas thing")):
        noted = await commit(here, words, by=person)
        await person.click("Weighing it up", in_message=noted)
        await person.sees("1 of 3")
    for number in (1, 2, 3):
        await asyncio.gather(here.maya.say(f"Mayas Grund {number}"), here.priya.say(f"Priyas reason {number}"))
        await here.settle()
    async with here.buddy.units.database.read() as tx:
        kept = [(row.member_id, row.text) for row in await tx.answers.all() if row.text]
    assert len({member for member, text in kept if text.startswith("Mayas")}) == 1
    assert len([text for _, text in kept if text.startswith("Mayas Grund")]) == 3
    assert len([text for _, text in kept if text.startswith("Priyas reason")]) == 3
    await nobody_else_sees(here, "Mayas", here.maya)
    await nobody_else_sees(here, "Priyas", here.priya)


async def test_answers_edited_and_deleted(here: World) -> None:
    maya = here.maya
    noted = await commit(here, "Finish the report")
    await maya.click("Weighing it up", in_message=noted)
    await maya.sees("1 of 3")
    first = await maya.say("My son")
    await maya.sees("2 of 3")
    second = await maya.say("Clients like it")
    await maya.sees("3 of 3")
    await maya.edit(first, "My daughter")
    await here.settle()
    await maya.delete(second)
    offer = await maya.sees("Shall I forget it too?")
    await twice(here, maya, "Erase", offer)
    async with here.buddy.units.database.read() as tx:
        kept = {row.text for row in await tx.answers.all() if row.text}
        (running,) = [one for one in await tx.conversations.all() if one.status is SittingStatus.ASKING]
    assert "My daughter" in kept
    assert not kept & {"My son", "Clients like it"}
    assert running.member_id
    await maya.delete(first)
    await here.settle()
    await maya.click("Keep")
    await maya.say("Phone in the hall")
    await here.settle()


async def test_the_note_of_a_check_in_edited_and_deleted(here: World) -> None:
    maya = here.maya
    asked = await check_in(here, maya)
    ts = await maya.say("Half of it is there")
    await here.settle()
    await maya.edit(ts, "Two thirds are there")
    await here.settle()
    assert "Two thirds are there" in text_of(await now(maya, asked))
    await maya.delete(ts)
    await here.settle()
    await maya.click("Erase")
    await here.settle()
    assert "thirds" not in text_of(await now(maya, asked))


# Bad luck


@pytest.mark.parametrize(("kind", "more"), [("ratelimited", {"retry_after": 1}), ("http_500", {})])
async def test_a_click_while_slack_has_trouble(here: World, kind: str, more: dict[str, float]) -> None:
    maya = here.maya
    asked = await check_in(here, maya)
    for method in (POST, UPDATE, "views.publish"):
        await here.slack.fault(method, kind, 1, **more)
    await maya.click("Moving", in_message=asked)
    await maya.wait_for(lambda state: state.says("only you"))
    await maya.wait_for(lambda state: "*Moving*" in str(state.messages()))
    await maya.say("Write the last page")
    await maya.sees("Write the last page")


async def test_a_direct_message_that_slack_put_another_in_place_of(here: World) -> None:
    maya = here.maya
    await commit(here)
    async with here.buddy.units.database.write() as tx:
        (member,) = [one for one in await tx.members.all() if one.channel_id]
        await tx.members.change(member.id, channel_id="DBEFORE01")
    await here.move_to(TUESDAY)
    asked = await maya.sees("how did it go?", seconds=20)
    await maya.click("Moving", in_message=asked)
    await maya.sees("only you", seconds=20)
    assert [one["ts"] for one in await maya.messages() if "how did it go?" in text_of(one)] == [asked["ts"]]
    await here.slack.request("DELETE", "/control/calls")  # one found nobody there


@pytest.mark.parametrize("kind", ["drop_connection", "ratelimited", "http_500"])
async def test_the_first_act_of_someone_while_slack_tells_nothing_about_them(here: World, kind: str) -> None:
    await here.slack.fault("users.info", kind, 3)
    await here.priya.command("/commit", "Finish the report")
    await here.priya.wait_for(lambda state: state.modal)
    await here.priya.submit()
    await here.priya.sees("Noted")
    await here.jonas.say("hello")
    await here.jonas.wait_for(lambda state: state.from_app())
    await here.maya.home()
    await here.maya.wait_for(lambda state: state.home)
    await here.settle()
    await here.slack.clear_faults()
    await here.priya.say("thanks")
    await here.priya.sees("Any time.")


async def test_the_clock_moved_backwards(here: World) -> None:
    maya = here.maya
    asked = await check_in(here, maya)
    await maya.click("Moving", in_message=asked)
    await maya.sees("only you")
    before = [one["ts"] for one in await maya.messages() if "how did it go?" in text_of(one)]
    await here.move_to("2027-01-04T09:00")
    await maya.say("Write the last page")
    await here.settle()
    await here.move_to(TUESDAY)
    await here.settle()
    again = [one["ts"] for one in await maya.messages() if "how did it go?" in text_of(one)]
    assert set(again) <= set(before), "it was asked already"
    await here.move_to("2027-01-08T10:00")
    assert len([one for one in await maya.messages() if "how did it go?" in text_of(one)]) == 1


@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu", "Pacific/Pago_Pago", "Europe/London"]
)
async def test_check_ins_come_at_ten_where_people_are(here: World, zone: str) -> None:
    await here.priya.profile(tz=zone)
    await commit(here, "Finish the report", by=here.priya)
    await here.slack.move_to("2027-01-05T09:59", here.priya.user)
    await here.settle()
    assert not (await here.priya.state()).says("how did it go?")
    await here.slack.move_to("2027-01-05T10:00", here.priya.user)
    asked = await here.priya.sees("how did it go?")
    await twice(here, here.priya, "Done", asked)
    await nobody_else_sees(here, "Finish the report", here.priya)
