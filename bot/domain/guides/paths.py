"""Which question comes next, and how many there can still be. Pure functions of a plan and the answers so far."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from bot.domain.guides.guide import KEPT_AS, PLACEHOLDER, Guide, Kind, Line, Shape, Step, choice_from_label
from bot.domain.motivators import Question
from bot.domain.readiness import Stage, follow_ups

GIST: Final = 80
WHOLE: Final = 500
"""Characters of a member's words in a sentence of ours, shortened or not. The answer itself is always kept whole."""


class Answer(Shape):
    """What someone said to a step. `text` is the words, or the label they tapped; `value` what they tapped.

    Neither means that they skipped it.
    """

    step_id: str
    text: str = ""
    value: str | None = None

    @property
    def given(self) -> bool:
        return bool(self.text) or self.value is not None


class Planned(Shape):
    """A step of this sitting, with the question the bank put in its place."""

    step_id: str
    question: Question | None = None


def plan(guide: Guide, stage: Stage | None, questions: Iterable[Question]) -> tuple[Planned, ...]:
    """The steps for this stage. `questions` come best first; each is used at most once."""
    left = list(questions)
    planned: list[Planned] = []
    for step in guide.steps:
        if step.stages and stage not in step.stages:
            continue
        question = next((question for question in left if question.theme in step.pick), None)
        if question is not None:
            left.remove(question)
        planned.append(Planned(step_id=step.id, question=question))
    return tuple(planned)


def resolve(guide: Guide, planned: Sequence[Planned]) -> tuple[Step, ...]:
    """The steps as they are asked. One that a newer version of the guide no longer has is left out."""
    found = ((guide.step(each.step_id), each.question) for each in planned)
    return tuple(step if question is None else _asking(question, step) for step, question in found if step is not None)


def _asking(question: Question, step: Step) -> Step:
    changed = {
        "ask": (Line(say=question.ask),),
        "hint": question.hint,
        "theme": question.theme,
        "keeps": step.keeps or KEPT_AS[question.theme],
        "choices": tuple(choice_from_label(label) for label in question.choices),
    }
    return step.model_copy(update=changed)


def following(
    steps: Sequence[Step], after: str | None, answers: Sequence[Answer], words: Mapping[str, str]
) -> Step | None:
    """The first step after that one which is to be asked; from the beginning for None."""
    names = [step.id for step in steps]
    start = names.index(after) + 1 if after in names else 0
    return next((step for step in steps[start:] if askable(step, answers, words)), None)


def most(steps: Sequence[Step], after: str | None, answers: Sequence[Answer], words: Mapping[str, str]) -> int:
    """How many questions can follow that step at most, whatever is answered to them."""
    step = following(steps, after, answers, words)
    return 0 if step is None else 1 + most_after(steps, step, answers, words)


def most_after(steps: Sequence[Step], step: Step, answers: Sequence[Answer], words: Mapping[str, str]) -> int:
    """How many questions can follow a step that is being asked, over everything that may be answered to it."""
    return max(most(steps, step.id, (*answers, answer), words) for answer in _possible(step))


def sure(steps: Sequence[Step], first: Step, answers: Sequence[Answer], words: Mapping[str, str]) -> list[Step]:
    """That step and those which follow it whatever is answered: the questions that fit on one form."""
    found, worlds = [first], [tuple(answers)]
    while True:
        last = found[-1]
        worlds = [(*world, answer) for world in worlds for answer in _possible(last)]
        nexts = [following(steps, last.id, world, words) for world in worlds]
        step = nexts[0]
        if step is None or any(other is None or other.id != step.id for other in nexts):
            return found
        found.append(step)


def askable(step: Step, answers: Sequence[Answer], words: Mapping[str, str]) -> bool:
    """Whether its condition holds and one of its wordings can be filled."""
    return _holds(step, answers) and fitting(step.ask, answers, words) is not None


def _holds(step: Step, answers: Sequence[Answer]) -> bool:
    if step.when is None:
        return True
    wanted = step.when
    answer = next((answer for answer in answers if answer.step_id == wanted.step and answer.given), None)
    if answer is None:
        return False
    if wanted.follow_up is not None:
        return answer.value is not None and wanted.follow_up in follow_ups(int(answer.value))
    return not wanted.chosen or answer.value in wanted.chosen


def _possible(step: Step) -> Iterator[Answer]:
    yield Answer(step_id=step.id)
    for value in step.values():
        yield Answer(step_id=step.id, text=value, value=value)
    if step.kind is Kind.TEXT:
        yield Answer(step_id=step.id, text="something")


def fitting(lines: Iterable[Line], answers: Sequence[Answer], words: Mapping[str, str]) -> Line | None:
    """The best wording that has all its words, or None."""
    there = filled(answers, words).keys()
    given = {answer.step_id for answer in answers if answer.given} | words.keys()
    return next((line for line in lines if tokens(line.say) <= there and line.given in {None, *given}), None)


def tokens(template: str) -> set[str]:
    """The placeholders of a wording."""
    return set(PLACEHOLDER.findall(template))


def filled(answers: Sequence[Answer], words: Mapping[str, str]) -> dict[str, str]:
    """What each placeholder stands for: the words handed over, then the answers given."""
    said = {name: text for name, text in words.items() if text.strip()}
    said |= {answer.step_id: answer.text or answer.value or "" for answer in answers if answer.given}
    found = {name: gist(text) for name, text in said.items()}
    found |= {f"{name}:whole": _clip(" ".join(text.split()), WHOLE) for name, text in said.items()}
    for answer in answers:
        if answer.value is not None and answer.value.isdecimal():
            number = int(answer.value)
            found[answer.step_id] = answer.value
            found |= {f"{answer.step_id}_below": str(number - 1), f"{answer.step_id}_above": str(number + 1)}
    return found


def gist(text: str) -> str:
    """Someone's words shortened to their first sentence, fit to stand between quotation marks."""
    first = re.split(r"(?<=[.!?;])\s|\n", text.strip(), maxsplit=1)[0]
    short = " ".join(first.split()).rstrip(" .,;:").replace('"', "'")
    return _clip(short or " ".join(text.split()), GIST)


def _clip(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[: limit - 3]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" .,;:") + "..."
