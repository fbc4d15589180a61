"""Processes that send what was scheduled, over one database, to a Slack that they share."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.clock import ManualClock
from bot.delivery.limits import Limits
from bot.delivery.outbox import Outbox
from bot.directory import Directory
from bot.domain.deliveries import Delivery, DeliveryState, Says
from bot.domain.members import Member
from bot.services import Services
from bot.services.work import Units
from bot.storage.database import Database
from tests import factories
from tests.delivery.slack import Client, Slack

AS_IT_GOES = Limits(a_minute=0, a_second=0)


@dataclass
class Office:
    """One process: a way out over a database, to a Slack that others may share."""

    units: Units
    outbox: Outbox
    slack: Slack

    async def rows(self, **values: Any) -> list[Delivery]:
        async with self.units.database.read() as tx:
            c = tx.deliveries.table.c
            return await tx.deliveries.all(*(c[name] == value for name, value in values.items()))

    async def states(self) -> Counter[DeliveryState]:
        return Counter(row.state for row in await self.rows())

    async def leased(self) -> list[str]:
        async with self.units.database.read() as tx:
            return [lease.holder for lease in await tx.backlog.leases(self.units.clock.machine_now())]


@dataclass
class Offices:
    url: str
    clock: ManualClock
    slack: Slack = field(default_factory=Slack)

    @asynccontextmanager
    async def open(self, owner: str = "one", limits: Limits = AS_IT_GOES) -> AsyncIterator[Office]:
        database = Database(self.url)
        units = factories.units_over(database, self.clock, owner)
        services = Services.over(units)
        outbox = Outbox(units, Directory(services.members, services.workspaces, partial(Client, self.slack)), limits)
        units.on_said = outbox.send
        units.on_change = outbox.look
        try:
            yield Office(units, outbox, self.slack)
        finally:
            self.slack.open.set()
            await outbox.stop(5)
            await database.close()

    async def staff(self, *sizes: int) -> list[list[Member]]:
        """Workspaces with so many members each, and something due for every one of them."""
        database = Database(self.url)
        units = factories.units_over(database, self.clock)
        teams = []
        async with units.begin() as work:
            for number, size in enumerate(sizes, start=1):
                team = await factories.workspace(work.tx, f"T{number}")
                members = [await factories.member(work.tx, team, f"U{number}X{one}") for one in range(size)]
                for member in members:
                    await work.say(member, Says.PHRASE, {"phrase": "any_time"}, at=work.now)
                teams.append(members)
        await database.close()
        return teams
