"""/buddy, Home, the list, rules, days, pause, stop: as people live them, in the whole product over Socket Mode."""

import html
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml

from bot.rendering.home import INVITATION
from bot.storage import tables
from handlers.buddy import ROUTES
from playground.client import State, text_of
from playground.workspace import WINS
from tests.world import World, world


@pytest.fixture
async def here(sqlite_url: str) -> AsyncIterator[World]:
    """Afterwards nothing was refused and nothing left without an ack."""
    async with world(sqlite_url) as made:
        yield made
        await made.settle()
        calls = await made.slack.calls()
        assert calls["refused"] == []
        assert calls["unacked"] == []


async def commit(here: World, text: str, **values: Any) -> None:
    await here.maya.command("/buddy", f"commit {text}")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit(values or None)
    await here.maya.sees("Noted: ")
    await here.settle()


async def home(here: World) -> str:
    """What she sees when she opens it."""
    await here.maya.home()
    await here.settle()
    return text_of(await here.maya.home_view() or {})


async def modal(here: World, title: str) -> str:
    """What the modal of that title shows, once it is on top."""

    def shown(state: State) -> str | None:
        return text_of(state.modal) if state.modal and state.modal["title"]["text"] == title else None

    return await here.maya.wait_for(shown)


async def top_shows(here: World, part: str) -> str:
    """All of the one modal that is open, once it shows `part`."""

    def shown(state: State) -> str | None:
        text = text_of(state.modal or {})
        return text if part in text else None

    return await here.maya.wait_for(shown)


async def close(here: World) -> None:
    await here.maya.act("close", view_id=((await here.maya.state()).modal or {})["id"])
    await closed(here)


async def closed(here: World) -> None:
    await here.maya.wait_for(lambda state: not state.modals)
    await here.settle()


async def whispered(here: World) -> str:
    return text_of((await here.maya.ephemerals())[-1])


# /buddy


async def test_help_and_near_misses(here: World) -> None:
    await here.maya.command("/buddy", "")
    assert "`/buddy commit [what, by when]`" in await whispered(here)
    await here.maya.command("/buddy", "comit something")
    assert "Did you mean `/buddy commit`?" in await whispered(here)


async def test_every_word_of_the_help_is_answered(here: World) -> None:
    titles = {
        "commit": "A commitment",
        "list": "Your list",
        "days": "Check-in days",
        "rules": "Ground rules",
        "off": "Time off",
        "pause": "Pause",
        "privacy": "Privacy",
        "stop": "Stop",
        "settings": "Settings",
    }
    assert set(titles) | {"checkin", "win", "rough", "resume", "export", "help"} == set(ROUTES)
    for name, title in titles.items():
        await here.maya.command("/buddy", name.upper())
        await modal(here, title)
        await close(here)


# Home


async def test_the_first_visit_keeps_nothing_and_starts_no_conversation(here: World) -> None:
    await here.maya.home()
    await here.maya.wait_for(lambda state: state.home)
    assert INVITATION in await home(here)
    assert (await here.maya.state()).from_app() == []
    async with here.buddy.units.database.read() as tx:
        assert await tx.members.count() == 0
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


# The list


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


# Days


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


# Quiet


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


# Leaving


async def everything_about(here: World, slack_id: str) -> list[str]:
    """Tables with a row that names someone."""
    async with here.buddy.units.database.read() as tx:
        return [
            table.name
            for table in tables.metadata.sorted_tables
            for row in await tx.connection.execute(table.select())
            if slack_id in str(row)
        ]


async def test_the_export_comes_as_a_file(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.command("/buddy", "export")
    await here.settle()
    message = await here.maya.wait_for(lambda state: next((one for one in state.from_app() if one.get("files")), None))
    file = here.playground.workspace.files[message["files"][0]["id"]]
    assert yaml.safe_load(file.data)["commitments"][0]["text"] == "Finish the report"


async def test_without_the_scope_for_files_the_export_comes_in_messages(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        backend = here.playground.backend
        backend.app = replace(backend.app, scopes=backend.app.scopes - {"files:write"})
        for _ in range(12):
            await commit(here, "Finish ```<!channel>``` " + "a long report " * 30)
        await here.maya.command("/buddy", "export")
        await here.settle()
        said = [text_of(message) for message in await here.maya.messages()]
        parts = [text.removeprefix("```").removesuffix("```") for text in said if text.startswith("```")]
        assert len(parts) > 1
        assert len(yaml.safe_load(html.unescape("".join(parts)))["commitments"]) == 12


async def test_stop_is_one_confirmation_and_silence(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.command("/buddy", "stop")
    await modal(here, "Stop")
    before = len((await here.maya.state()).from_app())
    await here.maya.submit()
    shown = await modal(here, "Stopped")
    assert "Export my data" in shown
    assert "Delete everything" in shown
    for moment in ("2027-01-05T12:00", "2027-01-08T12:00"):
        await here.move_to(moment)
    assert len((await here.maya.state()).from_app()) == before
    assert "Start again" in await home(here)
    await close(here)
    await here.maya.click("Start again", where="home")
    assert "“Finish the report”" in await home(here)
    await here.move_to("2027-01-12T10:00")
    await here.maya.sees("how did it go?")


async def test_deleting_everything_leaves_last_words_and_nothing_else(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.command("/win", "Called her")
    await here.maya.sees("Called her")
    await here.maya.click("Share with the team")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit({"Where do shared wins go?": WINS})
    await here.maya.wait_for(lambda state: state.says("Called her", "#wins"))
    await here.settle()
    await here.maya.command("/buddy", "stop")
    await modal(here, "Stop")
    await here.maya.submit()
    await modal(here, "Stopped")
    await here.maya.click("Delete everything", where="modal")
    assert "Everything is deleted." in await modal(here, "Deleted")
    await here.maya.sees("Everything is deleted.")
    await here.settle()
    assert (await here.jonas.state()).says("Called her", "#wins") is None
    assert await everything_about(here, here.maya.user) == []
    assert INVITATION in await home(here)
    said = len((await here.maya.state()).from_app())
    for moment in ("2027-01-05T12:00", "2027-01-08T12:00"):
        await here.move_to(moment)
    assert len((await here.maya.state()).from_app()) == said

    # An old button is no reason to keep something about her again.
    await close(here)
    await here.maya.click("On it")
    await here.maya.sees("That one isn't there any more")
    await here.settle()
    assert await everything_about(here, here.maya.user) == []


async def test_after_deletion_a_commitment_is_the_first_one_again(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.command("/buddy", "privacy")
    await modal(here, "Privacy")
    await here.maya.click("Delete everything", where="modal")
    await modal(here, "Deleted")
    await here.settle()
    await close(here)
    await here.maya.command("/commit", "Something else")
    assert "asked gently" in await modal(here, "A commitment")
    await here.maya.submit()
    await here.maya.sees("Noted: “Something else”")


async def test_a_buddy_without_its_workspace_forgets_the_token(here: World) -> None:
    await commit(here, "Finish the report")
    await here.maya.act("uninstall")
    await here.slack.settle()
    async with here.buddy.units.database.read() as tx:
        (workspace,) = await tx.workspaces.all()
        assert workspace.bot_token is None
        assert workspace.uninstalled_at is not None
        assert workspace.uninstalled_at.date() == date(2027, 1, 4)
