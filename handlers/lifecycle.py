"""The app is removed from a workspace, or its token withdrawn: it stops at once and forgets the token."""

from typing import Any

from handlers.desk import Desk
from handlers.payloads import happened_at, parse_event


def register(desk: Desk) -> None:
    async def uninstalled(body: dict[str, Any]) -> None:
        team_id, _, _ = parse_event(body)
        await desk.services.workspaces.uninstall(team_id, happened_at(body))

    async def revoked(body: dict[str, Any]) -> None:
        _, _, event = parse_event(body)
        if event.get("tokens", {}).get("bot"):
            await uninstalled(body)

    desk.app.event("app_uninstalled")(uninstalled)
    desk.app.event("tokens_revoked")(revoked)
