"""The app is removed from a workspace, or its token withdrawn: it stops at once and forgets the token."""

from handlers.desk import Desk
from handlers.payloads import Event


def register(desk: Desk) -> None:
    async def uninstalled(removal: Event) -> None:
        await desk.services.workspaces.uninstall(removal.sent_for, removal.event_time)

    async def revoked(removal: Event) -> None:
        if removal.event.get("tokens", {}).get("bot"):
            await uninstalled(removal)

    desk.event("app_uninstalled", uninstalled)
    desk.event("tokens_revoked", revoked)
