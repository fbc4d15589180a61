"""One's own data as a file, and shared posts that are taken down: how they are rendered when they are sent."""

from collections.abc import Mapping
from typing import Final

from bot.delivery.content import Content
from bot.delivery.telling import Render, Telling
from bot.domain.deliveries import Says
from bot.rendering.privacy import EXPORT_COMES
from bot.services.privacy import export_of

FILE_NAME: Final = "accountability-buddy.yml"


async def export(telling: Telling) -> Content:
    text = await export_of(telling.tx, telling.member, telling.now)
    return Content(text=EXPORT_COMES, file=(FILE_NAME, text))


async def taken_down(telling: Telling) -> Content:
    """A post whose rows are gone already: the row itself says where it is."""
    return Content(channel=telling.word("channel"), ts=telling.word("ts"))


RENDER: Mapping[Says, Render] = {Says.EXPORT: export, Says.TAKEN_DOWN: taken_down}
