"""Wins: kept, shared, taken back, cheered."""

from bot.services.work import Units


class Wins:
    """Wins: kept, shared, taken back, cheered."""

    def __init__(self, units: Units) -> None:
        self._units = units
