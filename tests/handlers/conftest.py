"""A world in which nothing is refused."""

from collections.abc import AsyncIterator

import pytest

from tests.hostile.invariants import nothing_went_wrong
from tests.world import World, world


@pytest.fixture
async def here(sqlite_url: str) -> AsyncIterator[World]:
    """Afterwards nothing was refused and nothing left without an ack."""
    async with world(sqlite_url) as made:
        yield made
        await nothing_went_wrong(made)
