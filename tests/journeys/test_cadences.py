"""Cadences as people live them, by date in the whole product: months, a habit's own times, a calendar file."""

import re
from datetime import UTC, datetime
from itertools import islice
from typing import Any, cast

from dateutil.rrule import rrulestr
from icalendar import Calendar

from bot.domain.calendar import Weekday, to_utc
from bot.domain.members import Member
from playground.client import text_of
from tests.hostile.invariants import nothing_went_wrong
from tests.journeys.steps import commit
from tests.rhythms import instants
from tests.world import World, world


async def test_monthly_on_the_31st_over_february_and_answered_early(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Look at the savings")
        await _choose_days(here, {"How often?": "monthly_date:1"}, {"On which date?": "31"})
        shown = text_of(await _modal(here))
        assert "Sun 31 January, 10:00\nSun 28 February, 10:00\nWed 31 March, 10:00" in shown
        await maya.submit()
        await here.settle()

        # January's: Sunday the 31st. February has no 31st: Sunday the 28th.
        assert await _asked_between(here, "2027-01-30T23:00", "2027-01-31T10:00") == 1
        await maya.click("Moving")
        assert await _asked_between(here, "2027-02-27T23:00", "2027-02-28T10:00") == 1
        await maya.click("Moving")

        # On 31 March she is earlier than the buddy, which asks no second time. Clocks have gone forward since.
        await here.move_to("2027-03-31T08:00")
        await maya.command("/checkin")
        await maya.sees("how did it go?")
        await maya.click("Moving")
        assert await _asked_between(here, "2027-03-31T09:00", "2027-04-29T12:00") == 0
        assert await _asked_between(here, "2027-04-30T09:59", "2027-04-30T10:00") == 1
        await nothing_went_wrong(here)


async def test_the_second_tuesday_of_one_commitment_beside_the_agreed_days(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Talk with Priya about the budget")
        await maya.click("Change")
        await _modal(here)
        await maya.click("Check-ins", where="modal", value="monthly_weekday:1")
        await maya.wait_for(lambda state: "Which one in the month?" in text_of(state.modal or {}))
        await maya.click("Which one in the month?", where="modal", value="2")
        await maya.click("Which weekday?", where="modal", value="1")
        await here.settle()
        await maya.submit({"At what time?": "15:30"})
        await here.settle()

        # The agreed days are Tuesdays and Fridays at 10:00: not for this. 12 January is the second Tuesday.
        assert await _asked_between(here, "2027-01-04T12:00", "2027-01-12T15:29") == 0
        assert await _asked_between(here, "2027-01-12T15:29", "2027-01-12T15:30") == 1
        await maya.click("Moving")
        assert await _asked_between(here, "2027-01-12T16:00", "2027-02-09T15:00") == 0
        assert await _asked_between(here, "2027-02-09T15:00", "2027-02-09T15:30") == 1
        await maya.command("/buddy", "list")
        assert "check-ins on the second Tuesday of every month at 15:30" in text_of(await _modal(here))
        await nothing_went_wrong(here)


async def test_three_times_a_day_is_asked_three_times_but_not_twice_about_one(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Finish the draft")
        await _choose_days(here, {"How often?": "weekly:1"}, {"Which days?": ["1"]})
        await maya.click("At what time?", where="modal", value="08:00")
        await maya.click("And again the same day?", where="modal", value="13:00")
        await maya.wait_for(lambda state: "And once more?" in text_of(state.modal or {}))
        await maya.submit({"And once more?": "20:00"})
        await here.settle()

        # Tuesday, 5 January: asked at 8:00 and 13:00. At 19:00 she starts by herself: nothing comes at 20:00.
        assert await _asked_between(here, "2027-01-05T07:00", "2027-01-05T08:00") == 1
        await maya.click("Moving")
        assert await _asked_between(here, "2027-01-05T09:00", "2027-01-05T13:00") == 1
        await maya.click("Moving")
        await here.move_to("2027-01-05T19:00")
        await maya.command("/checkin")
        await here.settle()
        assert await _asked_between(here, "2027-01-05T19:01", "2027-01-05T22:00") == 0
        assert await _asked_between(here, "2027-01-12T07:00", "2027-01-12T08:00") == 1
        await nothing_went_wrong(here)


async def test_a_habit_is_said_back_at_its_own_times(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await maya.command("/commit", "drink a glass of water every day at 8:00")
        form = await _modal(here)
        assert "Remind me at" in text_of(form)
        await maya.submit()
        noted = await maya.sees("Noted")
        assert "I'll say it back to you at 8:00." in text_of(noted)
        await maya.click("Change")
        await _modal(here)
        await maya.click("And at", where="modal", value="13:00")
        await maya.wait_for(lambda state: text_of(state.modal or {}).count("And at") == 2)
        await maya.submit({"third_cue": "20:00"})
        await here.settle()

        # Wednesday, 6 January, no check-in day: her words at 13:00 and 20:00, and at 8:00 on Thursday. No question.
        await here.move_to("2027-01-06T12:00")
        for moment in ("2027-01-06T13:00", "2027-01-06T20:00", "2027-01-07T08:00"):
            before = len(await _said(here))
            await here.move_to(moment)
            (told,) = (await _said(here))[before:]
            assert told["text"] == "“drink a glass of water”"
            assert "?" not in text_of(told)

        # She is down for the morning: at noon the moment of 8:00 is over. At 13:10 the one of 13:00 is not.
        await here.buddy.stop()
        await here.slack.move_to("2027-01-07T13:10")
        before = len(await _said(here))
        await here.start()
        assert len((await _said(here))[before:]) == 1

        # "Stop these" is one click, and the way back another.
        await maya.click("Stop these")
        stopped = await maya.sees("Stopped: I won't say this back any more.")
        assert "Change" in text_of(stopped)
        before = len(await _said(here))
        for moment in ("2027-01-07T20:00", "2027-01-09T23:00"):
            await here.move_to(moment)
        assert not [one for one in (await _said(here))[before:] if one["text"] == "“drink a glass of water”"]
        await nothing_went_wrong(here)


async def test_a_plan_that_names_a_time_is_said_back_then_if_its_owner_clicks(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Run twice a week")
        await maya.home()
        await maya.wait_for(lambda state: "Run twice a week" in text_of(state.home))
        await maya.click("If … then …", where="home")
        await maya.sees("Finish this line")
        await maya.say("If it is Thursday 7:30, then I put my shoes on")
        await maya.sees("Say it once more")
        await maya.say("Shoes on at half past seven")
        kept = await maya.sees("Kept, word for word")
        await maya.click("Remind me at 7:30", in_message=kept)
        await maya.sees("I'll say it back to you every Thursday at 7:30.")
        await here.settle()

        await here.move_to("2027-01-06T23:00")
        before = len(await _said(here))
        await here.move_to("2027-01-07T07:30")
        (told,) = (await _said(here))[before:]
        assert told["text"] == "“If it is Thursday 7:30, then I put my shoes on”"

        # A pause silences it, and it comes back by itself.
        await maya.command("/buddy", "pause until 16 January")
        await here.settle()
        before = len(await _said(here))
        await here.move_to("2027-01-14T12:00")
        assert (await _said(here))[before:] == []
        await here.move_to("2027-01-20T23:00")
        before = len(await _said(here))
        await here.move_to("2027-01-21T07:30")
        assert [one["text"] for one in (await _said(here))[before:]] == [told["text"]]
        await nothing_went_wrong(here)


async def test_a_calendar_file_of_the_days_agrees_with_us_when_clocks_change(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Finish the draft")
        await _choose_days(here, {"How often?": "weekly:2"}, {"Which days?": ["1", "4"]})
        await maya.click("Calendar file", where="modal")
        await maya.wait_for(lambda state: "check-ins.ics is in our messages" in text_of(state.modal or {}))
        await maya.submit()
        await here.settle()
        (message,) = [one for one in await maya.messages() if one.get("files")]
        text = here.playground.workspace.files[message["files"][0]["id"]].data.decode()
        assert message["files"][0]["name"] == "check-ins.ics"

        (event,) = Calendar.from_ical(text).walk("VEVENT")
        assert event["summary"] == "Check-in with Accountability Buddy"
        start = cast("datetime", event.decoded("dtstart"))
        (rule,) = re.findall(r"RRULE:(\S+)", text)
        walls = rrulestr(rule, dtstart=start.replace(tzinfo=None))
        read = [to_utc(wall, str(start.tzinfo)) for wall in islice(walls, 30)]
        async with here.buddy.units.database.read() as tx:
            (*_, agreement) = await tx.agreements.all()
        now = here.playground.clock.now()
        assert read == list(islice(instants(agreement.terms.cadence, now), 30))
        assert {one.hour for one in read} == {8, 9}, "ten in Berlin, in winter and in summer"
        assert read[-1] > datetime(2027, 4, 1, tzinfo=UTC)
        await nothing_went_wrong(here)


async def test_a_rhythm_that_is_typed_belongs_to_what_it_was_typed_with(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await maya.command("/commit", "pay the rent monthly on the 31st")
        form = text_of(await _modal(here))
        assert "Understood from “monthly on the 31st”" in form
        await maya.click("By when?", where="modal", value="date")
        await _shows(here, "Which day?")
        await maya.click("By when?", where="modal", value="no_date")
        await here.settle()
        await maya.submit()
        await maya.sees("Noted: “pay the rent”")
        await commit(here, "Finish the draft")

        async with here.buddy.units.database.read() as tx:
            rent, draft = await tx.commitments.all()
            (agreement,) = await tx.agreements.all()
        assert rent.cadence is not None
        assert rent.cadence.describe() == "on the last day of every month at 10:00"
        assert rent.next_due_at == datetime(2027, 1, 31, 9, tzinfo=UTC)
        assert draft.cadence is None
        assert agreement.terms.cadence.describe() == "Tuesday and Friday at 10:00"
        await nothing_went_wrong(here)


async def test_days_that_are_all_off_are_not_saved(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here, "Finish the draft")
        (maya,) = await _members(here)
        changes = {"days_off": (Weekday.SATURDAY, Weekday.SUNDAY)}
        await here.buddy.services.agreements.change(maya, changes, key="test")
        await _choose_days(here, {"How often?": "weekly:1"}, {"Which days?": ["5", "6"]})
        assert "Those are days off" in text_of(await _modal(here))
        answer = await here.maya.submit()
        assert "your days off" in answer["errors"]["often"]
        await nothing_went_wrong(here)


async def test_days_that_are_all_off_are_not_saved_for_one_commitment_either(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here, "Finish the draft")
        (maya,) = await _members(here)
        await here.buddy.services.agreements.change(maya, {"days_off": (Weekday.MONDAY,)}, key="test")
        await here.maya.click("Change")
        await _modal(here)
        await here.maya.click("Check-ins", where="modal", value="weekly:1")
        await _shows(here, "Which days?")
        answer = await here.maya.submit({"Which days?": ["Monday"]})
        assert "your days off" in answer["errors"]["often"]
        await here.maya.submit({"Which days?": ["Wednesday"]})
        await here.settle()

        await here.maya.command("/commit", "Water the plants every other Monday")
        await _modal(here)
        answer = await here.maya.submit()
        assert "your days off" in answer["errors"]["check_ins"]
        await here.maya.close()

        await here.maya.command("/buddy", "off")
        await _modal(here)
        answer = await here.maya.submit({"Days off, every week": ["0", "2"]})
        assert answer["errors"]["days_off"].startswith("No day to ask about “Finish the draft” is left.")
        await nothing_went_wrong(here)


async def test_one_clock_for_everything(sqlite_url: str) -> None:
    """Check-ins of its own come along when the zone is changed in the modal."""
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Finish the draft")
        await maya.click("Change")
        await _modal(here)
        await maya.click("Check-ins", where="modal", value="weekly:1")
        await _shows(here, "Which days?")
        await maya.submit({"Which days?": ["Wednesday"]})
        await here.settle()
        await _choose_days(here, {"On which clock?": "America/New_York"})
        await maya.submit()
        await here.settle()
        async with here.buddy.units.database.read() as tx:
            (one,) = await tx.commitments.all()
        assert one.next_due_at == datetime(2027, 1, 6, 15, tzinfo=UTC), "ten in New York"
        await nothing_went_wrong(here)


async def _members(here: World) -> list[Member]:
    async with here.buddy.units.database.read() as tx:
        return await tx.members.all()


async def _modal(here: World) -> Any:
    return await here.maya.wait_for(lambda state: state.modal)


async def _choose_days(here: World, *choices: dict[str, Any]) -> None:
    """In the modal of check-in days, one choice after the other: fields come and go."""
    await here.maya.command("/buddy", "days")
    await _modal(here)
    for choice in choices:
        for label, value in choice.items():
            await _shows(here, label)
            await here.maya.click(label, where="modal", value=value)
    await here.settle()


async def _shows(here: World, label: str) -> None:
    await here.maya.wait_for(lambda state: label in text_of(state.modal or {}))


async def _said(here: World) -> list[dict[str, Any]]:
    return list((await here.maya.state()).from_app())


async def _asked_between(here: World, before: str, until: str) -> int:
    """How many check-ins come when the clock goes from one moment to another."""
    await here.move_to(before)
    earlier = len(await _said(here))
    await here.move_to(until)
    return len([one for one in (await _said(here))[earlier:] if "how did it go?" in text_of(one)])
