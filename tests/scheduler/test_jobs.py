"""Steps that bring the product up to now: one member's trouble is not another's, and nothing due is nothing done."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import event, update

from bot.clock import ManualClock
from bot.delivery.outbox import Outbox as RealOutbox
from bot.domain.agenda import Matter
from bot.domain.calendar import Weekday
from bot.domain.commitments import Kind
from bot.domain.deliveries import Delivery, DeliveryState, Says
from bot.domain.members import Member
from bot.domain.rests import RestKind
from bot.services import Services
from bot.services.opening import ASIDE
from bot.services.work import Scheduled, Units
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.repositories.agenda import INSTANTS
from scheduler import jobs
from scheduler.jobs import Jobs
from tests import factories

TUESDAY_AT_TEN = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""Ten o'clock in Berlin."""


async def _with_commitment(units: Units, slack_id: str, **values: Any) -> Member:
    async with units.database.write() as tx:
        workspace = await tx.workspaces.by_team("T1") or await factories.workspace(tx)
        member = await factories.member(tx, workspace, slack_id)
        given: dict[str, Any] = {"cadence": factories.TUESDAY_AND_FRIDAY, "next_due_at": TUESDAY_AT_TEN}
        await factories.commitment(tx, member, **(given | values))
    return member


async def _asked(units: Units) -> list[int]:
    """Who is to be sent a check-in."""
    async with units.database.read() as tx:
        return [row.member_id or 0 for row in await tx.deliveries.all() if row.says is Says.CHECK_IN]


async def test_looking_when_nothing_is_due_is_no_change(units: Units) -> None:
    """Every change is a reason to look again: a look that were one would never end."""
    services = Services.over(units)
    await _with_commitment(units, "U1")
    changes: list[str] = []
    units.on_change = lambda: changes.append("something")
    assert await services.opening.open_due() == 0
    await services.reminding.remind_due()
    await services.pauses.end_due()
    await services.cheers.tell_due()
    assert changes == []


class Outbox:
    """Counts how often it is told to look."""

    def __init__(self) -> None:
        self.looks = 0

    def look(self) -> None:
        self.looks += 1


def _jobs(units: Units) -> tuple[Jobs, Outbox]:
    outbox = Outbox()
    return Jobs(Services.over(units), cast("RealOutbox", outbox)), outbox


async def test_an_idle_wake_up_is_two_statements(units: Units) -> None:
    """It comes with nearly every click."""
    await _with_commitment(units, "U1")
    jobs, outbox = _jobs(units)
    asked: list[str] = []
    engine = units.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    await jobs.catch_up()
    wait = await jobs.wait(units.clock.now(), units.clock.machine_now())
    assert wait == TUESDAY_AT_TEN - units.clock.now()
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2
    assert not [statement for statement in asked if not statement.startswith(("SELECT", "BEGIN"))]
    assert outbox.looks == 0


async def test_what_one_step_makes_due_is_done_in_the_same_catch_up(units: Units, clock: ManualClock) -> None:
    until = clock.now() + timedelta(hours=12)
    member = await _with_commitment(units, "U1", state="paused", paused_until=until, next_due_at=None)
    clock.set(TUESDAY_AT_TEN)
    jobs, outbox = _jobs(units)
    await jobs.catch_up()
    assert await _asked(units) == [member.id]
    assert outbox.looks == 2, "once on the way, once at the end"


@pytest.mark.parametrize(
    ("table", "column", "matter"),
    [(column.table.name, column.name, matter) for matter, columns in INSTANTS.items() for column in columns],
)
async def test_each_kind_is_seen_when_it_is_due_and_awaited_before(
    units: Units, clock: ManualClock, table: str, column: str, matter: Matter
) -> None:
    member = await _with_commitment(units, "U1", next_due_at=None)
    now, later = clock.now(), clock.now() + timedelta(minutes=5)
    async with units.begin() as work:
        await factories.check_in(work.tx, member, now)
        await work.schedule([Scheduled(member, Says.PHRASE, {"phrase": "any_time"}, "key", now)])
        await work.tx.rests.add(
            workspace_id=member.workspace_id,
            member_id=member.id,
            kind=RestKind.HOLIDAY,
            first_day=now.date(),
            last_day=now.date(),
            created_at=now,
        )
        await work.tx.connection.execute(update(tables.deliveries).values(due_at=None))
        await work.tx.connection.execute(update(tables.metadata.tables[table]).values({column: later}))
    async with units.database.read() as tx:
        ahead = await tx.agenda.ahead(now, clock.machine_now())
        assert (await tx.agenda.due(now), dict(ahead.first)) == (frozenset(), {matter: later})
        ahead = await tx.agenda.ahead(later, clock.machine_now())
        assert (await tx.agenda.due(later), dict(ahead.first)) == (frozenset({matter}), {})


@pytest.mark.parametrize("trouble", ["a row that cannot be read", "days that cannot be counted"])
async def test_one_members_trouble_is_not_anothers(units: Units, clock: ManualClock, trouble: str) -> None:
    broken = await _with_commitment(units, "U1", kind=Kind.HABIT, habit_days=tuple(Weekday))
    async with units.database.write() as tx:
        commitments = tx.commitments.table.c.member_id == broken.id
        if trouble == "a row that cannot be read":
            await tx.commitments.change_all(commitments, habit_days="no days at all")
        else:
            before = TUESDAY_AT_TEN - timedelta(days=4)
            asked = await factories.check_in(tx, broken, before, zone="America/Nowhere", answered_at=before)
            await factories.item(tx, asked, (await tx.commitments.all())[0], since=before.date(), days=())
    well = await _with_commitment(units, "U2")
    clock.set(TUESDAY_AT_TEN)
    opening = Services.over(units).opening
    assert await opening.open_due() == 1
    assert await _asked(units) == [well.id]
    assert await opening.open_due() == 0, "what cannot be opened keeps nobody waiting"
    async with units.database.write() as tx:
        await tx.commitments.change_all(commitments, habit_days=tuple(Weekday))
        await tx.check_ins.change_all(zone="Europe/Berlin")
    clock.set(TUESDAY_AT_TEN + ASIDE)
    assert await opening.open_due() == 1
    assert await _asked(units) == [well.id, broken.id], "it has its turn when it makes sense again"


async def test_a_clock_that_goes_back_and_forth_asks_once(units: Units, clock: ManualClock) -> None:
    member = await _with_commitment(units, "U1")
    opening = Services.over(units).opening
    for moment in (TUESDAY_AT_TEN, TUESDAY_AT_TEN - timedelta(days=1), TUESDAY_AT_TEN, TUESDAY_AT_TEN):
        clock.set(moment)
        await opening.open_due()
    assert await _asked(units) == [member.id]


async def test_two_check_ins_asked_for_at_once_are_one(units: Units, clock: ManualClock) -> None:
    member = await _with_commitment(units, "U1")
    asking = Services.over(units).asking
    said: list[Delivery] = []
    units.on_said = said.extend
    for number in range(2):
        clock.advance(timedelta(milliseconds=200))
        assert await asking.ask_now(member, key=f"click:{number}")
    assert [row.says for row in said] == [Says.CHECK_IN]


async def test_a_pause_that_ends_does_not_wake_what_was_let_go_meanwhile(units: Units, clock: ManualClock) -> None:
    later = clock.now() + timedelta(hours=1)
    member = await _with_commitment(units, "U1", state="paused", paused_until=later, next_due_at=None)
    services = Services.over(units)
    async with units.database.read() as tx:
        [one] = await tx.commitments.all()
    await services.commitments.let_go(member, one.id, key="1")
    clock.set(later)
    await services.pauses.end_due()
    async with units.database.read() as tx:
        assert (await tx.commitments.get(one.id)).state == "let_go"


async def test_two_processes_and_impatient_members_get_along(database_url: str, clock: ManualClock) -> None:
    """Each takes the member first: nobody waits for somebody who waits for them."""
    databases = Database(database_url), Database(database_url)
    processes = [factories.units_over(database, clock, f"process {n}") for n, database in enumerate(databases)]
    members = [await _with_commitment(processes[0], f"U{number}") for number in range(8)]
    async with databases[0].read() as tx:
        commitments = {one.member_id: one.id for one in await tx.commitments.all()}
    clock.set(TUESDAY_AT_TEN)
    first, second = (Services.over(units) for units in processes)
    await asyncio.gather(
        first.opening.open_due(),
        second.opening.open_due(),
        *(second.readiness.choose(one, commitments[one.id], None, key=f"1:{one.id}", ts=None) for one in members),
        *(first.readiness.choose(one, commitments[one.id], None, key=f"2:{one.id}", ts=None) for one in members[::-1]),
    )
    while await first.opening.open_due():  # whoever was busy at that moment
        pass
    assert sorted(await _asked(processes[0])) == sorted(member.id for member in members)
    for database in databases:
        await database.close()


async def test_what_is_due_is_asked_although_the_rules_change_at_that_moment(units: Units, clock: ManualClock) -> None:
    member = await _with_commitment(units, "U1")
    services = Services.over(units)
    clock.set(TUESDAY_AT_TEN)
    await services.agreements.change(member, {"remind": False}, key="1")
    await services.opening.open_due()
    assert await _asked(units) == [member.id]
    assert await services.opening.open_due() == 0


async def test_and_not_when_they_say_that_nothing_is_to_be_asked(units: Units, clock: ManualClock) -> None:
    member = await _with_commitment(units, "U1")
    services = Services.over(units)
    clock.set(TUESDAY_AT_TEN)
    await services.pauses.pause(member, TUESDAY_AT_TEN + timedelta(days=7), key="1")
    await services.opening.open_due()
    await services.pauses.stop(member, key="2")
    await services.opening.open_due()
    assert await _asked(units) == []


async def test_what_is_over_for_a_week_is_forgotten_portion_by_portion(
    units: Units, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "A_PORTION", 10)
    maya = await _with_commitment(units, "U1")
    now, week = clock.now(), jobs.KEEP_HANDLED
    async with units.begin() as work:
        await work.schedule(Scheduled(maya, Says.PHRASE, {}, str(n), now - 2 * week) for n in range(50))
        for n in range(30):
            await work.tx.acts.first_time(maya.workspace_id, str(n), now - week if n < 25 else now)
        rows = await work.tx.deliveries.all()
        for n, row in enumerate(rows[5:]):  # the first five still wait
            await work.tx.deliveries.close(row, DeliveryState.SENT, now - week if n < 35 else now)
    await Jobs(Services.over(units), cast("RealOutbox", Outbox())).tidy()
    async with units.begin() as work:
        assert [row.key for row in await work.tx.deliveries.all()] == [str(n) for n in (*range(5), *range(40, 50))]
        known = [n for n in range(30) if not await work.tx.acts.first_time(maya.workspace_id, str(n), now)]
        assert known == list(range(25, 30))


async def test_one_members_zone_that_this_machine_does_not_know_is_nobody_elses_trouble(units: Units) -> None:
    services, outbox = Services.over(units), Outbox()
    people = [await _with_commitment(units, f"U{number}", next_due_at=units.clock.now()) for number in range(3)]
    async with units.database.write() as tx:
        await tx.members.change(people[0].id, zone="America/Nowhere")
    went_on: list[str] = []
    jobs = Jobs(services, cast("RealOutbox", outbox))
    jobs.on_progress = lambda: went_on.append("progress")
    await jobs.catch_up()
    assert await _asked(units) == [one.id for one in people[1:]]
    assert went_on


async def test_a_matter_that_fails_keeps_no_other(units: Units) -> None:
    """What was opened cannot be handed on; all else goes on."""

    class Full(Outbox):
        def look(self) -> None:
            super().look()
            if self.looks == 1:
                raise OverflowError

    services, outbox = Services.over(units), Full()
    await _with_commitment(units, "U1", next_due_at=units.clock.now())
    other = await _with_commitment(units, "U2")
    async with units.database.write() as tx:
        await tx.members.change(other.id, zone="Europe/Lisbon", ask_zone_at=units.clock.now())
    async with units.begin() as work:
        await work.say(other, Says.PHRASE, {"phrase": "any_time"}, at=units.clock.now())
    with pytest.raises(ExceptionGroup):
        await Jobs(services, cast("RealOutbox", outbox)).catch_up()
    assert outbox.looks == 2
    async with units.database.read() as tx:
        assert (await tx.members.get(other.id)).ask_zone_at != units.clock.now(), "it was asked, or put off"


async def test_a_cue_that_makes_no_sense_is_let_go_although_it_is_the_only_one(units: Units) -> None:
    await _with_commitment(units, "U1", next_due_at=None, next_cue_at=units.clock.now())
    async with units.database.write() as tx:
        await tx.connection.execute(update(tables.commitments).values(cue={"times": []}))
    services = Services.over(units)
    assert await services.cues.tell_due() == 1
    assert await services.cues.tell_due() == 0
