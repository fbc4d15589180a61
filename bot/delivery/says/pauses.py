"""That everything is paused: how it is rendered when it is sent."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.telling import Render, Telling
from bot.domain.deliveries import Says
from bot.rendering.pauses import quiet_said


async def _quiet(telling: Telling) -> Content:
    """With a `ts` it takes the place of an earlier message."""
    member = telling.member
    next_at = await telling.tx.commitments.next_due_of(member.id)
    return telling.message(quiet_said(member, next_at, member.zone, telling.now))


RENDER: Mapping[Says, Render] = {Says.QUIET: _quiet}
