"""What a sitting keeps: its answers as rows, and what they change about the commitment."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from bot.domain.agreements import Terms
from bot.domain.calendar import ONE_DAY, day_label, end_of_day, local_date
from bot.domain.commitments import MAX_TEXT, Commitment
from bot.domain.conversations import kept
from bot.domain.deliveries import Method, Says
from bot.domain.guides.guide import Guide, Keeps
from bot.domain.guides.paths import Answer
from bot.domain.guides.sitting import ConversationState, Status
from bot.domain.members import Member
from bot.domain.planning import AN_INSTANT, next_due
from bot.domain.sittings import KeptAnswer, Sitting
from bot.services.guides import library, present_words
from bot.services.scheduling import ask_about_it_anew
from bot.services.terms import terms_of
from bot.services.understanding import Due, parse_due, understand
from bot.services.work import Work

FIELDS: Final[Mapping[Keeps, str]] = {
    Keeps.NEXT_STEP: "next_step",
    Keeps.TRY: "trying",
    Keeps.PLAN: "plan",
    Keeps.DONE_LOOKS_LIKE: "done_looks_like",
}
"""Which words of the commitment an answer becomes."""


NO_DAY: Final = re.compile(r"\W*(no|none|nope|not|don.?t|unsure)\b", re.IGNORECASE)
"""How an answer begins that wants no day."""


class Message(NamedTuple):
    """A typed message that is an answer, or a part of one."""

    ts: str
    text: str


Typed = Mapping[str, Sequence[Message]]
"""The messages of answers, by step."""


class Given(NamedTuple):
    """An answer as its row has it."""

    text: str
    question: str
    keeps: Keeps | None = None
    theme: str | None = None
    value: str | None = None


def messages_of(row: KeptAnswer) -> list[Message]:
    return [Message(ts, text) for ts, text in json.loads(row.messages)]


async def keep(
    work: Work, member: Member, sitting: Sitting, state: ConversationState, *, typed: Typed | None = None
) -> ConversationState:
    """Makes the rows and the commitment what the state says: answers added, changed, taken back.

    The state knows from then on what became of a day.
    """
    typed, changed = typed or {}, set[str | None]()
    rows = {row.step: row for row in await work.tx.answers.of_conversation(sitting.id)}
    given = _given(library().guide(sitting.guide), state)
    for step, answer in given.items():
        row = rows.get(step)
        if row is None or (row.text, row.keeps) != (answer.text, answer.keeps) or step in typed:
            values = _values(sitting, step, answer, typed.get(step, ()))
            if row is None:
                await work.tx.answers.add(**values, answered_at=work.now)
            else:
                answered_at = row.answered_at if row.text else work.now
                await work.tx.answers.change(row.id, **values, answered_at=answered_at)
            if row is None or row.text != answer.text:
                await _apply(work, sitting, answer.keeps, old=row.text if row else "", new=answer.text)
                changed.add(answer.keeps)
    for step, row in rows.items():
        if step not in given and row.text:
            await work.tx.answers.change(row.id, text="", messages="[]", keeps=None)
            await _apply(work, sitting, Keeps(row.keeps) if row.keeps else None, old=row.text, new="")
            if row.keeps == Keeps.TRY:
                await _forget_try(work, member, sitting, row.text)
            changed.add(row.keeps)
    if not changed & {Keeps.TRY, Keeps.BY_WHEN}:
        return state
    said = await _keep_day(work, member, sitting, {answer.keeps: answer for answer in given.values()})
    return state.model_copy(update={"words": {**state.words, **said}})


async def remember_asked(work: Work, sitting: Sitting, step: str, question: str) -> None:
    """A question of the bank counts as asked whether it is answered or not."""
    await work.tx.answers.add_once(
        "conversation_id", "step", **_values(sitting, step, Given("", question), ()), answered_at=work.now
    )


def _given(guide: Guide, state: ConversationState) -> dict[str, Given]:
    """What was answered. While a sitting goes on, an answer gone back on holds until another takes its place."""
    drafts = state.drafts if state.status in {Status.ASKING, Status.LATER} else ()
    answers = [*drafts, *state.answers]
    as_kept = {
        each.step_id: each for each in kept(guide, state.model_copy(update={"answers": tuple(answers), "drafts": ()}))
    }
    found: dict[str, Given] = {}
    for answer in answers:
        if not answer.given:
            continue
        each = as_kept.get(answer.step_id)
        question = (each.question_id if each else None) or f"{guide.id}.{answer.step_id}"
        if each is None:
            found[answer.step_id] = Given(answer.text, question)
        else:
            found[answer.step_id] = Given(_text(each.keeps, answer), question, each.keeps, each.theme, answer.value)
    return found


def _text(keeps: Keeps, answer: Answer) -> str:
    return answer.value or answer.text if keeps is Keeps.RULER else answer.text


def _values(sitting: Sitting, step: str, answer: Given, messages: Sequence[Message]) -> dict[str, object]:
    return {
        "workspace_id": sitting.workspace_id,
        "member_id": sitting.member_id,
        "commitment_id": sitting.commitment_id,
        "conversation_id": sitting.id,
        "step": step,
        "question": answer.question,
        "theme": answer.theme,
        "keeps": answer.keeps,
        "text": answer.text,
        "messages": json.dumps([list(message) for message in messages]),
    }


# What answers change about the commitment


async def _apply(work: Work, sitting: Sitting, keeps: Keeps | None, *, old: str, new: str) -> None:
    """A new answer is taken over. One that is changed or taken back counts only while its words still stand there."""
    commitment = await work.tx.commitments.find(sitting.commitment_id)
    if commitment is None or keeps is None:
        return
    if keeps is Keeps.REVISION:
        await _revise(work, commitment, old[:MAX_TEXT], new[:MAX_TEXT])
    elif keeps in FIELDS:
        stands: str | None = getattr(commitment, FIELDS[keeps])
        if not old or stands == old:
            stands = new or await _before(work, commitment, keeps)
            await work.tx.commitments.change(commitment.id, **{FIELDS[keeps]: stands})


async def _keep_day(
    work: Work, member: Member, sitting: Sitting, given: Mapping[Keeps | None, Given]
) -> Mapping[str, str]:
    """The day that was named for a try, or for what was made smaller; and the words that say what became of it."""
    commitment = await work.tx.commitments.find(sitting.commitment_id)
    if commitment is None:
        return {}
    terms = await terms_of(work.tx, member, work.now)
    zone, by_when, tried = terms.cadence.zone, given.get(Keeps.BY_WHEN), given.get(Keeps.TRY)
    due = _day_in(work, member, zone, by_when.text if by_when else "")
    if _is_about_a_try(sitting):
        if commitment.trying == (tried.text if tried else None):
            named = due or _day_in(work, member, zone, commitment.trying or "")
            commitment = await _ask_after(work, member, commitment, terms, named.day if named else None)
    elif by_when is not None:
        day, at = (due.day, due.at) if due else (None, None)
        commitment = await work.tx.commitments.change(commitment.id, due_day=day, due_time=at)
    understood = day_label(due.day, local_date(work.now, zone)) if due else ""
    unread = by_when.text if by_when and by_when.value is None and not due and not NO_DAY.match(by_when.text) else ""
    return {"day": understood, "not_a_day": unread, **await closing_words(work, member, sitting)}


async def closing_words(work: Work, member: Member, sitting: Sitting) -> Mapping[str, str]:
    """The present ones of what it is about. Of a try the next check-in is the one that asks about it: until its day is
    over a habit is asked about its days."""
    about = await work.tx.commitments.find(sitting.commitment_id) if sitting.commitment_id else None
    if about is not None and about.tries_on is not None and about.next_due_at is not None and _is_about_a_try(sitting):
        terms, rests = await terms_of(work.tx, member, work.now), await work.tx.rests.of(member.id)
        after = max(about.next_due_at, end_of_day(about.tries_on, terms.cadence.zone)) - AN_INSTANT
        about = about.model_copy(update={"next_due_at": next_due(about, terms, member, after, rests)})
    return present_words(work, member, about)


def _is_about_a_try(sitting: Sitting) -> bool:
    return any(step.keeps is Keeps.TRY for step in library().guide(sitting.guide).steps)


def _day_in(work: Work, member: Member, zone: str, text: str) -> Due | None:
    """A day typed by itself, or at the end or the beginning of other words."""
    alone = parse_due(text, now=work.now, zone=zone, locale=member.locale)
    return alone or understand(text, now=work.now, zone=zone, locale=member.locale).due


async def _ask_after(work: Work, member: Member, commitment: Commitment, terms: Terms, day: date | None) -> Commitment:
    """A try that names its day is asked about after that day, not before. Until then a habit is asked about its days,
    and all else is left in peace."""
    waiting = await work.tx.commitments.change(commitment.id, tries_on=day)
    if waiting.is_habit:
        return await ask_about_it_anew(work, member, waiting)
    if waiting.next_due_at is None:
        return waiting
    waiting = await work.tx.commitments.change(waiting.id, asks_from=day + ONE_DAY if day else None)
    next_at = next_due(waiting, terms, member, work.now, await work.tx.rests.of(member.id))
    return await work.tx.commitments.change(commitment.id, next_due_at=next_at)


async def _forget_try(work: Work, member: Member, sitting: Sitting, words: str) -> None:
    """Check-ins that asked about it do not say any more what it was; one that still asks is about the commitment."""
    for item in await work.tx.items.about(sitting.commitment_id or 0):
        if item.trying == words:
            await work.tx.items.change(item.id, trying=None if item.answer is None else "")
            await work.say(member, Says.CHECK_IN, {"check_in": item.check_in_id}, method=Method.UPDATE)


async def _before(work: Work, commitment: Commitment, keeps: Keeps) -> str | None:
    """The words an earlier answer had left; of a try only the present one counts."""
    earlier = [] if keeps is Keeps.TRY else await work.tx.answers.kept_as(commitment.id, keeps)
    return earlier[0].text if earlier else None


async def _revise(work: Work, commitment: Commitment, old: str, new: str) -> None:
    if old and commitment.text != old:
        return
    if new and not old:
        await work.tx.revisions.add(
            workspace_id=commitment.workspace_id,
            commitment_id=commitment.id,
            text=commitment.text,
            due_day=commitment.due_day,
            due_time=commitment.due_time,
            revised_at=work.now,
        )
    if new:
        await work.tx.commitments.change(commitment.id, text=new)
        return
    revisions = await work.tx.revisions.of(commitment.id)
    if revisions:
        await work.tx.commitments.change(commitment.id, text=revisions[-1].text)
        await work.tx.revisions.forget(revisions[-1].id)
