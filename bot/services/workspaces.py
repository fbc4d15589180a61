"""The workspaces that have the app."""

from datetime import datetime

from bot.domain.members import Member
from bot.domain.workspaces import Workspace
from bot.services.work import Refused, Units


class Workspaces:
    """Installs, finds and uninstalls."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def by_team(self, team_id: str) -> Workspace:
        """Raises LookupError for a workspace that does not have the app."""
        async with self._units.database.read() as tx:
            workspace = await tx.workspaces.by_team(team_id)
        if workspace is None or workspace.bot_token is None:
            raise LookupError(f"the app is not installed in {team_id}")
        return workspace

    async def install(
        self, *, team_id: str, name: str, bot_token: str, bot_user_id: str, bot_id: str | None
    ) -> Workspace:
        """Adds the workspace, or renews its token: Slack has just taken it. Another app's bot, of which a manifest anew
        makes one, has direct messages of its own."""
        async with self._units.database.write() as tx:
            values = {
                "name": name,
                "bot_token": bot_token,
                "bot_user_id": bot_user_id,
                "bot_id": bot_id,
            }
            now = self._units.clock.now()
            added = await tx.workspaces.add_once("team_id", team_id=team_id, installed_at=now, **values)
            if added is not None:
                return added
            known = await tx.workspaces.by_team(team_id)
            if known is not None and known.bot_user_id != bot_user_id:
                await tx.members.forget_dms(known.id)
            return await tx.workspaces.renew(team_id, installed_at=now, uninstalled_at=None, **values)

    async def name_contacts(self, admin: Member, contacts: str, *, key: str) -> None:
        """Whom people can talk to, in an admin's words; none when empty. Raises Refused unless an admin asks."""
        async with self._units.for_member(admin, key) as (work, owner):
            if not owner.is_admin:
                raise Refused("Only an admin of this workspace can name them.")
            await work.tx.workspaces.change(owner.workspace_id, contacts=contacts or None)

    async def uninstall(self, team_id: str, at: datetime | None = None) -> None:
        """The app was removed: its token is forgotten and nothing more is sent, what was to be said included.

        `at`: when, to the second, if that is known. Slack repeats an event, or delivers it late: one from before Slack
        took this token was about another. Were one about this token taken for such, the next call would show it.
        """
        async with self._units.database.write() as tx:
            found, now = await tx.workspaces.lock(team_id), self._units.clock.now()
            if found is not None and not (at is not None and at < found.installed_at.replace(microsecond=0)):
                await tx.workspaces.change(found.id, bot_token=None, uninstalled_at=now)
                await tx.deliveries.drop_all_of(found.id, now)
