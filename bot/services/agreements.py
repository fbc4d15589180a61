"""The ground rules: which hold, and how their member changes them."""

from typing import Any

from bot.domain.agreements import Agreement, Terms
from bot.domain.deliveries import Says
from bot.domain.members import Member
from bot.services.outcomes import change_rules
from bot.services.terms import terms_of
from bot.services.work import Units


class Agreements:
    """Changes days, times, zone, tone and what may be sent."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def read(self, member: Member) -> tuple[Terms, Agreement | None]:
        """The rules that hold, and the version that says so; None while they are the default
        ones, as before someone's first commitment."""
        async with self._units.database.read() as tx:
            return await terms_of(tx, member, self._units.clock.now()), await tx.agreements.current(member.id)

    async def change(self, member: Member, changes: dict[str, Any], *, key: str, says: Says | None = None) -> None:
        """A new version with these fields of `Terms`. What is not named stays; everything is planned anew.

        `says`: what tells them, where nothing else shows them what holds now.
        """
        async with self._units.for_member(member, key) as (work, owner):
            before = await terms_of(work.tx, owner, work.now)
            await change_rules(work, owner, changes)
            if says is not None and before.model_copy(update=changes) != before:
                await work.say(owner, says)
