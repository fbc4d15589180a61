"""What members type, on both databases: each message finds where it belongs, and none meets silence."""

import pytest

from bot.clock import ManualClock
from bot.domain.deliveries import Says
from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import Move
from bot.domain.readiness import Stage
from bot.rendering.copy import PHRASES
from bot.services.inbox import STILL_SAYING
from bot.services.work import AlreadyHandled, Gone
from tests.talking import Talk, weighing


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
