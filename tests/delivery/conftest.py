"""What the tests of sending start from."""

import pytest

from bot.clock import ManualClock
from tests.delivery.offices import Offices


@pytest.fixture
def offices(database_url: str, clock: ManualClock) -> Offices:
    return Offices(database_url, clock)
