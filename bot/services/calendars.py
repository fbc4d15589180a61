"""Check-ins as a file for a calendar."""

from bot.domain.calendar import Cadence
from bot.domain.deliveries import Method, Says
from bot.domain.members import Member
from bot.domain.rests import Excused
from bot.services.terms import excused_of
from bot.services.work import Units


class Calendars:
    """What lies behind the modal of check-in days, besides the ground rules."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def excused(self, member: Member) -> Excused:
        """The days on which there is no check-in."""
        async with self._units.database.read() as tx:
            return await excused_of(tx, member, self._units.clock.now())

    async def send(self, member: Member, cadence: Cadence, *, key: str) -> None:
        """Hands over the check-ins that a cadence makes; it need not be the agreed one."""
        async with self._units.for_member(member, key) as (work, owner):
            await work.say(owner, Says.CALENDAR, {"cadence": cadence.model_dump_json()}, method=Method.FILE)
