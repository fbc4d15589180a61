"""Guided conversations: opened, answered, put off, corrected."""

from bot.domain.check_ins import CheckIn
from bot.domain.commitments import Commitment
from bot.domain.guides.guide import GuideId
from bot.domain.members import Member
from bot.services.work import Units, Work


class Conversations:
    """Guided conversations: opened, answered, put off, corrected."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def open(
        self,
        work: Work,
        member: Member,
        guide: GuideId,
        *,
        commitment: Commitment | None = None,
        check_in: CheckIn | None = None,
    ) -> None:
        """Begins a sitting within someone's unit of work, or lets it wait while another one asks."""
