"""Who uses the app."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.clock import Clock
from bot.domain.deliveries import Says
from bot.domain.members import Member, Profile
from bot.domain.moving import is_news
from bot.domain.workspaces import Workspace
from bot.services import scheduling
from bot.services.work import Units
from bot.storage.transaction import Transaction

LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Known:
    """What we know of someone of whom Slack says that they act: `member` None, when we have not met them."""

    workspace: Workspace
    slack_id: str
    member: Member | None

    def is_about(self, team_id: str, slack_id: str) -> bool:
        return (self.workspace.team_id, self.slack_id) == (team_id, slack_id)


class Members:
    """Meets people, and remembers what Slack says about them."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self.clock: Clock = units.clock

    async def find(self, team_id: str, slack_id: str) -> Member | None:
        async with self._units.database.read() as tx:
            found = await tx.workspaces.with_member(team_id, slack_id)
        return found[1] if found else None

    async def known(self, team_id: str, slack_id: str) -> Known:
        """Raises LookupError for a workspace that does not have the app."""
        async with self._units.database.read() as tx:
            found = await tx.workspaces.with_member(team_id, slack_id)
        if found is None or found[0].bot_token is None:
            raise LookupError(f"the app is not installed in {team_id}")
        return Known(found[0], slack_id, found[1])

    async def remember(self, workspace: Workspace, slack_id: str, profile: Profile, *, is_fresh: bool = True) -> Member:
        """The member as Slack describes them today. A changed zone does not move an agreement: they are asked.

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
            known = await tx.members.lock(known.id)  # who may be agreeing on something at this moment
            asking = await _zone_question(tx, known, profile.zone, now) if profile.zone != known.zone else {}
            changed = await tx.members.change(known.id, read_at=read_at, **profile.model_dump(), **asking)
        if changed.ask_zone_at is not None:
            self._units.on_change()
        return changed

    async def opened_dm(self, member: Member, channel_id: str) -> None:
        async with self._units.database.write() as tx:
            await tx.members.change(member.id, channel_id=channel_id)

    async def left(self, member: Member) -> None:
        """Their account is deactivated: Slack would take what is written to it as before. Should they come back,
        everything is there, and begins when they say so."""
        async with self._units.for_member(member) as (work, owner):
            if owner.stopped_at is None:
                await scheduling.stop(work, owner)

    async def say_gone(self, team_id: str, slack_id: str) -> None:
        """Says that what was clicked is not there any more; of a stranger nothing is kept by it."""
        member = await self.find(team_id, slack_id)
        if member is not None:
            with suppress(LookupError):  # they delete everything at this moment
                await self.tell(member, "gone")
                return
        async with self._units.begin() as work:
            workspace = await work.tx.workspaces.by_team(team_id)
            if workspace is not None:
                await work.say_to_stranger(workspace.id, slack_id, Says.PHRASE, {"phrase": "gone"}, channel=slack_id)

    async def tell(self, member: Member, phrase: str) -> None:
        """One of the fixed sentences of `rendering.copy`. Raises LookupError when the member is gone."""
        async with self._units.for_member(member) as (work, known):
            await work.phrase(known, phrase)


async def _zone_question(tx: Transaction, known: Member, seen: str, now: datetime) -> dict[str, Any]:
    """When to ask whether the agreement moves along to `seen`; never, where it keeps the same time anyway."""
    agreement = await tx.agreements.current(known.id)
    if agreement is None or not is_news(agreement.terms.cadence.zone, seen, known.asked_about_zone, now):
        return {"ask_zone_at": None}
    return {"ask_zone_at": now}
