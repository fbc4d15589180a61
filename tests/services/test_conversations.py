"""Guided conversations on both databases: as the sample has it, and through everything that can come between."""

import asyncio
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from bot.clock import ManualClock
from bot.domain.calendar import EVERY_DAY, Weekday
from bot.domain.check_ins import Answer
from bot.domain.commitments import Kind
from bot.domain.deliveries import Says
from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import Move, Reply
from bot.domain.readiness import Stage
from bot.domain.sittings import SittingStatus
from bot.services.conversations import LONGEST
from bot.services.work import AlreadyHandled, Gone, Refused
from tests import factories
from tests.talking import SON, Talk, next_friday, talking

KEEN = "Clients like it. I look keen"
HALL = "Phone in the hall, Thursday"


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
    assert {"Change", "Take it back"} == closing.buttons.keys()
    kept = await talk.answers()
    assert [row.text for row in kept.values()] == [SON, KEEN, HALL]
    assert [row.keeps for row in kept.values()] == ["motive", "concern", "try"]
    changed = await talk.commitment(about.id)
    assert (changed.trying, changed.stage) == (HALL, Stage.CONTEMPLATION)


async def test_an_old_message_in_which_nothing_is_left_to_choose_says_what_holds(talk: Talk) -> None:
    about = await talk.commit()
    await talk.stage(about, Stage.CONTEMPLATION)
    await talk.flush()
    await talk.stage(about, Stage.CONTEMPLATION, ts="1.1")
    assert await talk.flush() == []
    assert "Weighing it up" in talk.screen["1.1"].whole
    await talk.services.commitments.let_go(talk.maya, about.id, key=talk.key())
    await talk.flush()
    await talk.stage(about, Stage.ACTION, ts="2.1")
    await talk.flush()
    assert talk.screen["2.1"].buttons == {}


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
    await talk.services.readiness.open(talk.maya, about.id, GuideId.RULER, key=talk.key())
    asked = await talk.one()
    assert [label for label in asked.buttons if label.isdecimal()] == [str(n) for n in range(1, 11)]
    await talk.taps("6")
    follow_up = await talk.one()
    assert "Why 6 and not 5?" in follow_up.whole
    assert "6" in next(iter(talk.screen.values())).whole
    assert (await talk.answers())["rating"].text == "6"


async def test_a_typed_number_will_do_and_other_words_get_a_hint(talk: Talk) -> None:
    about = await talk.commit()
    await talk.services.readiness.open(talk.maya, about.id, GuideId.RULER, key=talk.key())
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
    sitting_id, step = closing.buttons["Take it back"].split(":")[1:]
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
    sitting_id, step = (await talk.one()).buttons["Take it back"].split(":")[1:]
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


async def test_the_weeks_question_says_what_it_is_about_before_and_after(talk: Talk) -> None:
    await talk.open(GuideId.A_QUESTION, await talk.commit("Learn Italian", stage=Stage.ACTION))
    asked = await talk.one()
    assert "\nabout “Learn Italian” · " in asked.whole
    assert asked.text.endswith("? (about “Learn Italian”)")
    await talk.types("Coffee in Rome")
    await talk.flush()
    folded, *_, closing = [shown for shown in talk.screen.values() if shown.text]
    assert folded.whole.endswith("about “Learn Italian”")
    assert closing.text == "Thank you. That's kept for you."


async def test_a_try_of_a_habit_is_asked_about_at_the_next_check_in(talk: Talk) -> None:
    next_tuesday = talk.clock.now() + timedelta(days=8)
    values = {"kind": Kind.HABIT, "habit_days": (Weekday.SUNDAY,), "next_due_at": next_tuesday}
    walk = await talk.commit("long walk", **values)
    await talk.services.readiness.open(talk.maya, walk.id, GuideId.TRY_ONCE, key=talk.key())
    await talk.flush()
    await talk.types("The short way round")
    assert (await talk.commitment(walk.id)).next_due_at == talk.clock.now().replace(day=5, hour=9, minute=0, second=0)


async def test_until_the_day_of_its_try_a_habit_is_asked_about_its_days(talk: Talk) -> None:
    """It is Monday 4 January, and she is asked on Tuesdays and Fridays."""
    tuesday = talk.clock.now().replace(day=5, hour=9, minute=0, second=0)
    monday = talk.clock.now()
    values = {"kind": Kind.HABIT, "habit_days": EVERY_DAY, "created_at": monday, "next_due_at": tuesday}
    walk = await talk.commit("walk", **values)
    await talk.open(GuideId.TRY_ONCE, walk)
    await talk.flush()
    await talk.types("the short way round")
    await talk.flush()
    await talk.types("Thursday evening")
    said = (await talk.one()).text
    assert said == "Thursday 7 January, then. Kept as a try, not a promise. I'll ask on Friday at 10:00."
    asked = []
    for day in (5, 8):
        talk.clock.set(tuesday.replace(day=day))
        await talk.services.opening.open_due()
        async with talk.units.database.read() as tx:
            [item] = await tx.items.of((await tx.check_ins.all())[-1].id)
            asked.append((item.trying, item.since))
    assert asked == [(None, monday.date()), ("the short way round", None)]
    await talk.services.check_ins.answer(talk.maya, item.id, Answer.DONE, key=talk.key())
    assert (await talk.commitment(walk.id)).next_due_at == tuesday.replace(day=12)
    talk.clock.set(tuesday.replace(day=12))
    await talk.services.opening.open_due()
    async with talk.units.database.read() as tx:
        [item] = await tx.items.of((await tx.check_ins.all())[-1].id)
    assert (item.trying, item.since) == (None, monday.date()), "its days again, none of them lost"
