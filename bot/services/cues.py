"""Cues: told in bulk when they are due, added from a plan that names a time, and ended with one click."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, time
from typing import Final

from bot.domain.calendar import Weekday, local_date
from bot.domain.commitments import Commitment, State
from bot.domain.cues import MOST_TOGETHER, Cue, cue_at, is_its_moment
from bot.domain.deliveries import Method, Says
from bot.domain.members import Member
from bot.domain.planning import next_cue
from bot.services.date_grammar import grammar_of
from bot.services.date_reading import WITH_WORDS, plain
from bot.services.terms import terms_of
from bot.services.turns import redraw
from bot.services.work import Gone, NothingToDo, Scheduled, Units, Work, owned
from bot.storage.repositories.cues import Listener

AT_A_TIME: Final = 200
"""Cues told in one transaction: enough to make statements cheap, few enough to let clicks in between."""


class Cues:
    """`tell_due` is the scheduler's; the others are acts of a member, one transaction each."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def tell_due(self) -> int:
        """Tells some of what is due now and plans what comes next; of how many members. 0: nothing is left to us."""
        courtesy = self._units.courtesy
        async with courtesy.step():
            async with self._units.database.read() as tx:
                if not await tx.cues.any_due(self._units.clock.now()):
                    return 0
            with suppress(NothingToDo):
                async with self._units.begin() as work:
                    listeners = await work.tx.cues.take(work.now, courtesy.at_a_time(AT_A_TIME))
                    if listeners is None:
                        raise NothingToDo
                    await work.tx.cues.plan(entry for one in listeners for entry in _planned(one, work.now))
                    await work.schedule(message for one in listeners for message in _messages(one, work.now))
                    return len(listeners) or 1  # of whose rows none made sense
            return 0

    async def remind_at(self, member: Member, commitment_id: int, sitting_id: int, at: time, *, key: str) -> None:
        """The words of a plan at the time that it names, on the days that it names or on the habit's.

        The sitting that kept the plan says so where it ended.
        """
        async with self._units.for_member(member, key) as (work, owner):
            commitment = await _open_one(work, owner, commitment_id)
            cue = commitment.cue.also_at(at) if commitment.cue else cue_at(at, _days(commitment, owner.locale))
            await set_cue(work, owner, commitment, cue)
            await _redraw(work, owner, sitting_id)
            await work.refresh_home(owner)

    async def stop(
        self,
        member: Member,
        commitment_id: int,
        *,
        key: str,
        ts: str | None = None,
        told_with: Iterable[int] = (),
        sitting_id: int | None = None,
    ) -> None:
        """No more of them. The message that was clicked (`ts`) says so from now on, beside whatever else was
        `told_with` it; or the sitting where it began does."""
        async with self._units.for_member(member, key) as (work, owner):
            commitment = await _open_one(work, owner, commitment_id)
            await set_cue(work, owner, commitment, None)
            if sitting_id is not None:
                await _redraw(work, owner, sitting_id)
            elif ts is not None:
                refs = {"commitments": joined([*told_with] or [commitment.id]), "ts": ts}
                await work.say(owner, Says.CUE, refs, method=Method.UPDATE)
            await work.refresh_home(owner)


async def _redraw(work: Work, member: Member, sitting_id: int) -> None:
    sitting = await work.tx.conversations.find(sitting_id)
    if sitting is not None and sitting.member_id == member.id:
        await redraw(work, member, sitting)


def joined(commitments: Iterable[int]) -> str:
    """Ids as one word: "3-7"."""
    return "-".join(map(str, commitments))


async def set_cue(work: Work, member: Member, commitment: Commitment, cue: Cue | None) -> None:
    """Another cue, or none, planned from now on."""
    terms = await terms_of(work.tx, member, work.now)
    changed = await work.tx.commitments.change(commitment.id, cue=cue)
    await work.tx.commitments.change(commitment.id, next_cue_at=next_cue(changed, terms, work.now))


def _planned(one: Listener, now: datetime) -> Iterator[tuple[int, datetime | None]]:
    for due in one.cues:
        goes_on = due.cue is not None and due.state is State.ACTIVE and one.terms.tell_cues
        yield due.id, due.cue.next(now, one.member.zone) if due.cue and goes_on else None


def _messages(one: Listener, now: datetime) -> Iterator[Scheduled]:
    """What is told, in one message for each moment. Silence of any kind holds for cues too; they take nothing from the
    day's one message."""
    if not (one.is_served and one.terms.tell_cues and one.member.is_reachable(now) and one.member.quiet_since is None):
        return
    together: dict[datetime, list[int]] = defaultdict(list)
    for due in one.cues:
        at = due.next_cue_at
        if due.cue is not None and due.state is State.ACTIVE and is_its_moment(at, now):
            together[at].append(due.id)
    for at, commitments in together.items():
        if local_date(at, one.member.zone) in one.excused:
            continue
        for first in range(0, len(commitments), MOST_TOGETHER):
            refs = {"commitments": joined(commitments[first : first + MOST_TOGETHER])}
            yield Scheduled(one.member, Says.CUE, refs, f"cue:{one.member.id}:{int(at.timestamp())}:{first}", at)


def _days(commitment: Commitment, locale: str) -> tuple[Weekday, ...]:
    """The weekdays that a plan names, in its owner's language or English; else the habit's."""
    words = plain(commitment.plan or "")
    for language in (locale.partition("-")[0], "en"):
        if language in WITH_WORDS and (days := grammar_of(language).weekdays_in(words)):
            return days
    return commitment.habit_days


async def _open_one(work: Work, member: Member, commitment_id: int) -> Commitment:
    commitment = await owned(work.tx.commitments, member, commitment_id)
    if not commitment.is_open:
        raise Gone
    return commitment
