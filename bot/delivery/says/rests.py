"""That someone rests, and the welcome after a pause or a long holiday: how they are rendered when they are sent."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.telling import Render, Telling
from bot.domain.calendar import local_date
from bot.domain.deliveries import Method, Says
from bot.rendering.rests import resting_said, resting_undone, time_off_kept
from bot.rendering.returning import welcome_back


async def _resting(telling: Telling) -> Content:
    rest = await telling.tx.rests.owned(telling.member.id, telling.number("rest"))
    if rest is not None:
        return telling.message(resting_said(rest))
    next_at = await telling.tx.commitments.next_due_of(telling.member.id)
    return telling.message(resting_undone(next_at, telling.member.zone))


async def _time_off(telling: Telling) -> Content:
    """What holds from now on, and the holiday that was added."""
    rest_id = telling.optional("rest")
    holiday = await telling.tx.rests.owned(telling.member.id, int(rest_id)) if rest_id else None
    return telling.message(time_off_kept(telling.terms, holiday, local_date(telling.now, telling.member.zone)))


async def _welcome_back(telling: Telling) -> Content | None:
    """Nothing, when every date was seen to before it could be said."""
    ids = [int(one) for one in telling.word("commitments").split()]
    found = [await telling.tx.commitments.owned(telling.member.id, one) for one in ids]
    passed = [one for one in found if one is not None]
    today = local_date(telling.now, telling.member.zone)
    if telling.row.method is Method.POST:
        passed = [one for one in passed if one.is_open and one.due_day is not None and one.due_day < today]
        if not passed or not telling.member.is_reachable(telling.now):
            return None
    return telling.message(welcome_back(passed, today))


RENDER: Mapping[Says, Render] = {Says.RESTING: _resting, Says.TIME_OFF: _time_off, Says.WELCOME_BACK: _welcome_back}
