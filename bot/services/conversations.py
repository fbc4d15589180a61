"""Guided conversations: answered, put off, corrected."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from bot.domain.conversations import (
    advance,
    amend,
    answer_form,
    append,
    as_form,
    current_prompt,
    erase,
    resume,
    retract,
)
from bot.domain.deliveries import Method, Says
from bot.domain.guides.guide import Guide, GuideId, Kind, Outcome
from bot.domain.guides.sitting import ConversationState, Heard, Move, Prompt, Reply, Turn
from bot.domain.members import Member
from bot.domain.retelling import asked
from bot.domain.sittings import KeptAnswer, Sitting, SittingStatus, moment
from bot.services.guides import library, present_words
from bot.services.keeping import Message, Typed, closing_words, keep, messages_of
from bot.services.outcomes import bring_about
from bot.services.sittings import open_sitting
from bot.services.turns import ask, fold, next_turn, redraw, say, set_aside, state_of, still_wanted
from bot.services.work import Gone, Refused, Units, Work, owned

OVER: Final = frozenset({SittingStatus.FINISHED, SittingStatus.STOPPED})
OFFERED: Final = frozenset({SittingStatus.LATER, SittingStatus.OFFERED})
FORGOTTEN: Final = "…"
"""What stands where a sitting quoted what is forgotten since."""

LONGEST: Final = 3000
"""Characters of one answer."""

Step = Callable[[Guide, ConversationState, Mapping[str, str]], Turn]
Correction = Callable[[Guide, ConversationState], ConversationState]


class Conversations:
    """Guided conversations. What takes a `Work` runs within someone else's transaction; all else is one of its own."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._library = library()

    # Answering with a click

    async def reply(self, member: Member, sitting_id: int, reply: Reply, *, key: str) -> None:
        """A button of a question. One that is not being asked any more changes nothing."""
        async with self._units.for_member(member, key) as (work, owner):
            sitting = await owned(work.tx.conversations, owner, sitting_id)
            await self._take(
                work, owner, sitting, lambda guide, state, words: advance(guide, state, reply, words=words)
            )

    async def answer_as_before(self, member: Member, sitting_id: int, step_id: str, *, key: str) -> None:
        """The answer that was gone back on, after all."""
        async with self._units.for_member(member, key) as (work, owner):
            sitting = await owned(work.tx.conversations, owner, sitting_id)
            draft = next((one for one in state_of(sitting).drafts if one.step_id == step_id), None)
            if draft is None:
                return
            said = Reply.text(draft.text, step_id) if draft.value is None else Reply.choice(draft.value, step_id)
            await self._take(work, owner, sitting, lambda guide, state, words: advance(guide, state, said, words=words))

    async def go_on(self, member: Member, sitting_id: int, *, key: str, ts: str | None) -> None:
        """Yes to the offer, at `ts`, of going on with what was put off."""
        async with self._units.for_member(member, key) as (work, owner):
            await self._go_on(work, owner, await owned(work.tx.conversations, owner, sitting_id), ts)

    async def _go_on(self, work: Work, member: Member, sitting: Sitting, ts: str | None) -> None:
        state, prompt = resume(self._guide(sitting), state_of(sitting))
        if prompt is None or sitting.status not in OFFERED:
            return
        await self._bring_forward(work, member, sitting)
        await ask(work, member, sitting, state, again=True)
        await self._fold_offer(work, member, sitting, ts)

    async def leave(self, member: Member, sitting_id: int, *, key: str, ts: str | None) -> None:
        """No to it."""
        async with self._units.for_member(member, key) as (work, owner):
            sitting = await owned(work.tx.conversations, owner, sitting_id)
            if sitting.status in OFFERED:
                await self.move(work, owner, sitting, Move.STOP)
                await self._fold_offer(work, owner, sitting, ts)

    async def _fold_offer(self, work: Work, member: Member, sitting: Sitting, ts: str | None) -> None:
        if ts is not None:
            await work.say(member, Says.OFFER_AGAIN, {"sitting": sitting.id, "ts": ts}, method=Method.UPDATE)

    async def not_an_answer(self, member: Member, sitting_id: int, step_id: str, *, key: str) -> None:
        """What was typed was no answer: it is forgotten, and its question asked again while it can be wanted."""
        async with self._units.for_member(member, key) as (work, owner):
            sitting = await owned(work.tx.conversations, owner, sitting_id)
            if not await still_wanted(work, sitting):
                await self._forget(work, owner, sitting, step_id)
                return
            guide, before = self._guide(sitting), state_of(sitting)
            state = retract(guide, before, step_id)
            if state == before:
                return
            state = await keep(work, owner, sitting, state)
            await self._bring_forward(work, owner, sitting)
            if sitting.status in OVER and sitting.prompt_ts is not None:
                refs = {"phrase": "once_more", "ts": sitting.prompt_ts}
                await work.say(owner, Says.PHRASE, refs, method=Method.UPDATE)
            await fold(work, owner, sitting)
            await ask(work, owner, sitting, state)

    async def _forget(self, work: Work, member: Member, sitting: Sitting, step_id: str) -> None:
        """Takes an answer back without a question. Where no words of the sitting can show it, a phrase says so."""
        before = state_of(sitting)
        if erase(self._guide(sitting), before, step_id) == before:
            return
        await self.correct(work, member, sitting, lambda guide, state: erase(guide, state, step_id))
        if sitting.prompt_ts is None:
            await work.phrase(member, "note_dropped")

    async def remind_why(self, member: Member, sitting_id: int, *, key: str) -> None:
        """In the middle of a sitting: what was written about why, and no question."""
        async with self._units.for_member(member, key) as (work, owner):
            await self.show_motives(work, owner, await owned(work.tx.conversations, owner, sitting_id))

    # On one screen

    async def form(self, member: Member, sitting_id: int) -> tuple[Guide, list[Prompt]]:
        """The questions that fit on one form. Raises Gone when nothing is being asked."""
        async with self._units.database.read() as tx:
            sitting = await owned(tx.conversations, member, sitting_id)
            guide = self._guide(sitting)
            prompts = as_form(guide, state_of(sitting))
        if not prompts:
            raise Gone
        return guide, prompts

    async def answer_form(self, member: Member, sitting_id: int, replies: Mapping[str, Reply], *, key: str) -> None:
        """The whole form at once; what was left empty counts as skipped."""
        for step, reply in replies.items():
            _fits(reply.said, step)
        async with self._units.for_member(member, key) as (work, owner):
            sitting = await owned(work.tx.conversations, owner, sitting_id)
            await self._take(
                work, owner, sitting, lambda guide, state, words: answer_form(guide, state, replies, words=words)
            )

    async def kept_words(self, member: Member, sitting_id: int) -> list[tuple[Prompt, KeptAnswer]]:
        """What was written in a sitting, with the questions, to be changed. Raises Gone."""
        async with self._units.database.read() as tx:
            sitting = await owned(tx.conversations, member, sitting_id)
            guide, state = self._guide(sitting), state_of(sitting)
            rows = [row for row in await tx.answers.of_conversation(sitting.id) if row.text and row.keeps]
        written = {answer.step_id for answer in state.answers if answer.given and answer.value is None}
        prompts = {row.step: asked(guide, state, row.step) for row in rows if row.step in written}
        found = [(prompt, row) for row in rows if (prompt := prompts.get(row.step)) is not None]
        if not found:
            raise Gone
        return found

    async def change_words(self, member: Member, sitting_id: int, texts: Mapping[str, str], *, key: str) -> None:
        """Other words for what was kept; an empty text forgets it."""
        for step, text in texts.items():
            _fits(text, step)
        async with self._units.for_member(member, key) as (work, owner):
            sitting = await owned(work.tx.conversations, owner, sitting_id)

            def corrected(guide: Guide, state: ConversationState) -> ConversationState:
                before = {answer.step_id: answer.text[:LONGEST] for answer in state.answers}
                for step, text in texts.items():
                    if text.strip() != before.get(step):
                        state = amend(guide, state, step, text) if text.strip() else erase(guide, state, step)
                return state

            await self.correct(work, owner, sitting, corrected)

    # Within a typed message's transaction

    async def hear(self, work: Work, member: Member, sitting: Sitting, message: Message, thread_ts: str | None) -> None:
        """Typed words are the answer to the question on the screen, or say "skip", "later", "back"."""
        if thread_ts != sitting.thread_ts:
            sitting = await work.tx.conversations.change(sitting.id, thread_ts=thread_ts)
        reply = Reply.text(message.text)
        prompt = current_prompt(self._guide(sitting), state_of(sitting))
        typed = {prompt.step_id: [message]} if prompt else {}
        await self._take(
            work, member, sitting, lambda guide, state, words: advance(guide, state, reply, words=words), typed
        )

    async def move(self, work: Work, member: Member, sitting: Sitting, move: Move) -> None:
        """A move that was typed."""
        reply = Reply(move=move)
        await self._take(work, member, sitting, lambda guide, state, words: advance(guide, state, reply, words=words))

    def asks_for_words(self, sitting: Sitting) -> bool:
        """Whether the question on the screen has no answers to tap, so that "no" or "don't know" is none."""
        prompt = current_prompt(self._guide(sitting), state_of(sitting))
        return prompt is not None and prompt.kind is Kind.TEXT and not prompt.choices

    def can_let_go(self, sitting: Sitting) -> bool:
        """Whether the question on the screen offers to let the commitment go."""
        prompt = current_prompt(self._guide(sitting), state_of(sitting))
        return prompt is not None and prompt.can_let_go

    async def show_motives(self, work: Work, member: Member, sitting: Sitting) -> None:
        """ "Remind me why", typed at a question."""
        if sitting.commitment_id is not None:
            await say(work, member, sitting, Says.MOTIVES, commitment=sitting.commitment_id)

    async def take_offer(self, work: Work, member: Member, *, goes_on: bool) -> bool:
        """The words of a button under what was offered once more. False when nothing is."""
        said = await work.tx.deliveries.last_said(member.id, Says.OFFER_AGAIN)
        sitting = await work.tx.conversations.owned(member.id, int(said.refs["sitting"])) if said else None
        if said is None or sitting is None or sitting.status is not SittingStatus.OFFERED:
            return False
        if goes_on:
            await self._go_on(work, member, sitting, said.ts)
        else:
            await self.move(work, member, sitting, Move.STOP)
            await self._fold_offer(work, member, sitting, said.ts)
        return True

    async def join(self, work: Work, member: Member, sitting: Sitting, message: Message) -> bool:
        """Typed before the present question appeared, so it belongs to the answer before; False when there is none."""
        state = state_of(sitting)
        if not state.answers:
            return False
        last = state.answers[-1]
        rows = {row.step: row for row in await work.tx.answers.of_conversation(sitting.id)}
        before = messages_of(rows[last.step_id]) if last.step_id in rows else []
        messages = sorted([*before, message], key=lambda one: moment(one.ts))

        def joined(guide: Guide, state: ConversationState) -> ConversationState:
            if before and messages[-1] != message and last.value is None:
                return amend(guide, state, last.step_id, "\n".join(each.text for each in messages))
            return append(guide, state, last.step_id, message.text)

        await self.correct(work, member, sitting, joined, {last.step_id: messages})
        return True

    async def correct(
        self, work: Work, member: Member, sitting: Sitting, correction: Correction, typed: Typed | None = None
    ) -> None:
        """Changes answers: rows, commitment, and the words on the screen follow.

        Nothing else moves, unless the present question spoke of what is gone.
        """
        guide, before = self._guide(sitting), state_of(sitting)
        state = correction(guide, before)
        if state == before:
            return
        state = await keep(work, member, sitting, state, typed=typed)
        changed = await work.tx.conversations.change(sitting.id, state=state.model_dump_json())
        forgotten = {text for step, text in _texts(before).items() if step not in _texts(state)}
        await self._forget_elsewhere(work, member, sitting, forgotten)
        if state.at == before.at:
            await redraw(work, member, changed)
        elif state.at is None:
            await fold(work, member, sitting)
            await self._end(work, member, sitting, state)
        elif sitting.status is SittingStatus.ASKING:
            await fold(work, member, sitting)
            await ask(work, member, sitting, state)
        await work.refresh_home(member)

    async def _forget_elsewhere(self, work: Work, member: Member, sitting: Sitting, forgotten: Collection[str]) -> None:
        """Other sittings that quote what is forgotten do so no more."""
        if not forgotten or sitting.commitment_id is None:
            return
        for other in await work.tx.conversations.ever_about(sitting.commitment_id):
            state = state_of(other)
            words = {name: FORGOTTEN if text in forgotten else text for name, text in state.words.items()}
            if other.id != sitting.id and words != state.words:
                without = state.model_copy(update={"words": words}).model_dump_json()
                await redraw(work, member, await work.tx.conversations.change(other.id, state=without))

    # The one way on

    async def _take(self, work: Work, member: Member, sitting: Sitting, step: Step, typed: Typed | None = None) -> None:
        guide, before = self._guide(sitting), state_of(sitting)
        commitment = await work.tx.commitments.find(sitting.commitment_id)
        turn = step(guide, before, present_words(work, member, commitment))
        if turn.heard is Heard.UNCLEAR:
            await say(work, member, sitting, Says.HINT)
            return
        if turn.heard is Heard.PAST:
            return
        has_word = sitting.status is SittingStatus.ASKING or sitting.status in OVER
        if has_word and turn.closing is None and turn.state.at == before.at:
            await self.correct(work, member, sitting, lambda _guide, _state: turn.state, typed)
            return
        await self._bring_forward(work, member, sitting)
        state = await keep(work, member, sitting, turn.state, typed=typed)
        await fold(work, member, sitting)
        if turn.prompt is not None:
            await ask(work, member, sitting, state)
        else:
            await self._end(work, member, sitting, state, turn.outcome)
        await work.refresh_home(member)

    async def _end(
        self, work: Work, member: Member, sitting: Sitting, state: ConversationState, outcome: Outcome | None = None
    ) -> None:
        # What was just kept may have moved the next check-in, which the closing names.
        state = state.model_copy(update={"words": {**state.words, **await closing_words(work, member, sitting)}})
        sitting = await work.tx.conversations.change(
            sitting.id,
            state=state.model_dump_json(),
            status=SittingStatus(state.status),
            version=sitting.version + 1,
            prompt_step=None,
            prompt_ts=None,
            asked_at=work.now,
        )
        if outcome is not None:
            about = await work.tx.commitments.find(sitting.commitment_id)
            await bring_about(work, member, about, outcome)
            if outcome is Outcome.MOTIVE_CHANGED and about is not None and about.is_open:
                # What it is for now may ask for something else: offered after the next check-in.
                await open_sitting(work, member, GuideId.STALLED, about, status=SittingStatus.LATER)
        await say(work, member, sitting, Says.CLOSING)
        await next_turn(work, member)

    async def _bring_forward(self, work: Work, member: Member, sitting: Sitting) -> None:
        """Whoever answers an older question has chosen it; the running one waits."""
        running = await work.tx.conversations.running(member.id)
        if running is not None and running.id != sitting.id:
            await set_aside(work, member, running, SittingStatus.WAITING)

    def _guide(self, sitting: Sitting) -> Guide:
        return self._library.guide(sitting.guide)


def _texts(state: ConversationState) -> dict[str, str]:
    """What was typed, by step."""
    return {one.step_id: one.text for one in (*state.drafts, *state.answers) if one.given and one.value is None}


def _fits(text: str, field: str) -> None:
    """Raises Refused for more than a form can show again."""
    if len(text) > LONGEST:
        raise Refused(f"{LONGEST} characters at most; this is {len(text) - LONGEST} over.", field)
