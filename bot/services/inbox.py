"""What members type in the direct message: an answer, a note, thanks, or something else. Never met with silence."""

from datetime import timedelta
from typing import Final

from bot.domain.check_ins import FollowUp
from bot.domain.conversations import amend, erase
from bot.domain.deliveries import Method, Refs, Says
from bot.domain.guides.guide import Guide
from bot.domain.guides.sitting import ConversationState, Move
from bot.domain.members import Member
from bot.domain.rests import RestKind
from bot.domain.sittings import KeptAnswer, Sitting, SittingStatus, moment
from bot.domain.small_talk import Talk, in_words, small_talk
from bot.services.check_ins import CheckIns, open_sheet
from bot.services.conversations import Conversations
from bot.services.keeping import Message, messages_of
from bot.services.readiness import Readiness
from bot.services.rests import begin_now
from bot.services.silence import show_that_quiet_is_over
from bot.services.snoozing import Snoozing
from bot.services.wins import keep_as_typed
from bot.services.work import Gone, Units, Work

STILL_SAYING: Final = timedelta(minutes=5)
"""How long after the last answer a message that was typed before the closing words may still join it."""

LOOKED_AT: Final = 500
"""Answers among which an edited or deleted message is looked for, newest first."""

SPEAKING: Final = frozenset({SittingStatus.ASKING, SittingStatus.FINISHED})
MOVES: Final = {
    Talk.SKIP: Move.SKIP,
    Talk.LATER: Move.LATER,
    Talk.NOT_TODAY: Move.LATER,
    Talk.BACK: Move.BACK,
    Talk.LEAVE: Move.STOP,
}
"""What is typed at a question and is no answer to it."""

OFFERS: Final = frozenset(
    {Talk.HELP, Talk.IDEAS, Talk.PAUSE, Talk.STOP, Talk.PRIVACY, Talk.DATA, Talk.HARD, Talk.DANGER}
)
"""Wishes that are clear whatever stands on the screen. Their names are those of the offers."""

BETWEEN: Final = frozenset({Talk.COMMIT, Talk.CHECK_IN, Talk.LIST, Talk.RULES, Talk.RESUME})
"""Those that could be an answer to a question, but hardly a word about how it went."""

AT_LAST: Final = frozenset({Talk.WIN, Talk.DAYS, Talk.TIME_OFF, Talk.NOT_TODAY, Talk.TOO_MUCH})
"""Those that could be that too."""

FOLLOW_UPS: Final = {Talk.LEAVE: FollowUp.LEFT, Talk.LOOK: FollowUp.LOOKED}

QUIET_TODAY: Final = "quiet today"

NO_HOME: Final = "lost"
A_FILE: Final = "file"
BACK: Final = "again"
"""The same for someone who was left in peace until now."""


class Inbox:
    """Finds out what a typed message belongs to. Each method is one transaction, handled once by its `key`."""

    def __init__(
        self,
        units: Units,
        conversations: Conversations,
        check_ins: CheckIns,
        readiness: Readiness,
        snoozing: Snoozing,
    ) -> None:
        self._units = units
        self._conversations = conversations
        self._check_ins = check_ins
        self._readiness = readiness
        self._snoozing = snoozing

    async def receive(
        self, member: Member, ts: str, text: str, thread_ts: str | None, key: str, *, has_files: bool = False
    ) -> None:
        """A new message. `ts` orders it among the questions; `thread_ts`: the thread it was typed in."""
        async with self._units.for_member(member, key) as (work, owner):
            was_quiet = member.quiet_since is not None
            if was_quiet:
                await show_that_quiet_is_over(work, owner)
            if has_files and text.strip():
                await _phrase(work, owner, "file_and_words", thread_ts)
            elif has_files and await self._waits_for_words(work, owner):
                await _phrase(work, owner, "file", thread_ts)
            elif has_files:
                await _offer(work, owner, A_FILE, ts, thread_ts)
            if text.strip():
                no_home = BACK if was_quiet else NO_HOME
                await self._place(work, owner, Message(ts, text.strip()), thread_ts, no_home)

    async def is_being_answered(self, member: Member) -> bool:
        """Whether our words are on their way to the screen: until they are there, nobody can tell which came first."""
        async with self._units.database.read() as tx:
            last = await tx.conversations.running(member.id) or await tx.conversations.last_asked(member.id)
        now = self._units.clock.now()
        return (
            last is not None
            and last.prompt_ts is None
            and last.status in SPEAKING
            and now - last.asked_at < STILL_SAYING
        )

    async def edit(self, member: Member, ts: str, text: str, key: str) -> None:
        """An edited message replaces the answer it was; nothing else moves."""
        async with self._units.for_member(member, key) as (work, owner):
            row = await _answer_from(work, owner, ts)
            if row is None:
                await self._check_ins.edit_note(work, owner, ts, text)
                return
            messages = [Message(ts, text.strip()) if each.ts == ts else each for each in messages_of(row)]
            await self._rewrite(work, owner, row, messages)

    async def delete(self, member: Member, ts: str, key: str) -> None:
        """A deleted message stays kept until its owner says otherwise, and is asked about that."""
        async with self._units.for_member(member, key) as (work, owner):
            if await _answer_from(work, owner, ts) or await work.tx.items.noted(owner.id, ts):
                await work.say(owner, Says.ERASE_OFFER, {"about": ts})

    async def erase(self, member: Member, ts: str, *, key: str, offer_ts: str | None) -> None:
        """Forgets what a deleted message had become."""
        async with self._units.for_member(member, key) as (work, owner):
            row = await _answer_from(work, owner, ts)
            if row is not None:
                await self._rewrite(work, owner, row, [each for each in messages_of(row) if each.ts != ts])
            elif not await self._check_ins.erase_note(work, owner, ts):
                raise Gone
            await _answer_offer(work, owner, "erased", offer_ts)

    async def keep(self, member: Member, *, key: str, offer_ts: str | None) -> None:
        """Keeps it although its message is gone."""
        async with self._units.for_member(member, key) as (work, owner):
            await _answer_offer(work, owner, "kept_after_all", offer_ts)

    async def _waits_for_words(self, work: Work, member: Member) -> bool:
        """Whether what is typed next is about something."""
        running = await work.tx.conversations.running(member.id)
        return running is not None or await open_sheet(work, member) is not None

    async def _place(self, work: Work, member: Member, message: Message, thread_ts: str | None, no_home: str) -> None:
        talk = small_talk(message.text)
        if talk in OFFERS:
            await _offer(work, member, talk, message.ts, thread_ts)
        elif await self._is_answer(work, member, message, thread_ts, talk):
            return
        elif talk is Talk.THANKS:
            await _phrase(work, member, "any_time", thread_ts)
        elif await self._is_of_a_button(work, member, message, talk):
            return
        elif talk is Talk.PERSON:
            await work.say(member, Says.A_PERSON)
        elif talk in BETWEEN and (talk is not Talk.RESUME or member.paused_at is not None):
            await _offer(work, member, talk, message.ts, thread_ts)
        elif await self._is_about_check_in(work, member, message):
            return
        elif talk is Talk.OK:
            await _phrase(work, member, "all_right", thread_ts)
        else:
            await _offer(work, member, talk if talk in AT_LAST else no_home, message.ts, thread_ts)

    async def _is_of_a_button(self, work: Work, member: Member, message: Message, talk: Talk | None) -> bool:
        """The words of a button that stands between questions: they are its click."""
        if talk in FOLLOW_UPS and await self._check_ins.take_follow_up(work, member, FOLLOW_UPS[talk]):
            return True
        if talk in {Talk.GO_ON, Talk.LEAVE} and await self._conversations.take_offer(
            work, member, goes_on=talk is Talk.GO_ON
        ):
            return True
        if talk is Talk.KEEP and await keep_as_typed(work, member):
            await _phrase(work, member, "all_right", None)
            return True
        return await self._readiness.take_stage(work, member, in_words(message.text))

    async def _is_about_check_in(self, work: Work, member: Member, message: Message) -> bool:
        """A "look at it", another time, an answer, or a note."""
        talk = small_talk(message.text)
        if talk in FOLLOW_UPS and await self._check_ins.take_follow_up(work, member, FOLLOW_UPS[talk]):
            return True
        if in_words(message.text) == QUIET_TODAY and await open_sheet(work, member) is not None:
            await begin_now(work, member, RestKind.NOT_TODAY, say=True)
            return True
        if await self._snoozing.take_typed(work, member, message.text):
            return True
        return await self._check_ins.take_note(work, member, message.text, message.ts)

    async def _is_answer(
        self, work: Work, member: Member, message: Message, thread_ts: str | None, talk: Talk | None
    ) -> bool:
        running = await work.tx.conversations.running(member.id)
        if running is None:
            last = await work.tx.conversations.last_asked(member.id)
            return last is not None and await self._joins_last(work, member, last, message)
        if await self._is_note(work, member, running, message, thread_ts):
            return True
        if not _is_on_screen(running, message):
            return await self._conversations.join(work, member, running, message)
        if talk in MOVES:
            await self._conversations.move(work, member, running, MOVES[talk])
        elif talk is Talk.NOTHING and self._conversations.asks_for_words(running):
            await self._conversations.move(work, member, running, Move.SKIP)
        elif talk is Talk.LET_GO and self._conversations.can_let_go(running):
            await self._conversations.move(work, member, running, Move.LET_GO)
        elif talk is Talk.WHY and running.commitment_id is not None:
            await self._conversations.show_motives(work, member, running)
        else:
            await self._conversations.hear(work, member, running, message, thread_ts)
        return True

    async def _joins_last(self, work: Work, member: Member, last: Sitting, message: Message) -> bool:
        """A second line sent before the closing words appeared."""
        is_fresh = last.status is SittingStatus.FINISHED and work.now - last.asked_at < STILL_SAYING
        if not is_fresh or _is_on_screen(last, message):
            return False
        return await self._conversations.join(work, member, last, message)

    async def _is_note(
        self, work: Work, member: Member, running: Sitting, message: Message, thread_ts: str | None
    ) -> bool:
        """Under a check-in, or after one that came below the question: that is what the words are about."""
        latest = await work.tx.check_ins.latest_shown(member.id)
        if latest is None or latest.ts is None:
            return False
        is_below = running.prompt_ts is not None and moment(latest.ts) > moment(running.prompt_ts)
        if thread_ts != latest.ts and not is_below:
            return False
        return await self._is_about_check_in(work, member, message)

    async def _rewrite(self, work: Work, member: Member, row: KeptAnswer, messages: list[Message]) -> None:
        sitting = await work.tx.conversations.get(row.conversation_id)
        text = "\n".join(message.text for message in messages)

        def rewritten(guide: Guide, state: ConversationState) -> ConversationState:
            return amend(guide, state, row.step, text) if text else erase(guide, state, row.step)

        await self._conversations.correct(work, member, sitting, rewritten, {row.step: messages})


def _is_on_screen(sitting: Sitting, message: Message) -> bool:
    """Whether what the sitting said last was there when the message was typed."""
    return sitting.prompt_ts is not None and moment(message.ts) > moment(sitting.prompt_ts)


async def _answer_from(work: Work, member: Member, ts: str) -> KeptAnswer | None:
    rows = await work.tx.answers.newest(member.id, LOOKED_AT)
    return next((row for row in rows if any(message.ts == ts for message in messages_of(row))), None)


async def _answer_offer(work: Work, member: Member, phrase: str, ts: str | None) -> None:
    if ts is not None:
        await work.say(member, Says.PHRASE, {"phrase": phrase, "ts": ts}, method=Method.UPDATE)


async def _phrase(work: Work, member: Member, name: str, thread_ts: str | None) -> None:
    await work.say(member, Says.PHRASE, {"phrase": name, **_thread(thread_ts)})


async def _offer(work: Work, member: Member, kind: str, ts: str, thread_ts: str | None) -> None:
    await work.say(member, Says.HELP_REPLY, {"kind": kind, "about": ts, **_thread(thread_ts)})


def _thread(thread_ts: str | None) -> Refs:
    return {"thread_ts": thread_ts} if thread_ts else {}
