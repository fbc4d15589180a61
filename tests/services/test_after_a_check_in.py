"""What an answer leads to: a question at most, one that was put off first, and others as the weeks go by."""

from datetime import timedelta

from bot.domain.calendar import Weekday
from bot.domain.check_ins import Answer, FollowUp
from bot.domain.commitments import Kind, State
from bot.domain.deliveries import Says
from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import Move, Reply
from bot.domain.readiness import Stage
from bot.domain.sittings import SittingStatus
from tests.desk import FRIDAY, TUESDAY, Asked


async def test_done_with_a_try_ends_the_try_only_and_asks_what_it_showed(here: Asked) -> None:
    one = await here.commit(trying="Phone in the hall, Thursday")
    [item] = await here.items(await here.open_at(TUESDAY))
    await here.services.check_ins.answer(here.maya, item.id, Answer.DONE, key="a")
    after = await here.commitment(one)
    assert (after.state, after.trying) == (State.ACTIVE, None)
    assert await here.guides() == [GuideId.AFTER_A_TRY]


async def test_after_eight_steady_weeks_it_offers_to_stop_asking(here: Asked) -> None:
    run = await here.commit("Run", kind=Kind.HABIT, habit_days=tuple(Weekday), created_at=TUESDAY - timedelta(days=1))
    for week in range(9):
        [item] = await here.items(await here.open_at(TUESDAY + timedelta(weeks=week)))
        await here.services.check_ins.answer_days(here.maya, item.id, every=True, key=f"days:{week}")
        assert (await here.guides() == [GuideId.EIGHT_WEEKS]) is (week == 8)
    async with here.services.units.database.read() as tx:
        [sitting] = await tx.conversations.all()
    said = Reply.choice("got_this", "how_on")
    await here.services.conversations.reply(here.maya, sitting.id, said, key="got this")
    after = await here.commitment(run)
    assert (after.state, after.next_due_at) == (State.DONE, None)


async def test_one_question_at_most_after_everything_is_answered(here: Asked) -> None:
    await here.commit("Finish the report")
    await here.commit("Call the dentist")
    check_in = await here.open_at(TUESDAY)
    first, _ = await here.items(check_in)
    await here.services.check_ins.answer(here.maya, first.id, Answer.MOVING, key="a")
    assert await here.guides() == []
    assert check_in is not None
    await here.services.check_ins.answer_rest(here.maya, check_in.id, key="b")
    await here.services.check_ins.answer_rest(here.maya, check_in.id, key="c")
    assert await here.guides() == [GuideId.NEXT_STEP]


async def test_the_weeks_question_changes_and_goes_round_what_is_under_way(here: Asked) -> None:
    """Two commitments, both moving: nobody hears the same question about the same thing week after week."""
    one = await here.commit("Finish the report", stage=Stage.ACTION)
    await here.commit("Call the dentist", stage=Stage.ACTION)
    for week in range(4):
        check_in = await here.open_at(TUESDAY + timedelta(weeks=week))
        assert check_in is not None
        await here.services.check_ins.answer_rest(here.maya, check_in.id, key=f"moving:{week}")
        await here.end_all()
    async with here.services.units.database.read() as tx:
        asked = [(sitting.guide, sitting.commitment_id == one.id) for sitting in await tx.conversations.all()]
    assert asked == [
        (GuideId.NEXT_STEP, True),
        (GuideId.NEXT_STEP, False),
        (GuideId.A_QUESTION, True),
        (GuideId.A_QUESTION, False),
    ]


async def test_after_a_not_yet_its_owner_chooses_and_other_questions_follow_the_second(here: Asked) -> None:
    await here.commit()
    guides = []
    days = [TUESDAY, FRIDAY, TUESDAY + timedelta(days=7), FRIDAY + timedelta(days=7)]
    for number, instant in enumerate(days):
        [item] = await here.items(await here.open_at(instant))
        await here.services.check_ins.answer(here.maya, item.id, Answer.NOT_YET, key=f"n{number}")
        assert len(await here.guides()) == number, "nothing is asked by itself"
        await here.services.check_ins.follow_up(here.maya, item.id, FollowUp.LOOKED, key=f"l{number}")
        await here.services.check_ins.follow_up(here.maya, item.id, FollowUp.LOOKED, key=f"again{number}")
        guides = await here.guides()
        await here.end_all()
    assert guides == [GuideId.LOOK_AT_IT, GuideId.AGAIN_NOT_YET, GuideId.SMALLER_OR_LET_GO, GuideId.STALLED]


async def test_look_at_it_asks_at_once_although_an_older_question_stands(here: Asked) -> None:
    report = await here.commit("Finish the report")
    await here.services.readiness.choose(here.maya, report.id, Stage.ACTION, key="stage", ts=None)
    here.clock.set(TUESDAY - timedelta(minutes=1))
    assert await here.services.asking.ask_now(here.maya, key="now")
    async with here.services.units.database.read() as tx:
        latest = await tx.check_ins.latest(here.maya.id)
    (item,) = await here.items(latest)
    await here.services.check_ins.answer(here.maya, item.id, Answer.NOT_YET, key="a")
    await here.services.check_ins.follow_up(here.maya, item.id, FollowUp.LOOKED, key="b")
    async with here.services.units.database.read() as tx:
        running = await tx.conversations.running(here.maya.id)
    assert running is not None
    assert running.guide == GuideId.LOOK_AT_IT


async def test_what_was_put_off_until_after_this_check_in_comes_before_the_weeks_question(here: Asked) -> None:
    report = await here.commit("Finish the report")
    await here.services.readiness.choose(here.maya, report.id, Stage.ACTION, key="stage", ts=None)
    async with here.services.units.database.read() as tx:
        (sitting,) = await tx.conversations.all()
    later = Reply(move=Move.LATER, step_id=sitting.prompt_step)
    await here.services.conversations.reply(here.maya, sitting.id, later, key="later")
    (item,) = await here.items(await here.open_at(TUESDAY))
    await here.services.check_ins.answer(here.maya, item.id, Answer.MOVING, key="a")
    assert await here.said(Says.OFFER_AGAIN) == 1
    assert len(await here.guides()) == 1


async def test_what_only_gave_way_to_a_check_in_comes_after_the_weeks_question(here: Asked) -> None:
    report = await here.commit("Finish the report")
    await here.services.readiness.choose(here.maya, report.id, Stage.ACTION, key="stage", ts=None)
    (item,) = await here.items(await here.open_at(TUESDAY))
    await here.services.check_ins.answer(here.maya, item.id, Answer.MOVING, key="a")
    assert await here.said(Says.OFFER_AGAIN) == 0
    assert GuideId.NEXT_STEP in await here.guides()


async def test_when_the_try_might_be_is_not_asked_once_it_was_done(here: Asked) -> None:
    report = await here.commit("Finish the report", trying="One page")
    await here.services.readiness.open(here.maya, report.id, GuideId.TRY_ONCE, key="try")
    (item,) = await here.items(await here.open_at(TUESDAY))
    await here.services.check_ins.answer(here.maya, item.id, Answer.DONE, key="a")
    async with here.services.units.database.read() as tx:
        standing = {one.guide: one.status for one in await tx.conversations.all()}
    assert standing == {GuideId.TRY_ONCE: SittingStatus.STOPPED, GuideId.AFTER_A_TRY: SittingStatus.ASKING}


async def test_what_was_put_off_waits_while_a_not_yet_may_be_looked_at(here: Asked) -> None:
    report = await here.commit("Finish the report")
    await here.services.readiness.choose(here.maya, report.id, Stage.ACTION, key="stage", ts=None)
    async with here.services.units.database.read() as tx:
        (sitting,) = await tx.conversations.all()
    await here.services.conversations.reply(
        here.maya, sitting.id, Reply(move=Move.LATER, step_id=sitting.prompt_step), key="later"
    )
    (item,) = await here.items(await here.open_at(TUESDAY))
    await here.services.check_ins.answer(here.maya, item.id, Answer.NOT_YET, key="a")
    assert await here.said(Says.OFFER_AGAIN) == 0
    await here.services.check_ins.follow_up(here.maya, item.id, FollowUp.LEFT, key="b")
    assert await here.said(Says.OFFER_AGAIN) == 1
