"""Conversations as people live them, in the whole product over Socket Mode."""

import asyncio
from typing import Any

from playground.client import text_of
from tests.world import World

SON = "My son has dinner with the back of my laptop"
HALL = "Phone in the hall, Thursday"


async def commit(here: World, text: str = "stop answering email after 7") -> None:
    await here.maya.command("/commit", text)
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit()
    await here.maya.sees("Where are you with it?")


async def weighing(here: World) -> dict[str, Any]:
    """The first question of the sample."""
    await commit(here)
    await here.maya.click("Weighing it up")
    return await here.maya.sees("What makes it worth thinking about?")


async def ours(here: World) -> list[dict[str, Any]]:
    await here.settle()
    return [message for message in await here.maya.messages() if message["is_app"]]


async def test_the_sample_from_the_first_click_to_the_closing_words(here: World) -> None:
    await weighing(here)
    said_back = (await ours(here))[0]
    assert "Where are you with it? *Weighing it up*" in text_of(said_back)
    await here.maya.say(SON)
    await here.maya.sees("2 of 3")
    await here.maya.say("Clients like it. I look keen")
    await here.maya.sees("3 of 3")
    await here.maya.say(HALL)
    closing = await here.maya.sees("Kept as a try, not a promise.")
    assert "I'll ask" in text_of(closing)
    messages = await ours(here)
    assert len(messages) == 5


async def test_taps_skips_and_the_menu(here: World) -> None:
    await weighing(here)
    await here.maya.click("Skip")
    await here.maya.sees("2 of 3")
    await here.maya.say("Clients like it")
    await here.maya.sees("3 of 3")
    await here.maya.click("That wasn't an answer")
    await here.maya.wait_for(lambda state: "2 of 3" in text_of(state.messages("app")[-1]))
    await here.maya.click("Back")
    await here.maya.wait_for(lambda state: "1 of 3" in text_of(state.messages("app")[-1]))
    await here.maya.click("Remind me why", in_message=(await ours(here))[-1])
    await here.maya.sees("Nothing about why is kept")
    await here.maya.click("Leave it there")
    await here.maya.sees("All right, we'll leave it here.")


async def test_as_a_form_instead_and_in_other_words_afterwards(here: World) -> None:
    await weighing(here)
    await here.maya.click("As a form instead")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit({"one_side": SON, "try_once": HALL})
    await here.maya.sees("Kept as a try, not a promise.")
    await here.maya.click("Change", in_message=(await ours(here))[-1])
    modal = await here.maya.wait_for(lambda state: state.modal)
    assert SON in str(modal)
    await here.maya.submit({"try_once": "Phone in a drawer"})
    await here.settle()
    async with here.buddy.units.database.read() as tx:
        (commitment,) = await tx.commitments.all()
    assert commitment.trying == "Phone in a drawer"


async def test_a_restart_in_the_middle_changes_nothing(here: World) -> None:
    await weighing(here)
    await here.settle()
    await here.restart()
    await here.maya.say(SON)
    await here.maya.sees("2 of 3")


async def test_edited_and_deleted_messages(here: World) -> None:
    await weighing(here)
    ts = await here.maya.say("My sun")
    await here.maya.sees("2 of 3")
    await here.maya.edit(ts, SON)
    await here.settle()
    async with here.buddy.units.database.read() as tx:
        (answer, *_) = [row for row in await tx.answers.all() if row.text]
    assert answer.text == SON
    await here.maya.delete(ts)
    await here.maya.sees("You deleted a message that I had kept.")
    await here.maya.click("Erase")
    await here.maya.sees("Forgotten.")
    async with here.buddy.units.database.read() as tx:
        assert [row for row in await tx.answers.all() if row.text] == []


async def test_a_thread_is_answered_in_the_thread(here: World) -> None:
    question = await weighing(here)
    await here.maya.say(SON, thread=question["ts"])
    await here.maya.wait_for(
        lambda state: any("2 of 3" in text_of(one) for one in state.messages("app", question["ts"]))
    )


async def test_three_quick_lines_and_what_is_meant_for_nobody(here: World) -> None:
    await weighing(here)
    for line in ("My son", "has dinner", "with my laptop"):
        await here.maya.say(line)
    await here.settle()
    await here.maya.wait_for(lambda state: any("of 3" in text_of(one) for one in state.messages("app")[3:]))
    await here.maya.click("Leave it there")
    await here.maya.sees("All right")
    await here.maya.say("thanks!")
    await here.maya.sees("Any time.")
    await here.maya.say("I wrote & sent <it>")
    reply = await here.maya.sees("That isn't kept yet, since I can't tell what it's about.")
    assert "Log a win" in str(reply)
    await here.maya.upload("slides.txt", "Some slides")
    await here.maya.sees("I can't open files")


async def test_put_off_and_offered_once_more_after_the_check_in(here: World) -> None:
    await weighing(here)
    await here.maya.say(SON)
    await here.maya.sees("2 of 3")
    await here.maya.click("Later")
    await here.maya.sees("I'll offer it once more, after your next check-in.")
    await here.move_to("2027-01-05T10:00")
    await here.maya.sees("how did it go?")
    await here.maya.click("Not yet")
    await here.maya.sees("Thanks for saying so.")
    await here.maya.click("Leave it there")
    await here.maya.sees("There's still a question")
    await here.maya.say("Go on!")
    question = await here.maya.sees("Here's where we were.")
    assert "2 of 3" in text_of(question)
    await here.settle()
    assert len((await here.maya.sees("There's still a question"))["blocks"]) == 1


async def test_a_double_click_asks_once(here: World) -> None:
    await commit(here)
    said = (await ours(here))[0]
    clicks = (here.maya.click("Weighing it up", in_message=said) for _ in range(2))
    await asyncio.gather(*clicks)
    messages = await ours(here)
    assert len([one for one in messages if "1 of 3" in text_of(one)]) == 1
