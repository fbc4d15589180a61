"""The guides, read once, and the words a sitting is told: what it is about, what was said before, when comes next."""

from datetime import datetime
from functools import cache
from typing import Final

from bot.domain.calendar import clock_label, day_label, local
from bot.domain.commitments import Commitment
from bot.domain.guides import Library, load
from bot.domain.guides.guide import Guide, GuideId, Keeps
from bot.domain.members import Member
from bot.services.work import Work

WHAT_HELPED: Final = f"{GuideId.WRAP_UP}.what_helped"

A_WEEK: Final = 7
"""Days within which a day's name says which one is meant."""


@cache
def library() -> Library:
    """All guides and the bank of questions. Raises GuideError when a file cannot be used."""
    return load()


async def opening_words(work: Work, member: Member, guide: Guide, commitment: Commitment | None) -> dict[str, str]:
    """What is known of guides.guide.CONTEXT_WORDS; what would have to be looked up, only if the guide speaks of it."""
    if commitment is None:
        return {}
    words = present_words(work, member, commitment)
    due_day = None if commitment.trying else commitment.due_day
    if due_day is not None and due_day > local(work.now, member.zone).date():
        words["due_ahead"] = day_label(due_day, local(work.now, member.zone).date())
    words |= {"plan_so_far": commitment.plan or "", "next_step": commitment.next_step or ""}
    if "quote" in guide.speaks_of:
        motives = await work.tx.answers.kept_as(commitment.id, Keeps.MOTIVE)
        if motives:
            words |= {"quote": motives[0].text, "quoted_on": on_date(motives[0].answered_at, member.zone, work.now)}
    if "helped_before" in guide.speaks_of:
        lessons = await work.tx.answers.to_question(member.id, WHAT_HELPED)
        if lessons:
            helped_on = on_date(lessons[0].answered_at, member.zone, work.now)
            words |= {"helped_before": lessons[0].text, "helped_on": helped_on}
    return {name: text for name, text in words.items() if text}


def present_words(work: Work, member: Member, commitment: Commitment | None) -> dict[str, str]:
    """What may have changed since a sitting began; an empty word is one that is no longer there."""
    if commitment is None:
        return {}
    due = commitment.next_due_at
    return {
        "commitment": commitment.text,
        "next_check_in": coming(due, member.zone, work.now) if due and due > work.now else "",
    }


def coming(instant: datetime, zone: str, now: datetime) -> str:
    """An instant to come as one says it: "today at 15:00", "on Friday at 10:00", "on 12 March at 10:00"."""
    wall, today = local(instant, zone), local(now, zone).date()
    days = (wall.date() - today).days
    near = {0: "today", 1: "tomorrow"}
    day = near.get(days) or (f"on {wall:%A}" if days < A_WEEK else f"on {wall.day} {wall:%B}")
    return f"{day} at {clock_label(wall.time())}"


def on_date(instant: datetime, zone: str, now: datetime) -> str:
    """A day gone by: "3 March", with its year unless it is this one."""
    wall = local(instant, zone)
    year = "" if wall.year == local(now, zone).year else f" {wall.year}"
    return f"{wall.day} {wall:%B}{year}"
