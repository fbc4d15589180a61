"""A world in which nothing is refused."""

from collections.abc import AsyncIterator

import pytest

from tests.world import World, world


@pytest.fixture
async def here(sqlite_url: str) -> AsyncIterator[World]:
    """Afterwards nothing was refused and nothing left without an ack."""
    async with world(sqlite_url) as made:
        yield made
        await made.settle()
        calls = await made.slack.calls()
        assert calls["refused"] == []
        assert calls["unacked"] == []
