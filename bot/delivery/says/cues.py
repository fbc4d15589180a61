"""Cues: how they are rendered when they are sent."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.telling import Render, Telling
from bot.domain.cues import ITS_MOMENT
from bot.domain.deliveries import Method, Says
from bot.rendering.cues import told


async def _cue(telling: Telling) -> Content | None:
    """Nothing once its moment is over, or when it was stopped on its way."""
    ids = telling.word("commitments").split("-")
    found = [await telling.tx.commitments.owned(telling.member.id, int(each)) for each in ids]
    commitments = [one for one in found if one is not None]
    if telling.row.method is Method.POST:
        commitments = [one for one in commitments if one.is_told]
        due_at = telling.row.due_at or telling.now
        if telling.now - due_at > ITS_MOMENT:
            return None
    if not commitments:
        return None
    return telling.message(told(commitments))


RENDER: Mapping[Says, Render] = {Says.CUE: _cue}
