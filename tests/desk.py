"""The services at one member's desk, on either database, for tests that live through days."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import ManualClock
from bot.domain.agreements import default_terms
from bot.domain.calendar import EVERY_DAY
from bot.domain.check_ins import CheckIn, Item
from bot.domain.commitments import Commitment, Kind
from bot.domain.deliveries import Delivery, Method, Says
from bot.domain.members import Member
from bot.services import Services
from bot.services.terms import agree
from tests import factories

TUESDAY = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""10:00 in Berlin."""
FRIDAY = TUESDAY + timedelta(days=3)
NEXT_TUESDAY = TUESDAY + timedelta(days=7)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


@dataclass
class Desk:
    """The services, with what a test wants to look at."""

    services: Services
    clock: ManualClock
    maya: Member
    keys: int = 0

    def key(self) -> str:
        self.keys += 1
        return f"key:{self.keys}"

    async def agree(self, **changes: object) -> None:
        terms = default_terms("Europe/Berlin", TUESDAY.date()).model_copy(update=changes)
        async with self.services.units.begin() as work:
            await agree(work, self.maya, terms)

    async def latest(self) -> CheckIn | None:
        async with self.services.units.database.read() as tx:
            return await tx.check_ins.latest(self.maya.id)

    async def due(self, about: Commitment) -> datetime | None:
        async with self.services.units.database.read() as tx:
            return (await tx.commitments.get(about.id)).next_due_at


class Due(Desk):
    """What somebody commits to is due on Tuesday."""

    async def commit(self, text: str = "Finish the report", **values: object) -> Commitment:
        async with self.services.units.database.write() as tx:
            given = {"next_due_at": TUESDAY, "created_at": TUESDAY - A_DAY} | values
            return await factories.commitment(tx, self.maya, text, **given)


class Days(Due):
    """What is due is opened and in its place as time passes; and a test can look at what came of it."""

    async def walk(self, **values: object) -> Commitment:
        return await self.commit("Walk", kind=Kind.HABIT, habit_days=EVERY_DAY, **values)

    async def at(self, instant: datetime) -> None:
        """Time passes; what is due is opened, reminded of, and in its place."""
        self.clock.set(instant)
        await self.services.pauses.end_due()
        await self.services.returning.welcome_due()
        while await self.services.opening.open_due():
            pass
        await self.services.reminding.remind_due()
        latest = await self.latest()
        if latest is not None and latest.ts is None and not latest.late:
            async with self.services.units.database.write() as tx:
                await tx.check_ins.change(latest.id, ts=str(instant.timestamp()))

    async def open_one(self) -> CheckIn:
        latest = await self.latest()
        assert latest is not None
        return latest

    async def items(self) -> list[Item]:
        async with self.services.units.database.read() as tx:
            return await tx.items.of((await self.open_one()).id)

    async def said(self, says: Says, method: Method = Method.POST) -> list[Delivery]:
        async with self.services.units.database.read() as tx:
            c = tx.deliveries.table.c
            return await tx.deliveries.all(c.says == says, c.method == method)

    async def put_off(self, until: datetime) -> CheckIn:
        """What is open is put off; as it stands then."""
        await self.services.snoozing.snooze_until(self.maya, (await self.open_one()).id, until, key=self.key())
        return await self.open_one()

    async def redrawn(self) -> int:
        """How often a check-in's message was shown anew."""
        return len(await self.said(Says.CHECK_IN, Method.UPDATE))


class Asked(Due):
    """What is due is opened at an instant, and a test answers."""

    async def open_at(self, instant: datetime) -> CheckIn | None:
        self.clock.set(instant)
        while await self.services.opening.open_due():
            pass
        async with self.services.units.database.write() as tx:
            latest = await tx.check_ins.latest(self.maya.id)
            if latest is not None and latest.ts is None and not latest.late:
                latest = await tx.check_ins.change(latest.id, ts=str(instant.timestamp()))
        return latest

    async def items(self, check_in: CheckIn | None) -> list[Item]:
        assert check_in is not None
        async with self.services.units.database.read() as tx:
            return await tx.items.of(check_in.id)

    async def said(self, says: Says, method: Method = Method.POST) -> int:
        async with self.services.units.database.read() as tx:
            c = tx.deliveries.table.c
            return len(await tx.deliveries.all(c.says == says, c.method == method))

    async def commitment(self, about: Commitment) -> Commitment:
        async with self.services.units.database.read() as tx:
            return await tx.commitments.get(about.id)

    async def end_all(self) -> None:
        """Every conversation is over."""
        async with self.services.units.database.write() as tx:
            await tx.conversations.change_all(status="finished")

    async def guides(self) -> list[str]:
        async with self.services.units.database.read() as tx:
            return [sitting.guide for sitting in await tx.conversations.all()]
