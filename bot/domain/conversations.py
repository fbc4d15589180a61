"""The interpreter of guided conversations: (guide, state, reply) becomes (state, next prompt). Pure, and total.

A state holds the answers' text, so storage encrypts it as one JSON. It holds no clock. Every function accepts every
reply at any time: one that comes late, twice or to the wrong question changes nothing.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.guides.guide import MOST_QUESTIONS, Choice, Guide, Kind, Outcome, Step, Toned
from bot.domain.guides.paths import Answer, askable, filled, fitting, following, most_after, plan, resolve, sure, tokens
from bot.domain.guides.sitting import (
    Context,
    ConversationState,
    Heard,
    Kept,
    Move,
    Prompt,
    Reply,
    Said,
    Status,
    Turn,
)

_OFFERED: Final = 1
"""A sitting that was put off is offered again this many times."""


def start(guide: Guide, context: Context) -> tuple[ConversationState, Prompt]:
    """Begin a sitting. The loader has checked that every guide has a first question at every stage."""
    planned = plan(guide, context.stage, context.questions)
    steps = resolve(guide, planned)
    first = following(steps, None, (), context.words) or steps[0]
    state = ConversationState(
        guide=guide.id, plan=planned, at=first.id, words=context.words, stage=context.stage, tone=context.tone
    )
    return state, _prompt(guide, state, first, _say(guide.opening, state))


def current_prompt(guide: Guide, state: ConversationState) -> Prompt | None:
    """The question being asked, as it was first shown; None when nothing is being asked."""
    step = _present(guide, state)
    if step is None or state.status is not Status.ASKING:
        return None
    return _prompt(guide, state, step, _received(guide, state))


def resume(guide: Guide, state: ConversationState) -> tuple[ConversationState, Prompt | None]:
    """Go on with a sitting that was put off. One that is over stays over."""
    step = _present(guide, state)
    if step is None or state.status not in {Status.ASKING, Status.LATER}:
        return state, None
    state = state.model_copy(update={"status": Status.ASKING})
    return state, _prompt(guide, state, step, _say(guide.common.resumed, state))


def advance(guide: Guide, state: ConversationState, reply: Reply, *, words: Mapping[str, str] | None = None) -> Turn:
    """Hear a reply. `words` brings the context's words up to date, such as when the next check-in is."""
    step = _present(guide, state)
    over = state.status in {Status.FINISHED, Status.STOPPED}
    again = state.status is Status.LATER and reply.move is Move.LATER
    if step is None or over or again or reply.step_id not in {None, step.id}:
        return Turn(state=state, prompt=current_prompt(guide, state), heard=Heard.PAST)
    state = state.model_copy(update={"status": Status.ASKING, "words": {**state.words, **(words or {})}})
    match reply.move:
        case Move.BACK:
            return _back(guide, state)
        case Move.LATER:
            return _later(guide, state)
        case Move.STOP:
            state = state.model_copy(update={"status": Status.STOPPED})
            return Turn(state=state, closing=_say(guide.common.stopped, state))
        case Move.LET_GO if step.allow_let_go:
            return _finish(guide, state.model_copy(update={"let_go": True}))
        case Move.SKIP:
            return _take(guide, state, step, Answer(step_id=step.id))
        case _:
            answer = _understood(step, reply)
            return _unclear(guide, state, step) if answer is None else _take(guide, state, step, answer)


def amend(guide: Guide, state: ConversationState, step_id: str, text: str) -> ConversationState:
    """Replace the answer to a step, as when its message was edited. A blank text changes nothing."""
    step = next((step for step in resolve(guide, state.plan) if step.id == step_id), None)
    better = _understood(step, Reply.text(text)) if step is not None else None
    return state if better is None else _replace(state, better)


def append(guide: Guide, state: ConversationState, step_id: str, text: str) -> ConversationState:
    """Join a second message to an answer, on a line of its own. What was tapped or counted stays as it is."""
    answer = next((answer for answer in state.answers if answer.step_id == step_id and answer.given), None)
    if answer is None:
        return amend(guide, state, step_id, text)
    if not text.strip():
        return state
    return _replace(state, answer.model_copy(update={"text": f"{answer.text}\n{text.strip()}"}))


def erase(guide: Guide, state: ConversationState, step_id: str) -> ConversationState:
    """Forget an answer, as when its message was deleted. The step then counts as skipped.

    Nothing else moves, unless the question being asked speaks of that answer: then the next one takes its place, and
    with none left the sitting is finished.
    """
    blank = Answer(step_id=step_id)
    answers = tuple(blank if answer.step_id == step_id else answer for answer in state.answers)
    state = state.model_copy(update={"answers": answers, "drafts": _without(state.drafts, step_id)})
    step = _present(guide, state)
    if step is None or askable(step, state.answers, state.words):
        return state
    instead = following(resolve(guide, state.plan), step.id, state.answers, state.words)
    open_status = state.status if instead or state.status is Status.STOPPED else Status.FINISHED
    return state.model_copy(update={"at": instead.id if instead else None, "status": open_status})


def retract(guide: Guide, state: ConversationState, step_id: str) -> ConversationState:
    """Forget an answer that was none, and ask its question again, even when the sitting is over."""
    names = [answer.step_id for answer in state.answers]
    if step_id not in names or not any(step.id == step_id for step in resolve(guide, state.plan)):
        return state
    place = names.index(step_id)
    later = tuple(answer for answer in state.answers[place + 1 :] if answer.given)
    return state.model_copy(
        update={
            "answers": state.answers[:place],
            "drafts": (*_without(state.drafts, *names[place:]), *later),
            "at": step_id,
            "status": Status.ASKING,
            "let_go": False,
        }
    )


def kept(guide: Guide, state: ConversationState) -> tuple[Kept, ...]:
    """Everything there is to store from a sitting, as after an amendment."""
    return tuple(each for step, answer in _answered(guide, state) for each in _kept(state, step, answer))


def outcome(guide: Guide, state: ConversationState) -> Outcome | None:
    """What the choices made so far ask for. It counts once the sitting is finished."""
    if state.let_go:
        return Outcome.LET_GO
    return next((choice.outcome for choice in _choices_made(guide, state) if choice.outcome), None)


def as_form(guide: Guide, state: ConversationState) -> list[Prompt]:
    """The questions from here on which will be asked whatever the answers are, to be answered on one form.

    Those that depend on these answers are asked afterwards in the conversation.
    """
    step = _present(guide, state)
    if step is None or state.status not in {Status.ASKING, Status.LATER}:
        return []
    steps = sure(resolve(guide, state.plan), step, state.answers, state.words)[: MOST_QUESTIONS - len(state.answers)]
    total = _prompt(guide, state, step, None).total
    prompts = [_prompt(guide, state, each, None) for each in steps]
    return [
        prompt.model_copy(update={"number": len(state.answers) + place, "total": total})
        for place, prompt in enumerate(prompts, start=1)
    ]


def answer_form(
    guide: Guide,
    state: ConversationState,
    replies: Mapping[str, Reply],
    *,
    words: Mapping[str, str] | None = None,
) -> Turn:
    """Hear all answers of a form. What was left empty is skipped; what was answered meanwhile in chat is amended."""
    turn = Turn(state=state, prompt=current_prompt(guide, state), heard=Heard.PAST)
    said: tuple[Kept, ...] = ()
    fresh = not replies or replies.keys() - {answer.step_id for answer in state.answers}
    steps = {step.id: step for step in resolve(guide, state.plan)}
    for answer in state.answers:
        reply, step = replies.get(answer.step_id), steps.get(answer.step_id)
        better = _understood(step, reply) if step is not None and reply is not None else None
        if step is not None and better is not None:
            state = _replace(state, better)
            said += _kept(state, step, better)
            turn = Turn(state=state, prompt=current_prompt(guide, state))
    for prompt in as_form(guide, state) if fresh else []:
        step, reply = steps[prompt.step_id], replies.get(prompt.step_id)
        if reply is None or _understood(step, reply) is None:
            reply = Reply(move=Move.SKIP)
        turn = advance(guide, turn.state, reply.model_copy(update={"step_id": step.id}), words=words)
        said += turn.kept
    return turn.model_copy(update={"kept": said})


def _present(guide: Guide, state: ConversationState) -> Step | None:
    """The step being asked. If a newer version of the guide has lost it, the next one that is open."""
    if state.at is None:
        return None
    steps = resolve(guide, state.plan)
    step = next((step for step in steps if step.id == state.at), None)
    if step is not None:
        return step
    done = {answer.step_id for answer in state.answers}
    return following([step for step in steps if step.id not in done], None, state.answers, state.words)


def _understood(step: Step, reply: Reply) -> Answer | None:
    said = reply.said.strip()
    if reply.move not in {Move.TEXT, Move.CHOICE} or not said:
        return None
    labels = _labels(step)
    if reply.move is Move.CHOICE:
        return Answer(step_id=step.id, text=labels[said], value=said) if said in labels else None
    if step.kind is Kind.RULER:
        number = re.search(r"(?<![\d-])\d+", said)
        value = str(int(number[0])) if number and len(number[0]) < 3 else None
        return Answer(step_id=step.id, text=said, value=value) if value in labels else None
    value = next((value for value, label in labels.items() if said.casefold() in {value, label.casefold()}), None)
    if value is None and step.kind is Kind.CHOICE:
        return None
    return Answer(step_id=step.id, text=said if value is None else labels[value], value=value)


def _labels(step: Step) -> dict[str, str]:
    return {value: value for value in step.values()} | {choice.value: choice.label for choice in step.choices}


def _take(guide: Guide, state: ConversationState, step: Step, answer: Answer) -> Turn:
    answers = (*state.answers, answer)
    room = len(answers) < MOST_QUESTIONS
    following_step = following(resolve(guide, state.plan), step.id, answers, state.words) if room else None
    state = state.model_copy(
        update={
            "answers": answers,
            "drafts": _without(state.drafts, step.id),
            "at": following_step.id if following_step else None,
        }
    )
    news = _kept(state, step, answer)
    if following_step is None:
        return _finish(guide, state).model_copy(update={"kept": news})
    return Turn(state=state, prompt=current_prompt(guide, state), kept=news)


def _finish(guide: Guide, state: ConversationState) -> Turn:
    state = state.model_copy(update={"status": Status.FINISHED, "at": None})
    chosen = next((choice.closing for choice in _choices_made(guide, state) if choice.closing), None)
    if state.let_go:
        closing = guide.common.let_go
    elif not any(answer.given for answer in state.answers):
        closing = guide.common.nothing_said
    else:
        closing = chosen or guide.closing
    said = _together(_say(guide.common.day, state), _say(closing, state))
    return Turn(state=state, closing=said, outcome=outcome(guide, state))


def _together(first: Said | None, then: Said | None) -> Said | None:
    if first is None or then is None:
        return first or then
    return Said(template=f"{first.template} {then.template}", words={**first.words, **then.words})


def _back(guide: Guide, state: ConversationState) -> Turn:
    known = {step.id for step in resolve(guide, state.plan)}
    answers = list(state.answers)
    while answers and answers[-1].step_id not in known:
        answers.pop()
    if not answers:
        return Turn(state=state, prompt=current_prompt(guide, state))
    last = answers.pop()
    drafts = (*_without(state.drafts, last.step_id), *([last] if last.given else []))
    state = state.model_copy(update={"answers": tuple(answers), "drafts": drafts, "at": last.step_id})
    return Turn(state=state, prompt=current_prompt(guide, state))


def _later(guide: Guide, state: ConversationState) -> Turn:
    again = state.put_off >= _OFFERED
    status = Status.STOPPED if again else Status.LATER
    state = state.model_copy(update={"status": status, "put_off": state.put_off + 1})
    return Turn(state=state, closing=_say(guide.common.rested if again else guide.common.later, state))


def _unclear(guide: Guide, state: ConversationState, step: Step) -> Turn:
    help_with = {Kind.RULER: guide.common.tap_a_number, Kind.CHOICE: guide.common.tap_one}.get(step.kind, {})
    prompt = _prompt(guide, state, step, _say(help_with, state))
    return Turn(state=state, prompt=prompt, heard=Heard.UNCLEAR)


def _replace(state: ConversationState, better: Answer) -> ConversationState:
    def swap(answers: Sequence[Answer]) -> tuple[Answer, ...]:
        return tuple(better if answer.step_id == better.step_id else answer for answer in answers)

    return state.model_copy(update={"answers": swap(state.answers), "drafts": swap(state.drafts)})


def _without(answers: Sequence[Answer], *step_ids: str) -> tuple[Answer, ...]:
    return tuple(answer for answer in answers if answer.step_id not in step_ids)


def _answered(guide: Guide, state: ConversationState) -> list[tuple[Step, Answer]]:
    steps = {step.id: step for step in resolve(guide, state.plan)}
    return [(steps[answer.step_id], answer) for answer in state.answers if answer.step_id in steps]


def _choices_made(guide: Guide, state: ConversationState) -> list[Choice]:
    made = [
        choice for step, answer in _answered(guide, state) for choice in step.choices if choice.value == answer.value
    ]
    return made[::-1]


def _kept(state: ConversationState, step: Step, answer: Answer) -> tuple[Kept, ...]:
    if step.keeps is None or not answer.given:
        return ()
    asked = _question_id(state, step)
    return (
        Kept(
            step_id=step.id,
            keeps=step.keeps,
            text=answer.text,
            value=answer.value,
            theme=step.theme,
            question_id=asked,
        ),
    )


def _question_id(state: ConversationState, step: Step) -> str | None:
    planned = next(each for each in state.plan if each.step_id == step.id)
    return planned.question.id if planned.question else None


def _prompt(guide: Guide, state: ConversationState, step: Step, receives: Said | None) -> Prompt:
    steps = resolve(guide, state.plan)
    number = len(state.answers) + 1
    ask = fitting(step.ask, state.answers, state.words) or step.ask[-1]
    return Prompt(
        **_with_words(ask.say, state).model_dump(),
        step_id=step.id,
        number=number,
        total=min(number + most_after(steps, step, state.answers, state.words), MOST_QUESTIONS),
        kind=step.kind,
        choices=tuple(Choice(value=value, label=label) for value, label in _labels(step).items()),
        hint=step.hint,
        audience=step.audience,
        can_go_back=bool(state.answers),
        can_let_go=step.allow_let_go,
        receives=receives,
        draft=next((draft for draft in state.drafts if draft.step_id == step.id), None),
        question_id=_question_id(state, step),
    )


def _received(guide: Guide, state: ConversationState) -> Said | None:
    if not state.answers:
        return _say(guide.opening, state)
    last = state.answers[-1]
    step = next((step for step in resolve(guide, state.plan) if step.id == last.step_id), None)
    return _say(step.receive, state) if step is not None and last.given else None


def _say(lines: Toned, state: ConversationState) -> Said | None:
    line = fitting(lines.get(state.tone, ()), state.answers, state.words)
    return None if line is None else _with_words(line.say, state)


def _with_words(template: str, state: ConversationState) -> Said:
    words = filled(state.answers, state.words)
    return Said(template=template, words={name: words[name] for name in sorted(tokens(template)) if name in words})
