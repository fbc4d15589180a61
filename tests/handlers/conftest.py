"""A world in which nothing is refused, and Slack's way to it over HTTP."""

from collections.abc import AsyncIterator

import pytest

from tests.handlers.slack_http import SlackHttp
from tests.hostile.invariants import nothing_went_wrong
from tests.world import World, world


@pytest.fixture
async def here(sqlite_url: str) -> AsyncIterator[World]:
    """Afterwards nothing was refused and nothing left without an ack."""
    async with world(sqlite_url) as made:
        yield made
        await nothing_went_wrong(made)


@pytest.fixture
async def slack(here: World) -> AsyncIterator[SlackHttp]:
    async with SlackHttp(here) as made:
        yield made
