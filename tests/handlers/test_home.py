"""App Home as people use it, in the whole product over Socket Mode."""

from bot.rendering.home import INVITATION
from playground.client import text_of
from tests.handlers.steps import closed, commit, home, modal
from tests.world import World


async def test_the_first_visit_keeps_nothing_and_starts_no_conversation(here: World) -> None:
    await here.maya.home()
    await here.maya.wait_for(lambda state: state.home)
    assert INVITATION in await home(here)
    assert (await here.maya.state()).from_app() == []
    async with here.buddy.units.database.read() as tx:
        assert len(await tx.members.all()) == 0
    await here.maya.click("Make a commitment", where="home")
    await modal(here, "A commitment")


async def test_home_follows_everything_that_happens(here: World) -> None:
    await commit(here, "Finish the report")
    shown = await home(here)
    assert "“Finish the report”" in shown
    assert "Check-ins Tuesday and Friday at 10:00 (Berlin time), asked gently" in shown
    await here.maya.click("Done", where="home")
    assert "Nothing is active, so there are no check-ins." in await home(here)


async def test_a_commitment_is_revised_from_home_and_its_old_words_kept(here: World) -> None:
    await commit(here, "Finish the report")
    await home(here)
    await here.maya.click("Revise", where="home")
    await modal(here, "Change")
    await here.maya.click("By a date", where="modal")
    await here.maya.wait_for(lambda state: state.find("Which day?", "modal"))
    await here.maya.submit({"What do you want to do? (only you)": "Finish half of it", "Which day?": "2027-01-08"})
    await closed(here)
    shown = await home(here)
    assert "“Finish half of it”" in shown
    assert "by Friday 8 January" in shown
    assert "before Monday 4 January:" in shown


async def test_where_someone_is_with_it_is_one_click_from_change(here: World) -> None:
    await commit(here, "Finish the report")
    said = len((await here.maya.state()).from_app())
    where = "Where are you with it? (only you)"
    for stage in ("Weighing it up", "On it"):
        await home(here)
        await here.maya.click("Revise", where="home")
        await modal(here, "Change")
        await here.maya.submit({where: stage})
        await closed(here)
        assert stage in await home(here)
    await here.maya.click("Revise", where="home")
    await modal(here, "Change")
    await here.maya.click("By a date", where="modal")
    await here.maya.wait_for(lambda state: state.find("Which day?", "modal"))
    await here.maya.submit({"Which day?": "2027-01-08"})
    await closed(here)
    assert "On it" in await home(here)
    await here.maya.click("Revise", where="home")
    await modal(here, "Change")
    await here.maya.submit({where: "Leave it there"})
    await closed(here)
    assert "On it" not in await home(here)
    assert len((await here.maya.state()).from_app()) == said, "no conversation opens"


async def test_what_was_done_in_home_is_neither_asked_nor_reminded_of_again(here: World) -> None:
    await commit(here, "Finish the report")
    await here.move_to("2027-01-05T10:00")
    await here.maya.sees("how did it go?")
    await home(here)
    await here.maya.click("Done", where="home")
    await here.settle()
    said = len((await here.maya.state()).from_app())
    await here.move_to("2027-01-05T15:00")
    await here.move_to("2027-01-08T12:00")
    assert len((await here.maya.state()).from_app()) == said
    message = (await here.maya.state()).says("Finish the report")
    assert "Not yet" not in text_of(message or {})
