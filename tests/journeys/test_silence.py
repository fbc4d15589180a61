"""Three check-ins without an answer, told by date, in the whole product: one message, each way on, then quiet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from playground.client import Person, text_of
from tests.journeys.steps import commit
from tests.world import World, world

CHECK_INS = ("2027-01-05", "2027-01-08", "2027-01-12")
"""Tuesday, Friday, Tuesday."""
FOURTH = "2027-01-15"
QUIET = "It's quiet here"


async def live(here: World, *days: str) -> None:
    """Morning and evening of each of these days."""
    for day in days:
        for hour in ("10:00", "23:00"):
            await here.move_to(f"{day}T{hour}")
            await here.settle()


async def messages(person: Person) -> list[dict[str, Any]]:
    return (await person.state()).from_app()


@asynccontextmanager
async def left_unanswered(sqlite_url: str, *texts: str) -> AsyncIterator[World]:
    """Friday, 15 January, after the fourth check-in's time."""
    async with world(sqlite_url) as here:
        for text in texts or ("Finish the report",):
            await commit(here, text)
        await live(here, *CHECK_INS)
        await here.move_to(f"{FOURTH}T10:00")
        await here.maya.sees(QUIET)
        yield here
        await here.settle()
        calls = await here.slack.calls()
        assert calls["refused"] == []
        assert calls["unacked"] == []


async def test_after_three_one_message_and_then_quiet_for_good(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        before = await messages(here.maya)
        assert [QUIET in text_of(one) for one in before[-2:]] == [False, True]
        assert "how did it go" not in text_of(before[-1])
        for sign in ("3", "three", "!", "days", "miss"):
            assert sign not in text_of(before[-1])
        await live(here, "2027-01-19", "2027-01-22", "2027-02-02", "2027-03-05")
        assert len(await messages(here.maya)) == len(before)


async def test_just_busy_and_it_goes_on_as_agreed(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await here.maya.click("Just busy")
        await here.maya.sees("That's fine. I'll be here on Tuesday at 10:00, as agreed.")
        await here.move_to("2027-01-19T10:00")
        assert "how did it go?" in text_of((await messages(here.maya))[-1])
        assert not (await here.maya.state()).says(QUIET)


async def test_three_more_without_an_answer_is_another_message(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await here.maya.click("Just busy")
        await here.settle()
        await live(here, "2027-01-19", "2027-01-22", "2027-01-26")
        assert "how did it go?" in text_of((await messages(here.maya))[-1])
        await live(here, "2027-01-29")
        assert QUIET in text_of((await messages(here.maya))[-1])


async def test_ask_less_is_shown_then_done_then_undone(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await here.maya.click("Ask less")
        await here.maya.sees("Instead of Tuesday and Friday at 10:00: every Friday at 10:00?")
        await here.maya.click("Do that")
        await here.maya.sees("From now on: every Friday at 10:00. I'll be here on 22 January at 10:00.")
        await here.settle()
        before = len(await messages(here.maya))
        await live(here, "2027-01-19")
        assert len(await messages(here.maya)) == before
        await here.maya.click("Undo")
        await here.maya.sees("As before: Tuesday and Friday at 10:00. I'll be here on Friday at 10:00.")
        await here.move_to("2027-01-22T10:00")
        assert "how did it go?" in text_of((await messages(here.maya))[-1])


async def test_a_pause_until_the_date_they_chose(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await here.maya.click("Pause")
        await here.maya.wait_for(lambda state: state.modal)
        await here.maya.submit({"Until": "2027-02-01"})
        await here.maya.sees("Quiet until Monday 1 February.")
        before = len(await messages(here.maya))
        await live(here, "2027-01-19", "2027-01-29")
        assert len(await messages(here.maya)) == before
        await here.move_to("2027-02-02T10:00")
        assert "how did it go?" in text_of((await messages(here.maya))[-1])


async def test_stop_asks_once_and_stops(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await here.maya.click("Stop")
        await here.maya.wait_for(lambda state: state.modal)
        await here.maya.submit()
        await here.maya.home()
        await here.maya.wait_for(lambda state: "Check-ins are stopped." in text_of(state.home))


@pytest.mark.parametrize("act", ["a word", "a look"])
async def test_a_word_of_theirs_or_a_look_at_the_list_ends_the_quiet(sqlite_url: str, act: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await live(here, "2027-01-19")
        if act == "a word":
            await here.maya.say("thanks")
        else:
            await here.maya.command("/buddy", "list")
        await here.settle()
        await here.move_to("2027-01-22T10:00")
        assert "how did it go?" in text_of((await messages(here.maya))[-1])


async def test_a_word_of_theirs_is_answered_with_when_it_goes_on_and_nothing_says_any_more_that_it_is_quiet(
    sqlite_url: str,
) -> None:
    async with left_unanswered(sqlite_url) as here:
        await here.maya.say("hey, I'm back")
        await here.maya.sees("I'll be here on Tuesday at 10:00, as agreed. What would you like?")
        await here.maya.sees("I'll be here on Tuesday at 10:00, as agreed. If something else would suit you:")
        assert not (await here.maya.state()).says(QUIET)


async def test_what_they_do_in_between_counts_although_no_check_in_is_answered(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here, "Finish the report")
        await live(here, *CHECK_INS[:2])
        await here.maya.say("thanks")
        await here.settle()
        await live(here, CHECK_INS[2], FOURTH, "2027-01-19")
        assert not (await here.maya.state()).says(QUIET)
        await live(here, "2027-01-22")
        await here.maya.sees(QUIET)


async def something_else(here: World, reason: str) -> None:
    await here.maya.click("Something else")
    await here.maya.sees("What is it, if you like to say?")
    await here.maya.click(reason)
    await here.maya.sees("it's below")
    await here.settle()


async def tap(here: World, label: str, then: str) -> None:
    await here.settle()
    await here.maya.click(label, in_message=(await messages(here.maya))[-1])
    await here.maya.sees(then)
    await here.settle()


async def test_i_might_not_manage_it_makes_it_smaller(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await something_else(here, "I might not manage it")
        await tap(here, "A smaller version", "fairly sure")
        await here.maya.say("One page of the report")
        await here.maya.sees("From now on: “One page of the report”. I'll ask on Tuesday at 10:00.")
        await here.move_to("2027-01-19T10:00")
        assert "“One page of the report”" in text_of((await messages(here.maya))[-1])


async def test_it_unsettles_me_ends_in_someone_beside_them_or_in_rest(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await something_else(here, "It unsettles me")
        await here.maya.say("Everyone will look at me")
        await tap(here, "Leaving it for a while", "It rests from now on.")
        before = len(await messages(here.maya))
        await live(here, "2027-01-19", "2027-01-22")
        assert len(await messages(here.maya)) == before


async def test_tried_before_ends_in_one_try(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await something_else(here, "Tried before")
        await here.maya.say("A plan for every day, and then the project came")
        await here.maya.sees("what would you do differently")
        await here.settle()
        await here.maya.say("Mornings, before mail")
        await here.maya.sees("A try, not a promise: “Mornings, before mail”.")
        await here.move_to("2027-01-19T10:00")
        assert "“Mornings, before mail”" in text_of((await messages(here.maya))[-1])


async def test_who_sees_this_ends_in_no_offers(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await something_else(here, "Who sees this?")
        await here.maya.sees("No colleague or manager sees")
        await tap(here, "No offers to share", "I won't offer to share a win any more.")
        await here.maya.command("/buddy", "rules")
        rules = await here.maya.wait_for(lambda state: state.modal)
        switches = next(one for one in rules["blocks"] if one["block_id"] == "messages")["element"]
        assert "offer_sharing" not in [one["value"] for one in switches["initial_options"]]


async def test_not_what_i_want_goes_back_to_what_it_is_for(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url, "Finish the report", "Learn to swim") as here:
        await here.maya.click("Something else")
        await here.maya.sees("What is it, if you like to say?")
        await here.maya.click("Not what I want")
        await here.maya.sees("which one is it about?")
        await here.maya.click("Learn to swim")
        await here.maya.sees("it's below")
        await here.settle()
        await here.maya.say("My sister wanted it")
        await here.settle()
        await tap(here, "Not any more", "Then what would you like to do with it?")
        await tap(here, "Let it go", "Let go, for a good reason.")
        await here.move_to("2027-01-19T10:00")
        asked = text_of((await messages(here.maya))[-1])
        assert "Finish the report" in asked
        assert "Learn to swim" not in asked


async def test_dont_know_how_ends_in_a_next_step(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await something_else(here, "Don't know how")
        await here.maya.say("The numbers")
        await tap(here, "Looking it up", "Where would you look first")
        await here.maya.say("The handbook, tomorrow")
        await here.maya.sees("Kept as your next step: “The handbook, tomorrow”.")
        await here.move_to("2027-01-19T10:00")
        assert "next: “The handbook, tomorrow”" in text_of((await messages(here.maya))[-1])


@pytest.mark.parametrize(
    ("choice", "then"),
    [
        ("I'll start myself", "I won't ask by myself"),
        ("Not at all", "Stopped."),
        ("Not for now", "Quiet until you say"),
    ],
)
async def test_being_asked_ends_in_not_being_asked(sqlite_url: str, choice: str, then: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await something_else(here, "Don't like being asked")
        await tap(here, choice, then)
        before = len(await messages(here.maya))
        await live(here, "2027-01-19", "2027-01-22")
        assert len(await messages(here.maya)) == before


async def test_or_in_another_tone(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await something_else(here, "Don't like being asked")
        await tap(here, "In another tone", "How would you like me to sound?")
        await tap(here, "Questions only", "I ask, and comment on nothing.")
        await here.maya.home()
        await here.maya.wait_for(lambda state: "questions only" in text_of(state.home))


async def test_id_rather_talk_to_a_person(sqlite_url: str) -> None:
    async with left_unanswered(sqlite_url) as here:
        await here.maya.click("Something else")
        await here.maya.sees("What is it, if you like to say?")
        await here.maya.click("I'd rather talk to a person")
        await here.maya.sees("your workspace's people team")
        await here.maya.command("/buddy", "settings")
        await here.maya.wait_for(lambda state: state.modal)
        await here.maya.submit({"Whom can people talk to?": "Priya, at the front desk"})
        await here.settle()
        await here.maya.click("Back")
        await here.maya.sees("What is it, if you like to say?")
        await here.maya.click("I'd rather talk to a person")
        await here.maya.sees("Here is who would listen:\nPriya, at the front desk")
        await here.maya.click("Back")
        await here.maya.click("Back", in_message=await here.maya.sees("What is it, if you like to say?"))
        # She was heard of, so nothing is promised that no longer holds.
        heard = text_of(await here.maya.sees("If something else would suit you:"))
        assert "I'll be here on Tuesday at 10:00, as agreed." in heard
        assert "quiet" not in heard
