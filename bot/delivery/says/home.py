"""App Home: how it is rendered when it is sent."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.telling import Render, Telling
from bot.domain.deliveries import Says
from bot.rendering.home import home_view
from bot.services.overview import overview_of


async def home(telling: Telling) -> Content:
    return Content(view=home_view(await overview_of(telling.tx, telling.member, telling.now)))


RENDER: Mapping[Says, Render] = {Says.HOME: home}
