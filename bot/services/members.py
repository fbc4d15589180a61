"""Who uses the app."""

from datetime import UTC, datetime
from typing import Final

from bot.clock import Clock
from bot.domain.deliveries import Says
from bot.domain.members import Member, Profile
from bot.domain.workspaces import Workspace
from bot.services.work import Units

LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Members:
    """Meets people, and remembers what Slack says about them."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self.clock: Clock = units.clock

    async def find(self, team_id: str, slack_id: str) -> Member | None:
        async with self._units.database.read() as tx:
            workspace = await tx.workspaces.by_team(team_id)
            return await tx.members.by_slack_id(workspace.id, slack_id) if workspace else None

    async def remember(self, workspace: Workspace, slack_id: str, profile: Profile, *, is_fresh: bool = True) -> Member:
        """The member as Slack describes them today. A changed zone does not move an agreement: that is theirs to say.

        `is_fresh` False: a makeshift profile, to be read again at the next occasion.
        """
        async with self._units.database.write() as tx:
            now = self.clock.now()
            read_at = now if is_fresh else LONG_AGO
            member = await tx.members.add_once(
                "workspace_id",
                "slack_id",
                workspace_id=workspace.id,
                slack_id=slack_id,
                joined_at=now,
                read_at=read_at,
                **profile.model_dump(),
            )
            if member is not None:
                return member
            known = await tx.members.by_slack_id(workspace.id, slack_id)
            if known is None:  # erased between the two statements
                raise LookupError(f"no member {slack_id}")
            return await tx.members.change(known.id, read_at=read_at, **profile.model_dump())

    async def opened_dm(self, member: Member, channel_id: str) -> None:
        async with self._units.database.write() as tx:
            await tx.members.change(member.id, channel_id=channel_id)

    async def say_gone(self, team_id: str, slack_id: str) -> None:
        """Says that what was clicked is not there any more; of a stranger nothing is kept by it."""
        member = await self.find(team_id, slack_id)
        if member is not None:
            await self.tell(member, "gone")
            return
        async with self._units.begin() as work:
            workspace = await work.tx.workspaces.by_team(team_id)
            if workspace is not None:
                await work.say_to_stranger(workspace.id, slack_id, Says.PHRASE, {"phrase": "gone"}, channel=slack_id)

    async def tell(self, member: Member, phrase: str) -> None:
        """One of the fixed sentences of `rendering.copy`."""
        async with self._units.begin() as work:
            await work.phrase(member, phrase)
