"""What members type, on both databases: each message finds where it belongs, and none meets silence."""

from datetime import timedelta

import pytest

from bot.clock import ManualClock
from bot.domain.calendar import EVERY_DAY
from bot.domain.check_ins import Answer, FollowUp
from bot.domain.commitments import Kind, State
from bot.domain.deliveries import Says
from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import Move
from bot.domain.readiness import Stage
from bot.rendering.copy import PHRASES
from bot.services.inbox import STILL_SAYING
from bot.services.keeping import Message
from bot.services.work import AlreadyHandled, Gone
from tests import factories
from tests.talking import Talk, next_friday


async def weighing(talk: Talk) -> None:
    """A first question is on the screen."""
    await talk.stage(await talk.commit(), Stage.CONTEMPLATION)
    await talk.flush()


async def open_check_in(talk: Talk) -> str:
    """One with a commitment to be answered, on the screen; its ts."""
    ts = talk.next_ts()
    about = await talk.commit("Finish the report")
    async with talk.units.database.write() as tx:
        made = await factories.check_in(tx, talk.maya, talk.clock.now(), ts=ts)
        await factories.item(tx, made, about)
    return ts


async def test_what_is_no_answer_gets_buttons(talk: Talk) -> None:
    ts = await talk.types("I finished the slides")
    reply = await talk.one()
    assert reply.text == "That isn't kept yet, since I can't tell what it's about. What would you like?"
    assert reply.buttons["Log a win"] == f"win.open:{ts}"
    assert {"Check in", "Make a commitment"} <= reply.buttons.keys()
    assert await talk.answers() == {}


@pytest.mark.parametrize("typed", ["I want to die", "help"])
async def test_a_person_is_named_to_whoever_asks_for_one_whatever_they_typed(talk: Talk, typed: str) -> None:
    await talk.types(typed)
    assert "Talk to a person" in (await talk.one()).buttons
    await talk.services.silence.name_someone(talk.maya, key=talk.key())
    assert (await talk.one()).text.startswith("Of course. I'm automatic, and neither a coach nor a therapist.")


async def test_thanks_get_any_time(talk: Talk) -> None:
    await talk.types("Danke!")
    assert (await talk.one()).text == "Any time."


@pytest.mark.parametrize(
    ("word", "button"),
    [("help", "Ground rules"), ("pause", "Pause"), ("Stop!", "Stop"), ("I give up", "Talk to a person")],
)
async def test_a_wish_gets_its_buttons_even_in_the_middle_of_a_sitting(talk: Talk, word: str, button: str) -> None:
    await weighing(talk)
    await talk.types(word)
    reply = await talk.one()
    assert reply.says is Says.HELP_REPLY
    assert button in reply.buttons
    assert await talk.answers() == {}


async def test_the_same_event_twice_is_handled_once(talk: Talk) -> None:
    await weighing(talk)
    for attempt in range(2):
        ts = talk.next_ts()
        if attempt:
            with pytest.raises(AlreadyHandled):
                await talk.services.inbox.receive(talk.maya, ts, "My son", None, "event:E1")
        else:
            await talk.services.inbox.receive(talk.maya, ts, "My son", None, "event:E1")
    assert len(await talk.flush()) == 1


async def test_three_lines_as_three_messages_are_one_answer(talk: Talk) -> None:
    await weighing(talk)
    await talk.types("My son")
    await talk.types("has dinner")
    await talk.types("with my laptop")
    assert ["2 of 3" in shown.whole for shown in await talk.flush()] == [True]
    assert (await talk.answers())["one_side"].text == "My son\nhas dinner\nwith my laptop"


async def test_a_line_typed_before_the_question_appeared_joins_the_answer_before(talk: Talk) -> None:
    await weighing(talk)
    await talk.types("My son")
    early = talk.next_ts()
    await talk.flush()
    await talk.types("and dinner", ts=early)
    await talk.flush()
    assert (await talk.answers())["one_side"].text == "My son\nand dinner"
    assert "2 of 3" in talk.last().whole
    await talk.types("Clients like it")
    assert "3 of 3" in (await talk.one()).whole


async def test_lines_that_arrive_in_the_wrong_order_are_put_right(talk: Talk) -> None:
    await weighing(talk)
    first, second, third = talk.next_ts(), talk.next_ts(), talk.next_ts()
    await talk.types("one", ts=first)
    await talk.types("three", ts=third)
    await talk.types("two", ts=second)
    assert (await talk.answers())["one_side"].text == "one\ntwo\nthree"


async def test_a_second_line_joins_the_last_answer_of_a_sitting(talk: Talk) -> None:
    about = await talk.commit()
    await talk.open(GuideId.NEXT_STEP, about)
    await talk.flush()
    await talk.types("Open the file")
    await talk.types("and write the headings")
    assert [shown.says for shown in await talk.flush()] == [Says.CLOSING]
    assert (await talk.commitment(about.id)).next_step == "Open the file\nand write the headings"
    await talk.types("Something else")
    assert (await talk.one()).says is Says.HELP_REPLY


async def test_asking_for_ideas_is_no_answer_and_brings_three(talk: Talk) -> None:
    about = await talk.commit()
    await talk.open(GuideId.NEXT_STEP, about)
    await talk.flush()
    await talk.types("any ideas?")
    assert "something smaller, a single try to see, or someone" in (await talk.one()).text
    assert (await talk.commitment(about.id)).next_step is None
    await talk.types("Ask Ana how she did it")
    assert (await talk.commitment(about.id)).next_step == "Ask Ana how she did it"


async def test_a_sitting_whose_last_words_never_came_does_not_swallow_what_comes_much_later(talk: Talk) -> None:
    await talk.open(GuideId.NEXT_STEP, await talk.commit())
    await talk.flush()
    await talk.types("Open the file")
    talk.pending.clear()
    talk.clock.advance(STILL_SAYING)
    await talk.types("Something else")
    assert (await talk.one()).says is Says.HELP_REPLY


async def test_words_typed_before_the_first_question_appeared_are_no_answer_to_it(talk: Talk) -> None:
    await talk.stage(await talk.commit(), Stage.CONTEMPLATION)
    await talk.types("hello")
    assert [shown.says for shown in await talk.flush()] == [Says.PROMPT, Says.HELP_REPLY]
    assert await talk.answers() == {}


async def test_a_reply_in_a_thread_is_answered_there(talk: Talk) -> None:
    await weighing(talk)
    root = next(iter(talk.screen))
    await talk.types("My son", thread_ts=root)
    assert (await talk.one()).thread_ts == root
    await talk.types("Clients like it")
    assert (await talk.one()).thread_ts is None


async def test_files_get_a_kind_sentence_and_words_beside_them_count(talk: Talk) -> None:
    await weighing(talk)
    await talk.types("", has_files=True)
    assert (await talk.one()).text == PHRASES["file"]
    await talk.types("This is my son", has_files=True)
    said = await talk.flush()
    assert [shown.says for shown in said] == [Says.PHRASE, Says.PROMPT]
    assert said[0].text == "I can't open files, so I go by your words."
    assert (await talk.answers())["one_side"].text == "This is my son"


async def test_nobody_is_asked_what_a_file_holds_where_the_answer_would_be_kept_nowhere(talk: Talk) -> None:
    await talk.types("", has_files=True)
    reply = await talk.one()
    assert "nothing of it is kept" in reply.text
    assert "Talk to a person" in reply.buttons


@pytest.mark.parametrize(("word", "heard"), [("skip", "2 of 3"), ("later", "offer it once more")])
async def test_moves_can_be_typed(talk: Talk, word: str, heard: str) -> None:
    await weighing(talk)
    await talk.types(word)
    assert heard in (await talk.one()).whole
    assert await talk.answers() == {}


async def test_the_words_of_the_ways_out_of_a_question_are_no_answer(talk: Talk) -> None:
    await weighing(talk)
    await talk.types("Who sees this?")
    assert (await talk.one()).says is Says.HELP_REPLY
    await talk.types("remind me why")
    assert (await talk.one()).says is Says.MOTIVES
    await talk.types("Leave it there.")
    assert (await talk.one()).text == "All right, we'll leave it here."
    assert await talk.answers() == {}


@pytest.mark.parametrize(("guide", "is_let_go"), [(GuideId.LOOK_AT_IT, True), (GuideId.NEXT_STEP, False)])
async def test_let_go_can_be_typed_where_it_can_be_clicked(talk: Talk, guide: GuideId, is_let_go: bool) -> None:
    about = await talk.commit()
    await talk.open(guide, about)
    await talk.flush()
    if is_let_go:
        await talk.types("The client wrote late")
        await talk.flush()
    assert ("Let go" in talk.last().buttons) is is_let_go
    await talk.types("let go")
    await talk.flush()
    assert ((await talk.commitment(about.id)).state is State.LET_GO) is is_let_go


@pytest.mark.parametrize(
    ("typed", "stage"), [("On it!", Stage.ACTION), ("weighing it up", Stage.CONTEMPLATION), ("Leave it there", None)]
)
async def test_where_they_are_with_it_can_be_typed(talk: Talk, typed: str, stage: Stage | None) -> None:
    await talk.commit("An older one", created_at=talk.clock.now() - timedelta(hours=1))
    about = await talk.commit(created_at=talk.clock.now())
    await talk.types(typed)
    assert (await talk.one()).says is (Says.PROMPT if stage else Says.PHRASE)
    assert (await talk.commitment(about.id)).stage is stage
    async with talk.units.database.read() as tx:
        assert [one.stage for one in await tx.stages.of(about.id)] == [stage]
    if stage is None:
        await talk.types(typed)
        assert (await talk.one()).says is Says.HELP_REPLY


async def test_a_question_of_yesterday_is_not_answered_by_chance(talk: Talk) -> None:
    about = await talk.commit(created_at=talk.clock.now() - timedelta(days=2))
    await talk.types("on it")
    assert (await talk.one()).says is Says.HELP_REPLY
    assert (await talk.commitment(about.id)).stage is None


@pytest.mark.parametrize(
    ("typed", "choice", "said"),
    [("Look at it.", FollowUp.LOOKED, "What was going on"), ("leave it there", FollowUp.LEFT, "we'll leave it here")],
)
async def test_what_follows_a_not_yet_can_be_typed(talk: Talk, typed: str, choice: FollowUp, said: str) -> None:
    await open_check_in(talk)
    await talk.types("not yet")
    await talk.flush()
    await talk.types(typed)
    assert said in (await talk.one()).text
    async with talk.units.database.read() as tx:
        (item,) = await tx.items.all()
    assert item.follow_up is choice


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("Tomorrow", "tomorrow at 10:00"),
        ("in an hour", "at 11:0"),
        ("later", "this evening at 18:00"),
        ("tomorrow 9", "tomorrow at 9:00"),
        ("Ask me again at 5pm", "this evening at 17:00"),
        ("tomorrow at 9 pls", "tomorrow at 9:00"),
    ],
)
async def test_a_check_in_is_put_off_by_what_is_typed_and_says_so_below(talk: Talk, typed: str, at: str) -> None:
    talk.clock.set(next_friday(talk.clock))
    await open_check_in(talk)
    await talk.types(typed)
    shown = (await talk.flush())[0]
    assert shown.says is Says.REMINDER
    assert f"I'll ask again {at}" in shown.text
    async with talk.units.database.read() as tx:
        (item,), (check_in,) = await tx.items.all(), await tx.check_ins.all()
    assert (item.note, item.answer) == (None, None)
    assert check_in.snoozed


@pytest.mark.parametrize("typed", ["by tomorrow 9", "monday", "it took until 9", "later than I thought"])
async def test_what_may_be_about_the_deed_is_a_note(talk: Talk, typed: str) -> None:
    await open_check_in(talk)
    await talk.types(typed)
    assert (await talk.one()).says is Says.NOTE_KEPT


async def test_not_today_is_an_answer(talk: Talk) -> None:
    await open_check_in(talk)
    await talk.types("Not today")
    assert (await talk.flush())[0].text == "“Finish the report”: Not today"
    async with talk.units.database.read() as tx:
        (item,) = await tx.items.all()
    assert (item.note, item.answer) == (None, Answer.NOT_TODAY)


@pytest.mark.parametrize(
    ("typed", "button"),
    [
        ("my list", "My list"),
        ("Make a commitment", "Make a commitment"),
        ("check in", "Check in"),
        ("ground rules", "Ground rules"),
        ("please delete all my data", "Export or delete"),
        ("who sees this?", "Who sees what"),
        ("holiday", "Time off"),
        ("I can't do this any more", "Pause"),
        ("what if I kill myself", "Talk to a person"),
    ],
)
async def test_a_wish_in_ones_own_words_leads_there(talk: Talk, typed: str, button: str) -> None:
    await talk.types(typed)
    reply = await talk.one()
    assert button in reply.buttons
    assert "isn't kept" not in reply.text


async def test_resume_is_offered_to_whoever_paused(talk: Talk) -> None:
    await talk.types("resume")
    assert "Resume" not in (await talk.one()).buttons
    await talk.services.pauses.pause(talk.maya, None, key=talk.key())
    await talk.types("resume")
    assert "Resume" in (await talk.one()).buttons


async def test_a_person_to_talk_to_is_named_at_once(talk: Talk) -> None:
    await talk.types("I want to talk to a person.")
    assert (await talk.one()).says is Says.A_PERSON


@pytest.mark.parametrize("typed", ["don't know", "no", "keine Ahnung"])
async def test_no_idea_is_kept_as_nothing(talk: Talk, typed: str) -> None:
    about = await talk.commit()
    await talk.open(GuideId.IF_THEN, about)
    await talk.flush()
    await talk.types(typed)
    assert (await talk.one()).text == "That's fine. Not everything needs words."
    assert (await talk.commitment(about.id)).plan is None
    assert await talk.answers() == {}


async def test_no_is_an_answer_where_there_are_answers_to_tap(talk: Talk) -> None:
    await talk.open(GuideId.RULER, await talk.commit())
    await talk.flush()
    await talk.types("no idea")
    assert (await talk.one()).says is Says.HINT


async def test_a_line_is_let_go_and_a_day_left_in_peace_by_their_words(talk: Talk) -> None:
    await open_check_in(talk)
    await talk.types("quiet today")
    assert Says.RESTING in [shown.says for shown in await talk.flush()]
    async with talk.units.database.read() as tx:
        (item,) = await tx.items.all()
    assert (item.answer, item.note) == (Answer.NOT_TODAY, None)
    talk.clock.advance(timedelta(days=1))
    await open_check_in(talk)
    await talk.types("Let go.")
    shown = (await talk.flush())[0]
    assert "Undo" in shown.buttons
    assert shown.text == "“Finish the report”: Let go"


async def test_ok_is_met_with_a_word(talk: Talk) -> None:
    await talk.types("ok")
    assert (await talk.one()).text == "All right."


async def test_who_was_left_in_peace_hears_when_it_goes_on(talk: Talk) -> None:
    await talk.commit(next_due_at=next_friday(talk.clock))
    async with talk.units.for_member(talk.maya) as (work, maya):
        quiet = await work.tx.members.change(maya.id, quiet_since=talk.clock.now())
        await work.say(quiet, Says.SILENCE)
    await talk.flush()
    talk.maya = quiet
    await talk.types("hey, I'm back")
    reply = await talk.one()
    assert reply.text == "I'll be here tomorrow at 10:00, as agreed. What would you like?"
    assert "Log a win" in reply.buttons


async def test_an_edited_message_replaces_its_answer_and_moves_nothing_else(talk: Talk) -> None:
    await weighing(talk)
    first = await talk.types("My sun")
    await talk.flush()
    await talk.types("Clients like it")
    await talk.flush()
    await talk.services.inbox.edit(talk.maya, first, "My son", talk.key())
    assert await talk.flush() == []
    kept = (await talk.answers())["one_side"]
    assert kept.text == "My son"
    assert "My son" in talk.last().whole
    assert "3 of 3" in talk.last().whole
    await talk.services.inbox.edit(talk.maya, "1.1", "nothing that is known", talk.key())
    assert await talk.flush() == []


async def test_one_of_two_lines_can_be_edited_and_deleted(talk: Talk) -> None:
    await weighing(talk)
    first = await talk.types("My son")
    second = await talk.types("has diner")
    await talk.flush()
    await talk.services.inbox.edit(talk.maya, second, "has dinner", talk.key())
    assert (await talk.answers())["one_side"].text == "My son\nhas dinner"
    await talk.services.inbox.erase(talk.maya, first, key=talk.key(), offer_ts=None)
    assert (await talk.answers())["one_side"].text == "has dinner"


async def test_a_deleted_message_offers_to_forget_its_answer(talk: Talk) -> None:
    about = await talk.commit()
    await talk.open(GuideId.NEXT_STEP, about)
    await talk.flush()
    ts = await talk.types("Open the file")
    await talk.flush()
    await talk.services.inbox.delete(talk.maya, ts, talk.key())
    offer = await talk.one()
    assert offer.buttons.keys() == {"Erase", "Keep"}
    assert (await talk.commitment(about.id)).next_step == "Open the file"
    offer_ts = list(talk.screen)[-1]
    await talk.services.inbox.erase(talk.maya, ts, key=talk.key(), offer_ts=offer_ts)
    await talk.flush()
    assert talk.screen[offer_ts].text == "Forgotten."
    assert await talk.answers() == {}
    assert (await talk.commitment(about.id)).next_step is None
    with pytest.raises(Gone):
        await talk.services.inbox.erase(talk.maya, ts, key=talk.key(), offer_ts=offer_ts)
    async with talk.units.database.read() as tx:
        (sitting,) = await tx.conversations.all()
    assert "Open the file" not in sitting.state


async def test_a_deleted_message_can_stay_kept(talk: Talk) -> None:
    await weighing(talk)
    ts = await talk.types("My son")
    await talk.flush()
    await talk.services.inbox.delete(talk.maya, ts, talk.key())
    await talk.flush()
    offer_ts = list(talk.screen)[-1]
    await talk.services.inbox.keep(talk.maya, key=talk.key(), offer_ts=offer_ts)
    await talk.flush()
    assert talk.screen[offer_ts].buttons == {}
    assert (await talk.answers())["one_side"].text == "My son"


async def test_erasing_what_the_question_speaks_of_moves_on(talk: Talk) -> None:
    await talk.open(GuideId.IF_THEN, await talk.commit())
    await talk.flush()
    ts = await talk.types("If it rains, then I read")
    assert "Say it once more" in (await talk.one()).whole
    await talk.services.inbox.erase(talk.maya, ts, key=talk.key(), offer_ts=None)
    appeared = await talk.flush()
    assert "If it rains" not in "".join(shown.whole for shown in appeared)


async def test_text_after_a_check_in_is_its_note(talk: Talk) -> None:
    await open_check_in(talk)
    ts = await talk.types("The client was ill")
    assert Says.NOTE_KEPT in [shown.says for shown in await talk.flush()]
    await talk.services.inbox.edit(talk.maya, ts, "The client was away", talk.key())
    async with talk.units.database.read() as tx:
        (item,) = await tx.items.all()
    assert item.note == "The client was away"
    await talk.services.inbox.delete(talk.maya, ts, talk.key())
    assert "Erase" in (await talk.one()).buttons
    await talk.services.inbox.erase(talk.maya, ts, key=talk.key(), offer_ts=None)
    async with talk.units.database.read() as tx:
        (item,) = await tx.items.all()
    assert item.note is None


@pytest.mark.parametrize(
    ("word", "kept"), [("done", Answer.DONE), ("Not yet...", Answer.NOT_YET), ("MOVING!", Answer.MOVING)]
)
async def test_the_words_of_a_button_are_its_answer(talk: Talk, word: str, kept: Answer) -> None:
    """And the check-in comes down to where its member is, so that something says so."""
    first = await open_check_in(talk)
    await talk.types(word)
    appeared = await talk.flush()
    assert appeared[0].says is Says.REMINDER
    async with talk.units.database.read() as tx:
        (item,) = await tx.items.all()
    assert (item.answer, item.note) == (kept, None)
    assert "below now" in talk.screen[first].text


async def test_what_is_no_answer_by_itself_gets_the_answers_to_click(talk: Talk) -> None:
    await open_check_in(talk)
    await talk.types("nearly done")
    reply = await talk.one()
    ts = list(talk.screen)[-1]
    assert {"Done", "Moving", "Not yet", "Take it back"} == reply.buttons.keys()
    async with talk.units.database.read() as tx:
        (item,) = await tx.items.all()
    check_ins = talk.services.check_ins
    await check_ins.answer(talk.maya, item.id, Answer.MOVING, key=talk.key(), note_ts=ts)
    await talk.flush()
    assert talk.screen[ts].text == "“Finish the report”: *Moving*, with your note (only you)."
    await check_ins.drop_note(talk.maya, item.id, key=talk.key(), note_ts=ts)
    await talk.flush()
    assert talk.screen[ts].text == "“Finish the report”: *Moving*"


@pytest.mark.parametrize(("typed", "answer"), [("both done", None), ("done", Answer.DONE), ("let go", None)])
async def test_of_two_lines_its_member_says_which_one_it_is_about(
    talk: Talk, typed: str, answer: Answer | None
) -> None:
    await open_check_in(talk)
    second = await talk.commit("Read")
    async with talk.units.database.write() as tx:
        (check_in,) = await tx.check_ins.all()
        item = await factories.item(tx, check_in, second, position=1)
    ts = await talk.types(typed)
    which = await talk.one()
    asked_ts = list(talk.screen)[-1]
    assert which.text == "Which one is that about? (only you)"
    async with talk.units.database.read() as tx:
        assert {(one.note, one.answer) for one in await tx.items.all()} == {(None, None)}
    assert which.buttons.keys() == {"Finish the report", "Read", "None of these"}
    assert which.buttons["Read"] == f"check_in.note_on:{ts}:{item.id}"
    message = Message(ts, typed)
    await talk.services.check_ins.note_on(talk.maya, item.id, message, key=talk.key(), asked_ts=asked_ts)
    await talk.flush()
    async with talk.units.database.read() as tx:
        item = await tx.items.get(item.id)
    assert (item.note, item.answer) == (typed if typed == "both done" else None, answer)
    assert "“Read”" in talk.screen[asked_ts].text
    assert ((await talk.commitment(second.id)).state is State.LET_GO) is (typed == "let go")
    assert answer is None or "Done ✓" in talk.screen[asked_ts].text


@pytest.mark.parametrize("typed", ["All moving.", "all moving"])
async def test_what_is_about_all_of_them_asks_for_none(talk: Talk, typed: str) -> None:
    await open_check_in(talk)
    second = await talk.commit("Read")
    async with talk.units.database.write() as tx:
        (check_in,) = await tx.check_ins.all()
        await factories.item(tx, check_in, second, position=1)
    await talk.types(typed)
    assert (await talk.flush())[0].says is Says.REMINDER
    async with talk.units.database.read() as tx:
        assert {one.answer for one in await tx.items.all()} == {Answer.MOVING}


async def days_of_a_habit(talk: Talk) -> None:
    """On Friday, from Tuesday on: four days, today included, since its member began the check-in."""
    talk.clock.set(next_friday(talk.clock))
    habit = await talk.commit("Read", kind=Kind.HABIT, habit_days=EVERY_DAY)
    async with talk.units.database.write() as tx:
        made = await factories.check_in(tx, talk.maya, talk.clock.now(), ts=talk.next_ts())
        since = talk.clock.now().date() - timedelta(days=3)
        await factories.item(tx, made, habit, since=since)


async def test_every_day_of_a_habit_can_be_typed(talk: Talk) -> None:
    await days_of_a_habit(talk)
    await talk.types("Every day!")
    assert (await talk.flush())[0].says is Says.REMINDER
    async with talk.units.database.read() as tx:
        (item,) = await tx.items.all()
    assert item.answer is Answer.DAYS
    assert len(item.days) >= 3


async def test_a_note_on_days_is_not_met_with_not_yet_alone(talk: Talk) -> None:
    await days_of_a_habit(talk)
    await talk.types("all but one")
    assert (await talk.one()).buttons.keys() == {"Every day", "Not yet", "Take it back"}
    ts = list(talk.screen)[-1]
    async with talk.units.database.read() as tx:
        (item,) = await tx.items.all()
    await talk.services.check_ins.answer_days(talk.maya, item.id, every=True, key=talk.key(), note_ts=ts)
    await talk.flush()
    assert talk.screen[ts].buttons.keys() == {"Take it back"}
    assert "days*, with your note" in talk.screen[ts].text


async def test_what_is_about_none_of_them_is_not_kept_and_a_person_can_be_talked_to(talk: Talk) -> None:
    await open_check_in(talk)
    second = await talk.commit("Read")
    async with talk.units.database.write() as tx:
        (check_in,) = await tx.check_ins.all()
        await factories.item(tx, check_in, second, position=1)
    ts = await talk.types("I feel like giving up on everything")
    await talk.flush()
    asked_ts = list(talk.screen)[-1]
    await talk.services.check_ins.note_on_none(talk.maya, ts, key=talk.key(), asked_ts=asked_ts)
    await talk.flush()
    assert "Talk to a person" in talk.screen[asked_ts].buttons
    async with talk.units.database.read() as tx:
        assert {one.note for one in await tx.items.all()} == {None}


async def test_a_check_in_below_the_question_gets_the_words_and_then_the_question_does(talk: Talk) -> None:
    await weighing(talk)
    await open_check_in(talk)
    await talk.types("The client was ill")
    assert Says.NOTE_KEPT in [shown.says for shown in await talk.flush()]
    assert await talk.answers() == {}


async def test_a_thread_below_a_check_in_is_its_own(talk: Talk) -> None:
    root = await open_check_in(talk)
    await weighing(talk)
    await talk.types("The client was ill", thread_ts=root)
    assert Says.NOTE_KEPT in [shown.says for shown in await talk.flush()]
    await talk.types("My son")
    assert (await talk.answers())["one_side"].text == "My son"


async def test_a_week_changes_nothing(talk: Talk, clock: ManualClock) -> None:
    await weighing(talk)
    clock.advance(STILL_SAYING * 2016)
    await talk.types("My son")
    assert "2 of 3" in (await talk.one()).whole


async def test_a_left_sitting_takes_no_more_words(talk: Talk) -> None:
    await weighing(talk)
    await talk.does(Move.STOP)
    await talk.flush()
    await talk.types("My son")
    assert (await talk.one()).says is Says.HELP_REPLY
    assert await talk.answers() == {}
