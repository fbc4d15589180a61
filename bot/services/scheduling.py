"""When what is active is asked about next: planned anew after quiet, after a stop, after the rules have changed."""

from collections.abc import Collection
from datetime import date, datetime

from bot.domain.agreements import Terms
from bot.domain.calendar import end_of_day, local_date, same_local_day
from bot.domain.commitments import Commitment, State
from bot.domain.deliveries import Method, Says
from bot.domain.members import Member
from bot.domain.opening import days_from
from bot.domain.planning import AN_INSTANT, next_cue, next_due
from bot.domain.snoozing import comes_again
from bot.services.terms import excused_of, terms_of
from bot.services.work import Work


async def start_again(work: Work, member: Member) -> Member:
    """Whoever stopped and comes back finds everything as it was."""
    if member.stopped_at is None:
        return member
    back = await work.tx.members.change(member.id, stopped_at=None)
    await resume_asking(work, back, work.now, away_since=member.stopped_at)
    return back


async def activate(
    work: Work, member: Member, commitment: Commitment, since: datetime, *, away_since: datetime | None
) -> None:
    """Asked about again, from `since` on; of a habit no day before that is asked about, unless it was quiet for less
    than a day. `away_since` None: nobody knows since when it was. A try goes on waiting for its day. What was
    let go is open again, whatever was asked about it today."""
    terms = await terms_of(work.tx, member, work.now)
    asks_from = commitment.asks_from
    if away_since is None or not same_local_day(away_since, since, terms.cadence.zone):
        back = local_date(since, terms.cadence.zone)
        asks_from = max(back, asks_from or back)
    active = await work.tx.commitments.change(
        commitment.id,
        state=State.ACTIVE,
        closed_at=None,
        paused_at=None,
        paused_until=None,
        asks_from=asks_from,
        asked_on=commitment.asked_on if commitment.closed_at is None else None,
    )
    after = since - AN_INSTANT if since < work.now else since  # at the very end of a pause it is over
    unasked = await _first_unasked(work, active, terms)
    due = next_due(active, terms, member, after, await work.tx.rests.of(member.id), days_from=unasked)
    await work.tx.commitments.change(active.id, next_due_at=due, next_cue_at=next_cue(active, terms, work.now))


async def pause_one(work: Work, commitment: Commitment, until: datetime | None) -> None:
    """No check-ins about it until an instant, or until its owner says so."""
    since = commitment.paused_at or work.now
    values = {"state": State.PAUSED, "paused_at": since, "paused_until": until, "next_due_at": None}
    await work.tx.commitments.change(commitment.id, **values)


async def resume_asking(work: Work, member: Member, since: datetime, *, away_since: datetime | None) -> None:
    """The same for everything active, after its owner's own pause."""
    for commitment in await work.tx.commitments.active(member.id):
        await activate(work, member, commitment, since, away_since=away_since)


async def reschedule(work: Work, member: Member) -> None:
    """Plans each active commitment's next check-in anew, after days, quiet or initiative changed; and when comes what
    was put off.

    What is due at this very moment is still asked about, unless nothing is to be asked any more.
    """
    terms, rests = await terms_of(work.tx, member, work.now), await work.tx.rests.of(member.id)
    active = await work.tx.commitments.active(member.id)
    last = await work.tx.openings.last_days(one.id for one in active if one.is_habit)
    for commitment in active:
        await work.tx.commitments.change(commitment.id, next_cue_at=next_cue(commitment, terms, work.now))
        unasked = days_from(commitment, last.get(commitment.id), terms.cadence.zone)
        due = next_due(commitment, terms, member, work.now, rests, days_from=unasked)
        is_due = commitment.next_due_at is not None and commitment.next_due_at <= work.now
        if is_due and due is not None and member.is_reachable(work.now):
            continue
        await work.tx.commitments.change(commitment.id, next_due_at=due)
    await _keep_put_off(work, member)


async def ask_about_it_anew(work: Work, member: Member, commitment: Commitment) -> Commitment:
    """A habit is asked about as a whole from now on, or by its days again: its next check-in is another."""
    if commitment.is_habit:
        await reschedule(work, member)
    return await work.tx.commitments.get(commitment.id)


async def _keep_put_off(work: Work, member: Member) -> None:
    """What its member put off still comes, later where it has to; or, where they want quiet then, it is open again as
    it was. Its message says which."""
    terms, excused = await terms_of(work.tx, member, work.now), await excused_of(work.tx, member, work.now)
    for check_in in await work.tx.check_ins.put_off(member.id):
        at = comes_again(check_in.remind_at or work.now, terms, member, excused)
        if at != check_in.remind_at:
            await work.tx.check_ins.change(check_in.id, remind_at=at, snoozed=at is not None)
            await work.say(member, Says.CHECK_IN, {"check_in": check_in.id}, method=Method.UPDATE)


async def ask_after(work: Work, member: Member, commitments: Collection[int], day: date) -> None:
    """What is asked about that day in another way has its next check-in on a later one."""
    terms, rests = await terms_of(work.tx, member, work.now), await work.tx.rests.of(member.id)
    over = end_of_day(day, terms.cadence.zone) - AN_INSTANT
    for one in await work.tx.commitments.active(member.id):
        if one.id not in commitments:
            continue
        asked = await work.tx.commitments.change(one.id, asked_on=day)
        if asked.next_due_at is not None and asked.next_due_at <= over:
            unasked = await _first_unasked(work, asked, terms)
            due = next_due(asked, terms, member, over, rests, days_from=unasked)
            await work.tx.commitments.change(one.id, next_due_at=due)


async def _first_unasked(work: Work, commitment: Commitment, terms: Terms) -> date | None:
    """The first day of a habit that was not asked about yet."""
    last = await work.tx.openings.last_days([commitment.id]) if commitment.is_habit else {}
    return days_from(commitment, last.get(commitment.id), terms.cadence.zone)


async def leave_unsent(work: Work, member: Member) -> None:
    """What was not sent yet, and is not wanted any more, was not missed: nothing is said of it later. Whom it would
    have named, the next one names."""
    for check_in in await work.tx.check_ins.unsent(member.id):
        await work.tx.cheers.forget_telling(member.id, check_in.opened_at)
        await work.tx.check_ins.change(check_in.id, answered_at=work.now, remind_at=None)


async def pause(work: Work, member: Member, until: datetime | None) -> Member:
    """Silent at once, until an instant or until they say so."""
    resting = await work.tx.members.change(member.id, paused_at=work.now, paused_until=until)
    await work.tx.check_ins.forget_reminders(member.id)
    await leave_unsent(work, member)
    await reschedule(work, resting)
    await work.refresh_home(resting)
    return resting


async def stop(work: Work, member: Member) -> Member:
    """Every check-in and reminder ends now. What was written stays until its owner deletes it."""
    stopped = await work.tx.members.change(
        member.id, stopped_at=member.stopped_at or work.now, paused_at=None, paused_until=None
    )
    await work.tx.check_ins.forget_reminders(member.id)
    await leave_unsent(work, member)
    await _keep_put_off(work, stopped)
    await work.tx.commitments.unschedule(member.id)
    await work.tx.conversations.end_all(member.id)
    await work.refresh_home(stopped)
    return stopped
