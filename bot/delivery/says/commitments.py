"""The message that says a commitment back: how it is rendered when it is sent."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.telling import Render, Telling
from bot.domain.calendar import local_date
from bot.domain.deliveries import Says
from bot.domain.opening import is_ignored
from bot.domain.response import remind_at
from bot.rendering.commitments import committed, committed_text


async def _committed(telling: Telling) -> Content | None:
    commitment = await telling.tx.commitments.get(telling.number("commitment"))
    zone, due = telling.terms.cadence.zone, commitment.next_due_at
    comes_again = due is not None and not is_ignored(await telling.tx.check_ins.reminded(commitment.member_id))
    once_more, today = remind_at(due, telling.terms) if due and comes_again else None, local_date(telling.now, zone)
    chosen = await telling.tx.stages.of(commitment.id)
    was_left = bool(chosen) and chosen[-1].stage is None
    blocks = committed(commitment, zone, once_more, today, was_left=was_left)
    return telling.message((committed_text(commitment), blocks))


RENDER: Mapping[Says, Render] = {Says.COMMITTED: _committed}
