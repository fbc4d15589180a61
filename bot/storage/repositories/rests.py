"""Days of rest."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, select

from bot.domain.rests import Rest
from bot.storage import tables
from bot.storage.among import among_given
from bot.storage.rows import Rows


class Rests(Rows[Rest]):
    table = tables.rests
    record = Rest

    async def of(self, member_id: int) -> list[Rest]:
        """All of a member's, by their first day: habits are counted over weeks that have passed."""
        return await self.all_with("first_day", "id", member_id=member_id)

    async def of_all(self, members: Iterable[int]) -> Mapping[int, list[Rest]]:
        """The same for many; who has none is not there."""
        found = defaultdict[int, list[Rest]](list)
        for rest in await self._read(_of_all(), ids=list(members)):
            found[rest.member_id].append(rest)
        return found

    async def ending_on_or_after(self, member_id: int, day: date) -> list[Rest]:
        """Those that are not over on `day`."""
        c = self.table.c
        return await self.all(c.member_id == member_id, c.last_day >= day, order=[c.first_day, c.id])

    async def with_return(self, now: datetime) -> list[int]:
        """Members whose long holiday is over."""
        return await self._members("member_id", "returns_at", now)

    async def returned(self, member_id: int, now: datetime) -> list[Rest]:
        """The long holidays of a member that are over, and of which nothing was made yet."""
        c = self.table.c
        return await self.all(c.member_id == member_id, c.returns_at <= now, order=[c.first_day, c.id])


@cache
def _of_all() -> Select[Any]:
    c = tables.rests.c
    return select(tables.rests).where(among_given(c.member_id)).order_by(c.first_day, c.id)
