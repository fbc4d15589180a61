"""What a conversation changes, keeps and brings back, on both databases."""

from datetime import timedelta

import pytest

from bot.domain.calendar import EVERY_DAY, Weekly
from bot.domain.check_ins import Answer
from bot.domain.commitments import State
from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import Move
from bot.domain.readiness import Stage
from bot.domain.sittings import SittingStatus
from bot.services.sittings import offer_again
from tests import factories
from tests.talking import SON, Talk, next_friday


async def test_letting_go_within_a_conversation_can_be_had_back(talk: Talk) -> None:
    about = await talk.commit(next_due_at=next_friday(talk.clock))
    await talk.open(GuideId.SMALLER_OR_LET_GO, about)
    assert {"Make it smaller", "Keep it as it is", "Let it go"} <= (await talk.one()).buttons.keys()
    await talk.taps("let_go")
    await talk.flush()
    await talk.does(Move.SKIP)
    closing = await talk.one()
    assert f":{about.id}:" in closing.buttons["Have it back"]
    gone = await talk.commitment(about.id)
    assert (gone.state, gone.next_due_at) == (State.LET_GO, None)
    assert gone.can_be_restored(talk.clock.now())

    sitting = int(closing.buttons["Have it back"].rpartition(":")[2])
    await talk.services.commitments.resume(talk.maya, about.id, key="back", ended_in=sitting)
    await talk.flush()
    assert "You have it back." in talk.last().whole
    assert "Have it back" not in talk.last().buttons
    assert (await talk.commitment(about.id)).state is State.ACTIVE


async def test_what_is_done_is_not_offered_back_where_its_owner_said_what_helped(talk: Talk) -> None:
    await talk.open(GuideId.WRAP_UP, await talk.commit(state=State.DONE, closed_at=talk.clock.now()))
    await talk.flush()
    await talk.types("An hour kept free")
    await talk.flush()
    await talk.does(Move.SKIP)
    assert set((await talk.one()).buttons) == {"Change"}


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
    async with talk.units.database.read() as tx:
        assert await tx.revisions.of(about.id) == []


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
    await talk.stage(about, Stage.CONTEMPLATION)
    await talk.flush()
    await talk.types(SON)
    await talk.does(Move.STOP)
    await talk.flush()
    talk.clock.advance(timedelta(days=60))
    await talk.services.readiness.open(talk.maya, about.id, GuideId.REMIND_ME_WHY, key=talk.key())
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


async def test_what_is_forgotten_is_quoted_no_more(talk: Talk) -> None:
    about = await talk.commit()
    await talk.stage(about, Stage.CONTEMPLATION)
    await talk.flush()
    ts = await talk.types(SON)
    await talk.does(Move.STOP)
    await talk.flush()
    await talk.services.readiness.open(talk.maya, about.id, GuideId.REMIND_ME_WHY, key=talk.key())
    assert f"you wrote: “{SON}”. Still true?" in (await talk.one()).whole
    await talk.services.inbox.erase(talk.maya, ts, key=talk.key(), offer_ts=None)
    await talk.flush()
    assert "you wrote: “…”. Still true?" in "".join(shown.whole for shown in talk.screen.values())
    assert not [one for one in await talk.sittings() if SON in one.state]


async def test_another_motive_is_a_reason_to_offer_a_look_at_what_it_is_for(talk: Talk) -> None:
    """Not at once, which would be six questions in a row, but after the next check-in."""
    about = await talk.commit()
    await talk.stage(about, Stage.CONTEMPLATION)
    await talk.flush()
    await talk.types(SON)
    await talk.does(Move.STOP)
    await talk.flush()
    await talk.services.readiness.open(talk.maya, about.id, GuideId.REMIND_ME_WHY, key=talk.key())
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
        await offer_again(work, maya)
    offered = await talk.one()
    assert {"Go on", "Leave it there"} <= offered.buttons.keys()
    await talk.services.conversations.go_on(talk.maya, later[0].id, key=talk.key(), ts=None)
    assert (await talk.running()).guide == GuideId.STALLED


async def test_without_any_kept_motive_it_asks(talk: Talk) -> None:
    about = await talk.commit()
    await talk.services.readiness.open(talk.maya, about.id, GuideId.REMIND_ME_WHY, key=talk.key())
    assert "Still true?" not in (await talk.one()).whole


async def test_a_question_asked_lately_waits(talk: Talk) -> None:
    about = await talk.commit(stage=Stage.ACTION)
    seen = set()
    for _ in range(3):
        await talk.services.readiness.open(talk.maya, about.id, GuideId.REMIND_ME_WHY, key=talk.key())
        seen.add((await talk.one()).text)
        await talk.does(Move.SKIP)
        await talk.flush()
    assert len(seen) == 3


async def test_a_try_is_asked_about_after_the_day_it_might_be(talk: Talk) -> None:
    """The same whether the day stands in the try itself or answers "When might that be?"."""
    every_day = factories.TUESDAY_AND_FRIDAY.model_copy(update={"days": EVERY_DAY})
    about = await talk.commit(cadence=every_day, next_due_at=talk.clock.now() + timedelta(days=1))
    await talk.open(GuideId.TRY_ONCE, about)
    await talk.flush()
    await talk.types("one page")
    await talk.flush()
    ts = await talk.types("Thursday evening")
    closing = await talk.one()
    said = "Thursday 7 January, then. Kept as a try, not a promise. I'll ask on Friday at 10:00."
    assert closing.text == said
    assert (await talk.commitment(about.id)).next_due_at == talk.clock.now().replace(day=8, hour=9, minute=0, second=0)
    await talk.services.inbox.edit(talk.maya, ts, "Wednesday", talk.key())
    await talk.flush()
    assert talk.last().text.startswith("Wednesday 6 January, then.")
    assert talk.last().text.endswith("I'll ask on Thursday at 10:00.")


async def test_a_try_that_is_forgotten_stands_in_no_check_in_either(talk: Talk) -> None:
    about = await talk.commit("Finish the report")
    await talk.open(GuideId.TRY_ONCE, about)
    await talk.flush()
    ts = await talk.types("one page")
    await talk.flush()
    async with talk.units.database.write() as tx:
        before = await factories.check_in(tx, talk.maya, talk.clock.now() - timedelta(days=2), ts="7.7")
        await factories.item(tx, before, about, trying="one page", answer=Answer.DONE)
        latest = await factories.check_in(tx, talk.maya, talk.clock.now(), ts="8.8")
        await factories.item(tx, latest, about, trying="one page")
    await talk.services.inbox.erase(talk.maya, ts, key=talk.key(), offer_ts=None)
    async with talk.units.database.read() as tx:
        assert [item.trying for item in await tx.items.all()] == ["", None]
    await talk.flush()
    assert "“Finish the report”: *Done ✓*" in talk.screen["7.7"].whole
    assert "“Finish the report”*: how did it go?" in talk.screen["8.8"].whole


@pytest.mark.parametrize("guide", [GuideId.TRY_ONCE, GuideId.SMALLER_OR_LET_GO])
@pytest.mark.parametrize("unread", ["31 February", "when it rains"])
async def test_a_day_that_is_none_is_said_to_be_none(talk: Talk, guide: GuideId, unread: str) -> None:
    about = await talk.commit(due_day=talk.clock.now().date())
    await talk.open(guide, about)
    if guide is GuideId.SMALLER_OR_LET_GO:
        await talk.taps("smaller")
    await talk.flush()
    await talk.types("one page")
    await talk.flush()
    await talk.types(unread)
    assert f"I couldn't read “{unread}” as a day, so none is set. " in (await talk.one()).text


@pytest.mark.parametrize(
    ("ahead", "said"), [(3, "What has been going on?"), (0, "What was going on when the moment came?")]
)
async def test_a_moment_that_has_not_come_is_not_asked_about(talk: Talk, ahead: int, said: str) -> None:
    about = await talk.commit(due_day=talk.clock.now().date() + timedelta(days=ahead))
    await talk.open(GuideId.LOOK_AT_IT, about)
    assert said in (await talk.one()).whole


@pytest.mark.parametrize("none", ["No day yet", "none at all", "not sure"])
async def test_no_day_is_an_answer_too(talk: Talk, none: str) -> None:
    about = await talk.commit()
    await talk.open(GuideId.TRY_ONCE, about)
    await talk.flush()
    await talk.types("one page")
    await talk.flush()
    await talk.types(none)
    assert (await talk.one()).text == "Kept as a try, not a promise."


async def test_what_helped_comes_back_with_its_day_when_the_next_thing_begins(talk: Talk) -> None:
    await talk.open(GuideId.WRAP_UP, await talk.commit(state=State.DONE, closed_at=talk.clock.now()))
    await talk.flush()
    await talk.types("An hour kept free")
    await talk.flush()
    await talk.does(Move.SKIP)
    await talk.flush()
    await talk.open(GuideId.READY_TO_PLAN, await talk.commit("Learn Italian", stage=Stage.PREPARATION))
    today = f"{talk.clock.now():%-d %B}"
    assert f"On {today} you wrote what had helped: “An hour kept free”." in (await talk.one()).text
