"""After silence: how the one message is rendered when it is sent, and what it turns into."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.telling import Render, Telling
from bot.domain.calendar import lighter
from bot.domain.deliveries import Says
from bot.domain.silence import Reason, Way
from bot.rendering import silence
from bot.rendering.blocks import Message
from bot.services.guides import coming


async def _silence(telling: Telling) -> Content | None:
    """Nothing, when its member was heard of before it could be said."""
    shows = telling.optional("shows")
    if shows is None and telling.member.quiet_since is None:
        return None
    return telling.message(await _said(telling, shows))


async def _said(telling: Telling, shows: str | None) -> Message:
    tx, terms = telling.tx, telling.terms
    match shows:
        case Way.BUSY:
            return silence.busy(await next_named(telling))
        case Way.ASK_LESS:
            active = await tx.commitments.active(telling.member.id)
            if active and all(one.cadence is not None for one in active):
                return silence.less_for_each()
            agreement = await tx.agreements.current(telling.member.id)
            now, then = terms.cadence.describe(), lighter(terms.cadence, terms.days_off).describe()
            return silence.less_offered(now, then, agreement.version if agreement else 0)
        case Way.BACK:
            return silence.heard_again(await next_named(telling))
        case Way.ELSE:
            return silence.something_else()
        case Way.PERSON:
            return silence.a_person(telling.workspace.contacts)
        case "which":
            active = await tx.commitments.active(telling.member.id)
            return silence.which_one(Reason(telling.word("reason")), active)
        case "looked_into":
            about = await tx.commitments.get(telling.number("commitment")) if "commitment" in telling.row.refs else None
            return silence.looked_into(Reason(telling.word("reason")), about)
        case "less":
            return silence.less_agreed(terms.cadence.describe(), await next_named(telling), telling.number("version"))
        case "undone":
            return silence.less_undone(terms.cadence.describe(), await next_named(telling))
    return silence.after_silence()


async def next_named(telling: Telling) -> str:
    """When the next check-in is; nothing when none is planned."""
    due = await telling.tx.commitments.next_due_of(telling.member.id)
    return coming(due, telling.member.zone, telling.now) if due and due > telling.now else ""


async def _a_person(telling: Telling) -> Content:
    return telling.message(silence.someone(telling.workspace.contacts))


RENDER: Mapping[Says, Render] = {Says.SILENCE: _silence, Says.A_PERSON: _a_person}
