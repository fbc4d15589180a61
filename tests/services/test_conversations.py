"""Guided conversations on both databases: as the sample has it, and through everything that can come between."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from bot.clock import ManualClock
from bot.domain.calendar import Weekly
from bot.domain.commitments import State
from bot.domain.deliveries import Says
from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import Move, Reply
from bot.domain.readiness import Stage
from bot.domain.sittings import SittingStatus
from bot.services.conversations import LONGEST
from bot.services.work import AlreadyHandled, Gone, Refused
from tests import factories
from tests.talking import Shown, Talk, talking

SON = "My son has dinner with the back of my laptop"
KEEN = "Clients like it. I look keen"
HALL = "Phone in the hall, Thursday"


@pytest.fixture
async def talk(database_url: str, clock: ManualClock) -> AsyncIterator[Talk]:
    async with talking(database_url, clock) as made:
        yield made


def next_friday(clock: ManualClock) -> object:
    """10:00 in Berlin, the Friday of the tests' week."""
    return clock.now().replace(hour=9) + timedelta(days=4)


async def test_the_sample_as_it_is_written(talk: Talk) -> None:
    about = await talk.commit(next_due_at=next_friday(talk.clock))
    await talk.stage(about, Stage.CONTEMPLATION)
    first = await talk.one()
    assert "Then there's nothing to decide today." in first.whole
    assert "What makes it worth thinking about? (only you)" in first.whole
    assert "1 of 3" in first.whole
    assert {"Skip", "Later"} <= first.buttons.keys()
    await talk.types(SON)
    second = await talk.one()
    assert second.text.startswith("Thank you.")
    assert "2 of 3" in second.whole
    await talk.types(KEEN)
    third = await talk.one()
    assert SON in third.whole
    assert "Clients like it" in third.whole
    await talk.types(HALL)
    closing = await talk.one()
    assert closing.says is Says.CLOSING
    assert closing.text == "Kept as a try, not a promise. I'll ask on Friday at 10:00."
    assert {"Change", "Not an answer"} == closing.buttons.keys()
    kept = await talk.answers()
    assert [row.text for row in kept.values()] == [SON, KEEN, HALL]
    assert [row.keeps for row in kept.values()] == ["motive", "concern", "try"]
    changed = await talk.commitment(about.id)
    assert (changed.trying, changed.stage) == (HALL, Stage.CONTEMPLATION)


async def test_questions_on_the_screen_fold_when_answered(talk: Talk) -> None:
    await talk.stage(await talk.commit(), Stage.CONTEMPLATION)
    await talk.flush()
    await talk.types(SON)
    await talk.flush()
    first, second = list(talk.screen.values())
    assert first.says is Says.PROMPT_FOLDED
    assert first.buttons == {}
    assert "What makes it worth thinking about?" in first.whole
    assert second.buttons != {}
    await talk.does(Move.SKIP)
    await talk.flush()
    assert "Skipped" in list(talk.screen.values())[1].whole


async def test_the_ruler_is_buttons_and_its_number_is_kept(talk: Talk) -> None:
    about = await talk.commit()
    await talk.services.readiness.rate(talk.maya, about.id, key=talk.key())
    asked = await talk.one()
    assert [label for label in asked.buttons if label.isdecimal()] == [str(n) for n in range(1, 11)]
    await talk.taps("6")
    follow_up = await talk.one()
    assert "Why 6 and not 5?" in follow_up.whole
    assert "6" in next(iter(talk.screen.values())).whole
    assert (await talk.answers())["rating"].text == "6"


async def test_a_typed_number_will_do_and_other_words_get_a_hint(talk: Talk) -> None:
    about = await talk.commit()
    await talk.services.readiness.rate(talk.maya, about.id, key=talk.key())
    await talk.flush()
    await talk.types("quite ready")
    hint = await talk.one()
    assert hint.text == "A number from 1 to 10 is all this needs."
    await talk.types("a 7, since Monday")
    assert "Why 7 and not 6?" in (await talk.one()).whole
    assert (await talk.answers())["rating"].text == "7"


async def test_a_second_click_and_a_stale_button_change_nothing(talk: Talk) -> None:
    await talk.stage(await talk.commit(), Stage.CONTEMPLATION)
    await talk.flush()
    sitting = await talk.running()
    skip = Reply(move=Move.SKIP, step_id=sitting.prompt_step)
    await talk.services.conversations.reply(talk.maya, sitting.id, skip, key="click:1")
    await talk.flush()
    with pytest.raises(AlreadyHandled):
        await talk.services.conversations.reply(talk.maya, sitting.id, skip, key="click:1")
    await talk.services.conversations.reply(talk.maya, sitting.id, skip, key="click:2")
    assert await talk.flush() == []
    assert (await talk.running()).version == 2


async def test_another_members_sitting_is_out_of_reach(talk: Talk) -> None:
    async with talk.units.database.write() as tx:
        workspace = await tx.workspaces.get(talk.maya.workspace_id)
        jonas = await factories.member(tx, workspace, "UJONAS")
    await talk.stage(await talk.commit(), Stage.CONTEMPLATION)
    sitting = await talk.running()
    with pytest.raises(Gone):
        await talk.services.conversations.reply(jonas, sitting.id, Reply(move=Move.SKIP), key="k")
    with pytest.raises(Gone):
        await talk.services.conversations.form(jonas, sitting.id)


async def test_another_stage_replaces_what_had_begun(talk: Talk) -> None:
    about = await talk.commit()
    await talk.stage(about, Stage.CONTEMPLATION, ts="1.1")
    first, *_ = await talk.flush()
    assert first.says is Says.PROMPT
    await talk.stage(about, Stage.PREPARATION, ts="1.1")
    appeared = await talk.flush()
    assert [shown.says for shown in appeared] == [Says.PROMPT]
    assert "there to see when it's done" in appeared[0].whole
    assert [one.status for one in await talk.sittings()] == [SittingStatus.STOPPED, SittingStatus.ASKING]
    await talk.stage(about, Stage.PREPARATION, ts="1.1")
    assert await talk.flush() == []
    await talk.stage(about, None, ts="1.1")
    assert await talk.flush() == []
    assert {one.status for one in await talk.sittings()} == {SittingStatus.STOPPED}
    async with talk.units.database.read() as tx:
        history = [chosen.stage for chosen in await tx.stages.of(about.id)]
    assert history == [Stage.CONTEMPLATION, Stage.PREPARATION, None]


async def test_one_question_at_a_time(talk: Talk) -> None:
    email, report = await talk.commit(), await talk.commit("Finish the report")
    await talk.open(GuideId.NEXT_STEP, email)
    await talk.open(GuideId.WRAP_UP, report)
    assert len(await talk.flush()) == 1
    await talk.types("Write the headings")
    closing, question = await talk.flush()
    assert closing.text == "Kept: “Write the headings”."
    assert "What helped?" in question.whole
    assert (await talk.commitment(email.id)).next_step == "Write the headings"


async def test_what_its_member_asks_for_comes_first_and_the_rest_goes_on_after(talk: Talk) -> None:
    email, report = await talk.commit(), await talk.commit("Finish the report")
    await talk.stage(email, Stage.CONTEMPLATION)
    await talk.flush()
    await talk.types(SON)
    await talk.flush()
    await talk.services.readiness.rate(talk.maya, report.id, key=talk.key())
    assert "Finish the report" in (await talk.one()).whole
    await talk.services.readiness.rate(talk.maya, report.id, key=talk.key())
    assert await talk.flush() == []
    for _ in range(3):
        await talk.does(Move.SKIP)
        *_, last = await talk.flush()
        if last.text.startswith("Here's where we were."):
            break
    assert last.text.startswith("Here's where we were.")
    assert "2 of 3" in last.whole


async def test_later_is_offered_once_after_the_next_check_in(talk: Talk) -> None:
    await talk.stage(await talk.commit(), Stage.CONTEMPLATION)
    await talk.flush()
    await talk.does(Move.LATER)
    assert (await talk.one()).text == "I'll offer it once more, after your next check-in."
    offer = await after_check_in(talk)
    assert offer.buttons.keys() == {"Go on", "Leave it there"}
    offer_ts = list(talk.screen)[-1]
    async with talk.units.for_member(talk.maya) as (work, maya):
        await talk.services.conversations.offer_again(work, maya)
    assert await talk.flush() == []
    (sitting,) = await talk.sittings()
    await talk.services.conversations.go_on(talk.maya, sitting.id, key=talk.key(), ts=offer_ts)
    resumed = await talk.one()
    assert resumed.text.startswith("Here's where we were.")
    assert "Later" not in resumed.buttons
    assert talk.screen[offer_ts].buttons == {}
    await talk.services.conversations.go_on(talk.maya, sitting.id, key=talk.key(), ts=offer_ts)
    assert await talk.flush() == []
    await talk.does(Move.LATER)
    assert (await talk.one()).text == "Then I'll let this one rest."


async def test_what_is_closed_meanwhile_is_not_offered_again(talk: Talk) -> None:
    about = await talk.commit()
    await talk.stage(about, Stage.CONTEMPLATION)
    await talk.flush()
    await talk.does(Move.LATER)
    await talk.flush()
    await talk.services.commitments.let_go(talk.maya, about.id, key=talk.key())
    async with talk.units.for_member(talk.maya) as (work, maya):
        await talk.services.conversations.offer_again(work, maya)
    assert await talk.flush() == []


async def test_nothing_is_asked_about_what_is_let_go_of(talk: Talk) -> None:
    about, other = await talk.commit(), await talk.commit("Call the dentist")
    await talk.stage(other, Stage.CONTEMPLATION)
    await talk.flush()
    await talk.stage(about, Stage.CONTEMPLATION)
    await talk.flush()
    question_ts = list(talk.screen)[-1]
    await talk.services.commitments.let_go(talk.maya, about.id, key=talk.key())
    resumed = await talk.one()
    assert resumed.text.startswith("Here's where we were.")
    assert (await talk.running()).commitment_id == other.id
    assert talk.screen[question_ts].buttons == {}


async def test_an_offer_says_what_it_is_about(talk: Talk) -> None:
    await talk.stage(await talk.commit("Call the dentist"), Stage.CONTEMPLATION)
    await talk.flush()
    await talk.does(Move.LATER)
    await talk.flush()
    assert "Call the dentist" in (await after_check_in(talk)).text


async def after_check_in(talk: Talk) -> Shown:
    async with talk.units.for_member(talk.maya) as (work, maya):
        await talk.services.conversations.offer_again(work, maya)
    return await talk.one()


async def test_an_offer_can_be_left_there(talk: Talk) -> None:
    await talk.stage(await talk.commit(), Stage.CONTEMPLATION)
    await talk.flush()
    await talk.does(Move.LATER)
    await talk.flush()
    await after_check_in(talk)
    offer_ts = list(talk.screen)[-1]
    (sitting,) = await talk.sittings()
    await talk.services.conversations.leave(talk.maya, sitting.id, key=talk.key(), ts=offer_ts)
    assert (await talk.one()).text == "All right, we'll leave it here."
    assert talk.screen[offer_ts].buttons == {}


async def test_back_shows_the_answer_again_and_keeps_it_until_there_is_another(talk: Talk) -> None:
    await talk.stage(await talk.commit(), Stage.CONTEMPLATION)
    await talk.flush()
    await talk.types(SON)
    assert "Back" in (await talk.one()).menu
    await talk.does(Move.BACK)
    again = await talk.one()
    assert SON in again.whole
    assert "Keep that" in again.buttons
    assert (await talk.answers())["one_side"].text == SON
    sitting = await talk.running()
    await talk.services.conversations.answer_as_before(talk.maya, sitting.id, "one_side", key=talk.key())
    assert "2 of 3" in (await talk.one()).whole
    kept = (await talk.answers())["one_side"]
    assert kept.text == SON
    assert kept.messages != "[]"


async def test_what_was_no_answer_is_forgotten_and_asked_again(talk: Talk) -> None:
    about = await talk.commit()
    await talk.open(GuideId.NEXT_STEP, about)
    await talk.flush()
    await talk.types("wait a second")
    closing = await talk.one()
    assert (await talk.commitment(about.id)).next_step == "wait a second"
    sitting_id, step = closing.buttons["Not an answer"].split(":")[1:]
    for _ in range(2):
        await talk.services.conversations.not_an_answer(talk.maya, int(sitting_id), step, key=talk.key())
    again = await talk.one()
    assert "next small step" in again.whole
    assert (await talk.commitment(about.id)).next_step is None
    assert await talk.answers() == {}
    await talk.types("Open the file")
    assert "Kept: “Open the file”" in (await talk.one()).text


@pytest.mark.parametrize("end", ["finish", "let_go"])
async def test_what_was_no_answer_about_something_closed_is_forgotten_without_a_question(talk: Talk, end: str) -> None:
    about = await talk.commit()
    await talk.open(GuideId.NEXT_STEP, about)
    await talk.flush()
    await talk.types("wait a second")
    sitting_id, step = (await talk.one()).buttons["Not an answer"].split(":")[1:]
    async with talk.units.database.write() as tx:
        await tx.members.change(talk.maya.id, reflected_at=talk.clock.now())
    await getattr(talk.services.commitments, end)(talk.maya, about.id, key=talk.key())
    await talk.flush()
    for _ in range(2):
        await talk.services.conversations.not_an_answer(talk.maya, int(sitting_id), step, key=talk.key())
    assert await talk.flush() == []
    assert {row.text for row in (await talk.answers()).values()} <= {""}
    assert (await talk.commitment(about.id)).next_step is None
    assert [one.status for one in await talk.sittings()] == [SittingStatus.FINISHED]
    assert not any("wait a second" in shown.whole for shown in talk.screen.values())


async def test_of_a_sitting_that_was_left_a_phrase_says_that_it_is_forgotten(talk: Talk) -> None:
    about = await talk.commit()
    await talk.stage(about, Stage.CONTEMPLATION)
    await talk.flush()
    await talk.types(SON)
    await talk.flush()
    sitting = await talk.running()
    await talk.services.commitments.let_go(talk.maya, about.id, key=talk.key())
    await talk.flush()
    for _ in range(2):
        await talk.services.conversations.not_an_answer(talk.maya, sitting.id, "one_side", key=talk.key())
    assert (await talk.one()).text == "Then it's forgotten."
    assert SON not in {row.text for row in (await talk.answers()).values()}


async def test_letting_go_within_a_conversation_can_be_had_back(talk: Talk) -> None:
    about = await talk.commit(next_due_at=next_friday(talk.clock))
    await talk.open(GuideId.SMALLER_OR_LET_GO, about)
    assert {"Make it smaller", "Keep it as it is", "Let it go"} <= (await talk.one()).buttons.keys()
    await talk.taps("let_go")
    await talk.flush()
    await talk.does(Move.SKIP)
    closing = await talk.one()
    assert closing.buttons["Have it back"].endswith(f":{about.id}")
    gone = await talk.commitment(about.id)
    assert (gone.state, gone.next_due_at) == (State.LET_GO, None)
    assert gone.can_be_restored(talk.clock.now())


async def test_a_smaller_version_keeps_the_old_words_with_their_date(talk: Talk) -> None:
    about = await talk.commit("Finish the report", due_day=talk.clock.now().date())
    await talk.open(GuideId.SMALLER_OR_LET_GO, about)
    await talk.taps("smaller")
    await talk.flush()
    ts = await talk.types("One page of it")
    await talk.flush()
    smaller = await talk.commitment(about.id)
    assert smaller.text == "One page of it"
    await talk.types("Thursday")
    await talk.flush()
    dated = await talk.commitment(about.id)
    assert str(dated.due_day) == "2027-01-07"
    async with talk.units.database.read() as tx:
        (before,) = await tx.revisions.of(about.id)
    assert before.text == "Finish the report"
    await talk.services.inbox.edit(talk.maya, ts, "Two pages of it", talk.key())
    assert (await talk.commitment(about.id)).text == "Two pages of it"
    await talk.services.inbox.erase(talk.maya, ts, key=talk.key(), offer_ts=None)
    assert (await talk.commitment(about.id)).text == "Finish the report"


async def test_asked_less_often_when_chosen(talk: Talk) -> None:
    about = await talk.commit(next_due_at=next_friday(talk.clock), stage=Stage.MAINTENANCE)
    await talk.open(GuideId.KEEPING_GOING, about)
    await talk.does(Move.SKIP)
    await talk.does(Move.SKIP)
    await talk.taps("less")
    *_, closing = await talk.flush()
    assert closing.text == "I'll ask less often from here on. You can change it whenever you like."
    lighter = (await talk.commitment(about.id)).cadence
    assert isinstance(lighter, Weekly)
    assert len(lighter.days) == 1


async def test_as_a_form_instead(talk: Talk) -> None:
    about = await talk.commit()
    await talk.stage(about, Stage.CONTEMPLATION)
    await talk.flush()
    sitting = await talk.running()
    guide, prompts = await talk.services.conversations.form(talk.maya, sitting.id)
    assert guide.id == GuideId.WEIGHING
    assert [prompt.step_id for prompt in prompts] == ["one_side", "other_side", "try_once"]
    replies = {"one_side": Reply.text(SON), "try_once": Reply.text(HALL)}
    await talk.services.conversations.answer_form(talk.maya, sitting.id, replies, key=talk.key())
    closing = await talk.one()
    assert closing.text == "Kept as a try, not a promise."
    assert {row.text for row in (await talk.answers()).values()} == {SON, HALL}
    assert (await talk.commitment(about.id)).trying == HALL
    with pytest.raises(Gone):
        await talk.services.conversations.form(talk.maya, sitting.id)
    too_long = {"one_side": Reply.text("x" * (LONGEST + 1))}
    with pytest.raises(Refused):
        await talk.services.conversations.answer_form(talk.maya, sitting.id, too_long, key=talk.key())


async def test_what_was_kept_can_be_put_in_other_words(talk: Talk) -> None:
    about = await talk.commit()
    await talk.open(GuideId.NEXT_STEP, about)
    await talk.flush()
    await talk.types("Open the fiel")
    assert "Change" in (await talk.one()).buttons
    closing_ts = list(talk.screen)[-1]
    (sitting,) = await talk.sittings()
    ((prompt, row),) = await talk.services.conversations.kept_words(talk.maya, sitting.id)
    assert (prompt.step_id, row.text) == ("small_step", "Open the fiel")
    change = talk.services.conversations.change_words
    await change(talk.maya, sitting.id, {"small_step": "Open the file"}, key=talk.key())
    await talk.flush()
    assert talk.screen[closing_ts].text == "Kept: “Open the file”."
    assert (await talk.commitment(about.id)).next_step == "Open the file"
    await change(talk.maya, sitting.id, {"small_step": " "}, key=talk.key())
    assert (await talk.commitment(about.id)).next_step is None
    assert await talk.answers() == {}


async def test_remind_me_why_quotes_old_words_with_their_date(talk: Talk) -> None:
    about = await talk.commit()
    why = talk.services.readiness.remind_why
    await talk.stage(about, Stage.CONTEMPLATION)
    await talk.flush()
    await talk.types(SON)
    await talk.does(Move.STOP)
    await talk.flush()
    talk.clock.advance(timedelta(days=60))
    await why(talk.maya, about.id, key=talk.key())
    asked = await talk.one()
    assert f"On 4 January you wrote: “{SON}”. Still true?" in asked.whole
    await talk.taps("changed")
    assert "How would you put it now?" in (await talk.one()).whole
    await talk.types("He is twelve")
    await talk.flush()
    await talk.services.conversations.remind_why(talk.maya, (await talk.running()).id, key=talk.key())
    told = await talk.one()
    assert told.whole.index("He is twelve") < told.whole.index(SON)
    assert told.buttons == {}


async def test_another_motive_is_a_reason_to_offer_a_look_at_what_it_is_for(talk: Talk) -> None:
    """Not at once, which would be six questions in a row, but after the next check-in."""
    about = await talk.commit()
    await talk.stage(about, Stage.CONTEMPLATION)
    await talk.flush()
    await talk.types(SON)
    await talk.does(Move.STOP)
    await talk.flush()
    await talk.services.readiness.remind_why(talk.maya, about.id, key=talk.key())
    await talk.flush()
    await talk.taps("changed")
    await talk.flush()
    await talk.types("He is twelve")
    await talk.flush()
    await talk.does(Move.SKIP)
    await talk.flush()
    later = [one for one in await talk.sittings() if one.status is SittingStatus.LATER]
    assert [one.guide for one in later] == [GuideId.STALLED]
    async with talk.units.for_member(talk.maya) as (work, maya):
        await talk.services.conversations.offer_again(work, maya)
    offered = await talk.one()
    assert {"Go on", "Leave it there"} <= offered.buttons.keys()
    await talk.services.conversations.go_on(talk.maya, later[0].id, key=talk.key(), ts=None)
    assert (await talk.running()).guide == GuideId.STALLED


async def test_without_any_kept_motive_it_asks(talk: Talk) -> None:
    about = await talk.commit()
    await talk.services.readiness.remind_why(talk.maya, about.id, key=talk.key())
    assert "Still true?" not in (await talk.one()).whole


async def test_a_question_asked_lately_waits(talk: Talk) -> None:
    about = await talk.commit(stage=Stage.ACTION)
    seen = set()
    for _ in range(3):
        await talk.services.readiness.remind_why(talk.maya, about.id, key=talk.key())
        seen.add((await talk.one()).text)
        await talk.does(Move.SKIP)
        await talk.flush()
    assert len(seen) == 3


async def test_a_check_in_that_was_held_comes_first(talk: Talk) -> None:
    about = await talk.commit()
    await talk.open(GuideId.NEXT_STEP, about)
    await talk.flush()
    async with talk.units.database.write() as tx:
        held = await factories.check_in(tx, talk.maya, talk.clock.now(), ts=None)
        await factories.item(tx, held, about)
    await talk.open(GuideId.WRAP_UP, about)
    await talk.does(Move.SKIP)
    assert [shown.says for shown in await talk.flush()] == [Says.CLOSING, Says.CHECK_IN]
    question = await after_check_in(talk)
    assert "What helped?" in question.whole


async def test_what_was_closed_meanwhile_is_not_asked_about(talk: Talk) -> None:
    first, second = await talk.commit(), await talk.commit("Finish the report")
    await talk.open(GuideId.NEXT_STEP, first)
    await talk.open(GuideId.LOOK_AT_IT, second)
    async with talk.units.database.write() as tx:
        await tx.commitments.change(second.id, state=State.DONE)
    await talk.does(Move.SKIP)
    assert [shown.says for shown in await talk.flush()] == [Says.CLOSING]


async def test_a_question_of_the_buddys_own_counts_for_the_week(talk: Talk) -> None:
    await talk.open(GuideId.WRAP_UP, await talk.commit(), unasked=True)
    async with talk.units.database.read() as tx:
        assert (await tx.members.get(talk.maya.id)).reflected_at == talk.clock.now()


async def test_a_question_overtaken_on_its_way_is_not_left_standing(talk: Talk) -> None:
    about = await talk.commit()
    await talk.stage(about, Stage.CONTEMPLATION)
    await talk.does(Move.SKIP)
    appeared = await talk.flush()
    assert ["2 of 3" in shown.whole for shown in appeared] == [True]


async def test_an_older_question_can_be_answered_and_the_running_one_waits(talk: Talk) -> None:
    email, report = await talk.commit(), await talk.commit("Finish the report")
    await talk.open(GuideId.LOOK_AT_IT, email)
    older = await talk.one()
    sitting = await talk.running()
    async with talk.units.database.write() as tx:  # as when a check-in had waited long enough for it
        await tx.conversations.change(sitting.id, status=SittingStatus.LATER, version=sitting.version + 1)
    await talk.open(GuideId.NEXT_STEP, report)
    await talk.flush()
    assert "Skip" in older.buttons
    skip = Reply(move=Move.SKIP, step_id="the_moment")
    await talk.services.conversations.reply(talk.maya, sitting.id, skip, key=talk.key())
    assert "2 of 2" in (await talk.one()).whole
    assert [one.status for one in await talk.sittings()] == [SittingStatus.ASKING, SittingStatus.WAITING]
    await talk.does(Move.SKIP)
    closing, resumed = await talk.flush()
    assert closing.says is Says.CLOSING
    assert resumed.text.startswith("Here's where we were.")


async def test_two_processes_hear_one_answer_each(talk: Talk) -> None:
    """Both read the same row; the lock lets them do so one after the other."""
    await talk.stage(await talk.commit(), Stage.CONTEMPLATION)
    await talk.flush()
    sitting = await talk.running()
    skip = Reply(move=Move.SKIP, step_id=sitting.prompt_step)
    conversations = talk.services.conversations
    await asyncio.gather(*(conversations.reply(talk.maya, sitting.id, skip, key=f"click:{n}") for n in range(4)))
    assert "2 of 3" in (await talk.one()).whole


async def test_what_is_written_is_encrypted_at_rest(database_url: str, clock: ManualClock) -> None:
    async with talking(database_url, clock, keys=(Fernet.generate_key().decode(),)) as talk:
        await talk.stage(await talk.commit(), Stage.CONTEMPLATION)
        await talk.flush()
        await talk.types(SON)
        async with talk.units.database.read() as tx:
            for table in ("conversations", "answers", "deliveries"):
                rows = (await tx.connection.exec_driver_sql(f"select * from {table}")).all()
                assert rows
                assert "dinner" not in str(rows)
        assert (await talk.answers())["one_side"].text == SON
