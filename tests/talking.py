"""A member in conversation, on either database: what is said is rendered and put on a screen, in its order."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.clock import ManualClock
from bot.delivery.content import Letter
from bot.delivery.contents import Contents
from bot.delivery.posting import Place
from bot.domain.commitments import Commitment
from bot.domain.deliveries import Delivery, Method, Says
from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import Move, Reply
from bot.domain.members import Member
from bot.domain.readiness import Stage
from bot.domain.sittings import KeptAnswer, Sitting
from bot.services import Services
from bot.services.sittings import open_sitting
from bot.services.work import Units
from bot.storage.database import Database
from bot.storage.types import FernetCipher
from playground.blockkit.checks import check_message
from tests import factories

ANOTHER = timedelta(seconds=1)
SON = "My son has dinner with the back of my laptop"
"""What she says first, when she weighs it up."""


@dataclass
class Shown:
    """A message on the screen; `says` is what it was when it was sent."""

    says: Says
    text: str
    blocks: list[dict[str, Any]]
    thread_ts: str | None = None

    @property
    def buttons(self) -> dict[str, str]:
        """action_ids by label."""
        found = {}
        for block in self.blocks:
            for element in [*block.get("elements", []), block.get("accessory") or {}]:
                if element.get("type") == "button":
                    found[element["text"]["text"]] = element["action_id"]
        return found

    @property
    def menu(self) -> list[str]:
        """The labels of the "…" menu."""
        menus = [one for block in self.blocks for one in block.get("elements", []) if one.get("type") == "overflow"]
        return [option["text"]["text"] for menu in menus for option in menu["options"]]

    @property
    def whole(self) -> str:
        """Everything that can be read."""
        said = [block.get("text", {}).get("text", "") for block in self.blocks]
        said += [one["text"] for block in self.blocks if block["type"] == "context" for one in block["elements"]]
        return "\n".join([self.text, *said])


@dataclass
class Talk:
    """Maya of Berlin. `flush` puts what was said on the screen; until then it is on its way."""

    services: Services
    units: Units
    clock: ManualClock
    contents: Contents
    maya: Member
    pending: deque[Delivery]
    screen: dict[str, Shown] = field(default_factory=dict)
    count: int = 0

    def next_ts(self) -> str:
        """Time passes, and a message gets it."""
        self.clock.advance(ANOTHER)
        return f"{int(self.clock.now().timestamp())}.000100"

    def key(self) -> str:
        self.count += 1
        return f"key:{self.count}"

    async def flush(self) -> list[Shown]:
        """The messages that appeared, oldest first. Each is what Slack takes."""
        appeared = []
        while self.pending:
            row = self.pending.popleft()
            if row.method is Method.HOME:
                continue
            letter = (await self.contents.of([row]))[row.id]
            if isinstance(letter, LookupError):
                continue
            assert isinstance(letter, Letter), letter
            content = letter.content
            if content is None:
                continue
            blocks = [dict(block) for block in content.blocks]
            assert check_message(blocks=blocks, text=content.text) == []
            shown = Shown(row.says, content.text, blocks, content.thread_ts)
            ts = content.ts or self.next_ts()
            if row.method is Method.POST:
                appeared.append(shown)
            self.screen[ts] = shown
            async with self.units.begin() as work:
                await self.contents.sent(work, row, Place("D1", ts))
        return appeared

    async def one(self) -> Shown:
        """The only message that appeared."""
        (shown,) = await self.flush()
        return shown

    def last(self) -> Shown:
        return list(self.screen.values())[-1]

    async def commit(self, text: str = "stop answering email after 7", **values: Any) -> Commitment:
        async with self.units.database.write() as tx:
            return await factories.commitment(tx, self.maya, text, **values)

    async def commitment(self, commitment_id: int) -> Commitment:
        async with self.units.database.read() as tx:
            return await tx.commitments.get(commitment_id)

    async def open(self, guide: GuideId, about: Commitment | None = None, **options: Any) -> None:
        async with self.units.for_member(self.maya) as (work, maya):
            await open_sitting(work, maya, guide, about, **options)

    async def stage(self, about: Commitment, stage: Stage | None, ts: str | None = None) -> None:
        await self.services.readiness.choose(self.maya, about.id, stage, key=self.key(), ts=ts)

    async def types(self, text: str, thread_ts: str | None = None, ts: str | None = None, **more: Any) -> str:
        """A typed message, handled; its ts."""
        ts = ts or self.next_ts()
        await self.services.inbox.receive(self.maya, ts, text, thread_ts, self.key(), **more)
        return ts

    async def taps(self, value: str) -> None:
        sitting = await self.running()
        reply = Reply.choice(value, sitting.prompt_step)
        await self.services.conversations.reply(self.maya, sitting.id, reply, key=self.key())

    async def does(self, move: Move) -> None:
        sitting = await self.running()
        reply = Reply(move=move, step_id=sitting.prompt_step)
        await self.services.conversations.reply(self.maya, sitting.id, reply, key=self.key())

    async def running(self) -> Sitting:
        async with self.units.database.read() as tx:
            found = await tx.conversations.running(self.maya.id)
        assert found is not None
        return found

    async def sittings(self) -> list[Sitting]:
        async with self.units.database.read() as tx:
            return await tx.conversations.all()

    async def answers(self) -> dict[str, KeptAnswer]:
        """By step."""
        async with self.units.database.read() as tx:
            kept = await tx.answers.all_with(member_id=self.maya.id)
        return {row.step: row for row in kept if row.text}


def next_friday(clock: ManualClock) -> datetime:
    """10:00 in Berlin, the Friday of the tests' week."""
    return clock.now().replace(hour=9) + timedelta(days=4)


@asynccontextmanager
async def talking(database_url: str, clock: ManualClock, keys: tuple[str, ...] = ()) -> AsyncIterator[Talk]:
    """A talk on a fresh database."""
    database = Database(database_url, FernetCipher(keys))
    units = factories.units_over(database, clock)
    async with database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx), "UMAYA")
    pending: deque[Delivery] = deque()
    units.on_said = pending.extend
    yield Talk(Services.over(units), units, clock, Contents(database, clock), maya, pending)
    await database.close()


async def weighing(talk: Talk) -> None:
    """A first question is on the screen."""
    await talk.stage(await talk.commit(), Stage.CONTEMPLATION)
    await talk.flush()


async def open_check_in(talk: Talk) -> str:
    """One with a commitment to be answered, on the screen; its ts."""
    ts = talk.next_ts()
    about = await talk.commit("Finish the report")
    async with talk.units.database.write() as tx:
        made = await factories.check_in(tx, talk.maya, talk.clock.now(), ts=ts)
        await factories.item(tx, made, about)
    return ts
