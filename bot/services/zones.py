"""Someone seems to be on another clock than the agreed one: they are asked once, and nothing moves by itself."""

from bot.domain.budget import is_agreed
from bot.domain.calendar import known_zone
from bot.domain.deliveries import Method, Says
from bot.domain.members import Member
from bot.domain.moving import is_news, may_come_at, next_morning
from bot.domain.snoozing import allowed_from
from bot.services.budget import has_room, take_room
from bot.services.outcomes import change_rules
from bot.services.terms import excused_of, terms_of
from bot.services.work import Units, Work


class Zones:
    """Each method is one transaction a member, and harmless when it comes twice."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def ask_due(self) -> None:
        """Asks those for whom there is room today; others have another morning."""
        async with self._units.database.read() as tx:
            members = await tx.members.with_zone_to_ask(self._units.clock.now())
        await self._units.for_each(members, _ask_if_there_is_room)

    async def keep(self, member: Member, *, key: str, ts: str | None) -> None:
        """The agreed clock stays."""
        async with self._units.for_member(member, key) as (work, owner):
            await _show(work, owner, ts, shows="kept")

    async def move(self, member: Member, zone: str, *, key: str, ts: str | None) -> None:
        """Everything agreed is on the clock of `zone` from now on. Raises ValueError when it is no zone."""
        zone = known_zone(zone)
        async with self._units.for_member(member, key) as (work, owner):
            cadence = (await terms_of(work.tx, owner, work.now)).cadence
            back = cadence.zone
            if back != zone:
                await change_rules(work, owner, {"cadence": cadence.model_copy(update={"zone": zone})})
            else:  # clicked before
                back = await _zone_before(work, owner) or back
            await _show(work, owner, ts, shows="moved", back=back)


async def ask_after_check_in(work: Work, member: Member) -> bool:
    """The same right after an answer, which needs no room: for those who have a check-in every day."""
    if member.ask_zone_at is None or not await _is_wanted(work, member):
        return False
    await work.tx.members.change(member.id, ask_zone_at=None, asked_about_zone=member.zone)
    await work.say(member, Says.ZONE)
    return True


async def _ask_if_there_is_room(work: Work, member: Member) -> None:
    if member.ask_zone_at is None or member.ask_zone_at > work.now:  # another process was quicker
        return
    if member.stopped_at is not None or not await _is_wanted(work, member):
        await work.tx.members.change(member.id, ask_zone_at=None)
        return
    terms = await terms_of(work.tx, member, work.now)
    at = allowed_from(may_come_at(work.now, member.zone), terms, await excused_of(work.tx, member, work.now))
    if at <= work.now and await has_room(work, member, Says.ZONE):
        await take_room(work, member)
        await work.tx.members.change(member.id, ask_zone_at=None, asked_about_zone=member.zone)
        key = f"{Says.ZONE}:{member.id}:{work.now.isoformat()}"
        await work.say(member, Says.ZONE, key=key, at=work.now)
        return
    later = at if at > work.now else next_morning(work.now, member.zone)
    await work.tx.members.change(member.id, ask_zone_at=later)


async def _is_wanted(work: Work, member: Member) -> bool:
    """Whether it is still another clock, one not asked about yet, and may be asked about."""
    terms = await terms_of(work.tx, member, work.now)
    asked = member.asked_about_zone
    return is_agreed(terms, Says.ZONE) and is_news(terms.cadence.zone, member.zone, asked, work.now)


async def _zone_before(work: Work, member: Member) -> str | None:
    """The zone of the ground rules before those that hold."""
    current = await work.tx.agreements.current(member.id)
    before = await work.tx.agreements.version(member.id, current.version - 1) if current else None
    return before.terms.cadence.zone if before else None


async def _show(work: Work, member: Member, ts: str | None, **refs: str) -> None:
    if ts is not None:
        await work.say(member, Says.ZONE, {**refs, "ts": ts}, method=Method.UPDATE)
