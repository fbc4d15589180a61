"""Answering early, late, and otherwise than before: an answer always counts."""

from typing import Any

from playground.client import text_of
from tests.hostile.invariants import nothing_went_wrong
from tests.journeys.steps import commit
from tests.world import World, world


async def messages(here: World) -> list[dict[str, Any]]:
    return (await here.maya.state()).from_app()


async def as_now(here: World, message: dict[str, Any]) -> dict[str, Any]:
    await here.settle()
    return next(one for one in await messages(here) if one["ts"] == message["ts"])


async def test_an_answer_days_later_counts_and_weeks_later_it_can_be_another(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here)
        await here.move_to("2027-01-05T10:00")
        await here.move_to("2027-01-07T21:00")
        first = next(one for one in reversed(await messages(here)) if "how did it go?" in text_of(one))
        await here.maya.click("Moving", in_message=first)
        assert "*Moving*" in text_of(await as_now(here, first))
        # Two weeks and four check-ins later: it had been "not yet", after all.
        for day in ("08", "12", "15", "19"):
            await here.move_to(f"2027-01-{day}T10:00")
            await here.maya.click("Moving", in_message=(await messages(here))[-1])
            await here.settle()
        await here.move_to("2027-01-22T18:00")
        await here.maya.click("Change", in_message=await as_now(here, first))
        await here.settle()
        await here.maya.click("Not yet", in_message=await as_now(here, first))
        assert "*Not yet*" in text_of(await as_now(here, first))
        await nothing_went_wrong(here)


async def test_the_old_one_answered_after_the_new_one_came(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here)
        await here.move_to("2027-01-05T10:00")
        await here.move_to("2027-01-05T21:00")
        old = (await messages(here))[-1]
        await here.move_to("2027-01-08T10:00")
        new = (await messages(here))[-1]
        assert new["ts"] != old["ts"]
        await here.maya.click("Moving", in_message=await as_now(here, old))
        assert "*Moving*" in text_of(await as_now(here, old))
        assert "how did it go?" in text_of(await as_now(here, new)), "the new one is still to be answered"
        await here.maya.click("Done", in_message=await as_now(here, new))
        assert "Done ✓" in text_of(await as_now(here, new))
        # Friday's Done is taken back on Tuesday: it is asked about again.
        await here.move_to("2027-01-12T10:00")
        await here.maya.click("Change", in_message=await as_now(here, new))
        await here.settle()
        await here.maya.click("Moving", in_message=await as_now(here, new))
        await here.move_to("2027-01-15T10:00")
        assert "how did it go?" in text_of((await messages(here))[-1])
        await nothing_went_wrong(here)


async def test_answering_early_is_that_days_check_in(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here)
        await here.move_to("2027-01-05T08:30")
        await here.maya.command("/checkin")
        asked = await here.maya.sees("how did it go?")
        await here.maya.click("Moving", in_message=asked)
        await here.settle()
        before = len(await messages(here))
        await here.move_to("2027-01-05T21:00")
        assert len(await messages(here)) == before
        await here.move_to("2027-01-08T10:00")
        assert "how did it go?" in text_of((await messages(here))[-1])
        await nothing_went_wrong(here)


async def test_the_window_of_hours_and_one_reminder_at_most(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await here.maya.command("/buddy", "rules")
        await here.maya.wait_for(lambda state: state.modal)
        await here.maya.submit({"When I don't answer": "2"})
        await here.settle()
        await commit(here)
        await here.move_to("2027-01-05T10:00")
        before = len(await messages(here))
        await here.move_to("2027-01-05T11:59")
        assert len(await messages(here)) == before
        await here.move_to("2027-01-05T12:01")
        assert len(await messages(here)) == before + 1
        for hour in ("14:00", "15:00", "18:00", "22:00"):
            await here.move_to(f"2027-01-05T{hour}")
        assert len(await messages(here)) == before + 1
        # It was ignored: on Friday there is none.
        for hour in ("10:00", "12:01", "15:00", "22:00"):
            await here.move_to(f"2027-01-08T{hour}")
        assert len(await messages(here)) == before + 2
        await here.maya.home()
        await here.maya.wait_for(lambda state: "once more after 2 hours if I hear nothing" in text_of(state.home))
        await nothing_went_wrong(here)


async def test_what_is_typed_about_two_things_is_filed_where_its_member_says(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here, "Finish the report")
        await commit(here, "Call mum")
        await here.move_to("2027-01-05T10:00")
        asked = await here.maya.sees("How did it go?")
        await here.maya.say("nearly, two pages are left")
        which = await here.maya.sees("Which one is that about?")
        await here.maya.click("Finish the report", in_message=which)
        noted = await here.maya.sees("Kept as a note on “Finish the report” (only you).")
        await here.maya.click("Moving", in_message=noted)
        await here.maya.sees("“Finish the report”: *Moving*, with your note (only you).")
        assert "*Moving* · your note: “nearly, two pages are left”" in text_of(await as_now(here, asked))
        # With one line left, the words of a button are its answer.
        await here.maya.say("Not yet.")
        await here.maya.sees("“Call mum”: *Not yet*")
        await here.maya.say("hm")
        reply = await here.maya.sees("That isn't kept yet, since I can't tell what it's about.")
        await here.maya.click("Talk to a person", in_message=reply)
        await here.maya.sees("Someone you trust is a good place to begin")
        await nothing_went_wrong(here)
