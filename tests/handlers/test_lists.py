"""The list, and changing what is on it, in the whole product over Socket Mode."""

from playground.client import text_of
from tests.handlers.steps import closed, commit, home, modal, top_shows
from tests.world import World


async def test_the_list_changes_in_place(here: World) -> None:
    for text in ("One", "Two"):
        await commit(here, text)
    await here.maya.command("/buddy", "list")
    await modal(here, "Your list")
    await here.maya.click("Let go", where="modal")
    assert "Active" in await top_shows(here, "let go on")
    await here.maya.click("Bring back", where="modal")
    await here.maya.wait_for(lambda state: "let go on" not in text_of(state.modal or {}))

    await here.maya.click("Pause", where="modal")
    await modal(here, "Pause")
    answer = await here.maya.submit({"Until": "2027-01-04"})
    assert answer["errors"] == {"until": "Pick tomorrow or a later day."}
    await here.maya.submit({"Until": "2027-01-13"})
    await top_shows(here, "paused until Wednesday 13 January")
    await here.maya.click("Resume", where="modal")
    await here.maya.wait_for(lambda state: "paused until" not in text_of(state.modal or {}))


async def test_change_from_the_message_reaches_everything_in_one_click(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.click("Change")
    await modal(here, "Change")
    await here.maya.click("Ground rules", where="modal")
    await modal(here, "Ground rules")
    await here.maya.click("Days", where="modal")
    await modal(here, "Check-in days")
    await here.maya.submit({"At what time?": "08:15"})
    await top_shows(here, "Tuesday and Friday at 8:15")
    await here.maya.submit({"How would you like to be asked?": "Direct"})
    await modal(here, "Change")
    await here.maya.click("Check-ins", where="modal", value="weekly:1")
    await top_shows(here, "Which days?")
    await here.maya.submit({"Which days?": ["Wednesday"], "What does done look like? (only you)": "Sent"})
    await closed(here)
    shown = await home(here)
    assert "asked directly" in shown
    async with here.buddy.units.database.read() as tx:
        (one,) = await tx.commitments.all()
        assert one.done_looks_like == "Sent"
        assert one.next_due_at is not None
        assert one.next_due_at.isoformat() == "2027-01-06T07:15:00+00:00"


async def test_what_was_changed_stands_where_it_was_noted(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.click("Change")
    await modal(here, "Change")
    await here.maya.submit({"What do you want to do? (only you)": "Finish half of it"})
    await here.maya.sees("Noted: “Finish half of it”.")


async def test_another_day_is_one_to_come_and_the_one_of_before_may_stay(here: World) -> None:
    await commit(here, "Finish the report by 4 January")
    await here.move_to("2027-01-05T12:00")
    await here.maya.click("Change")
    await modal(here, "Change")
    refused = await here.maya.submit({"Which day?": "2027-01-01"})
    assert refused["errors"] == {"day": "Pick today or a later day."}
    await here.maya.submit({"What do you want to do? (only you)": "\u200b\u2060"})
    assert "What do you want to do?" in await modal(here, "Change"), "nothing that could be read was typed"
    await here.maya.submit({"Which day?": "2027-01-04", "What do you want to do? (only you)": "Finish it"})
    await here.maya.sees("“Finish it”")


async def test_letting_go_from_the_change_modal_offers_the_way_back(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.click("Change")
    await modal(here, "Change")
    await here.maya.click("Let go", where="modal")
    assert "is let go" in await modal(here, "Let go")
    await here.maya.click("Bring back", where="modal")
    assert "“Finish the report”" in await modal(here, "Your list")
