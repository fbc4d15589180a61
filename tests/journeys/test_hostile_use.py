"""People who click twice, click what is old, and type too much."""

import asyncio
from typing import Any

import pytest

from playground.client import Person, text_of
from playground.workspace import WINS
from tests.hostile.invariants import (
    buttons,
    click_as_seen,
    people,
)
from tests.journeys.steps import TUESDAY, Json, check_in, commit, now, twice
from tests.world import World

NASTY = '<!channel> <@UJONAS001> <!here|x> *bold* _it_ ~no~ `code` > 😀 &lt;&amp; “q” "q" {next_check_in} %s \\n'
LONG = "Wort " * 1000


# Two clicks at once


@pytest.mark.parametrize(
    ("label", "asks", "posted"),
    [("Done", "Done ✓", 1), ("Moving", "Moving", 1), ("Not yet", "Thanks for saying so.", 0)],
)
async def test_each_answer_twice_is_one_answer(here: World, label: str, asks: str, posted: int) -> None:
    asked = await check_in(here, here.maya)
    assert len(await twice(here, here.maya, label, asked)) == posted
    assert asks in text_of(await now(here.maya, asked))


async def test_all_moving_twice(here: World) -> None:
    asked = await check_in(here, here.maya, "One", "Two", "Three")
    assert len(await twice(here, here.maya, "All moving", asked)) == 1
    assert text_of(await now(here.maya, asked)).count("*Moving*") == 3


async def test_two_answers_at_once_leave_one(here: World) -> None:
    maya = here.maya
    asked = await check_in(here, maya)
    await asyncio.gather(maya.click("Done", in_message=asked), maya.click("Not yet", in_message=asked))
    await here.settle()
    shown = text_of(await now(maya, asked))
    assert ("Done ✓" in shown) != ("Not yet" in shown)


async def test_every_button_of_a_conversation_twice(here: World) -> None:
    maya = here.maya
    noted = await commit(here, "Finish the report")
    (question,) = await twice(here, maya, "Weighing it up", noted)
    assert "1 of 3" in question
    (question,) = await twice(here, maya, "Skip", (await maya.messages())[-1])
    assert "2 of 3" in question
    await twice(here, maya, "Later", (await maya.messages())[-1])
    assert not [one for one in buttons((await maya.messages())[-1]) if one.element["text"]["text"] == "Later"]
    await here.move_to(TUESDAY)
    asked = await maya.sees("how did it go?")
    await twice(here, maya, "Not yet", asked)
    await twice(here, maya, "Look at it", await now(maya, asked))
    questions = [one for one in await maya.messages() if "of 3" in text_of(one) and buttons(one)]
    assert len(questions) <= 1


async def test_share_and_cheer_twice(here: World) -> None:
    maya = here.maya
    await maya.command("/win", "Shipped it")
    preview = await maya.sees("it looks like this")
    await twice(here, maya, "Share with the team", preview)
    while await maya.modal():
        await maya.submit({"Where do shared wins go?": WINS})
        await here.settle()
    await here.settle()
    (post,) = [one for one in await here.jonas.messages(WINS) if "Shipped it" in text_of(one)]
    await twice(here, here.jonas, "👏", post)
    seen = await now(here.priya, post, WINS)
    await asyncio.gather(*(here.priya.click(kind, in_message=seen) for kind in ("🎉", "💪")))
    await here.settle()
    shown = text_of(await now(here.jonas, post, WINS))
    assert "👏 1" in shown
    assert shown.count(" 1") == 2, "two people, whatever they clicked"
    assert await here.jonas.messages() == []
    await twice(here, maya, "Take back", await maya.sees("Shared in"))
    assert not [one for one in await here.jonas.messages(WINS) if "Shipped it" in text_of(one)]


async def test_a_modal_put_on_another_twice(here: World) -> None:
    maya = here.maya
    await commit(here, "Finish the report")
    await maya.command("/buddy", "rules")
    rules = await maya.wait_for(lambda state: state.modal)
    (days,) = [one for one in buttons(rules) if one.element["text"]["text"] == "Days"]
    finger = {"user": maya.user, "container": days.container, "action_id": days.element["action_id"]}
    await asyncio.gather(*(here.slack.request("POST", "/control/act/click", finger) for _ in range(2)))
    await maya.wait_for(lambda state: len(state.modals) > 1)
    await here.settle()
    assert len((await maya.state()).modals) == 2


async def test_a_form_saved_twice_at_once(here: World) -> None:
    await here.maya.command("/commit", "Finish the report")
    await here.maya.wait_for(lambda state: state.modal)
    await asyncio.gather(*(here.maya.submit() for _ in range(2)), return_exceptions=True)
    await here.settle()
    assert len([one for one in await here.maya.messages() if "Noted" in text_of(one)]) == 1


# What is old


async def test_every_button_ever_shown_clicked_when_all_is_over(here: World) -> None:
    """The harvest of a whole week, clicked in the order it was seen, and then backwards."""
    maya = here.maya
    seen: dict[str, tuple[Json, Any]] = {}

    async def harvest() -> None:
        await here.settle()
        for message in (await maya.state()).from_app():
            for control in buttons(message):
                seen.setdefault(f"{message['ts']} {control.element['action_id']}", (message, control))

    noted = await commit(here, "Finish the report")
    await harvest()
    await maya.click("Weighing it up", in_message=noted)
    await harvest()
    for words in ("My son", "Clients", "Phone in the hall"):
        await maya.say(words)
        await harvest()
    await maya.command("/win", "Shipped it")
    await maya.sees("it looks like this")
    await harvest()
    for moment, answer in ((TUESDAY, "Not yet"), ("2027-01-08T10:00", "Moving"), ("2027-01-12T10:00", "Done")):
        await here.move_to(moment)
        await harvest()
        await maya.click(answer, in_message=await maya.sees("how did it go?"))
        await harvest()
    for message, control in [*seen.values(), *reversed(seen.values())]:
        await click_as_seen(here, maya, message, control)
    await here.settle()
    for person in (here.jonas, here.priya):
        assert await person.messages() == []


async def test_buttons_of_what_was_let_go(here: World) -> None:
    maya = here.maya
    noted = await commit(here, "Finish the report")
    await maya.command("/buddy", "list")
    await maya.wait_for(lambda state: state.modal)
    await maya.click("Let go")
    await here.settle()
    await maya.close(everything=True)
    for control in buttons(noted):
        await click_as_seen(here, maya, noted, control)
        await here.settle()
    await here.move_to(TUESDAY)
    assert not [one for one in await maya.messages() if "how did it go?" in text_of(one)]


async def test_buttons_after_everything_was_deleted(here: World) -> None:
    maya = here.maya
    noted = await commit(here, "Finish the report")
    await maya.command("/buddy", "stop")
    await maya.wait_for(lambda state: state.modal)
    await maya.submit()
    await maya.wait_for(lambda state: "Delete" in text_of(state.modal))
    await maya.click("Delete everything")
    await here.settle()
    before = len(await maya.messages())
    for control in buttons(noted):
        await click_as_seen(here, maya, noted, control)
    await here.settle()
    await here.move_to("2027-01-12T10:00")
    assert len(await maya.messages()) <= before + len(buttons(noted)), "an answer to each click, then silence"
    async with here.buddy.units.database.read() as tx:
        assert await tx.commitments.all() == []


# Too much, and nasty


async def test_three_thousand_characters_after_a_command(here: World) -> None:
    text = LONG[:3000].strip()
    await here.maya.command("/commit", text)
    modal = await here.maya.wait_for(lambda state: state.modal)
    assert text in str(modal["blocks"])
    answer = await here.maya.submit()
    assert "over" in str(answer["errors"])
    assert text in str((await here.maya.modal() or {})["state"])
    await here.maya.command("/buddy", LONG[:3000])
    await here.maya.command("/checkin", LONG[:3000])


async def test_five_thousand_characters_as_every_answer(here: World) -> None:
    maya = here.maya
    noted = await commit(here, "Finish the report")
    await maya.click("Weighing it up", in_message=noted)
    for number in (1, 2, 3):
        await maya.sees(f"{number} of 3")
        await maya.say(f"{number} {LONG}")
        await here.settle()
    async with here.buddy.units.database.read() as tx:
        kept = [row.text for row in await tx.answers.all() if row.text]
    assert sorted(text[0] for text in kept) == ["1", "2", "3"]
    assert all(len(text) > 4990 for text in kept), "nothing is lost"
    await use_everything(here, maya)
    await here.move_to(TUESDAY)
    asked = await maya.sees("how did it go?")
    await maya.say(LONG)
    await here.settle()
    await maya.click("Not yet", in_message=await now(maya, asked))
    await here.settle()
    await maya.click("Look at it", in_message=await now(maya, asked))
    await here.settle()
    for _ in range(3):
        await maya.say(LONG)
        await here.settle()
    await use_everything(here, maya)
    await maya.command("/buddy", "export")
    await here.settle()


async def use_everything(here: World, person: Person) -> None:
    """Home, the list, and each modal that the newest messages open."""
    await person.home()
    await here.settle()
    for command in ("list", "rules", "days", "settings", "help"):
        await person.command("/buddy", command)
        await here.settle()
        if await person.modal():
            await person.close(everything=True)
    for message in [one for one in await person.messages() if one["is_app"]][-4:]:
        for control in buttons(message):
            if control.element["text"]["text"] in {"Change", "Edit", "Remind me why"}:
                await click_as_seen(here, person, message, control)
                await here.settle()
                if await person.modal():
                    await person.submit(may_fail=True)
                    await here.settle()
                if await person.modal():
                    await person.close(everything=True)


def parsed(item: Any) -> list[str]:
    """The texts in which Slack would find mentions."""
    if isinstance(item, list):
        return [text for one in item for text in parsed(one)]
    if not isinstance(item, dict):
        return []
    own = [item["text"]] if item.get("type") in {"mrkdwn", "message"} else []
    return [*own, *(text for inner in item.values() for text in parsed(inner))]


async def test_nasty_words_everywhere(here: World) -> None:
    maya = here.maya
    await commit(here, NASTY)
    noted = await maya.sees("Where are you with it?")
    await maya.click("Weighing it up", in_message=noted)
    for _ in range(3):
        await maya.say(NASTY)
        await here.settle()
    await use_everything(here, maya)
    await here.move_to(TUESDAY)
    asked = await maya.sees("how did it go?")
    await maya.say(NASTY)
    await here.settle()
    await maya.click("Done", in_message=await now(maya, asked))
    await here.settle()
    await maya.command("/win", NASTY)
    await here.settle()
    said = str([parsed(one) for one in (await maya.state()).from_app()])
    for pings in ("<!channel>", "<!here", "<@UJONAS001>"):
        assert pings not in said
    assert ":grinning:" in said
    assert "in}" in said, "what they typed is not ours to fill in"
    for person in people(here)[1:]:
        assert "bold" not in str((await person.state()).body)


@pytest.mark.parametrize(
    "text", ["*", "_", "~~~", "`" * 300, "&" * 150, "\u202eflip", "\u200b", "👩‍👩‍👧‍👦" * 20, "<>" * 75, "a\nb\n\nc"]
)
async def test_odd_words_are_said_back(here: World, text: str) -> None:
    answer = await here.maya.command("/commit", text)
    assert answer["ok"]
    await here.maya.wait_for(lambda state: state.modal)
    saved = await here.maya.submit(may_fail=True)
    if saved["ok"]:
        await here.maya.sees("Noted")
    await here.maya.say(text)
    await here.maya.home()
