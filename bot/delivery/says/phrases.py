"""Fixed sentences, and the offers for someone who is lost: how they are rendered when they are sent."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.says.silence import next_named
from bot.delivery.telling import Render, Telling
from bot.domain.deliveries import Says
from bot.rendering.copy import PHRASES
from bot.rendering.help import AGAIN, help_reply


async def _phrase(telling: Telling) -> Content:
    return telling.message((PHRASES[telling.word("phrase")], []))


async def _help(telling: Telling) -> Content:
    kind, about = telling.word("kind"), telling.word("about")
    return telling.message(help_reply(kind, about, await next_named(telling) if kind == AGAIN else ""))


RENDER: Mapping[Says, Render] = {Says.PHRASE: _phrase, Says.HELP_REPLY: _help}
