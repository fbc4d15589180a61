"""/buddy off, /buddy rough, the Time off modal and Later, in the whole product."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.agreements import Terms
from bot.domain.rests import RestKind
from playground.client import text_of
from playground.seen import State
from tests.hostile.invariants import nothing_went_wrong
from tests.world import World, world


@pytest.fixture
async def here(sqlite_url: str) -> AsyncIterator[World]:
    """Afterwards nothing was refused and nothing left without an ack."""
    async with world(sqlite_url) as made:
        await made.maya.command("/commit", "Finish the report")
        await made.maya.wait_for(lambda state: state.modal)
        await made.maya.submit()
        await made.settle()
        yield made
        await nothing_went_wrong(made)


async def time_off(here: World, **typed: object) -> str:
    """The modal, with this typed in and saved; what it says then, if it is still there."""
    await here.maya.command("/buddy", "off")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit({NAMES[name]: value for name, value in typed.items()})
    await here.settle()
    state = await here.maya.state()
    said = " ".join((state.modal or {}).get("errors", {}).values())
    while (await here.maya.state()).modal:
        await here.maya.close()
    return said


NAMES = {
    "begins": "Quiet hours: from",
    "ends": "Quiet hours: to",
    "days": "Days off, every week",
    "first": "A holiday: first day",
    "last": "Its last day",
    "statuses": "Or when my status is",
}


async def agreed(here: World) -> Terms:
    maya = await here.buddy.services.members.find("T0PLAYGRND", "UMAYA0001")
    assert maya is not None
    return (await here.buddy.services.agreements.read(maya))[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"begins": "21:00"}, "Pick when they end, too."),
        ({"ends": "07:00"}, "Pick when they begin, too."),
        ({"begins": "21:00", "ends": "21:00"}, "Pick two different times."),
        ({"days": ["0", "1", "2", "3", "4", "5", "6"]}, "That's the whole week."),
        ({"days": ["1", "4"]}, "No check-in day is left."),
        ({"last": "2027-01-09"}, "Pick its first day, too."),
        ({"first": "2027-01-09", "last": "2027-01-08"}, "It ends before it begins."),
        ({"first": "2026-12-20", "last": "2026-12-31"}, "That's over already."),
        ({"first": "2027-01-09", "last": "2028-03-01"}, "A year at most."),
        ({"first": "9999-12-31"}, "within the next two years."),
        ({"statuses": "on holiday"}, "each between colons"),
    ],
)
async def test_what_makes_no_sense_is_said_at_its_field(here: World, typed: dict[str, object], said: str) -> None:
    before = await agreed(here)
    assert said in await time_off(here, **typed)
    assert await agreed(here) == before


async def test_what_is_saved_is_agreed_and_shown_again(here: World) -> None:
    assert not await time_off(
        here, begins="21:00", ends="07:00", days=["5"], statuses=":palm_tree:", first="2027-02-01"
    )
    said = await here.maya.sees("Kept. Quiet from 21:00 to 7:00; Saturday off; check-ins wait")
    assert "Holiday: Monday 1 February. These days don't count, either way." in text_of(said)
    terms = await agreed(here)
    assert terms.quiet_hours is not None
    assert terms.hold_statuses == ("palm_tree",)
    await here.maya.command("/buddy", "rules")
    rules = await here.maya.wait_for(lambda state: state.modal)
    assert "Quiet from 21:00 to 7:00; Saturday off" in text_of(rules)

    # From the ground rules, and back to them as they are then; a holiday is removed in place.
    await here.maya.click("Time off", where="modal")
    shown = await here.maya.wait_for(lambda state: state.modal if len(state.modals) == 2 else None)
    assert "Holiday: Monday 1 February" in text_of(shown)
    await here.maya.click("Remove", where="modal")
    await here.maya.wait_for(lambda state: "1 February" not in text_of(state.modal) and state.modal)
    await here.maya.submit({NAMES["days"]: []})

    def back(state: State) -> bool:
        return len(state.modals) == 1 and "Quiet from 21:00 to 7:00" in text_of(state.modal)

    await here.maya.wait_for(back)
    assert (await agreed(here)).days_off == ()
    await here.settle()
    assert (await here.maya.messages())[-1]["ts"] == said["ts"], "the ground rules below show it"


async def test_what_did_not_change_is_not_said(here: World) -> None:
    before = len(await here.maya.messages())
    assert not await time_off(here)
    assert not await time_off(here, days=["5"])
    assert not await time_off(here, days=["5"])
    assert len(await here.maya.messages()) == before + 1
    await here.maya.click("Change", in_message=(await here.maya.messages())[-1])
    assert "Days off, every week" in text_of(await here.maya.wait_for(lambda state: state.modal))


async def test_a_time_inside_the_quiet_hours_is_shown_at_their_end_before_it_is_saved(here: World) -> None:
    assert not await time_off(here, begins="21:00", ends="11:00")
    await here.maya.command("/buddy", "days")
    shown = text_of(await here.maya.wait_for(lambda state: state.modal))
    assert "Tue 5 January, 11:00" in shown
    assert "Your quiet hours, 21:00 to 11:00, are left alone: I ask when they are over." in shown


async def test_off_today_is_one_word_and_taken_back_with_one_click(here: World) -> None:
    await here.maya.command("/buddy", "off today")
    await here.maya.sees("Quiet for the rest of today.")
    await here.maya.home()
    await here.maya.wait_for(lambda state: "Quiet for the rest of today." in text_of(state.home))
    messages = await here.maya.messages()
    await here.maya.click("Undo")
    await whispered(here, "Not quiet any more. The next check-in:", instead_of="Undo")
    await here.settle()
    assert [one["ts"] for one in await here.maya.messages()] == [one["ts"] for one in messages], "it is said once"


async def test_off_on_a_day_that_is_understood_fills_it_in(here: World) -> None:
    await here.maya.command("/buddy", "off tomorrow")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit()
    said = await here.maya.sees("Holiday:")
    assert "Holiday: Tuesday 5 January." in text_of(said)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("yesterday", "“yesterday” is over. Pick a later day."),
        ("for a while", "I couldn't read “for a while” as a date."),
    ],
)
async def test_off_on_no_such_day_says_why(here: World, typed: str, said: str) -> None:
    await here.maya.command("/buddy", f"off {typed}")
    assert said in text_of(await here.maya.wait_for(lambda state: state.modal))
    await here.maya.close()


async def test_later_until_a_day_that_is_over_is_said_at_the_day(here: World) -> None:
    await here.move_to("2027-01-05T10:00")
    await here.maya.click("Later", value="at_a_time")
    await here.maya.wait_for(lambda state: state.modal)
    answer = await here.maya.submit({"On which day?": "2027-01-04", "At what time?": "11:00"})
    assert answer["errors"] == {"day": "That's behind us. Pick today or a later day."}
    answer = await here.maya.submit({"On which day?": "2027-01-05", "At what time?": "09:00"})
    assert answer["errors"] == {"time": "That's behind us. Pick a later time."}
    await here.maya.close()


async def test_a_rough_week_is_taken_back_where_it_was_typed(here: World) -> None:
    await here.maya.command("/buddy", "rough", channel="#general")
    await whispered(here, "Quiet until Monday.", channel="#general")
    (whisper,) = await here.maya.ephemerals("#general")
    await here.maya.click("Undo", in_message=whisper)
    await whispered(here, "Not quiet any more. The next check-in:", instead_of="Undo", channel="#general")


async def test_a_whisper_that_slack_does_not_replace_is_undone_all_the_same(here: World) -> None:
    await here.maya.command("/buddy", "rough")
    (whisper,) = await here.maya.ephemerals()
    await here.slack.fault("response_url", "http_500")
    await here.maya.click("Undo", in_message=whisper)
    await here.settle()
    maya = await here.buddy.services.members.find("T0PLAYGRND", "UMAYA0001")
    assert maya is not None
    assert (await here.buddy.services.rests.read(maya))[1] == []
    await here.maya.click("Undo", in_message=whisper)
    await here.maya.sees("That one isn't there any more")


async def whispered(here: World, words: str, *, instead_of: str = "", channel: str = "app") -> None:
    """The one whisper there says this by now, and does not offer what it offered."""

    def says(state: State) -> bool:
        (whisper,) = state.ephemerals(channel)
        said = text_of(whisper)
        return words in said and not (instead_of and instead_of in said)

    await here.maya.wait_for(says)


async def test_a_rough_week_begins_in_the_modal_too(here: World) -> None:
    await here.maya.command("/buddy", "off")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.click("Rough week", where="modal")
    shown = await here.maya.wait_for(
        lambda state: state.modal if "Quiet until Monday" in text_of(state.modal) else None
    )
    assert "Rough week: Monday 4 January to Sunday 10 January" in text_of(shown)
    await here.maya.close()
    maya = await here.buddy.services.members.find("T0PLAYGRND", "UMAYA0001")
    assert maya is not None
    _, (rest,), _ = await here.buddy.services.rests.read(maya)
    assert rest.kind is RestKind.ROUGH_WEEK


@pytest.mark.parametrize(
    ("day", "at", "said"),
    [
        ("2027-01-05", "09:00", "That's behind us."),
        ("2027-06-05", "09:00", "within the next two months"),
    ],
)
async def test_a_time_that_nobody_could_mean_is_refused(here: World, day: str, at: str, said: str) -> None:
    await here.move_to("2027-01-05T10:00")
    await here.maya.click("Later", value="at_a_time")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit({"On which day?": day, "At what time?": at})
    await here.settle()
    state = await here.maya.state()
    assert said in " ".join((state.modal or {})["errors"].values())
    await here.maya.close()
