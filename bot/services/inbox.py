"""What members type in the direct message: an answer, a note, thanks, or something else."""

from bot.services.check_ins import CheckIns
from bot.services.conversations import Conversations
from bot.services.work import Units


class Inbox:
    """Finds out what a typed message belongs to."""

    def __init__(self, units: Units, conversations: Conversations, check_ins: CheckIns) -> None:
        self._units = units
        self._conversations = conversations
        self._check_ins = check_ins
