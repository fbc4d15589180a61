"""Fixed sentences, and the offers for someone who is lost: how they are rendered when they are sent."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.says.silence import next_named
from bot.delivery.telling import Render, Sent, Telling
from bot.domain.deliveries import Says
from bot.rendering.copy import PHRASES
from bot.rendering.help import help_reply


async def _phrase(telling: Telling) -> Content:
    """With a `ts` it takes the place of an earlier message, and so do the offers."""
    return Content(
        text=PHRASES[telling.word("phrase")], ts=telling.optional("ts"), thread_ts=telling.optional("thread_ts")
    )


async def _help(telling: Telling) -> Content:
    text, blocks = help_reply(telling.word("kind"), telling.word("about"), await next_named(telling))
    return Content(text=text, blocks=blocks, ts=telling.optional("ts"), thread_ts=telling.optional("thread_ts"))


RENDER: Mapping[Says, Render] = {Says.PHRASE: _phrase, Says.HELP_REPLY: _help}
SENT: Mapping[Says, Sent] = {}
