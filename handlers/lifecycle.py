"""To be written."""

from handlers.desk import Desk


def register(desk: Desk) -> None:
    """Registers this topic's listeners."""
