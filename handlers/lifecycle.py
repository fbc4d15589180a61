"""The app is removed from a workspace, or its token withdrawn: it stops at once and forgets the token."""

from typing import Any

from handlers.desk import Desk


def register(desk: Desk) -> None:
    async def uninstalled(team_id: str, _event_id: str, _event: dict[str, Any]) -> None:
        await desk.services.workspaces.uninstall(team_id)

    async def revoked(team_id: str, _event_id: str, event: dict[str, Any]) -> None:
        if event.get("tokens", {}).get("bot"):
            await desk.services.workspaces.uninstall(team_id)

    desk.event("app_uninstalled", uninstalled)
    desk.event("tokens_revoked", revoked)
