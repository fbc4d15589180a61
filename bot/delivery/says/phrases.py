"""Fixed sentences, and the offers for someone who is lost: how they are rendered when they are sent."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.posting import Place
from bot.delivery.says.silence import next_named
from bot.delivery.telling import OnSent, Render, Telling
from bot.domain.deliveries import Delivery, Says
from bot.rendering.copy import PHRASES
from bot.rendering.help import AGAIN, help_reply
from bot.services.work import Work


async def _phrase(telling: Telling) -> Content:
    return telling.message((PHRASES[telling.word("phrase")], []))


async def _help(telling: Telling) -> Content:
    kind, about = telling.word("kind"), telling.word("about")
    return telling.message(help_reply(kind, about, await next_named(telling) if kind == AGAIN else ""))


async def _helped(work: Work, row: Delivery, _place: Place) -> None:
    """What was offered tells what was typed, were it that somebody wants to die: once it is there, nothing keeps it."""
    await work.tx.deliveries.change(row.id, refs={})


RENDER: Mapping[Says, Render] = {Says.PHRASE: _phrase, Says.HELP_REPLY: _help}
SENT: Mapping[Says, OnSent] = {Says.HELP_REPLY: _helped}
