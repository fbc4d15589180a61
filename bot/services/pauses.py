"""Quiet until a date, and the return."""

from bot.services.work import Units


class Pauses:
    """Quiet until a date, and the return."""

    def __init__(self, units: Units) -> None:
        self._units = units
