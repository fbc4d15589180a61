"""The guides as they are written: every word that members read, and what a broken file is told."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.agreements import Tone
from bot.domain.guides import HERE, GuideError, load
from bot.domain.guides.guide import CONTEXT_WORDS, Guide, GuideId, Keeps, Kind, Outcome
from bot.domain.guides.paths import following, most, plan, resolve
from bot.domain.readiness import LABELS, Stage

LIBRARY = load()
GUIDES = [pytest.param(guide, id=guide.id) for guide in LIBRARY.guides.values()]

BANNED = (
    r"streak|miss(?!ion)|fail|slip|resist|accountab|\bICF\b|contemplat|maintenance|\bstage|proud|\bshould|must\b|\bought\b"
    r"|why (didn|haven|don|not yet)|why not 10|excuse|guilt|sham(e|ing)\b|promise you|!"
)
NOT_TYPOGRAPHIC = re.compile(r"^[\x20-\x7e]+$")


def words_of(guide: Guide) -> Iterator[str]:
    yield guide.title
    for by_tone in (
        guide.opening,
        guide.closing,
        *(getattr(guide.common, name) for name in type(guide.common).model_fields),
    ):
        yield from (line.say for lines in by_tone.values() for line in lines)
    for step in guide.steps:
        yield from (line.say for line in step.ask)
        yield from (line.say for lines in step.receive.values() for line in lines)
        yield from filter(None, [step.hint, step.audience])
        for choice in step.choices:
            yield choice.label
            yield from (line.say for lines in choice.closing.values() for line in lines)


def every_word() -> list[str]:
    words = [word for guide in LIBRARY.guides.values() for word in words_of(guide)]
    for question in LIBRARY.bank:
        words += [question.ask, *question.choices, *filter(None, [question.hint])]
    return [*dict.fromkeys([*words, *LABELS.values()])]


@pytest.mark.parametrize("words", every_word())
def test_every_word_is_kind_plain_and_short(words: str) -> None:
    assert not re.search(BANNED, words, re.IGNORECASE)
    assert NOT_TYPOGRAPHIC.match(words), "straight apostrophes and quotation marks, no other characters"
    assert len(words) <= 160
    assert words == words.strip()


@pytest.mark.parametrize("guide", GUIDES)
def test_only_the_ruler_asks_why(guide: Guide) -> None:
    if guide.id != GuideId.RULER:
        for step in guide.steps:
            assert not any(re.match(r"why\b", line.say, re.IGNORECASE) for line in step.ask)


@pytest.mark.parametrize("guide", GUIDES)
def test_a_sitting_has_one_to_three_questions_at_every_stage(guide: Guide) -> None:
    for stage in (None, *Stage):
        steps = resolve(guide, plan(guide, stage, LIBRARY.bank))
        for words in ({}, dict.fromkeys(CONTEXT_WORDS, "something")):
            assert 1 <= most(steps, None, (), words) <= 3


@pytest.mark.parametrize("guide", GUIDES)
def test_questions_only_hears_no_comment(guide: Guide) -> None:
    assert not guide.opening.get(Tone.QUESTIONS)
    for step in guide.steps:
        assert not step.receive.get(Tone.QUESTIONS)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_sitting_can_be_closed_without_a_word_from_the_context(guide: Guide) -> None:
    for tone in Tone:
        for lines in (
            guide.closing[tone],
            *(getattr(guide.common, name)[tone] for name in type(guide.common).model_fields),
        ):
            assert lines


def test_each_stage_opens_a_guide_of_its_own() -> None:
    assert {stage: LIBRARY.for_stage(stage).id for stage in Stage} == {
        Stage.PRE_CONTEMPLATION: GuideId.SOMEONE_ELSE,
        Stage.CONTEMPLATION: GuideId.WEIGHING,
        Stage.PREPARATION: GuideId.READY_TO_PLAN,
        Stage.ACTION: GuideId.ON_IT,
        Stage.MAINTENANCE: GuideId.KEEPING_GOING,
    }


def test_before_someone_is_ready_no_goal_step_or_date_is_asked_for() -> None:
    for stage in (Stage.PRE_CONTEMPLATION, Stage.CONTEMPLATION):
        kept = {step.keeps for step in LIBRARY.for_stage(stage).steps}
        assert not kept & {Keeps.NEXT_STEP, Keeps.BY_WHEN, Keeps.DONE_LOOKS_LIKE, Keeps.PLAN, Keeps.REVISION}


def test_a_lighter_cadence_is_offered_to_those_who_keep_it_going() -> None:
    outcomes = {choice.outcome for step in LIBRARY.guide("keeping_going").steps for choice in step.choices}
    assert {Outcome.LIGHTER_CADENCE, Outcome.GOT_THIS} <= outcomes


def test_when_it_stalls_motives_come_before_a_plan() -> None:
    first = following(LIBRARY.guide(GuideId.STALLED).steps, None, (), {})
    assert first is not None
    assert first.keeps is Keeps.MOTIVE


def test_a_choice_can_be_tapped_and_is_not_too_long_for_a_button() -> None:
    for guide in LIBRARY.guides.values():
        for step in guide.steps:
            assert (step.kind is Kind.CHOICE) <= (2 <= len(step.choices) <= 6)
            assert all(len(choice.label) <= 30 for choice in step.choices)
    assert all(len(label) <= 30 for question in LIBRARY.bank for label in question.choices)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in HERE.glob("*.yml"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("ruler", "kind: ruler", "kind: slider", "ruler.yml: step rating: kind: Input should be"),
        (
            "ruler",
            "Why {rating}",
            "Why {ratting}",
            "ruler.yml: step not_lower: nothing is known as {ratting} at that point.",
        ),
        (
            "ruler",
            "step: rating, follow_up: one_up",
            "step: number, follow_up: one_up",
            "step one_up: depends on number",
        ),
        ("ruler", "follow_up: one_up", "follow_up: ten_up", "ruler.yml: step one_up: when.follow_up: Input should be"),
        ("ruler", "id: one_up", "id: rating", "ruler.yml: step rating: the name is already taken."),
        (
            "ruler",
            "    when: {step: rating, follow_up: keeps_it_there}\n",
            "",
            "ruler.yml: step one_up: up to 4 questions",
        ),
        ("ruler", 'hint: "What', 'hnit: "What', "ruler.yml: step not_lower: hnit: Extra inputs"),
        ("ruler", "id: ruler", "id: scale", "ruler.yml: the guide calls itself scale."),
        ("ruler", "Thank you, {rating}", "Thank you, {Rating}", "a brace that is no placeholder"),
        ("ruler", "steps:", "steps: [", "ruler.yml: this is not YAML"),
        (
            "stalled",
            "is: [no_longer]",
            "is: [never]",
            "stalled.yml: step then_what: still_so cannot be answered with never.",
        ),
        (
            "stalled",
            "      - value: no_longer",
            "      - value: still",
            "step still_so: two of its choices have the same",
        ),
        ("weighing", "stage: contemplation", "stage: action", "exactly one is needed for the stage contemplation."),
        (
            "weighing",
            "[why_it_matters, importance_to_me",
            "[why_it_maters, importance_to_me",
            "weighing.yml: step one_side",
        ),
        ("common", "{commitment}", "{one_side}", "common.yml: step let_go: nothing is known as {one_side}"),
        (
            "motivators",
            "theme: structures",
            "theme: habits",
            "motivators.yml: step structure_which: theme: Input should",
        ),
        ("motivators", "id: why_still", "id: why_you_want_it", "motivators.yml: step why_you_want_it: two questions"),
        (
            "motivators",
            "What do you want this for?",
            "What for, {name}?",
            "motivators.yml: step why_you_want_it: only {comm",
        ),
    ],
)
def test_a_broken_file_is_named_with_its_step(folder: Path, name: str, old: str, new: str, sentence: str) -> None:
    path = folder / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    changed = text.replace(old, new)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(GuideError) as error:
        load(folder)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")


def test_a_missing_and_an_unknown_file_are_named(folder: Path) -> None:
    shutil.copy(folder / "ruler.yml", folder / "scale.yml")
    with pytest.raises(GuideError, match=r"scale\.yml: no guide of this name"):
        load(folder)
    (folder / "ruler.yml").unlink()
    with pytest.raises(GuideError, match=r"ruler\.yml: the file is missing"):
        load(folder)
    (folder / "ruler.yml").write_text("- a list", encoding="utf-8")
    with pytest.raises(GuideError, match=r"ruler\.yml: a guide is a mapping"):
        load(folder)
