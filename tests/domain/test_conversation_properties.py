"""The interpreter: no reply whatever brings it out of step."""

from hypothesis import given
from hypothesis import strategies as st

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
from bot.domain.guides.guide import Guide, GuideId, Kind
from bot.domain.guides.paths import tokens
from bot.domain.guides.sitting import Context, ConversationState, Heard, Move, Prompt, Reply, Status, Turn
from bot.domain.readiness import Stage
from tests.guided import LIBRARY, context

# --- whatever is replied ----------------------------------------------------------------------------------------------

guide_ids = st.sampled_from(list(GuideId))
contexts = st.builds(
    context,
    stage=st.sampled_from([None, *Stage]),
    tone=st.sampled_from(list(Tone)),
    quote=st.sampled_from(["", "My {son}"]),
    quoted_on=st.just("3 March"),
    plan_so_far=st.text(max_size=5),
)


@st.composite
def replies(draw: st.DrawFn, prompt: Prompt | None) -> Reply:
    """Anything at all, more often something that fits the question."""
    step_ids = [None, "nowhere"] + ([prompt.step_id] * 4 if prompt else [])
    step_id = draw(st.sampled_from(step_ids))
    values = [choice.value for choice in prompt.choices] if prompt else []
    return draw(
        st.one_of(
            st.text(max_size=300).map(lambda said: Reply.text(said, step_id)),
            st.sampled_from([*values, "else"]).map(lambda value: Reply.choice(value, step_id)),
            st.sampled_from(list(Move)).map(lambda move: Reply(move=move, step_id=step_id, said="5")),
        )
    )


def check(guide: Guide, state: ConversationState, prompt: Prompt | None) -> None:
    assert ConversationState.model_validate_json(state.model_dump_json()) == state
    assert len(state.answers) <= 3
    if prompt is not None:
        assert state.status is Status.ASKING
        assert 1 <= prompt.number <= prompt.total <= 3
        assert prompt.step_id == state.at
        assert tokens(prompt.template) == prompt.words.keys()
        assert len(prompt.fill()) < 1500
        assert (prompt.kind is Kind.TEXT) or prompt.choices
        for move in (Move.SKIP, Move.LATER, Move.STOP):
            assert advance(guide, state, Reply(move=move, step_id=prompt.step_id)).heard is Heard.TAKEN


@given(st.data(), guide_ids, contexts)
def test_any_replies_in_any_order_keep_it_in_step(
    data: st.DataObject, guide_id: GuideId, given_context: Context
) -> None:
    guide = LIBRARY.guide(guide_id)
    state, prompt = start(guide, given_context)
    check(guide, state, prompt)
    turn = Turn(state=state, prompt=prompt)
    for _ in range(data.draw(st.integers(min_value=0, max_value=8))):
        before = turn
        step_id = data.draw(st.sampled_from([step.id for step in guide.steps]))
        text = data.draw(st.text(max_size=20))
        match data.draw(st.sampled_from(["reply"] * 6 + ["amend", "append", "erase", "retract", "form", "resume"])):
            case "reply":
                turn = advance(guide, turn.state, data.draw(replies(turn.prompt)))
            case "form":
                turn = answer_form(guide, turn.state, {step_id: data.draw(replies(turn.prompt))})
            case "amend":
                turn = Turn(state=amend(guide, turn.state, step_id, text))
            case "append":
                turn = Turn(state=append(guide, turn.state, step_id, text))
            case "erase":
                turn = Turn(state=erase(guide, turn.state, step_id))
            case "retract":
                turn = Turn(state=retract(guide, turn.state, step_id))
            case _:
                turn = Turn(state=resume(guide, turn.state)[0])
        check(guide, turn.state, turn.prompt)
        if turn.heard is Heard.PAST:
            assert turn.state == before.state
        if turn.closing is not None:
            assert turn.prompt is None
            assert tokens(turn.closing.template) == turn.closing.words.keys()
        turn = turn.model_copy(update={"prompt": current_prompt(guide, turn.state)})
    assert all(each.keeps for each in kept(guide, turn.state))
    assert len(as_form(guide, turn.state)) <= 3


@given(st.data(), guide_ids, contexts)
def test_answering_or_skipping_ends_after_at_most_three_and_the_total_only_shrinks(
    data: st.DataObject, guide_id: GuideId, given_context: Context
) -> None:
    guide = LIBRARY.guide(guide_id)
    state, prompt = start(guide, given_context)
    questions, total = 0, prompt.total
    shown: Prompt | None = prompt
    while shown is not None:
        questions += 1
        assert shown.number == questions
        assert shown.total <= total
        total = shown.total
        values = [choice.value for choice in shown.choices] or ["Some words"]
        answer = data.draw(st.sampled_from([*values, ""]))
        tapped = Reply.choice(answer) if shown.choices else Reply.text(answer)
        turn = advance(guide, state, tapped if answer else Reply(move=Move.SKIP))
        state, shown = turn.state, turn.prompt
        if shown is not None:
            assert current_prompt(guide, state) == shown
    assert questions <= total
    assert turn.state.status is Status.FINISHED
    assert turn.closing is not None


@given(st.data(), guide_ids, contexts)
def test_going_back_and_answering_alike_leads_to_the_same_place(
    data: st.DataObject, guide_id: GuideId, given_context: Context
) -> None:
    guide = LIBRARY.guide(guide_id)
    state, prompt = start(guide, given_context)
    shown: Prompt | None = prompt
    while shown is not None:
        said = data.draw(st.sampled_from([*[choice.value for choice in shown.choices], "3", "", "Some {words}"]))
        reply = Reply.text(said, shown.step_id) if said else Reply(move=Move.SKIP, step_id=shown.step_id)
        turn = advance(guide, state, reply)
        if turn.heard is Heard.TAKEN and turn.prompt is not None:
            back = advance(guide, turn.state, Reply(move=Move.BACK))
            assert back.prompt is not None
            assert back.prompt.step_id == shown.step_id
            assert (back.prompt.draft is not None) == bool(said)
            assert advance(guide, back.state, reply).state == turn.state
        if turn.heard is Heard.UNCLEAR:
            turn = advance(guide, state, Reply(move=Move.SKIP))
        state, shown = turn.state, turn.prompt


@given(st.data(), guide_ids, contexts)
def test_the_form_and_the_chat_come_to_the_same(data: st.DataObject, guide_id: GuideId, given_context: Context) -> None:
    guide = LIBRARY.guide(guide_id)
    state, _ = start(guide, given_context)
    said: dict[str, Reply] = {}
    for prompt in as_form(guide, state):
        values = [choice.value for choice in prompt.choices]
        said[prompt.step_id] = Reply.choice(data.draw(st.sampled_from(values))) if values else Reply.text("Some words")
    chatted = state
    for reply in said.values():
        chatted = advance(guide, chatted, reply).state
    assert answer_form(guide, state, said).state == chatted
