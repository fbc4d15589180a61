"""Export and erasure."""

from bot.services.work import Units


class Privacy:
    """Export and erasure."""

    def __init__(self, units: Units) -> None:
        self._units = units
