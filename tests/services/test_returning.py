"""Back from several things that overlap, on both databases: one welcome, about everything that passed meanwhile."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clock import ManualClock
from bot.domain.deliveries import Refs, Says
from bot.domain.members import Member
from bot.services import Services
from bot.services.work import Units
from bot.storage.database import Database
from tests import factories

MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
"""10:00 in Berlin."""
MORNING_AFTER = datetime(2027, 1, 19, 8, tzinfo=UTC)


@pytest.fixture
def services(units: Units, clock: ManualClock) -> Services:
    clock.set(MONDAY)
    return Services.over(units)


@pytest.fixture
async def maya(database: Database, maya: Member) -> Member:
    async with database.write() as tx:
        for day in (date(2027, 1, 10), date(2027, 1, 15)):
            await factories.commitment(tx, maya, due_day=day, created_at=MONDAY)
    return maya


async def _welcomes(services: Services, clock: ManualClock) -> list[tuple[datetime | None, Refs]]:
    """Those that were planned, hour by hour, until all is over."""
    while clock.now() < MORNING_AFTER:
        clock.advance(timedelta(hours=1))
        await services.pauses.end_due()
        await services.returning.welcome_due()
    async with services.units.database.read() as tx:
        return [(row.due_at, row.refs) for row in await tx.deliveries.all() if row.says is Says.WELCOME_BACK]


@pytest.mark.parametrize("first", ["a holiday", "a pause"])
async def test_two_that_overlap_are_come_back_from_once(
    services: Services, maya: Member, clock: ManualClock, first: str
) -> None:
    if first == "a pause":
        await services.pauses.pause(maya, datetime(2027, 1, 12, 23, tzinfo=UTC), key="1")
    else:
        await services.rests.change(maya, {}, (date(2027, 1, 5), date(2027, 1, 12)), key="1")
    await services.rests.change(maya, {}, (date(2027, 1, 9), date(2027, 1, 18)), key="2")
    assert await _welcomes(services, clock) == [(MORNING_AFTER, {"commitments": "1 2"})]
