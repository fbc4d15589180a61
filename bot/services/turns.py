"""Whose turn it is: one question at a time, then what had to wait."""

from datetime import datetime, timedelta
from typing import Any, Final

from bot.domain.check_ins import key_of
from bot.domain.conversations import current_prompt
from bot.domain.deliveries import Method, Refs, Says
from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import ConversationState, Prompt
from bot.domain.members import Member
from bot.domain.sittings import Sitting, SittingStatus
from bot.services.guides import library, present_words
from bot.services.keeping import remember_asked
from bot.services.work import Work

HELD: Final = timedelta(hours=24)
"""A check-in that waited longer is not said any more: the next one covers it."""


async def next_turn(work: Work, member: Member) -> None:
    """Says what waited for a conversation to end: a check-in that was held, else the next conversation."""
    if await work.tx.conversations.running(member.id) is not None or await _say_held(work, member):
        return
    for sitting in await work.tx.conversations.waiting(member.id):
        if await still_wanted(work, sitting):
            await ask(work, member, sitting, again=sitting.version > 0)
            return
        await work.tx.conversations.change(sitting.id, status=SittingStatus.STOPPED)


async def ask(
    work: Work, member: Member, sitting: Sitting, state: ConversationState | None = None, *, again: bool = False
) -> None:
    """Puts the state's question, which from now on is the one being asked. `again`: after a while, and said so."""
    state = state or await _brought_up_to_date(work, member, sitting)
    prompt = current_prompt(library().guide(sitting.guide), state)
    asking = _asking(state, prompt, work.now, version=sitting.version + 1)
    await _put(work, member, await work.tx.conversations.change(sitting.id, **asking), prompt, again=again)


async def begin(work: Work, member: Member, guide: GuideId, state: ConversationState, **about: int | None) -> None:
    """A new sitting that has the word at once."""
    prompt = current_prompt(library().guide(guide), state)
    asking = _asking(state, prompt, work.now, version=1)
    sitting = await work.tx.conversations.add(
        workspace_id=member.workspace_id, member_id=member.id, guide=guide, opened_at=work.now, **about, **asking
    )
    await _put(work, member, sitting, prompt)


def _asking(state: ConversationState, prompt: Prompt | None, now: datetime, *, version: int) -> dict[str, Any]:
    """What a sitting's row has while it asks."""
    return {
        "state": state.model_dump_json(),
        "status": SittingStatus.ASKING,
        "version": version,
        "prompt_step": prompt.step_id if prompt else None,
        "prompt_ts": None,
        "asked_at": now,
    }


async def _put(work: Work, member: Member, sitting: Sitting, prompt: Prompt | None, *, again: bool = False) -> None:
    if prompt is not None and prompt.question_id is not None:
        await remember_asked(work, sitting, prompt.step_id, prompt.question_id)
    refs: Refs = {"step": sitting.prompt_step} if sitting.prompt_step else {}
    await say(work, member, sitting, Says.PROMPT, **refs, **({"again": 1} if again else {}))


async def say(work: Work, member: Member, sitting: Sitting, says: Says, **refs: int | str) -> None:
    """Something of a sitting, in the thread where its member answers."""
    thread: Refs = {"thread_ts": sitting.thread_ts} if sitting.thread_ts else {}
    key = f"{says}:{sitting.id}:{sitting.version}" if says in {Says.PROMPT, Says.CLOSING} else None
    whole = {"sitting": sitting.id, "version": sitting.version, **thread, **refs}
    await work.say(member, says, whole, key=key)


async def redraw(work: Work, member: Member, sitting: Sitting) -> None:
    """Brings what was said last up to date, where it stands."""
    if sitting.prompt_ts is not None:
        says = Says.PROMPT if sitting.status is SittingStatus.ASKING else Says.CLOSING
        refs: Refs = {"sitting": sitting.id, "version": sitting.version, "ts": sitting.prompt_ts}
        await work.say(member, says, refs, method=Method.UPDATE)


async def fold(work: Work, member: Member, sitting: Sitting) -> None:
    """The question on the screen loses its buttons."""
    if sitting.prompt_ts is not None and sitting.prompt_step is not None:
        refs: Refs = {"sitting": sitting.id, "step": sitting.prompt_step, "ts": sitting.prompt_ts}
        await work.say(member, Says.PROMPT_FOLDED, refs, method=Method.UPDATE)


async def set_aside(work: Work, member: Member, sitting: Sitting, status: SittingStatus) -> None:
    """A sitting that has the word no longer: it waits, or is left there. Its answers stay kept."""
    await fold(work, member, sitting)
    await work.tx.conversations.change(sitting.id, status=status, version=sitting.version + 1, prompt_ts=None)


async def ask_no_more(work: Work, member: Member, commitment_id: int) -> None:
    """What is closed is not asked about any more, except what helped. What had to wait for it has its turn."""
    for sitting in await work.tx.conversations.about(commitment_id):
        if sitting.guide != GuideId.WRAP_UP:
            await set_aside(work, member, sitting, SittingStatus.STOPPED)
            if sitting.status is SittingStatus.ASKING:
                await next_turn(work, member)


async def _say_held(work: Work, member: Member) -> bool:
    for check_in in await work.tx.check_ins.held(member.id, work.now - HELD):
        if await work.tx.deliveries.keyed(member.workspace_id, key_of(check_in.id)) is None:
            # It has come in the middle of things: once is enough.
            await work.tx.check_ins.change(check_in.id, remind_at=None)
            await work.say(member, Says.CHECK_IN, {"check_in": check_in.id}, key=key_of(check_in.id))
            return True
    return False


async def still_wanted(work: Work, sitting: Sitting) -> bool:
    """What is closed meanwhile is not asked about, except what helped."""
    if sitting.commitment_id is None or sitting.guide == GuideId.WRAP_UP:
        return True
    commitment = await work.tx.commitments.find(sitting.commitment_id)
    return commitment is not None and commitment.is_open


def state_of(sitting: Sitting) -> ConversationState:
    """Where its interpreter stands."""
    return ConversationState.model_validate_json(sitting.state)


async def _brought_up_to_date(work: Work, member: Member, sitting: Sitting) -> ConversationState:
    state = state_of(sitting)
    commitment = await work.tx.commitments.find(sitting.commitment_id)
    return state.model_copy(update={"words": {**state.words, **present_words(work, member, commitment)}})
