"""What is rendered says what holds when it is sent."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.clock import ManualClock
from bot.delivery.contents import Contents
from bot.domain.deliveries import Refs, Says
from bot.domain.members import Member
from bot.services import Services
from bot.services.work import Scheduled
from bot.storage.database import Database
from tests import factories

TUESDAY = datetime(2027, 1, 5, 9, tzinfo=UTC)
"""10:00 in Berlin."""


@pytest.fixture
async def services(sqlite_url: str, clock: ManualClock) -> AsyncIterator[Services]:
    clock.set(TUESDAY)
    database = Database(sqlite_url)
    yield Services.over(factories.units_over(database, clock))
    await database.close()


async def _is_said(services: Services, maya: Member, says: Says, refs: Refs) -> bool:
    async with services.units.begin() as work:
        await work.schedule([Scheduled(maya, says, refs, "key", work.now)])
    async with services.units.database.read() as tx:
        row = await tx.deliveries.keyed(maya.workspace_id, "key")
        assert row is not None
    letter = (await Contents(services.units.database, services.units.clock).of([row]))[row.id]
    assert not isinstance(letter, Exception)
    return letter.content is not None


@pytest.mark.parametrize(
    ("refs", "is_said"),
    [({}, False), ({"snoozed": 1}, True)],
    ids=["the reminder", "what she put off"],
)
async def test_what_was_switched_off_meanwhile_is_not_said(services: Services, refs: Refs, is_said: bool) -> None:
    async with services.units.database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
        check_in = await factories.check_in(tx, maya, TUESDAY)
        await factories.item(tx, check_in, await factories.commitment(tx, maya))
    await services.agreements.change(maya, {"remind": False}, key="off")
    assert await _is_said(services, maya, Says.REMINDER, {"check_in": check_in.id, **refs}) is is_said


async def test_cheers_that_waited_are_not_told_to_who_wants_to_hear_of_none(services: Services) -> None:
    async with services.units.database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
        await factories.cheered_win(tx, maya, "U2", TUESDAY)
        (cheer,) = await tx.cheers.all()
    refs: Refs = {"cheers": str(cheer.id)}
    await services.agreements.change(maya, {"tell_cheers": False}, key="off")
    assert not await _is_said(services, maya, Says.CHEERS, refs)
