"""Words that are clear by themselves, on both databases: those of a button do what it does, and a wish leads there."""

from datetime import timedelta

import pytest

from bot.domain.check_ins import FollowUp
from bot.domain.commitments import State
from bot.domain.deliveries import Says
from bot.domain.guides.guide import GuideId
from bot.domain.readiness import Stage
from tests.talking import Talk, next_friday, open_check_in, weighing


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


async def test_asking_for_ideas_is_no_answer_and_brings_three(talk: Talk) -> None:
    about = await talk.commit()
    await talk.open(GuideId.NEXT_STEP, about)
    await talk.flush()
    await talk.types("any ideas?")
    assert "something smaller, a single try to see, or someone" in (await talk.one()).text
    assert (await talk.commitment(about.id)).next_step is None
    await talk.types("Ask Ana how she did it")
    assert (await talk.commitment(about.id)).next_step == "Ask Ana how she did it"


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


@pytest.mark.parametrize("words", ["I want to die", "I can't do this any more", "help"])
async def test_nothing_tells_afterwards_what_kind_of_words_were_typed(talk: Talk, words: str) -> None:
    """Rows of what was said are kept for a week, and what they are about is not encrypted."""
    await talk.types(words)
    assert (await talk.one()).says is Says.HELP_REPLY
    async with talk.units.database.read() as tx:
        [row] = await tx.deliveries.all()
    assert row.refs == {}
