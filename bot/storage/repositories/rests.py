"""Days of rest."""

from datetime import date

from bot.domain.rests import Rest
from bot.storage import tables
from bot.storage.rows import Rows


class Rests(Rows[Rest]):
    table = tables.rests
    record = Rest

    async def of(self, member_id: int) -> list[Rest]:
        """All of a member's, by their first day: habits are counted over weeks that have passed."""
        c = self.table.c
        return await self.all(c.member_id == member_id, order=[c.first_day, c.id])

    async def owned(self, member_id: int, rest_id: int) -> Rest | None:
        return await self.one(self.table.c.member_id == member_id, self.table.c.id == rest_id)

    async def ending_on_or_after(self, member_id: int, day: date) -> list[Rest]:
        """Those that are not over on `day`."""
        c = self.table.c
        return await self.all(c.member_id == member_id, c.last_day >= day, order=[c.first_day, c.id])
