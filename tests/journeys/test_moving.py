"""Someone travels: Slack tells of another time zone, they are asked once, and nothing moves by itself."""

from typing import Any

from playground.client import text_of
from tests.hostile.invariants import nothing_went_wrong
from tests.journeys.steps import commit
from tests.world import World, world

ASKS = "You seem to be on"


async def asked(here: World) -> list[dict[str, Any]]:
    return [one for one in (await here.maya.state()).from_app() if ASKS in text_of(one)]


async def lands(here: World, zone: str) -> None:
    await here.maya.profile(tz=zone)
    await here.settle()


async def test_asked_on_the_next_free_day_and_moved(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here)
        # Tuesday, 5 January, has a check-in: the question waits until Wednesday at nine, where she is by now.
        await here.move_to("2027-01-05T12:00")
        await lands(here, "Europe/Lisbon")
        assert await asked(here) == []
        await here.move_to("2027-01-06T08:59")
        assert await asked(here) == []
        await here.move_to("2027-01-06T09:00")
        (question,) = await asked(here)
        assert "Lisbon time now. Check-ins are on Berlin time." in text_of(question)
        await here.maya.click("Move to Lisbon")
        await here.maya.sees("Check-ins are on Lisbon time now: Tuesday and Friday at 10:00.")
        before = len((await here.maya.state()).from_app())
        # Friday: at ten in Berlin, which is nine in Lisbon, nothing; an hour later the check-in.
        await here.move_to("2027-01-08T09:00")
        assert len((await here.maya.state()).from_app()) == before
        await here.move_to("2027-01-08T10:00")
        assert "how did it go?" in text_of((await here.maya.state()).from_app()[-1])
        await here.maya.click("Back to Berlin")
        await here.maya.sees("Check-ins are on Berlin time now")
        await nothing_went_wrong(here)


async def test_kept_and_never_asked_about_that_zone_again(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here)
        await lands(here, "America/New_York")
        # It is Monday, 2 in the morning in New York: asked at nine there.
        assert await asked(here) == []
        await here.slack.move_to("2027-01-04T09:00", user="UMAYA0001")
        await here.settle()
        assert len(await asked(here)) == 1
        await here.maya.click("Keep Berlin")
        await here.maya.sees("Check-ins stay on Berlin time.")
        await lands(here, "Europe/Berlin")
        await lands(here, "America/New_York")
        for day in (6, 7, 9, 10):
            await here.move_to(f"2027-01-{day:02}T12:00")
        assert await asked(here) == []
        await nothing_went_wrong(here)


async def test_back_before_it_was_asked_and_a_neighbour_with_the_same_time(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here)
        await here.move_to("2027-01-05T12:00")
        await lands(here, "Europe/Lisbon")
        await lands(here, "Europe/Berlin")
        await lands(here, "Europe/Vienna")
        for day in range(6, 11):
            await here.move_to(f"2027-01-{day:02}T12:00")
        assert await asked(here) == []
        await nothing_went_wrong(here)


async def test_with_a_check_in_every_day_it_comes_after_an_answer(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here)
        await here.maya.command("/commit", "Stretch every day")
        await here.maya.wait_for(lambda state: state.modal)
        await here.maya.submit()
        await here.maya.sees("Noted: “Stretch")
        await here.move_to("2027-01-05T10:00")
        await lands(here, "Europe/Lisbon")
        assert await asked(here) == []
        for _ in ("the report", "a day of stretching"):
            await here.maya.click("Done")
            await here.settle()
        assert len(await asked(here)) == 1
        await nothing_went_wrong(here)


async def test_whoever_switched_it_off_is_not_asked_and_strangers_leave_no_trace(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here)
        await here.maya.command("/buddy", "rules")
        rules = await here.maya.wait_for(lambda state: state.modal)
        box = next(one for one in rules["blocks"] if one["block_id"] == "messages")["element"]
        kept = [one["value"] for one in box["initial_options"] if one["value"] != "ask_about_zone"]
        await here.maya.submit({"What else the buddy may say": kept})
        await lands(here, "Europe/Lisbon")
        await here.jonas.profile(tz="Asia/Tokyo")
        for day in (6, 7):
            await here.move_to(f"2027-01-{day:02}T12:00")
        assert await asked(here) == []
        async with here.buddy.units.database.read() as tx:
            assert len(await tx.members.all()) == 1
        await nothing_went_wrong(here)
