"""What was said earlier in a sitting, said once more: for a message that is brought up to date, or is sent late."""

from bot.domain.conversations import advance, current_prompt, resume
from bot.domain.guides.guide import Guide
from bot.domain.guides.paths import Answer, resolve
from bot.domain.guides.sitting import ConversationState, Move, Prompt, Reply, Said, Status


def asked(guide: Guide, state: ConversationState, step_id: str) -> Prompt | None:
    """A question as it stood when it was asked; None when the guide no longer has it."""
    names = [answer.step_id for answer in state.answers]
    before = state.answers[: names.index(step_id)] if step_id in names else state.answers
    then = state.model_copy(update={"answers": before, "at": step_id, "status": Status.ASKING})
    prompt = current_prompt(guide, then)
    return prompt if prompt is not None and prompt.step_id == step_id else None


def asked_again(guide: Guide, state: ConversationState) -> Prompt | None:
    """The present question, as it is asked after a while."""
    return resume(guide, state)[1]


def hint(guide: Guide, state: ConversationState) -> Said | None:
    """What the present question needs, for someone who typed something else."""
    prompt = advance(guide, state, Reply.text("")).prompt
    return prompt.receives if prompt is not None else None


def closing(guide: Guide, state: ConversationState) -> Said | None:
    """The last words of a sitting that is over or was put off; None while it asks.

    They follow from the last thing its member did, so that is done once more.
    """
    match state.status:
        case Status.ASKING:
            return None
        case Status.LATER:
            return _after(guide, state, Reply(move=Move.LATER), put_off=state.put_off - 1)
        case Status.STOPPED if state.put_off > 1:
            return _after(guide, state, Reply(move=Move.LATER), put_off=state.put_off - 1)
        case Status.STOPPED:
            return _after(guide, state, Reply(move=Move.STOP))
        case Status.FINISHED if state.let_go:
            steps = resolve(guide, state.plan)
            at = next((step.id for step in steps if step.allow_let_go), None)
            return _after(guide, state, Reply(move=Move.LET_GO), at=at, let_go=False)
        case Status.FINISHED if state.answers:
            last = state.answers[-1]
            return _after(guide, state, _reply(last), at=last.step_id, answers=state.answers[:-1])
    return None


def _after(guide: Guide, state: ConversationState, reply: Reply, **before: object) -> Said | None:
    return advance(guide, state.model_copy(update={"status": Status.ASKING, **before}), reply).closing


def _reply(answer: Answer) -> Reply:
    if not answer.given:
        return Reply(move=Move.SKIP)
    return Reply.text(answer.text) if answer.value is None else Reply.choice(answer.value)
