"""Check-in days as people choose them, in the whole product over Socket Mode."""

from tests.handlers.steps import commit, modal, top_shows
from tests.world import World


async def test_days_preview_before_anything_is_kept(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.command("/buddy", "days")
    assert "*Next check-ins*\nTue 5 January, 10:00" in await modal(here, "Check-in days")
    await here.maya.click("Monday", where="modal")
    await top_shows(here, "*Next check-ins*\nMon 4 January, 10:00")
    for one in ("Monday", "Tuesday", "Friday"):
        await here.maya.click(one, where="modal")
    await top_shows(here, "Choose at least one day")
    async with here.buddy.units.database.read() as tx:
        assert len(await tx.agreements.all()) == 1


async def test_days_that_were_saved_are_said_in_a_line(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.command("/buddy", "days")
    await modal(here, "Check-in days")
    await here.maya.submit({"At what time?": "08:15"})
    await here.maya.sees("Kept. Check-ins Tuesday and Friday at 8:15, Berlin time.")
