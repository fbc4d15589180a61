"""What is typed while a check-in is open, on both databases: an answer, another time, or a note."""

from datetime import timedelta

import pytest

from bot.domain.calendar import EVERY_DAY
from bot.domain.check_ins import Answer
from bot.domain.commitments import Kind, State
from bot.domain.deliveries import Says
from bot.services.keeping import Message
from tests import factories
from tests.talking import Talk, next_friday, open_check_in, weighing


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


async def test_each_message_of_a_note_is_corrected_and_erased_by_itself(talk: Talk) -> None:
    async def note() -> str | None:
        async with talk.units.database.read() as tx:
            (item,) = await tx.items.all()
        return item.note

    await open_check_in(talk)
    first, second = await talk.types("The client was ill\non Monday"), await talk.types("I wrote to Jonas")
    await talk.services.inbox.edit(talk.maya, second, "I wrote to Priya", talk.key())
    assert await note() == "The client was ill\non Monday\nI wrote to Priya"
    await talk.services.inbox.edit(talk.maya, first, "The client was away", talk.key())
    assert await note() == "The client was away\nI wrote to Priya"
    await talk.flush()
    await talk.services.inbox.delete(talk.maya, first, talk.key())
    assert "Erase" in (await talk.one()).buttons
    await talk.services.inbox.erase(talk.maya, first, key=talk.key(), offer_ts=None)
    assert await note() == "I wrote to Priya"
    await talk.services.inbox.erase(talk.maya, second, key=talk.key(), offer_ts=None)
    assert await note() is None


async def test_a_note_from_before_its_messages_were_told_apart_is_corrected_as_one(talk: Talk) -> None:
    await open_check_in(talk)
    ts = await talk.types("The client was ill")
    async with talk.units.database.write() as tx:
        await tx.items.change_all(note_parts=None)
    await talk.services.inbox.edit(talk.maya, ts, "The client was away", talk.key())
    async with talk.units.database.read() as tx:
        (item,) = await tx.items.all()
    assert item.note == "The client was away"


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
