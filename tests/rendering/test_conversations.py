"""Every question, closing and form is one that Slack takes, whatever was typed and whichever guide it is."""

from datetime import UTC, datetime

import pytest

from bot.domain.conversations import advance, as_form, start
from bot.domain.guides import load
from bot.domain.guides.guide import CONTEXT_WORDS, GuideId, Kind
from bot.domain.guides.sitting import Context, Prompt, Reply, Said
from bot.domain.readiness import Stage
from bot.domain.sittings import KeptAnswer
from bot.rendering import conversations as screen
from bot.rendering.conversations import Asking, Closed, Motive
from bot.rendering.help import SENTENCES, help_reply
from tests.rendering.accepting import accepted, accepted_view

LIBRARY = load()
NASTY = ["Some words", "<!channel> @here <@U1> & *bold* `code`\n>quote", "&" * 3000, "\n" * 50 + "x", "💪" * 900]


def asking(prompt: Prompt) -> str:
    return accepted(
        screen.asking(
            Asking(
                sitting_id=1,
                prompt=prompt,
                typed_step="one_side",
                has_commitment=True,
                earlier=(Motive(text="&" * 400, day="3 March"),) * 4,
            )
        )
    )


@pytest.mark.parametrize("guide_id", list(GuideId))
@pytest.mark.parametrize("text", NASTY)
def test_every_question_of_every_guide(guide_id: GuideId, text: str) -> None:
    guide = LIBRARY.guide(guide_id)
    words = dict.fromkeys(CONTEXT_WORDS, text)
    context = Context(words=words, stage=Stage.ACTION, questions=LIBRARY.bank)
    state, prompt = start(guide, context)
    accepted_view(screen.form_view(1, guide.title, as_form(guide, state)))
    current: Prompt | None = prompt
    while current is not None:
        shown = asking(current)
        assert "(only you)" in shown
        assert (f"{current.number} of {current.total}" in shown) is (current.total > 1)
        assert "<!channel>" not in shown
        assert "<@U1>" not in shown
        accepted(screen.folded(current, text))
        said = current.choices[0].value if current.choices else text
        turn = advance(guide, state, Reply.choice(said) if current.choices else Reply.text(said))
        assert turn.state != state
        state, current = turn.state, turn.prompt
        if turn.closing is not None:
            accepted(screen.closing(turn.closing, 1, typed_step="x", can_change=True, closed=Closed(commitment_id=3)))


def test_no_words_turn_around_who_sees_a_question_on_a_form() -> None:
    prompt = Prompt(
        template="You said {step}. And?", words={"step": "\u202eabc"}, step_id="x", number=1, total=1, kind=Kind.TEXT
    )
    (asked,) = screen.form_view(1, "A form", [prompt])["blocks"]
    assert asked["label"]["text"] == "You said abc. And? (only you)"


@pytest.mark.parametrize("text", NASTY)
def test_the_rest_that_is_said(text: str) -> None:
    assert "<!channel>" not in accepted(screen.offer_again(1, text, is_open=True))
    assert "conversation.go_on" not in accepted(screen.offer_again(1, None, is_open=False))
    assert "<!channel>" not in accepted(screen.motives(text, [Motive(text=text, day="3 March")] * 9))
    assert "Nothing about why" in accepted(screen.motives(text, []))
    assert "<!channel>" not in accepted(
        screen.closing(
            Said(template="{a:whole}", words={"a:whole": text[:500]}),
            1,
            typed_step=None,
            can_change=False,
            closed=None,
        )
    )
    accepted(screen.erase_offer("1700000000.000100"))
    for kind in SENTENCES:
        accepted(help_reply(kind, "1700000000.000100"))


@pytest.mark.parametrize("text", NASTY)
def test_forms_show_what_was_said_before(text: str) -> None:
    _, prompt = start(LIBRARY.guide(GuideId.NEXT_STEP), Context())
    row = KeptAnswer(
        id=1,
        workspace_id=1,
        member_id=1,
        conversation_id=1,
        step=prompt.step_id,
        question="next_step.small_step",
        text=text,
        messages="[]",
        answered_at=datetime(2027, 1, 4, tzinfo=UTC),
    )
    view = screen.kept_words_view(7, [(prompt, row)])
    accepted_view(view)
    assert view["private_metadata"] == "7"
    assert view["blocks"][0]["element"]["initial_value"] == text[:3000]
    assert "(only you)" in view["blocks"][0]["label"]["text"]


def test_the_ruler_is_ten_buttons_and_on_a_form_a_list() -> None:
    guide = LIBRARY.guide(GuideId.RULER)
    state, prompt = start(guide, Context(words={"commitment": "run"}))
    assert prompt.kind is Kind.RULER
    _, blocks = screen.asking(Asking(sitting_id=1, prompt=prompt))
    labels = [one["text"]["text"] for one in blocks[2]["elements"]]
    assert labels == [str(number) for number in range(1, 11)]
    (field, *_) = screen.form_view(1, guide.title, as_form(guide, state))["blocks"]
    assert field["element"]["type"] == "static_select"
    assert field["optional"] is True
