"""A team with a channel for wins, on either database."""

from dataclasses import dataclass

from bot.clock import ManualClock
from bot.domain.deliveries import Delivery, Method, Says
from bot.domain.members import Member
from bot.domain.wins import CheerKind, Win
from bot.domain.workspaces import Workspace
from bot.services.cheers import Cheers
from bot.services.wins import Wins, win_posted
from bot.services.work import Units

CHANNEL = "C0WINS"
POST_TS = "1700.1"


@dataclass
class Team:
    """Maya of Berlin with a database; `said` is every delivery that came of a step."""

    units: Units
    clock: ManualClock
    wins: Wins
    workspace: Workspace
    maya: Member
    said: list[Delivery]

    async def draft(self, text: str = "Shipped it") -> Win:
        await self.wins.draft(self.maya, text, key=f"draft:{text}")
        async with self.units.database.read() as tx:
            return (await tx.wins.all())[-1]

    async def shared(self, text: str = "Shipped it") -> Win:
        """A win in the channel, with Slack's answer."""
        win = await self.draft(text)
        await self.wins.share(self.maya, win.id, CHANNEL, key=f"share:{text}")
        async with self.units.begin() as work:
            await win_posted(work, self.maya.id, win.id, CHANNEL, POST_TS)
        self.said.clear()
        return await self.read(win)

    async def read(self, win: Win) -> Win:
        async with self.units.database.read() as tx:
            return await tx.wins.get(win.id)

    async def cheer(self, win: Win, who: str, kind: CheerKind = CheerKind.CLAP, *, ts: str = POST_TS) -> None:
        key = f"{who}:{kind}:{self.clock.now()}:{len(self.said)}"
        await self.wins.cheer("T1", who, win.id, kind, channel_id=CHANNEL, ts=ts, key=key)

    async def cheers(self) -> dict[str, CheerKind]:
        async with self.units.database.read() as tx:
            return {cheer.slack_id: cheer.kind for cheer in await tx.cheers.all()}

    async def tell(self) -> None:
        """Owners hear who cheered."""
        await Cheers(self.units).tell_due()

    def kinds(self) -> list[tuple[Says, Method]]:
        return [(row.says, row.method) for row in self.said if row.says is not Says.HOME]

    async def waiting(self, says: Says) -> list[Delivery]:
        async with self.units.database.read() as tx:
            return [row for row in await tx.deliveries.all() if row.says is says]
