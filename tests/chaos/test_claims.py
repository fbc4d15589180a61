"""The protocol of leases and claims, played by processes that stall, crash and come back, on both databases."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Column, ColumnElement, delete, update

from bot.clock import ManualClock
from bot.domain.deliveries import Delivery, Says
from bot.domain.members import Member
from bot.services.work import Units
from bot.storage import tables
from bot.storage.database import Database
from tests import factories
from tests.chaos.conftest import Scale
from tests.conftest import MONDAY

LEASE: Final = timedelta(seconds=60)
AGO: Final = timedelta(seconds=1)
ROOM: Final = 3
"""Rows that a process begins at once."""

NUMBERS: Final = st.integers(0, 20)
"""Which of those there are: the one so far down the list, counted around."""

T = TypeVar("T")


@dataclass
class Process:
    """One life of a process: after a crash there is another, with another name. `ahead`: what it looked at, and did not
    claim; `hand`: what it claimed; `lapsed`: it knows that its time is over."""

    name: str
    leases: set[int] = field(default_factory=set)
    ahead: list[Delivery] = field(default_factory=list)
    hand: dict[int, Delivery] = field(default_factory=dict)
    posted: set[int] = field(default_factory=set)
    lapsed: bool = False


class Claims(RuleBasedStateMachine):
    """Two processes live at a time. The dead and the stalled keep what they claimed until it lapses."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = Database(self.url)
        self.clock = ManualClock(MONDAY)
        self.lives = 0
        self.processes = [self.born(), self.born()]
        self.gone: list[Process] = []
        self.owed: set[int] = set()
        self.in_slack: Counter[int] = Counter()
        self.order: dict[tuple[str, bool], list[int]] = defaultdict(list)
        self.members: list[Member] = self.runner.run(self.people())

    def born(self) -> Process:
        self.lives += 1
        return Process(f"process {self.lives}")

    async def people(self) -> list[Member]:
        async with self.database.write() as tx:
            await tx.connection.execute(delete(tables.workspaces))
            places = [await factories.workspace(tx, f"T{number}") for number in range(2)]
            return [await factories.member(tx, place) for place in places]

    # What is to be said

    @rule(whom=NUMBERS)
    def schedule(self, whom: int) -> None:
        async def say() -> None:
            async with self.units("the scheduler").begin() as work:
                await work.say(_pick(self.members, whom), Says.PHRASE, {"phrase": "x"}, at=work.now)
                self.owed |= {row.id for row in await work.tx.deliveries.all()}

        self.runner.run(say())

    @rule(who=NUMBERS, whom=NUMBERS)
    def reply(self, who: int, whom: int) -> None:
        """Born claimed by the process that handled an act."""
        process = _pick(self.processes, who)

        async def say() -> Sequence[Delivery]:
            async with self.units(process.name).begin() as work:
                await work.say(_pick(self.members, whom), Says.PHRASE, {"phrase": "x"})
            return work.born

        if not process.lapsed:
            for row in self.runner.run(say()):
                self.owed.add(row.id)
                process.hand[row.id] = row

    # What a process does

    @rule(who=NUMBERS)
    def take(self, who: int) -> None:
        process = _pick(self.processes, who)

        async def take() -> None:
            async with self.database.write() as tx:
                wanted = await tx.leases.wanted(self.clock.now(), self.clock.machine_now(), 1)
                taken = await tx.leases.take(wanted, self.clock.machine_now(), process.name, LEASE)
            process.leases |= set(taken)

        if not process.lapsed:
            self.runner.run(take())

    @rule(who=NUMBERS)
    def renew(self, who: int) -> None:
        process = _pick(self.processes, who)

        async def renew() -> None:
            async with self.database.write() as tx:
                ids = sorted(process.leases)
                process.leases = await tx.leases.renew(ids, self.clock.machine_now(), process.name, LEASE)

        self.runner.run(renew())

    @rule(who=NUMBERS)
    def give_up(self, who: int) -> None:
        process = _pick(self.processes, who)

        async def give_up() -> None:
            async with self.database.write() as tx:
                await tx.leases.give_up(sorted(process.leases), process.name)
            process.leases.clear()

        self.runner.run(give_up())

    @rule(who=NUMBERS)
    def look_ahead(self, who: int) -> None:
        """Anywhere: that a row is in one hand is for its claim to see to, not for the lease. What it sees may be
        another's when it comes to it."""
        process = _pick(self.processes, who)
        process.ahead = self.runner.run(self.ahead([member.workspace_id for member in self.members]))

    @rule(who=NUMBERS)
    def mark(self, who: int) -> None:
        process = _pick(self.processes, who)

        async def mark() -> dict[int, int]:
            async with self.database.write() as tx:
                ids = [row.id for row in process.ahead[:ROOM]]
                return await tx.deliveries.mark(ids, self.clock.machine_now(), process.name, LEASE)

        if not process.ahead:
            self.look_ahead(who)
        if not process.lapsed and process.ahead:
            marked = self.runner.run(mark())
            for row in process.ahead[:ROOM]:
                if row.id in marked:
                    process.hand[row.id] = row.model_copy(update={"attempts": marked[row.id]})
            del process.ahead[:ROOM]

    @rule(who=NUMBERS, which=NUMBERS)
    def post(self, who: int, which: int) -> None:
        """A call: only with time left, and after a look where the row was tried before."""
        process = _pick(self.processes, who)
        row = _pick_or_none(sorted(set(process.hand) - process.posted), which)
        if row is not None and not process.lapsed:
            self.call(process, process.hand[row])

    @rule(who=NUMBERS, which=NUMBERS)
    def write_down(self, who: int, which: int) -> None:
        """That it was sent; late, perhaps, when others have the row already."""
        process = _pick(self.processes, who)
        row_id = _pick_or_none(sorted(process.posted), which)
        if row_id is not None:
            self.runner.run(self.keep_sent(row_id))
            process.posted.discard(row_id)
            process.hand.pop(row_id, None)

    @rule(who=NUMBERS, which=NUMBERS, was_posted=st.booleans())
    def lose(self, who: int, which: int, *, was_posted: bool) -> None:
        """The call ends without an answer: Slack has the message, or not. Another try later."""
        process = _pick(self.processes, who)
        row_id = _pick_or_none(sorted(set(process.hand) - process.posted), which)
        if row_id is None or process.lapsed:
            return
        row = process.hand[row_id]
        if was_posted and not self.call(process, row):
            return
        self.runner.run(self.put_back(process, row, wait=LEASE, attempts=row.attempts + 1))

    @rule(who=NUMBERS, which=NUMBERS)
    def put_back_untried(self, who: int, which: int) -> None:
        process = _pick(self.processes, who)
        row_id = _pick_or_none(sorted(set(process.hand) - process.posted), which)
        if row_id is not None:
            self.runner.run(self.put_back(process, process.hand[row_id]))

    @rule(who=NUMBERS, which=NUMBERS)
    def park(self, who: int, which: int) -> None:
        """A 429: nobody sends there for a while."""
        process = _pick(self.processes, who)
        row_id = _pick_or_none(sorted(set(process.hand) - process.posted), which)

        async def park(row: Delivery) -> None:
            async with self.database.write() as tx:
                await tx.leases.park(row.workspace_id, self.clock.machine_now(), LEASE)
            await self.put_back(process, row)

        if row_id is not None:
            self.runner.run(park(process.hand[row_id]))

    # What befalls it

    @rule(who=NUMBERS)
    def crash(self, who: int) -> None:
        dead = _pick(self.processes, who)
        self.processes.remove(dead)
        self.processes.append(self.born())
        self.gone.append(dead)

    @rule(who=NUMBERS)
    def stall(self, who: int) -> None:
        """It stood still for longer than a lease, and finds out before its next call; what it posted it writes down."""
        stalled = _pick(self.processes, who)
        self.runner.run(self.lapse(stalled))
        stalled.lapsed = True

    @precondition(lambda self: any(process.lapsed for process in self.processes))
    @rule()
    def go_on(self) -> None:
        """It lets go of what it cannot call any more, and works again."""
        for process in self.processes:
            if process.lapsed:
                for row_id in set(process.hand) - process.posted:
                    self.runner.run(self.put_back(process, process.hand[row_id]))
                process.lapsed = False
                self.renew(self.processes.index(process))

    @rule(who=NUMBERS, which=NUMBERS)
    def die_in_a_call(self, who: int, which: int) -> None:
        """The worst moment: Slack has the message, and nobody knows."""
        dead = _pick(self.processes, who)
        self.mark(who)
        self.post(who, which)
        self.crash(who)
        self.runner.run(self.lapse(dead))
        dead.lapsed = True

    @precondition(lambda self: any(not process.lapsed for process in self.gone))
    @rule()
    def time_passes_for_the_dead(self) -> None:
        for process in self.gone:
            self.runner.run(self.lapse(process))
            process.lapsed = True

    @rule()
    def waits_are_over(self) -> None:
        self.runner.run(self.end_waits())

    # What holds

    @invariant()
    def nothing_is_in_two_hands(self) -> None:
        hands = Counter(row for process in self.holders() for row in process.hand)
        assert not [row for row, count in hands.items() if count > 1], hands

    @invariant()
    def no_workspace_has_two_leases(self) -> None:
        leases = Counter(place for process in self.holders() for place in process.leases)
        assert not [place for place, count in leases.items() if count > 1], leases

    @invariant()
    def nothing_is_said_twice(self) -> None:
        assert not [row for row, count in self.in_slack.items() if count > 1], self.in_slack

    @invariant()
    def each_kind_keeps_its_order_in_a_lane(self) -> None:
        assert all(rows == sorted(rows) for rows in self.order.values()), self.order

    def teardown(self) -> None:
        """Whatever happened: one more process, and everything is said, once."""
        try:
            last = self.born()
            for process in (*self.processes, *self.gone):
                self.runner.run(self.lapse(process))
            for _ in range(2 * len(self.owed) + 2):
                self.runner.run(self.end_waits())
                self.runner.run(self.finish(last))
            assert set(self.in_slack) == self.owed
            self.nothing_is_said_twice()
            self.each_kind_keeps_its_order_in_a_lane()
        finally:
            self.runner.run(self.database.close())
            self.runner.close()

    # The steps of which the rules are made

    def units(self, owner: str) -> Units:
        return Units(self.database, self.clock, owner, LEASE)

    def holders(self) -> list[Process]:
        """Who may be at what they have: the living, and the dead until others may think them dead."""
        return [process for process in (*self.processes, *self.gone) if not process.lapsed]

    async def ahead(self, workspaces: Sequence[int]) -> list[Delivery]:
        now = self.clock.now(), self.clock.machine_now()
        async with self.database.read() as tx:
            return await tx.deliveries.ahead(workspaces, *now, 10)

    def call(self, process: Process, row: Delivery) -> bool:
        """False when it is not its turn yet."""

        async def standing() -> bool:
            async with self.database.read() as tx:
                found = await tx.deliveries.standing(row, self.clock.machine_now(), process.name)
            return found is not None and found.is_next

        if row.is_reply and not self.runner.run(standing()):
            return False
        if not (row.attempts and self.in_slack[row.id]):
            self.in_slack[row.id] += 1
            self.order[row.lane, row.is_reply].append(row.id)
        process.posted.add(row.id)
        return True

    async def keep_sent(self, row_id: int) -> None:
        async with self.database.write() as tx:
            await tx.deliveries.sent({row_id: f"{row_id}.0"}, self.clock.now())

    async def put_back(self, process: Process, row: Delivery, wait: timedelta | None = None, **values: Any) -> None:
        async with self.database.write() as tx:
            await tx.deliveries.put_back([row], process.name, self.clock.machine_now(), wait=wait, **values)
        process.hand.pop(row.id, None)
        process.posted.discard(row.id)

    async def lapse(self, process: Process) -> None:
        """The time of all that it has is over: instead of waiting a minute, the instants are set back."""
        workspaces, deliveries = tables.workspaces.c, tables.deliveries.c
        await self.set_back(workspaces.leased_until, workspaces.leased_by == process.name)
        await self.set_back(deliveries.claimed_until, deliveries.claimed_by == process.name)

    async def end_waits(self) -> None:
        for column in (tables.workspaces.c.parked_until, tables.deliveries.c.retry_at):
            await self.set_back(column, column.is_not(None))

    async def set_back(self, column: Column[Any], which: ColumnElement[bool]) -> None:
        assert column.table is not None
        async with self.database.write() as tx:
            before = await tx.backlog.clock(self.clock.machine_now()) - AGO
            await tx.connection.execute(update(column.table).where(which).values({column: before}))

    async def finish(self, last: Process) -> None:
        """Takes what is free, posts it after a look, writes it down."""
        machine_now = self.clock.machine_now()
        async with self.database.write() as tx:
            wanted = await tx.leases.wanted(self.clock.now(), machine_now, 10)
            last.leases |= set(await tx.leases.take(wanted, machine_now, last.name, LEASE))
        rows = await self.ahead(sorted(last.leases))
        async with self.database.write() as tx:
            marked = await tx.deliveries.mark([row.id for row in rows], machine_now, last.name, LEASE)
        for row in rows:
            if row.id in marked:
                if not (marked[row.id] and self.in_slack[row.id]):
                    self.in_slack[row.id] += 1
                    self.order[row.lane, row.is_reply].append(row.id)
                await self.keep_sent(row.id)


def _pick(things: Sequence[T], number: int) -> T:
    return things[number % len(things)]


def _pick_or_none(things: Sequence[T], number: int) -> T | None:
    return _pick(things, number) if things else None


def test_no_row_is_in_two_hands_and_none_is_lost(database_url: str, scale: Scale) -> None:
    some = settings(
        max_examples=scale.examples,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=scale.phases,
        print_blob=True,
    )

    class Here(Claims):
        url = database_url

    run_state_machine_as_test(Here, settings=some)
