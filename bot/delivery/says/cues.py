"""Cues: how they are rendered when they are sent."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.telling import Render, Sent, Telling
from bot.domain.commitments import State
from bot.domain.cues import ITS_MOMENT
from bot.domain.deliveries import Method, Says
from bot.rendering.cues import told, told_no_more


async def _cue(telling: Telling) -> Content | None:
    """Nothing once its moment is over, or when it was stopped on its way."""
    commitment = await telling.tx.commitments.get(telling.number("commitment"))
    is_on = commitment.cue is not None and commitment.state is State.ACTIVE
    if telling.row.method is Method.POST:
        due_at = telling.row.due_at or telling.now
        if not is_on or telling.now - due_at > ITS_MOMENT:
            return None
    text, blocks = told(commitment) if is_on else told_no_more(commitment)
    return Content(text=text, blocks=blocks, ts=telling.optional("ts"))


RENDER: Mapping[Says, Render] = {Says.CUE: _cue}
SENT: Mapping[Says, Sent] = {}
