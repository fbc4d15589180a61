"""Back after a pause or a long holiday: one message about the dates that passed, if there are any."""

from datetime import date

from bot.domain.agreements import Initiative
from bot.domain.budget import is_agreed
from bot.domain.calendar import local_date
from bot.domain.deliveries import Method, Says
from bot.domain.members import Member
from bot.domain.returning import passed_meanwhile, welcome_at
from bot.services.scheduling import ask_after
from bot.services.terms import excused_of, terms_of
from bot.services.work import Scheduled, Units, Work


class Returning:
    """Each method is one transaction a member, and harmless when it comes twice."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def welcome_due(self) -> None:
        """Those whose long holiday is over."""
        async with self._units.database.read() as tx:
            members = await tx.rests.with_return(self._units.clock.now())
        await self._units.for_each(members, _welcome_from_holidays)


async def welcome(work: Work, member: Member, first_day: date, occurrence: str) -> None:
    """Plans the one message, when dates passed from `first_day` on; otherwise nothing is said about days away.

    What it asks about, that day's check-in does not.
    """
    terms = await terms_of(work.tx, member, work.now)
    wants_it = is_agreed(terms, Says.WELCOME_BACK) and terms.initiative is Initiative.ASK_ME
    if not wants_it or member.quiet_since is not None or not member.is_reachable(work.now):
        return
    today = local_date(work.now, terms.cadence.zone)
    passed = passed_meanwhile(await work.tx.commitments.active(member.id), first_day, today)
    if not passed:
        return
    zone, ids = terms.cadence.zone, [str(one.id) for one in passed]
    waiting = await work.tx.deliveries.waiting(member.id, Says.WELCOME_BACK)
    if waiting is None or waiting.due_at is None:
        at = welcome_at(work.now, terms, await excused_of(work.tx, member, work.now), member.prompted_on)
        await work.tx.members.change(member.id, prompted_on=local_date(at, zone))
        key = f"{Says.WELCOME_BACK}:{member.id}:{occurrence}"
        await work.schedule([Scheduled(member, Says.WELCOME_BACK, {"commitments": " ".join(ids)}, key, at)])
    else:  # back from one thing while another lasted: one message about both
        at, known = waiting.due_at, str(waiting.refs["commitments"]).split()
        await work.tx.deliveries.change(waiting.id, refs={"commitments": " ".join(dict.fromkeys(known + ids))})
    await ask_after(work, member, {one.id for one in passed}, local_date(at, zone))


async def show_welcome(work: Work, member: Member) -> None:
    """Brings the latest message up to date: a date was moved, or something let go."""
    said = await work.tx.deliveries.last_said(member.id, Says.WELCOME_BACK)
    if said is not None and said.ts is not None:
        await work.say(member, Says.WELCOME_BACK, {**said.refs, "ts": said.ts}, method=Method.UPDATE)


async def _welcome_from_holidays(work: Work, member: Member) -> None:
    returned = await work.tx.rests.returned(member.id, work.now)
    for rest in returned:
        await work.tx.rests.change(rest.id, returns_at=None)
    if returned:
        await welcome(work, member, returned[0].first_day, f"holiday:{returned[-1].id}")
