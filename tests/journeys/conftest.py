"""A world in which nothing may go wrong."""

from collections.abc import AsyncIterator

import pytest

from tests.hostile.invariants import no_errors_logged, nothing_went_wrong
from tests.world import World, world


@pytest.fixture
async def here(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> AsyncIterator[World]:
    """Whatever happened, nothing went wrong, and nothing was an error of ours."""
    async with world(sqlite_url) as made:
        yield made
        await nothing_went_wrong(made, meant={"ratelimited", "http_500", "drop_connection", "timeout_after_accept"})
        no_errors_logged(caplog.records)
