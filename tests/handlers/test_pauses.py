"""Pauses as people live them, in the whole product over Socket Mode."""

import pytest

from playground.client import text_of
from tests.handlers.steps import closed, commit, home, modal, whispered
from tests.world import World


async def test_a_pause_typed_with_a_date(here: World) -> None:
    await commit(here, "Finish the report")
    before = len((await here.maya.state()).from_app())
    await here.maya.command("/buddy", "pause until 13 January")
    assert "Quiet until" in await whispered(here)
    assert "Quiet until" in await home(here)
    for moment in ("2027-01-05T12:00", "2027-01-08T12:00", "2027-01-12T12:00", "2027-01-13T12:00"):
        await here.move_to(moment)
    ephemeral = 1
    assert len((await here.maya.state()).from_app()) == before + ephemeral
    assert "Quiet" not in await home(here)
    await here.move_to("2027-01-15T10:00")
    asked = await here.maya.sees("how did it go?")
    assert text_of(asked).startswith("*“Finish the report”*: how did it go?")


async def test_a_pause_is_ended_where_it_was_typed(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.command("/buddy", "pause until 13 January")
    before = [one["ts"] for one in await here.maya.messages()]
    await here.maya.click("Resume", in_message=(await here.maya.ephemerals())[-1])
    await here.maya.wait_for(lambda state: "Not paused. The next" in text_of(state.ephemerals()[-1]) or None)
    await here.settle()
    assert "Resume" not in await whispered(here)
    assert [one["ts"] for one in await here.maya.messages()] == before, "it is said once"


async def test_a_pause_that_is_not_understood_asks_for_a_day_and_loses_nothing(here: World) -> None:
    await here.maya.command("/buddy", "pause until the cows come home")
    assert "the cows come home" in await modal(here, "Pause")
    await here.maya.submit()
    await closed(here)
    await here.maya.command("/buddy", "resume")
    assert "Not paused." in await whispered(here)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("yesterday", "“yesterday” is over. Pick a later day."),
        ("1 January 2026", "“1 January 2026” is over. Pick a later day."),
        ("today", "“today” has begun. Pick a later day."),
        ("someday", "I couldn't read “someday” as a date."),
    ],
)
async def test_a_pause_until_no_later_day_says_what_is_the_matter(here: World, typed: str, said: str) -> None:
    await here.maya.command("/buddy", f"pause until {typed}")
    assert said in await modal(here, "Pause")
    await here.maya.close()


async def test_resume_under_an_older_pause_is_seen_under_the_newer_one(here: World) -> None:
    await commit(here, "Finish the report")
    for day in ("2027-01-13", "2027-01-20"):
        await here.maya.command("/buddy", "pause")
        await modal(here, "Pause")
        await here.maya.submit({"Until": day})
        await closed(here)
        await here.settle()
    older = await here.maya.sees("Quiet until Wednesday 13 January.")
    await here.maya.click("Resume", in_message=older)
    await here.settle()
    assert (await here.maya.state()).says("Quiet until") is None


async def test_a_pause_from_the_modal_is_said_once_with_the_way_back(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.command("/buddy", "pause")
    await modal(here, "Pause")
    await here.maya.submit({"Until": "2027-01-13"})
    await closed(here)
    said = await here.maya.sees("Quiet until Wednesday 13 January.")
    await here.maya.click("Resume", in_message=said)
    await here.maya.sees("Not paused. The next check-in:")
    await here.settle()
    assert (await here.maya.state()).says("Quiet until") is None
    assert "Quiet until" not in await home(here)


async def test_a_pause_from_home_shows_there_and_is_not_said(here: World) -> None:
    await commit(here, "Finish the report")
    await home(here)
    before = len((await here.maya.state()).from_app())
    await here.maya.click("pause.open", where="home")
    await modal(here, "Pause")
    await here.maya.submit({"Until": "2027-01-13"})
    await closed(here)
    assert "Quiet until Wednesday 13 January." in await home(here)
    await here.maya.click("Revise", where="home")
    await modal(here, "Change")
    await here.maya.click("Pause", where="modal")
    await modal(here, "Pause")
    await here.maya.submit({"Until": "2027-01-13"})
    await here.settle()
    assert len((await here.maya.state()).from_app()) == before, "nor is one commitment's pause"
