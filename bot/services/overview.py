"""What Home and the list show."""

from bot.services.work import Units


class Overview:
    """What Home and the list show."""

    def __init__(self, units: Units) -> None:
        self._units = units
