"""Export, stop and deletion as people live them, in the whole product over Socket Mode."""

import html
from dataclasses import replace

import pytest
import yaml

from bot.domain.wins import WinState
from bot.rendering.home import INVITATION
from bot.storage import tables
from playground.rates import CHANNEL_BURST, Rates
from playground.workspace import WINS
from tests.handlers.steps import close, commit, home, modal
from tests.world import World, world


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
        parts = await handed_over(here)
        assert len(parts) > 1
        assert len(yaml.safe_load("".join(parts))["commitments"]) == 12


async def handed_over(here: World) -> list[str]:
    """What is in the messages that a text was cut into."""
    blocks = [block for message in await here.maya.messages() for block in message.get("blocks") or ()]
    texts = [str(block["text"]["text"]) for block in blocks if block["type"] == "section"]
    return [html.unescape(text.removeprefix("```").removesuffix("```")) for text in texts if text.startswith("```")]


async def test_what_is_too_much_at_once_for_slack_comes_in_messages_too_and_each_once(sqlite_url: str) -> None:
    """It stops after a few; the next try goes on where that one was."""
    async with world(sqlite_url) as here:
        backend = here.playground.backend
        backend.app = replace(backend.app, scopes=backend.app.scopes - {"files:write"})
        await commit(here, "Finish the report")
        async with here.buddy.units.database.write() as tx:
            [maya] = await tx.members.all()
            given = {"workspace_id": maya.workspace_id, "member_id": maya.id, "state": WinState.KEPT}
            for number in range(40):
                await tx.wins.add(**given, text=f"win {number} " + "of many " * 200 + "days", created_at=maya.joined_at)
        backend.rates = Rates()
        await here.maya.command("/buddy", "export")
        text = ""
        while "messages_of_the_last_week" not in text:
            await here.settle()
            text = "".join(await handed_over(here))
        assert [text.count(f"text: win {number} of") for number in range(40)] == [1] * 40
        assert len(await here.maya.messages()) > CHANNEL_BURST + len(("Noted", "the question", "the file"))


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


@pytest.mark.parametrize("then", ["edits", "deletes", "clicks in a modal"])
async def test_what_is_done_about_what_was_deleted_keeps_nothing_again(here: World, then: str) -> None:
    maya = here.maya
    await commit(here, "Finish the report")
    typed = await maya.say("hello")
    await maya.command("/buddy", "stop")
    await modal(here, "Stop")
    await maya.submit()
    await modal(here, "Stopped")
    await close(here)
    await home(here)
    await maya.command("/buddy", "list")
    await modal(here, "Your list")
    await maya.click("Delete everything", where="home")
    await maya.sees("Everything is deleted.")
    await here.settle()
    match then:
        case "edits":
            await maya.edit(typed, "hello there")
        case "deletes":
            await maya.delete(typed)
        case _:
            await maya.click("Pause", where="modal")
            await maya.sees("That one isn't there any more")
    await here.settle()
    assert await everything_about(here, maya.user) == []


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
