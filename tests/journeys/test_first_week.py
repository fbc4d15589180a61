"""A person's first week, told by date, in the whole product; and how much of it a person feels (coaching.md's bar).

Counted as a person would: clicks are buttons pressed, messages those that the buddy posted to them, questions those
they were asked, on a form or in words.
"""

from zoneinfo import ZoneInfo

from playground.client import text_of
from tests.hostile.invariants import nothing_went_wrong
from tests.journeys.steps import at, commit
from tests.world import world


async def test_the_first_day_is_two_clicks_five_messages_seven_questions(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya

        # Monday, 4 January: she says what she wants to do. Three questions on a form, one click.
        await maya.command("/commit", "stop answering email after 7")
        form = await maya.wait_for(lambda state: state.modal)
        assert "asked gently, once more in the afternoon" in text_of(form)
        questions = [block for block in form["blocks"] if block["type"] == "input"]
        await maya.submit()
        noted = await maya.sees("Noted: “stop answering email after 7”")
        assert "nothing to be late for" in text_of(noted)

        # She is weighing it up: a second click, and three questions, one at a time.
        await maya.click("Weighing it up")
        first = await maya.sees("1 of 3")
        assert "only you" in text_of(first)
        await maya.say("My son has dinner with the back of my laptop")
        await maya.sees("2 of 3")
        await maya.say("Clients like it. I look keen")
        await maya.sees("3 of 3")
        await maya.say("Phone in the hall, Thursday")
        closing = await maya.sees("Kept as a try, not a promise")
        await here.settle()

        messages = (await maya.state()).from_app()
        where_are_you, in_the_conversation = 1, 3
        assert len(questions) + where_are_you + in_the_conversation == 7
        assert len(messages) == 5
        assert text_of(closing) == text_of(messages[-1])

        assert "on Friday" in text_of(closing)

        # Tuesday, 10:00: Thursday is still to come, so nothing is asked. Friday, 10:00: the try, in her words.
        await here.move_to("2027-01-05T10:00")
        assert len((await maya.state()).from_app()) == 5
        await here.move_to("2027-01-08T10:00")
        asked = await maya.sees("how did it go?")
        assert "Phone in the hall, Thursday" in text_of(asked)
        await nothing_went_wrong(here)


async def test_who_sees_it_is_one_click_from_the_first_form_and_the_first_question(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await maya.command("/commit", "Call the dentist")
        await maya.wait_for(lambda state: state.modal)
        await maya.click("Who sees this?", where="modal")
        shown = await maya.wait_for(lambda state: state.modal if len(state.modals) == 2 else None)
        assert "No colleague or manager." in text_of(shown)
        await maya.close()
        await maya.submit()
        await maya.sees("Noted")
        await maya.click("On it")
        await maya.sees("1 of 3")
        await maya.click("Who sees this?")
        shown = await maya.wait_for(lambda state: state.modal)
        assert "No colleague or manager." in text_of(shown)
        await nothing_went_wrong(here)


async def test_an_if_then_plan_is_said_back_once_and_asked_about(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Stop at seven")
        await maya.home()
        await maya.wait_for(lambda state: "Stop at seven" in text_of(state.home))
        await maya.click("If … then …", where="home")
        await maya.sees("Finish this line")
        await maya.say("If a client writes late, then I answer tomorrow")
        await maya.sees("Say it once more")
        await maya.say("Late mail waits until tomorrow")
        await maya.sees("Kept, word for word")
        await here.move_to("2027-01-05T10:00")
        asked = await maya.sees("how did it go?")
        assert "“If a client writes late, then I answer tomorrow”" in text_of(asked)
        await maya.click("Try it once", where="home")
        await maya.sees("(only you)")
        await nothing_went_wrong(here)


async def test_a_silent_first_week_is_three_messages_and_no_question(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here, "Call the dentist")
        before = len((await here.maya.state()).from_app())

        # Tuesday, 5 January: asked at 10:00, once more at 15:00.
        await here.move_to("2027-01-05T10:00")
        await here.maya.home()
        await here.maya.wait_for(lambda state: "I'll ask once more at" in text_of(state.home))
        await here.move_to("2027-01-05T15:00")
        # Wednesday and Thursday are quiet. Friday, 8 January: asked at 10:00, and not a second time.
        for moment in ("2027-01-06T12:00", "2027-01-07T12:00", "2027-01-08T10:00", "2027-01-08T15:00"):
            await here.move_to(moment)
        await here.move_to("2027-01-10T23:00")

        messages = (await here.maya.state()).from_app()[before:]
        assert len(messages) == 3
        assert "below now" in text_of(messages[0]), "the first one gave way to its reminder"
        await nothing_went_wrong(here)


async def test_a_check_in_is_one_click_and_one_line(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        maya = here.maya
        await commit(here, "Finish the report")
        await here.move_to("2027-01-05T10:00")
        asked = await maya.sees("how did it go?")

        await maya.click("Not yet", in_message=asked)
        folded = await maya.sees("Thanks for saying so.")
        assert folded["ts"] == asked["ts"], "in place"
        await maya.click("Look at it")
        question = await maya.sees("only you")
        assert "why" not in text_of(question).split("(only you)")[0].casefold()

        # A late answer counts, and an answer can be changed.
        await here.settle()
        await maya.click("Change", in_message=at(await maya.messages(), asked["ts"]))
        await maya.wait_for(lambda state: "Moving" in text_of(at(state.messages(), asked["ts"])))
        await maya.click("Done", in_message=at(await maya.messages(), asked["ts"]))
        await maya.wait_for(lambda state: "Done ✓" in text_of(at(state.messages(), asked["ts"])))
        await nothing_went_wrong(here)


async def test_two_hours_down_over_a_check_in_is_one_check_in_and_two_days_is_a_word(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here, "Finish the report")
        before = len((await here.maya.state()).from_app())

        # Tuesday, 5 January: down from nine to noon. The day is still hers: asked once, at noon.
        await here.buddy.stop()
        await here.slack.move_to("2027-01-05T12:00")
        await here.start()
        asked = (await here.maya.state()).from_app()[before:]
        assert len(asked) == 1
        await here.maya.click("Moving")
        await here.settle()
        before = len((await here.maya.state()).from_app())

        # Friday, 8 January: down until Saturday evening. Nothing is sent for a day that has passed ...
        await here.buddy.stop()
        await here.slack.move_to("2027-01-09T18:00")
        await here.start()
        assert len((await here.maya.state()).from_app()) == before
        # ... and on Tuesday, 12 January, one check-in says so.
        await here.move_to("2027-01-12T10:00")
        later = (await here.maya.state()).from_app()[before:]
        assert len(later) == 1
        assert "I was away at the agreed time" in text_of(later[0])
        await nothing_went_wrong(here)


async def test_who_only_reads_messages_is_taken_from_check_in_to_check_in(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await commit(here)
        for day in ("Tue 5", "Fri 8", "Tue 12", "Fri 15"):
            await here.maya.next_check_in()
            await here.maya.click("Moving", in_message=await here.maya.sees("how did it go?"))
            await here.settle()
            now = here.playground.clock.now().astimezone(ZoneInfo("Europe/Berlin"))
            assert f"{now:%a %-d %H:%M}" == f"{day} 10:00"
