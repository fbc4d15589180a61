"""Time off, told by date, in the whole product: a holiday, a rough week, later, quiet hours, holds, coming back."""

from datetime import datetime
from typing import Any

from playground.client import text_of
from tests.hostile.invariants import nothing_went_wrong
from tests.journeys.steps import at, commit
from tests.world import World, world


async def test_a_holiday_of_a_week_leaves_a_habit_as_it_was(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "walk every day")
        await here.move_to("2027-01-08T10:00")
        await maya.click("Every day")
        await maya.home()
        await maya.wait_for(lambda state: "4 of the last 4" in text_of(state.home))

        # Monday, 11 to Sunday, 17 January: nothing. On Tuesday she is asked about the days around it.
        await _time_off(here, {"A holiday: first day": "2027-01-11", "Its last day": "2027-01-17"})
        before = len(await maya.messages())
        for day in range(11, 18):
            await here.move_to(f"2027-01-{day}T20:00")
        assert len(await maya.messages()) == before
        await here.move_to("2027-01-19T10:00")
        asked = (await maya.messages())[-1]
        days = [text_of(one) for one in _options(asked)]
        assert [day.split()[0] for day in days] == ["Friday", "Saturday", "Sunday", "Monday"]
        await maya.click("Every day", in_message=asked)
        await maya.home()
        await maya.wait_for(lambda state: "8 of the last 8" in text_of(state.home))
        await nothing_went_wrong(here)


async def test_a_rough_week_is_one_kind_sentence_and_quiet_until_monday(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Finish the report")
        await here.move_to("2027-01-05T10:00")
        await maya.click("Later", value="rough_week")
        said = await maya.sees("Quiet until Monday. These days don't count, either way.")
        await maya.sees("Not today")
        before = len(await maya.messages())
        await here.move_to("2027-01-08T10:00")
        await here.move_to("2027-01-10T20:00")
        assert len(await maya.messages()) == before
        await here.move_to("2027-01-12T10:00")
        assert "how did it go?" in text_of((await maya.messages())[-1])

        # Another one, taken back at once: Friday's check-in comes.
        await maya.command("/buddy", "rough")
        await maya.sees("Quiet until Monday")
        await maya.click("Undo")
        await maya.sees("Not quiet any more. The next check-in:")
        await here.move_to("2027-01-15T10:00")
        assert "how did it go?" in text_of((await maya.messages())[-1])
        assert said["ts"] != (await maya.messages())[-1]["ts"]
        await nothing_went_wrong(here)


async def test_later_three_times(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Finish the report")
        await here.move_to("2027-01-05T10:00")
        asked = await maya.sees("how did it go?")

        await maya.click("Later", in_message=asked, value="hour")
        await maya.sees("I'll ask again at 11:00.")
        await here.move_to("2027-01-05T11:00")
        await maya.wait_for(lambda state: "below now" in text_of(at(state.messages(), asked["ts"])))
        asked = (await maya.messages())[-1]
        assert "Still here if you want it" not in text_of(asked), "this is no reminder"

        await maya.click("Later", in_message=asked, value="evening")
        await maya.sees("I'll ask again this evening at 18:00.")
        await here.move_to("2027-01-05T18:00")
        asked = (await maya.messages())[-1]
        assert "how did it go?" in text_of(asked)

        await maya.click("Later", in_message=asked, value="at_a_time")
        await maya.wait_for(lambda state: state.modal)
        await maya.submit({"On which day?": "2027-01-06", "At what time?": "08:15"})
        await maya.sees("I'll ask again tomorrow at 8:15.")
        await maya.click("Change")
        await maya.wait_for(lambda state: "Not yet" in text_of(state.messages()[-1]))
        await maya.click("Later", in_message=(await maya.messages())[-1], value="tomorrow")
        await maya.sees("I'll ask again tomorrow at 10:00.")
        await here.move_to("2027-01-06T08:15")
        before = len(await maya.messages())
        await here.move_to("2027-01-06T10:00")
        assert len(await maya.messages()) == before + 1
        await maya.click("Done", in_message=(await maya.messages())[-1])
        await maya.sees("Done ✓")
        await nothing_went_wrong(here)


async def test_a_time_that_was_not_chosen_after_all_can_be_chosen_again(sqlite_url: str) -> None:
    """Slack shows a choice as made, and lets nobody make it again, for as long as its block keeps its id."""
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Finish the report")
        await here.move_to("2027-01-05T10:00")
        asked = await maya.sees("how did it go?")
        [before] = [block["block_id"] for block in asked["blocks"] if block["type"] == "actions"]
        await maya.click("Later", in_message=asked, value="at_a_time")
        await maya.wait_for(lambda state: state.modal)
        await maya.close()
        await here.settle()
        again = at(await maya.messages(), asked["ts"])
        [after] = [block["block_id"] for block in again["blocks"] if block["type"] == "actions"]
        assert after != before


async def test_a_reminder_waits_for_the_end_of_quiet_hours(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Finish the report")
        await _time_off(here, {"Quiet hours: from": "14:00", "Quiet hours: to": "16:30"})
        await here.move_to("2027-01-05T10:00")
        before = len(await maya.messages())
        await here.move_to("2027-01-05T15:00")
        await here.move_to("2027-01-05T16:29")
        assert len(await maya.messages()) == before
        await here.move_to("2027-01-05T16:30")
        assert "Still here if you want it" in text_of((await maya.messages())[-1])
        await nothing_went_wrong(here)


async def test_dates_that_passed_during_a_pause_are_moved_or_let_go(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "water the plants by 13 January")
        await commit(here, "tax return by 14 January")
        await maya.command("/buddy", "pause until 15 January")
        await maya.sees("Quiet until Friday 15 January")
        before = len(await maya.messages())
        await here.move_to("2027-01-14T12:00")
        assert len(await maya.messages()) == before

        await here.move_to("2027-01-15T09:00")
        back = await maya.sees("Welcome back. Two dates passed: move, or let go?")
        await maya.click("Let go", in_message=back)
        await maya.wait_for(lambda state: "*: let go" in text_of(at(state.messages(), back["ts"])))
        await maya.click("Move", in_message=at(await maya.messages(), back["ts"]))
        await maya.wait_for(lambda state: state.modal)
        assert "What do you want to do?" not in text_of((await maya.state()).modal or {})
        refused = await maya.submit({"Which day?": "2027-01-14"})
        assert refused["errors"] == {"day": "Pick today or a later day."}
        await maya.submit({"Which day?": "2027-01-29"})
        await maya.wait_for(lambda state: "by Friday 29 January" in text_of(at(state.messages(), back["ts"])))
        await maya.click("Undo", in_message=at(await maya.messages(), back["ts"]))
        await maya.wait_for(lambda state: "Move" in text_of(at(state.messages(), back["ts"])))

        # What the message asked about is not asked again that day; what she brought back is.
        await here.move_to("2027-01-15T10:00")
        asked = (await maya.messages())[-1]
        assert "water the plants" in text_of(asked)
        assert "tax return" not in text_of(asked)
        await here.move_to("2027-01-19T10:00")
        assert "tax return" in text_of((await maya.messages())[-1])
        await nothing_went_wrong(here)


async def test_after_a_pause_without_such_dates_the_next_check_in_simply_comes(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Finish the report")
        await maya.command("/buddy", "pause until 11 January")
        await maya.sees("Quiet until Monday 11 January")
        before = len(await maya.messages())
        await here.move_to("2027-01-11T16:00")
        assert len(await maya.messages()) == before
        await here.move_to("2027-01-12T10:00")
        asked = (await maya.messages())[-1]
        assert len(await maya.messages()) == before + 1
        assert "away" not in text_of(asked)
        await nothing_went_wrong(here)


async def test_a_check_in_waits_for_the_end_of_the_notification_schedule(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Finish the report")
        await _time_off(here, {"Hold check-ins, that day only": ["in_dnd"]})
        await maya.profile(dnd_from=_unix("2027-01-05T09:00"), dnd_until=_unix("2027-01-05T11:30"))
        before = len(await maya.messages())
        await here.move_to("2027-01-05T10:00")
        await here.move_to("2027-01-05T11:29")
        assert len(await maya.messages()) == before
        await here.move_to("2027-01-05T11:30")
        await maya.sees("how did it go?")
        assert len(await maya.messages()) == before + 1

        # A schedule that is not on holds nothing, nor does one for whoever did not choose it.
        await maya.profile(dnd_from=_unix("2027-01-08T18:00"), dnd_until=_unix("2027-01-09T08:00"))
        await maya.click("Not yet")
        await here.move_to("2027-01-08T10:00")
        assert "how did it go?" in text_of((await maya.messages())[-1])
        await nothing_went_wrong(here)


async def test_a_status_that_stays_all_day_lets_that_days_check_in_pass(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "walk every day")
        await _time_off(here, {"Or when my status is": ":face_with_thermometer: :palm_tree:"})
        await maya.profile(status_emoji=":face_with_thermometer:")
        before = len(await maya.messages())
        for hour in ("10:00", "10:31", "15:00", "19:00", "23:20", "23:51"):
            await here.move_to(f"2027-01-05T{hour}")
        assert len(await maya.messages()) == before

        # The next day she is well. Friday's check-in says nothing of it, and does not ask about Tuesday.
        await maya.profile(status_emoji="")
        await here.move_to("2027-01-08T10:00")
        asked = (await maya.messages())[-1]
        assert "away" not in text_of(asked)
        assert [text_of(one).split()[0] for one in _options(asked)] == ["Monday", "Wednesday", "Thursday"]
        await nothing_went_wrong(here)


async def test_a_status_that_stays_lets_what_was_put_off_pass_too_and_its_message_says_so(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Finish the report")
        await _time_off(here, {"Or when my status is": ":palm_tree:"})
        await here.move_to("2027-01-05T10:00")
        asked = await maya.sees("how did it go?")
        await maya.click("Later", in_message=asked, value="hour")
        await maya.sees("I'll ask again at 11:00.")
        await maya.profile(status_emoji=":palm_tree:")
        before = len(await maya.messages())
        for hour in ("11:00", "11:31", "19:00", "23:51"):
            await here.move_to(f"2027-01-05T{hour}")
        assert len(await maya.messages()) == before
        assert "I'll ask again" not in text_of(at(await maya.messages(), asked["ts"]))
        await nothing_went_wrong(here)


async def test_a_status_that_ends_in_time_holds_it_until_then_and_trouble_holds_nothing(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Finish the report")
        await _time_off(here, {"Or when my status is": ":calendar:"})
        await maya.profile(status_emoji=":calendar:", status_expiration=_unix("2027-01-05T12:00"))
        before = len(await maya.messages())
        await here.move_to("2027-01-05T10:00")
        assert len(await maya.messages()) == before
        await here.move_to("2027-01-05T12:00")
        await maya.click("Not yet")

        await maya.profile(status_emoji=":calendar:", status_expiration=0)
        await here.slack.fault("users.info", "http_500", times=5)
        await here.move_to("2027-01-08T10:00")
        assert "how did it go?" in text_of((await maya.messages())[-1])


async def _time_off(here: World, fields: dict[str, Any]) -> None:
    await here.maya.command("/buddy", "off")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit(fields)
    await here.maya.wait_for(lambda state: not state.modals)
    await here.settle()


def _options(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        option["text"]
        for block in message["blocks"]
        for element in block.get("elements", [])
        if element.get("type") == "checkboxes"
        for option in element["options"]
    ]


def _unix(moment: str) -> int:
    """Of a wall time in Berlin's winter."""
    return int(datetime.fromisoformat(f"{moment}+01:00").timestamp())
