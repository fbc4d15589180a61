"""App Home: brought up to date whenever it is opened. Nothing else happens then."""

from typing import Any

from handlers.desk import Desk

HOME_TAB = "home"


def register(desk: Desk) -> None:
    async def opened(team_id: str, _event_id: str, event: dict[str, Any]) -> None:
        if event.get("tab") == HOME_TAB:
            await desk.services.overview.show_home(team_id, event["user"])

    desk.event("app_home_opened", opened)
