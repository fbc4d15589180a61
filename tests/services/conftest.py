"""Whom the tests of services are about, on both databases."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import ManualClock
from bot.domain.deliveries import Delivery
from bot.services import Services
from bot.services.wins import Wins
from bot.storage.database import Database
from tests import factories
from tests.desk import A_DAY, TUESDAY, Days
from tests.talking import Talk, talking
from tests.team import CHANNEL, Team


@pytest.fixture
async def team(database_url: str, clock: ManualClock) -> AsyncIterator[Team]:
    database = Database(database_url)
    units = factories.units_over(database, clock)
    async with database.write() as tx:
        workspace = await factories.workspace(tx, wins_channel_id=CHANNEL, wins_channel_name="wins")
        maya = await factories.member(tx, workspace, "UMAYA")
    said: list[Delivery] = []
    units.on_said = said.extend
    yield Team(units, clock, Wins(units), workspace, maya, said)
    await database.close()


@pytest.fixture
async def talk(database_url: str, clock: ManualClock) -> AsyncIterator[Talk]:
    async with talking(database_url, clock) as made:
        yield made


@pytest.fixture
async def desk(database_url: str, clock: ManualClock) -> AsyncIterator[Days]:
    database = Database(database_url)
    async with database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
    clock.set(TUESDAY - A_DAY)
    yield Days(Services.over(factories.units_over(database, clock)), clock, maya)
    await database.close()
