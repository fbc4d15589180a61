"""Which question stands when several could: one at a time, later, after the check-in; on both databases."""

from bot.domain.commitments import State
from bot.domain.deliveries import Says
from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import Move
from bot.domain.readiness import Stage
from bot.domain.sittings import SittingStatus
from bot.services.sittings import offer_again
from tests import factories
from tests.talking import SON, Shown, Talk


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
    await talk.services.readiness.open(talk.maya, report.id, GuideId.RULER, key=talk.key())
    assert "Finish the report" in (await talk.one()).whole
    await talk.services.readiness.open(talk.maya, report.id, GuideId.RULER, key=talk.key())
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
        await offer_again(work, maya)
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
        await offer_again(work, maya)
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
        await offer_again(work, maya)
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


async def test_a_check_in_that_was_held_comes_first(talk: Talk) -> None:
    about = await talk.commit()
    await talk.open(GuideId.NEXT_STEP, about)
    await talk.flush()
    async with talk.units.database.write() as tx:
        held = await factories.check_in(tx, talk.maya, talk.clock.now(), ts=None, remind_at=factories.FAR_AHEAD)
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
