"""Guided conversations: how they are rendered when they are sent, and where they are then."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.delivery.content import Content
from bot.delivery.posting import Place
from bot.delivery.telling import OnSent, Render, Telling
from bot.domain import retelling
from bot.domain.agreements import Terms
from bot.domain.commitments import Commitment, State
from bot.domain.conversations import current_prompt, outcome
from bot.domain.cues import named_time
from bot.domain.deliveries import Delivery, Method, Refs, Says
from bot.domain.guides.guide import Guide, GuideId, Keeps, Outcome
from bot.domain.guides.sitting import ConversationState
from bot.domain.sittings import KeptAnswer, Sitting, SittingStatus
from bot.rendering import conversations as screen
from bot.rendering.blocks import words
from bot.rendering.conversations import Asking, Closed, Motive
from bot.rendering.cues import PlanCue
from bot.services.guides import library, on_date
from bot.services.turns import state_of
from bot.services.work import Work
from bot.storage.transaction import Transaction

CAN_CHANGE = frozenset(Keeps) - {Keeps.RULER}
ENDS_IT = frozenset({Outcome.LET_GO, Outcome.GOT_THIS})


async def _prompt(telling: Telling) -> Content | None:
    sitting, guide, state = await _sitting(telling)
    if sitting.version != telling.number("version") or sitting.status is not SittingStatus.ASKING:
        return None
    prompt = retelling.asked_again(guide, state) if "again" in telling.row.refs else current_prompt(guide, state)
    if prompt is None:
        return None
    return telling.message(
        screen.asking(
            Asking(
                sitting_id=sitting.id,
                prompt=prompt,
                typed_step=await _typed_step(telling.tx, sitting, state),
                can_wait=state.put_off == 0,
                has_commitment=sitting.commitment_id is not None,
                earlier=await _earlier_motives(telling, sitting, state),
                subject=await _subject(telling, sitting),
            )
        )
    )


async def _subject(telling: Telling, sitting: Sitting) -> str | None:
    """The week's question comes unasked, and could be about anything."""
    if sitting.guide not in {GuideId.A_QUESTION, GuideId.PLAN_HELD} or sitting.commitment_id is None:
        return None
    commitment = await telling.tx.commitments.find(sitting.commitment_id)
    return commitment.text if commitment else None


async def _folded(telling: Telling) -> Content | None:
    sitting, guide, state = await _sitting(telling)
    step_id = telling.word("step")
    prompt = retelling.asked(guide, state, step_id)
    if prompt is None:
        return None
    answer = next((one for one in state.answers if one.step_id == step_id), None)
    tapped = None
    if answer is None:  # gone back on, or left: what received the answer before may not be true any more
        prompt = prompt.model_copy(update={"receives": None})
    elif answer.value is not None or not answer.given:
        tapped = answer.text if answer.given else "Skipped"
    return telling.message(screen.folded(prompt, tapped, await _subject(telling, sitting)))


async def _closing(telling: Telling) -> Content | None:
    sitting, guide, state = await _sitting(telling)
    said = retelling.closing(guide, state)
    if said is None or sitting.version != telling.number("version"):
        return None
    is_finished = sitting.status is SittingStatus.FINISHED
    commitment = await telling.tx.commitments.find(sitting.commitment_id)
    rows = await telling.tx.answers.of_conversation(sitting.id)
    written = {answer.step_id for answer in state.answers if answer.value is None}
    message = screen.closing(
        said,
        sitting.id,
        typed_step=await _typed_step(telling.tx, sitting, state) if is_finished and not state.let_go else None,
        can_change=is_finished and any(row.text and row.keeps in CAN_CHANGE and row.step in written for row in rows),
        closed=_closed(guide, state, commitment, telling.now) if is_finished else None,
        plan=_plan_cue(sitting, commitment, rows, telling.terms) if is_finished and commitment else None,
    )
    return telling.message(message)


def _closed(guide: Guide, state: ConversationState, commitment: Commitment | None, now: datetime) -> Closed | None:
    """The commitment that this sitting ended, while it can be had back, and once it is."""
    if commitment is None or outcome(guide, state) not in ENDS_IT:
        return None
    if not commitment.is_open and not commitment.can_be_restored(now):
        return None
    return Closed(commitment_id=commitment.id, is_back=commitment.is_open)


def _plan_cue(sitting: Sitting, commitment: Commitment, rows: Sequence[KeptAnswer], terms: Terms) -> PlanCue | None:
    """A plan that was kept here, holds, and names a time at which it could be told, or is."""
    plans = {row.text for row in rows if row.keeps == Keeps.PLAN and row.text}
    if commitment.plan not in plans or commitment.state is not State.ACTIVE or not terms.tell_cues:
        return None
    at, cue = named_time(commitment.plan), commitment.cue
    if at is None or (cue is not None and at not in cue.also_at(at).times):
        return None
    told = cue if cue is not None and at in cue.times else None
    return PlanCue(commitment_id=commitment.id, sitting_id=sitting.id, at=at, cue=told)


async def _hint(telling: Telling) -> Content | None:
    _, guide, state = await _sitting(telling)
    said = retelling.hint(guide, state)
    return Content(text=said.fill(words), thread_ts=telling.optional("thread_ts")) if said else None


async def _offer_again(telling: Telling) -> Content:
    sitting, _, _ = await _sitting(telling)
    commitment = await telling.tx.commitments.find(sitting.commitment_id)
    is_open = sitting.status is SittingStatus.OFFERED
    return telling.message(screen.offer_again(sitting.id, commitment.text if commitment else None, is_open=is_open))


async def _motives(telling: Telling) -> Content:
    commitment = await telling.tx.commitments.get(telling.number("commitment"))
    found = await _motives_of(telling, commitment.id)
    return telling.message(screen.motives(commitment.text, found))


async def _erase_offer(telling: Telling) -> Content:
    return telling.message(screen.erase_offer(telling.word("about")))


async def _sitting(telling: Telling) -> tuple[Sitting, Guide, ConversationState]:
    sitting = await telling.tx.conversations.get(telling.number("sitting"))
    return sitting, library().guide(sitting.guide), state_of(sitting)


async def _typed_step(tx: Transaction, sitting: Sitting, state: ConversationState) -> str | None:
    """The last answer's step, when it was typed freely. The very words of a button are certainly an answer."""
    last = state.answers[-1] if state.answers else None
    if last is None or last.value is not None or not last.given:
        return None
    rows = await tx.answers.of_conversation(sitting.id)
    return next((row.step for row in rows if row.step == last.step_id and row.messages != "[]"), None)


async def _motives_of(telling: Telling, commitment_id: int) -> list[Motive]:
    rows = await telling.tx.answers.kept_as(commitment_id, Keeps.MOTIVE)
    return [Motive(text=row.text, day=on_date(row.answered_at, telling.member.zone, telling.now)) for row in rows]


async def _earlier_motives(telling: Telling, sitting: Sitting, state: ConversationState) -> tuple[Motive, ...]:
    """Before "Still true?", all the words there are about why, not the latest alone."""
    if sitting.guide != GuideId.REMIND_ME_WHY or state.answers or sitting.commitment_id is None:
        return ()
    return tuple((await _motives_of(telling, sitting.commitment_id))[1 : screen.MOTIVES_SHOWN])


async def _asked(work: Work, row: Delivery, place: Place) -> None:
    """Where the question is. One that was overtaken on its way is folded at once."""
    sitting_id = int(row.refs["sitting"])
    if place.ts is None or await work.tx.conversations.placed(sitting_id, int(row.refs["version"]), place.ts):
        return
    sitting = await work.tx.conversations.find(sitting_id)
    if sitting is not None and row.method is Method.POST and "step" in row.refs:
        member = await work.tx.members.get(sitting.member_id)
        refs: Refs = {"sitting": sitting.id, "step": row.refs["step"], "ts": place.ts}
        await work.say(member, Says.PROMPT_FOLDED, refs, method=Method.UPDATE)


RENDER: Mapping[Says, Render] = {
    Says.PROMPT: _prompt,
    Says.PROMPT_FOLDED: _folded,
    Says.CLOSING: _closing,
    Says.HINT: _hint,
    Says.OFFER_AGAIN: _offer_again,
    Says.MOTIVES: _motives,
    Says.ERASE_OFFER: _erase_offer,
}
SENT: Mapping[Says, OnSent] = {Says.PROMPT: _asked, Says.CLOSING: _asked}
