"""Whom the tests of services are about, on both databases."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import ManualClock
from bot.domain.deliveries import Delivery
from bot.domain.members import Member
from bot.services import Services
from bot.services.wins import Wins
from bot.services.work import Units
from tests import factories
from tests.desk import A_DAY, TUESDAY, Asked, Days
from tests.talking import Talk, talking
from tests.team import CHANNEL, Team


@pytest.fixture
async def team(units: Units, clock: ManualClock) -> Team:
    async with units.database.write() as tx:
        workspace = await factories.workspace(tx, wins_channel_id=CHANNEL, wins_channel_name="wins")
        maya = await factories.member(tx, workspace, "UMAYA")
    said: list[Delivery] = []
    units.on_said = said.extend
    return Team(units, clock, Wins(units), workspace, maya, said)


@pytest.fixture
async def talk(database_url: str, clock: ManualClock) -> AsyncIterator[Talk]:
    async with talking(database_url, clock) as made:
        yield made


@pytest.fixture
def desk(units: Units, clock: ManualClock, maya: Member) -> Days:
    clock.set(TUESDAY - A_DAY)
    return Days(Services.over(units), clock, maya)


@pytest.fixture
def here(units: Units, clock: ManualClock, maya: Member) -> Asked:
    return Asked(Services.over(units), clock, maya)
