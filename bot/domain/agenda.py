"""What there is to do by itself, by kind."""

from enum import StrEnum, auto
from typing import Final


class Matter(StrEnum):
    """The order is that of a catch-up."""

    PAUSES = auto()
    RETURNS = auto()
    CHECK_INS = auto()
    CUES = auto()
    REMINDERS = auto()
    CHEERS = auto()
    ZONES = auto()
    MESSAGES = auto()


SAYING: Final = (Matter.CHECK_INS, Matter.CUES, Matter.REMINDERS, Matter.MESSAGES)
"""Of which somebody hears."""
