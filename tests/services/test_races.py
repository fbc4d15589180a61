"""Two acts at once, in two processes: one is held before a statement while the other goes as far as it can. What comes
of it is what comes of one after the other, in one order or the other: nothing lost, nothing twice, nobody who waits for
somebody who waits for them.

SQLite has one writer at a time, so all of this is PostgreSQL's.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.util import await_only

from bot.clock import ManualClock
from bot.delivery.contents import Contents
from bot.delivery.outcomes import Failed, Sent
from bot.delivery.posting import Place
from bot.delivery.recording import Recording
from bot.domain.agreements import default_terms
from bot.domain.check_ins import Answer, Item
from bot.domain.deliveries import Delivery, DeliveryState, Method, Refs, Says
from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import Move, Reply
from bot.domain.members import Member, Profile
from bot.domain.sittings import Sitting
from bot.domain.wins import CheerKind, Win, WinState
from bot.domain.workspaces import Workspace
from bot.services import Services
from bot.services.commitments import NewCommitment
from bot.services.sittings import open_sitting
from bot.services.terms import agree
from bot.services.work import Units
from bot.storage import tables
from bot.storage.database import Database
from tests import factories

AFTERNOON = datetime(2027, 1, 5, 15, 30, tzinfo=UTC)
"""Tuesday, 16:30 in Berlin: a check-in is due, and who cheered is told."""
AN_HOUR = timedelta(hours=1)
CHANNEL = "C0WINS"

NO_MATTER = {
    *("id", "token", "key", "refs", "lane"),
    *("claimed_by", "claimed_until", "leased_by", "leased_until", "parked_until"),
}
"""Columns that differ from run to run."""

Act = Callable[["Scene", Services], Awaitable[object]]
Told = tuple[str, str, Mapping[str, Counter[str]]]
"""How two acts ended, and every row that there is then."""


class Process:
    """A process of its own, which can be held before the first statement that has certain words."""

    def __init__(self, url: str, clock: ManualClock, name: str) -> None:
        self.database = Database(url)
        self.units = Units(self.database, clock, name)
        self.services = Services.over(self.units)
        self._held_before: str | None = None
        engine = self.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: self._come_to(statement))
        event.listen(engine, "commit", lambda _c: self._come_to("COMMIT"))

    def hold(self, before: str) -> None:
        self._held_before, self.is_held, self.goes_on = before, asyncio.Event(), asyncio.Event()

    def _come_to(self, statement: str) -> None:
        if self._held_before is not None and self._held_before in " ".join(statement.split()):
            self._held_before = None
            self.is_held.set()
            await_only(self.goes_on.wait())


@dataclass(frozen=True)
class Scene:
    """Maya and Anna have cheered each other, and a check-in of each is due. Maya is asked how ready she is, and `line`
    of an earlier check-in is open. A message of hers is `under_way`."""

    workspace: Workspace
    maya: Member
    anna: Member
    line: Item
    sitting: Sitting
    shared: Win
    under_way: Delivery


async def _set_the_scene(process: Process) -> Scene:
    units, now = process.units, process.units.clock.now()
    async with units.begin() as work:
        tx = work.tx
        workspace = await factories.workspace(tx, wins_channel_id=CHANNEL, wins_channel_name="wins")
        maya = await factories.member(tx, workspace, "UMAYA", home_opened_at=now - AN_HOUR)
        anna = await factories.member(tx, workspace, "UANNA")
        terms = default_terms("Europe/Berlin", now.date())
        await agree(work, maya, terms)
        report = await factories.commitment(tx, maya, "Finish the report", next_due_at=now)
        await factories.commitment(tx, anna, "Read", next_due_at=now)
        open_one = await factories.check_in(tx, maya, now - 6 * AN_HOUR, remind_at=now)
        line = await factories.item(tx, open_one, report)
        wins = []
        for owner, friend in ((maya, "UANNA"), (anna, "UMAYA")):
            ids = {"workspace_id": workspace.id}
            where = {"state": WinState.SHARED, "channel_id": CHANNEL, "ts": f"{owner.slack_id}.1"}
            win = await tx.wins.add(**ids, member_id=owner.id, text="Out it is", created_at=now, **where)
            given = {"kind": CheerKind.CLAP, "cheered_at": now - AN_HOUR}
            await tx.cheers.add(**ids, win_id=win.id, slack_id=friend, **given)
            wins.append(win)
        await open_sitting(work, maya, GuideId.RULER, report)
        sitting = await tx.conversations.running(maya.id)
        assert sitting is not None
        sitting = await tx.conversations.change(sitting.id, prompt_ts=f"{now.timestamp() - 60}")
        under_way = await tx.deliveries.add(
            workspace_id=workspace.id,
            member_id=maya.id,
            key="under way",
            token="token",
            lane=f"dm:{maya.id}",
            method=Method.POST,
            says=Says.PHRASE,
            refs={"phrase": "gone"},
            due_at=now,
            state=DeliveryState.CLAIMED,
            claimed_by="one",
            attempts=0,
        )
    return Scene(workspace, maya, anna, line, sitting, wins[0], under_way)


class Stage:
    """Two processes, and someone who looks on."""

    def __init__(self, url: str, clock: ManualClock) -> None:
        self.processes = [Process(url, clock, name) for name in ("one", "two", "a looker-on")]
        self._one, self._two, self._looker_on = self.processes

    async def one_after_the_other(self, first: Act, second: Act) -> Told:
        """What comes of it, `first` named first."""
        scene = await _set_the_scene(self._looker_on)
        here = await _end_of(first(scene, self._one.services))
        there = await _end_of(second(scene, self._two.services))
        return here, there, await self._rows(scene)

    async def at_once(self, first: Act, held_before: str, second: Act) -> Told:
        """The second goes as far as it can while the first is held."""
        scene = await _set_the_scene(self._looker_on)
        self._one.hold(held_before)
        async with asyncio.timeout(60):
            acting = asyncio.create_task(_end_of(first(scene, self._one.services)))
            await self._one.is_held.wait()
            meanwhile = asyncio.create_task(_end_of(second(scene, self._two.services)))
            while not meanwhile.done() and not await self._somebody_waits():
                await asyncio.wait({meanwhile}, timeout=0.002)
            self._one.goes_on.set()
            return await acting, await meanwhile, await self._rows(scene)

    async def _somebody_waits(self) -> bool:
        async with self._looker_on.database.read() as tx:
            waits = text("SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1")
            return (await tx.connection.execute(waits)).first() is not None

    async def _rows(self, scene: Scene) -> Mapping[str, Counter[str]]:
        """What there is once all is at rest: nothing of it is left for the next scene."""
        while await self._looker_on.services.opening.open_due():
            pass  # whom somebody had in hand at that moment
        rows = {}
        async with self._looker_on.database.write() as tx:
            workspace = await tx.workspaces.get(scene.workspace.id)
            for table in tables.metadata.sorted_tables:
                found = (await tx.connection.execute(select(table))).mappings()
                rows[table.name] = Counter(_plain(row) for row in found if not _is_lost(table.name, row, workspace))
            await tx.workspaces.forget_team(scene.workspace.team_id)
        return rows


async def _end_of(act: Awaitable[object]) -> str:
    try:
        await act
    except Exception as error:  # noqa: BLE001  # told with what came of it
        return type(error).__name__
    return "done"


def _plain(row: Mapping[Any, Any]) -> str:
    return str({name: value for name, value in row.items() if name not in NO_MATTER and not name.endswith("_id")})


def _is_lost(table: str, row: Mapping[Any, Any], workspace: Workspace) -> bool:
    """Whether it is a message where the app is gone: dropped with it, or as soon as it is to be sent."""
    return table == "deliveries" and workspace.bot_token is None and row["ts"] is None


def _differences(told: Told, other: Told) -> list[str]:
    ends = [f"{is_so}, not {was}" for is_so, was in zip(told[:2], other[:2], strict=True) if is_so != was]
    more = [f"more: {table} {row}" for table in told[2] for row in told[2][table] - other[2][table]]
    less = [f"less: {table} {row}" for table in told[2] for row in other[2][table] - told[2][table]]
    return ends + more + less


# What they do


async def _erases(scene: Scene, services: Services) -> None:
    await services.privacy.erase(scene.maya, key="erase:UMAYA")


async def _anna_erases(scene: Scene, services: Services) -> None:
    await services.privacy.erase(scene.anna, key="erase:UANNA")


async def _looks_at_home(_scene: Scene, services: Services) -> None:
    await services.overview.show_home("T1", "UMAYA")


async def _clicks_an_old_button(_scene: Scene, services: Services) -> None:
    await services.members.say_gone("T1", "UMAYA")


async def _anna_cheers(scene: Scene, services: Services) -> None:
    where: dict[str, str] = {"channel_id": CHANNEL, "ts": "UMAYA.1"}
    await services.wins.cheer("T1", "UANNA", scene.shared.id, CheerKind.PARTY, **where, key="cheer:UANNA")


async def _opens(_scene: Scene, services: Services) -> None:
    await services.opening.open_due()


async def _reminds(_scene: Scene, services: Services) -> None:
    await services.reminding.remind_due()


async def _done(scene: Scene, services: Services) -> None:
    await services.check_ins.answer(scene.maya, scene.line.id, Answer.DONE, key="done")


async def _not_yet(scene: Scene, services: Services) -> None:
    await services.check_ins.answer(scene.maya, scene.line.id, Answer.NOT_YET, key="not yet")


async def _pauses(scene: Scene, services: Services) -> None:
    await services.pauses.pause(scene.maya, None, key="pause")


async def _moves(scene: Scene, services: Services) -> None:
    await services.zones.move(scene.maya, "America/New_York", key="move", ts=None)


async def _types(scene: Scene, services: Services) -> None:
    ts = f"{AFTERNOON.timestamp()}"
    await services.inbox.receive(scene.maya, ts, "7", None, "type")


async def _skips(scene: Scene, services: Services) -> None:
    reply = Reply(move=Move.SKIP, step_id=scene.sitting.prompt_step)
    await services.conversations.reply(scene.maya, scene.sitting.id, reply, key="skip")


async def _commits(scene: Scene, services: Services) -> None:
    await services.commitments.make(scene.maya, NewCommitment(text="Walk"), key="commit")


async def _commits_too(scene: Scene, services: Services) -> None:
    await services.commitments.make(scene.maya, NewCommitment(text="Run", on_request=True), key="commit too")


async def _anna_begins(scene: Scene, services: Services) -> None:
    await services.commitments.make(scene.anna, NewCommitment(text="Swim"), key="begin")


async def _anna_travels(scene: Scene, services: Services) -> None:
    profile = Profile(zone="Asia/Tokyo", locale="en-GB", is_admin=False)
    await services.members.remember(scene.workspace, "UANNA", profile)


async def _installs(_scene: Scene, services: Services) -> None:
    given = {"name": "Testers", "bot_user_id": "UBOT", "bot_id": "BBOT"}
    await services.workspaces.install(team_id="T1", bot_token="xoxb-2", **given)


async def _was_removed(_scene: Scene, services: Services) -> None:
    """Slack is late with it: by its time it was before the app came back."""
    await services.workspaces.uninstall("T1", AFTERNOON - timedelta(minutes=1))


async def _is_removed(_scene: Scene, services: Services) -> None:
    await services.workspaces.uninstall("T1")


async def _is_refused(scene: Scene, services: Services) -> None:
    """Slack tells it first to whoever sends something."""
    recording = Recording(services.units, Contents(services.units.database, services.units.clock))
    await recording.keep([(scene.under_way, Failed("token_revoked", revoked="xoxb-T1"))])


async def _is_posted(scene: Scene, services: Services) -> None:
    refs: Refs = {"win": scene.shared.id, "channel": CHANNEL}
    row = scene.under_way.model_copy(update={"says": Says.WIN_POST, "refs": refs})
    recording = Recording(services.units, Contents(services.units.database, services.units.clock))
    await recording.keep([(row, Sent(Place(CHANNEL, "UMAYA.1")))])


AFTER_CHEERS = "DELETE FROM wins"

AT_ONCE: Mapping[str, list[tuple[Act, str, Act]]] = {
    "someone deletes everything": [
        (_erases, AFTER_CHEERS, _opens),
        (_anna_erases, AFTER_CHEERS, _anna_cheers),
        (_anna_erases, "SELECT agreements", _erases),
        (_anna_cheers, "FOR NO KEY UPDATE", _erases),
        (_looks_at_home, "UPDATE members", _erases),
        (_clicks_an_old_button, "INSERT INTO deliveries", _erases),
        (_erases, "COMMIT", _types),
        (_types, "COMMIT", _erases),
        (_erases, "DELETE FROM", _is_posted),
        (_is_posted, "UPDATE deliveries", _erases),
    ],
    "the app comes and goes": [
        (_installs, "COMMIT", _was_removed),
        (_is_refused, "UPDATE workspaces", _installs),
        (_is_refused, "UPDATE workspaces", _is_removed),
        (_is_removed, "UPDATE deliveries", _is_refused),
    ],
    "one member": [
        (_anna_travels, "UPDATE members", _anna_begins),
        (_anna_begins, "COMMIT", _anna_travels),
        (_done, "COMMIT", _not_yet),
        (_types, "COMMIT", _skips),
        (_skips, "COMMIT", _types),
        (_commits, "COMMIT", _commits_too),
    ],
    "what is due": [
        (_opens, "COMMIT", _opens),
        (_opens, "COMMIT", _done),
        (_done, "COMMIT", _opens),
        (_opens, "UPDATE commitments", _pauses),
        (_opens, "UPDATE commitments", _moves),
        (_moves, "COMMIT", _opens),
        (_reminds, "FOR NO KEY UPDATE", _done),
        (_reminds, "FOR NO KEY UPDATE", _pauses),
    ],
}
"""Who does what, is held before which statement, and what somebody does meanwhile."""


@pytest.fixture
async def stage(postgres_url: str, clock: ManualClock) -> AsyncIterator[Stage]:
    clock.set(AFTERNOON)
    made = Stage(postgres_url, clock)
    yield made
    for process in made.processes:
        await process.database.close()


@pytest.mark.parametrize("when", AT_ONCE)
async def test_two_acts_at_once_are_one_after_the_other(stage: Stage, when: str) -> None:
    for first, held_before, second in AT_ONCE[when]:
        told = await stage.at_once(first, held_before, second)
        in_order = await stage.one_after_the_other(first, second)
        then, before, rows = await stage.one_after_the_other(second, first)
        found = min(_differences(told, in_order), _differences(told, (before, then, rows)), key=len)
        assert not found, (first.__name__, held_before, second.__name__)
