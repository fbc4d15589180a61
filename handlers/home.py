"""App Home: brought up to date whenever it is opened. Nothing else happens then."""

from handlers.desk import Desk
from handlers.payloads import Event

HOME_TAB = "home"


def register(desk: Desk) -> None:
    async def opened(visit: Event) -> None:
        if visit.event.get("tab") == HOME_TAB:
            await desk.services.overview.show_home(visit.sent_for, visit.event["user"])

    desk.event("app_home_opened", opened)
