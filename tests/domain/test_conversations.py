"""The interpreter: what is asked, and what is kept."""

import pytest

from bot.domain.agreements import Tone
from bot.domain.conversations import (
    advance,
    amend,
    answer_form,
    append,
    as_form,
    current_prompt,
    erase,
    kept,
    resume,
    retract,
    start,
)
from bot.domain.guides.guide import Keeps, Outcome
from bot.domain.guides.paths import gist
from bot.domain.guides.sitting import Context, Heard, Move, Reply, Said, Status, Turn
from bot.domain.readiness import Stage
from tests.guided import LIBRARY, context


def talk(name: str, *said: str | None, stage: Stage | None = None, **words: str) -> Turn:
    """Say these things one after the other; None skips."""
    guide = LIBRARY.guide(name)
    state, prompt = start(guide, context(stage, Tone.GENTLE, **words))
    turn = Turn(state=state, prompt=prompt)
    for each in said:
        turn = advance(guide, turn.state, Reply(move=Move.SKIP) if each is None else Reply.text(each))
    return turn


def asked(turn: Turn) -> str:
    assert turn.prompt is not None
    received = f"{turn.prompt.receives.fill()} " if turn.prompt.receives else ""
    return f"{received}{turn.prompt.fill()} {turn.prompt.number} of {turn.prompt.total}"


def closing(turn: Turn) -> str:
    assert turn.prompt is None
    assert turn.closing is not None
    return turn.closing.fill()


def test_weighing_it_up_goes_as_it_is_meant_to() -> None:
    son, look_keen = "My son has dinner with the back of my laptop", "Clients like it. I look keen"
    stage = Stage.CONTEMPLATION
    first = talk("weighing", stage=stage)
    assert asked(first) == "Then there's nothing to decide today. What makes it worth thinking about? 1 of 3"
    assert first.prompt is not None
    assert first.prompt.audience == "only you"
    second = talk("weighing", son, stage=stage)
    assert asked(second) == "Thank you. And the other side: what's good about the way it is now? 2 of 3"
    third = talk("weighing", son, look_keen, stage=stage)
    assert asked(third) == (
        f"On one side, “{son}”; on the other, “Clients like it”. Both count. "
        "Is there something you'd try once, to see? 3 of 3"
    )
    last = talk("weighing", son, look_keen, "Phone in the hall, Thursday", stage=stage)
    assert closing(last) == "Kept as a try, not a promise. I'll ask on Friday at 10:00."
    assert [(each.keeps, each.text) for each in kept(LIBRARY.guide("weighing"), last.state)] == [
        (Keeps.MOTIVE, son),
        (Keeps.CONCERN, look_keen),
        (Keeps.TRY, "Phone in the hall, Thursday"),
    ]


def test_a_side_that_was_skipped_is_not_reflected() -> None:
    stage = Stage.CONTEMPLATION
    assert asked(talk("weighing", None, stage=stage)) == "What's good about the way it is now? 2 of 3"
    assert asked(talk("weighing", None, "Quiet", stage=stage)).startswith("That counts too. Is there")
    assert (
        closing(talk("weighing", None, "Quiet", None, stage=stage)) == "Kept. There's nothing you need to do with it."
    )
    assert closing(talk("weighing", None, None, None, stage=stage)) == "That's fine. Not everything needs words."


def test_looking_at_a_not_yet_says_the_plan_back_word_for_word() -> None:
    plan = 'If a client writes late, then I send "tomorrow, first thing". And put the phone down'
    assert asked(talk("look_at_it", "Client wrote at 18:58. I caved")) == (
        "That can happen, and it's useful to know. For next time, if you like, finish this line: "
        "“If ... then I ...” 2 of 2"
    )
    turn = talk("look_at_it", "Client wrote", plan)
    assert closing(turn) == f"Kept, word for word: “{plan}”. You'll see it again on Friday at 10:00."
    assert [each.keeps for each in turn.kept] == [Keeps.PLAN]


def test_an_if_then_plan_is_rehearsed_once_and_only_if_there_is_one() -> None:
    assert asked(talk("if_then", "If it rains, then I take the bus")).endswith(
        "Say it once more, in your own words. 2 of 2"
    )
    assert closing(talk("if_then", None)) == "That's fine. Not everything needs words."
    assert asked(talk("if_then", plan_so_far="If A. Then B")).startswith("So far: “If A. Then B”.")


@pytest.mark.parametrize(
    ("number", "questions"),
    [
        ("1", ["What would make it a 2? 2 of 2"]),
        ("2", ["Why 2 and not 1? 2 of 3", "What would move it to 3? 3 of 3"]),
        ("9/10", ["Why 9 and not 8? 2 of 3", "What would move it to 10? 3 of 3"]),
        ("about a 10", ["What keeps it there? 2 of 2"]),
    ],
)
def test_the_ruler_asks_why_not_lower_and_never_why_not_ten(number: str, questions: list[str]) -> None:
    said = [number]
    for question in questions:
        assert asked(talk("ruler", *said)).endswith(question)
        said.append("Because")
    assert closing(talk("ruler", *said)).startswith("Kept.")


@pytest.mark.parametrize("nonsense", ["", "  ", "lots", "0", "11", "-4", "99999999999999", "\u0663", "five"])
def test_what_is_no_number_is_asked_again_and_moves_nothing(nonsense: str) -> None:
    turn = talk("ruler", nonsense)
    if nonsense == "\u0663":  # an Arabic three is a three
        assert asked(turn).endswith("Why 3 and not 2? 2 of 3")
        return
    assert turn.heard is Heard.UNCLEAR
    assert asked(turn).startswith("A number from 1 to 10 is all this needs. From 1 to 10")


def test_a_choice_may_be_tapped_or_typed() -> None:
    guide = LIBRARY.guide("smaller_or_let_go")
    state, _ = start(guide, context())
    tapped = advance(guide, state, Reply.choice("let_go", "which_way"))
    assert tapped.state == advance(guide, state, Reply.text("Let it go")).state
    assert asked(tapped).endswith("2 of 2")
    done = advance(guide, tapped.state, Reply(move=Move.SKIP))
    assert done.outcome is Outcome.LET_GO
    assert closing(done).startswith("Let go: “stop answering email after 7”. It was yours")
    assert asked(advance(guide, state, Reply.text("hm"))).startswith("Tap one of these, or skip.")
    assert advance(guide, state, Reply.choice("fly")).heard is Heard.UNCLEAR


def test_smaller_asks_for_a_step_and_a_day_of_their_own() -> None:
    turn = talk("smaller_or_let_go", "make it smaller", "One page", "no date")
    assert [(each.keeps, each.value) for each in turn.kept] == [(Keeps.BY_WHEN, "no_date")]
    assert closing(turn) == "From now on: “One page”. I'll ask on Friday at 10:00."
    assert turn.outcome is None


def test_letting_go_is_possible_where_the_guide_offers_it() -> None:
    guide = LIBRARY.guide("look_at_it")
    turn = talk("look_at_it", "Work")
    assert turn.prompt is not None
    assert turn.prompt.can_let_go
    gone = advance(guide, turn.state, Reply(move=Move.LET_GO))
    assert (gone.state.status, gone.outcome) == (Status.FINISHED, Outcome.LET_GO)
    assert advance(guide, talk("look_at_it").state, Reply(move=Move.LET_GO)).heard is Heard.UNCLEAR


def test_old_words_come_with_their_date_and_still_true() -> None:
    turn = talk("remind_me_why", quote="My son", quoted_on="3 March")
    assert asked(turn) == "On 3 March you wrote: “My son”. Still true? 1 of 3"
    assert talk("remind_me_why", "yes", quote="My son", quoted_on="3 March").prompt is not None
    changed = talk("remind_me_why", "it's changed", "My evenings", None, quote="My son", quoted_on="3 March")
    assert changed.outcome is Outcome.MOTIVE_CHANGED
    without = talk("remind_me_why")
    assert asked(without).endswith("1 of 1")


def test_questions_only_says_no_comment() -> None:
    guide = LIBRARY.guide("weighing")
    state, prompt = start(guide, context(Stage.CONTEMPLATION, Tone.QUESTIONS))
    assert prompt.receives is None
    turn = advance(guide, state, Reply.text("My son"))
    assert turn.prompt is not None
    assert turn.prompt.receives is None


def test_questions_of_the_bank_are_remembered_with_the_answer() -> None:
    turn = talk("weighing", "My son", stage=Stage.CONTEMPLATION)
    assert [each.question_id for each in turn.kept] == ["why_worth_thinking"]
    bare, prompt = start(LIBRARY.guide("weighing"), Context(stage=Stage.CONTEMPLATION))
    assert prompt.question_id is None
    assert bare.plan[0].question is None


def test_an_answer_to_another_question_is_ignored() -> None:
    guide = LIBRARY.guide("weighing")
    once = advance(guide, talk("weighing").state, Reply.text("My son", "one_side"))
    twice = advance(guide, once.state, Reply.text("My son", "one_side"))
    assert (twice.state, twice.prompt, twice.heard) == (once.state, once.prompt, Heard.PAST)
    assert twice.kept == ()


def test_later_is_offered_once_more_and_then_it_rests() -> None:
    guide = LIBRARY.guide("weighing")
    first = advance(guide, talk("weighing", "My son").state, Reply(move=Move.LATER))
    assert first.state.status is Status.LATER
    assert current_prompt(guide, first.state) is None
    assert advance(guide, first.state, Reply(move=Move.LATER)).heard is Heard.PAST
    state, prompt = resume(guide, first.state)
    assert prompt is not None
    assert prompt.receives is not None
    assert (prompt.receives.fill(), prompt.number) == ("Here's where we were.", 2)
    second = advance(guide, state, Reply(move=Move.LATER))
    assert second.state.status is Status.STOPPED
    assert closing(second) == "Then I'll let this one rest."
    assert resume(guide, second.state) == (second.state, None)


def test_an_answer_to_a_sitting_put_off_counts() -> None:
    guide = LIBRARY.guide("next_step")
    put_off = advance(guide, talk("next_step").state, Reply(move=Move.LATER))
    turn = advance(guide, put_off.state, Reply.text("Ring Ana", "small_step"), words={"next_check_in": "on Monday"})
    assert closing(turn) == "Kept: “Ring Ana”. I'll ask on Monday."


def test_stop_ends_it() -> None:
    guide = LIBRARY.guide("weighing")
    turn = advance(guide, talk("weighing", "My son").state, Reply(move=Move.STOP))
    assert turn.state.status is Status.STOPPED
    assert advance(guide, turn.state, Reply.text("more")).heard is Heard.PAST


def test_editing_and_adding_change_the_answer_and_move_nothing() -> None:
    guide = LIBRARY.guide("weighing")
    state = talk("weighing", "My son", stage=Stage.CONTEMPLATION).state
    edited = amend(guide, state, "one_side", "My daughter")
    assert (edited.at, edited.answers[0].text) == (state.at, "My daughter")
    joined = append(guide, edited, "one_side", "and my sleep ")
    assert joined.answers[0].text == "My daughter\nand my sleep"
    assert joined.at == state.at
    for unchanged in (amend(guide, state, "one_side", " "), append(guide, state, "one_side", " ")):
        assert unchanged == state
    assert amend(guide, state, "nowhere", "x") == append(guide, state, "nowhere", "x") == state
    done = talk("weighing", "My son", "Quiet", "A walk", stage=Stage.CONTEMPLATION).state
    assert amend(guide, done, "try_once", "Two walks").status is Status.FINISHED


def test_a_second_message_to_a_number_or_a_choice_leaves_it_as_it_was() -> None:
    guide = LIBRARY.guide("ruler")
    state = append(guide, talk("ruler", "7").state, "rating", "or 3, some days")
    assert state.answers[0].value == "7"
    assert "Why 7 and not 6?" in asked(Turn(state=state, prompt=current_prompt(guide, state)))
    assert amend(guide, state, "rating", "no idea") == state
    assert amend(guide, state, "rating", "8").answers[0].value == "8"


def test_no_more_than_three_even_when_an_edit_opens_another_branch() -> None:
    guide = LIBRARY.guide("ruler")
    state = amend(guide, talk("ruler", "10", None).state, "rating", "7")
    assert state.status is Status.FINISHED
    asking = amend(guide, talk("ruler", "1").state, "rating", "5")
    assert asking.at == "from_the_bottom"
    on = advance(guide, asking, Reply.text("Sleep"))
    assert on.prompt is not None
    assert on.prompt.number <= on.prompt.total <= 3


def test_not_an_answer_returns_to_its_question_even_at_the_end() -> None:
    guide = LIBRARY.guide("weighing")
    done = talk("weighing", "thanks", "Quiet", "A walk", stage=Stage.CONTEMPLATION)
    back = retract(guide, done.state, "one_side")
    prompt = current_prompt(guide, back)
    assert prompt is not None
    assert (prompt.step_id, prompt.number, prompt.draft) == ("one_side", 1, None)
    again = advance(guide, back, Reply.text("My son"))
    assert again.prompt is not None
    assert again.prompt.draft is not None
    assert again.prompt.draft.text == "Quiet"
    assert retract(guide, back, "try_once") == back


def test_an_erased_answer_counts_as_skipped() -> None:
    guide = LIBRARY.guide("weighing")
    state = erase(guide, talk("weighing", "My son", "Quiet").state, "one_side")
    assert [each.text for each in kept(guide, state)] == ["Quiet"]
    assert "My son" not in state.model_dump_json()
    assert state.at == "try_once"


def test_a_question_about_an_erased_answer_is_not_asked_any_more() -> None:
    guide = LIBRARY.guide("ruler")
    state = erase(guide, talk("ruler", "7").state, "rating")
    assert (state.status, current_prompt(guide, state)) == (Status.FINISHED, None)


def test_the_form_asks_what_is_sure_to_be_asked() -> None:
    guide = LIBRARY.guide("weighing")
    state = talk("weighing", stage=Stage.CONTEMPLATION).state
    form = as_form(guide, state)
    assert [(each.step_id, each.number, each.total) for each in form] == [
        ("one_side", 1, 3),
        ("other_side", 2, 3),
        ("try_once", 3, 3),
    ]
    turn = answer_form(guide, state, {"one_side": Reply.text("My son"), "try_once": Reply.text("A walk")})
    assert closing(turn).startswith("Kept as a try")
    assert [each.text for each in turn.kept] == ["My son", "A walk"]
    again = answer_form(guide, turn.state, {"one_side": Reply.text("My son"), "try_once": Reply.text("A run")})
    assert [each.text for each in again.kept] == ["My son", "A run"]
    assert again.state.status is Status.FINISHED


def test_what_depends_on_the_form_is_asked_after_it() -> None:
    guide = LIBRARY.guide("ruler")
    state = talk("ruler").state
    assert [each.step_id for each in as_form(guide, state)] == ["rating"]
    assert asked(answer_form(guide, state, {"rating": Reply.choice("7")})).endswith("Why 7 and not 6? 2 of 3")
    assert as_form(guide, talk("ruler", "7", "Sleep", "More sleep").state) == []


def test_a_form_sent_empty_skips_everything() -> None:
    guide = LIBRARY.guide("ready_to_plan")
    turn = answer_form(guide, talk("ready_to_plan").state, {})
    assert (turn.state.status, turn.kept) == (Status.FINISHED, ())


def test_a_guide_that_lost_a_step_since_goes_on_with_what_it_has() -> None:
    guide = LIBRARY.guide("weighing")
    state = talk("weighing", "My son", "Quiet").state
    shorter = guide.model_copy(update={"steps": guide.steps[:2]})
    assert current_prompt(shorter, state) is None
    assert advance(shorter, state, Reply.text("A walk")).heard is Heard.PAST
    other = guide.model_copy(update={"steps": guide.steps[2:]})
    turn = advance(other, state, Reply(move=Move.BACK))
    assert turn.prompt is not None
    assert turn.prompt.step_id == "try_once"
    assert kept(other, state) == ()


def test_words_are_kept_apart_so_that_they_can_be_escaped() -> None:
    said = Said(template='You wrote "{a}", not "{b}".', words={"a": "<!channel> {b}"})
    assert said.fill() == "You wrote “<!channel> {b}”, not “”."
    assert said.fill(lambda word: word.replace("<", "&lt;")) == "You wrote “&lt;!channel> {b}”, not “”."


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Clients like it. I look keen", "Clients like it"),
        (' He said "no".\nThen left', "He said 'no'"),
        ("word " * 40, ("word " * 15).strip() + "..."),
        ("x" * 200, "x" * 77 + "..."),
        ("...", "..."),
    ],
)
def test_a_gist_is_one_short_sentence(text: str, short: str) -> None:
    assert gist(text) == short
