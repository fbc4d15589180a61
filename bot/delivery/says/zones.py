"""The question whether check-ins move with someone: how it is rendered when it is sent, and when it is answered."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.telling import Render, Telling
from bot.domain.deliveries import Says
from bot.domain.moving import differ
from bot.rendering.zones import moved, stays, zone_question


async def _zone(telling: Telling) -> Content | None:
    """Nothing, when they are back, or want quiet, before it could be said."""
    agreed = telling.terms.cadence.zone
    match telling.optional("shows"):
        case "kept":
            return telling.message(stays(agreed))
        case "moved":
            return telling.message(moved(agreed, telling.terms.cadence.describe(), telling.word("back")))
    seen = (await telling.tx.members.get(telling.member.id)).zone
    if not telling.member.is_reachable(telling.now) or not differ(agreed, seen, telling.now):
        return None
    return telling.message(zone_question(agreed, seen))


RENDER: Mapping[Says, Render] = {Says.ZONE: _zone}
