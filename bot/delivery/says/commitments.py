"""The message that says a commitment back: how it is rendered when it is sent."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.telling import Render, Sent, Telling
from bot.domain.calendar import local_date
from bot.domain.deliveries import Says
from bot.domain.response import remind_at
from bot.rendering.commitments import committed, committed_text
from bot.services.terms import terms_of


async def _committed(telling: Telling) -> Content | None:
    commitment = await telling.tx.commitments.get(telling.number("commitment"))
    terms = await terms_of(telling.tx, telling.member, telling.now)
    zone = terms.cadence.zone
    due = commitment.next_due_at
    once_more = remind_at(due, terms) if due else None
    chosen = await telling.tx.stages.of(commitment.id)
    return Content(
        text=committed_text(commitment),
        blocks=committed(
            commitment,
            zone,
            once_more,
            local_date(telling.now, zone),
            was_left=bool(chosen) and chosen[-1].stage is None,
        ),
        ts=str(telling.row.refs["ts"]) if "ts" in telling.row.refs else None,
    )


RENDER: Mapping[Says, Render] = {Says.COMMITTED: _committed}
SENT: Mapping[Says, Sent] = {}
