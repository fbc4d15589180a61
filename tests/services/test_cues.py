"""Cues on both databases: told once at their time, in bulk, and silent wherever silence was asked for."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.clock import ManualClock
from bot.domain.agreements import default_terms
from bot.domain.calendar import EVERY_DAY, Weekday
from bot.domain.commitments import Commitment, Kind, State
from bot.domain.cues import Cue, cue_at
from bot.domain.deliveries import Delivery, Says
from bot.domain.members import Member
from bot.domain.planning import next_cue
from bot.domain.rests import RestKind
from bot.domain.workspaces import Workspace
from bot.services import Services
from bot.services.commitments import NewCommitment, Revised
from bot.services.cues import AT_A_TIME
from bot.services.work import AlreadyHandled, Gone, Units
from bot.storage.database import Database
from tests import factories

# The clock stands at Monday, 4 January 2027, 10:00 in Berlin.
NOON = datetime(2027, 1, 4, 11, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Here:
    """Maya of Berlin, who drinks a glass of water at noon."""

    services: Services
    clock: ManualClock
    workspace: Workspace
    maya: Member
    acts: int = field(default=0)

    @property
    def database(self) -> Database:
        return self.services.units.database

    @property
    def key(self) -> str:
        self.acts += 1
        return f"act:{self.acts}"

    async def habit(self, cue: Cue | None = None, of: Member | None = None, **values: Any) -> Commitment:
        owner = of or self.maya
        given = {"kind": Kind.HABIT, "habit_days": EVERY_DAY, "cue": cue or cue_at(time(12))}
        async with self.database.write() as tx:
            made = await factories.commitment(tx, owner, "A glass of water", **(given | values))
            at = next_cue(made, default_terms(owner.zone, date(2027, 1, 4)), self.clock.now())
            return await tx.commitments.change(made.id, next_cue_at=at)

    async def read(self, commitment: Commitment) -> Commitment:
        async with self.database.read() as tx:
            return await tx.commitments.get(commitment.id)

    async def change(self, **values: Any) -> None:
        async with self.database.write() as tx:
            self.maya = await tx.members.change(self.maya.id, **values)

    async def told(self) -> list[Delivery]:
        async with self.database.read() as tx:
            return [row for row in await tx.deliveries.all() if row.says is Says.CUE]

    async def at(self, moment: datetime) -> int:
        """How many rows there are once everything due at that moment was told."""
        self.clock.set(moment)
        while await self.services.cues.tell_due():
            pass
        return len(await self.told())


@pytest.fixture
async def here(units: Units, clock: ManualClock) -> Here:
    async with units.database.write() as tx:
        workspace = await factories.workspace(tx)
        maya = await factories.member(tx, workspace)
    return Here(Services.over(units), clock, workspace, maya)


async def test_it_is_told_once_at_its_time_and_planned_for_the_next(here: Here) -> None:
    water = await here.habit(Cue(times=(time(12), time(20))))
    assert water.next_cue_at == NOON
    assert await here.at(NOON - timedelta(seconds=1)) == 0
    assert await here.at(NOON) == 1
    assert await here.at(NOON) == 1
    assert (await here.read(water)).next_cue_at == NOON + timedelta(hours=8)
    assert await here.at(NOON + timedelta(hours=8, minutes=2)) == 2
    first, second = await here.told()
    assert (first.refs, first.due_at) == ({"commitments": str(water.id)}, NOON)
    assert second.due_at == NOON + timedelta(hours=8), "due when it was, and sent as soon as can be"
    assert first.key != second.key


async def test_what_is_for_the_same_moment_is_one_message(here: Here) -> None:
    """Ten at most in each, however many there are."""
    ids = [(await here.habit()).id for _ in range(12)]
    evening = await here.habit(Cue(times=(time(12, 1),)))
    assert await here.at(NOON) == 2
    first, second = await here.told()
    assert first.refs == {"commitments": "-".join(map(str, ids[:10]))}
    assert second.refs == {"commitments": "-".join(map(str, ids[10:]))}
    assert await here.at(NOON + timedelta(minutes=1)) == 3
    assert (await here.told())[2].refs == {"commitments": str(evening.id)}


async def test_an_occurrence_has_one_row_whatever_happens_to_the_plan(here: Here) -> None:
    water = await here.habit()
    assert await here.at(NOON) == 1
    async with here.database.write() as tx:
        await tx.commitments.change(water.id, next_cue_at=NOON)
    assert await here.at(NOON + timedelta(minutes=1)) == 1


async def test_two_processes_tell_each_once(here: Here, database_url: str) -> None:
    async with here.database.write() as tx:
        crowd = [await factories.member(tx, here.workspace, f"UCROWD{n}") for n in range(30)]
        values = {"kind": Kind.HABIT, "habit_days": EVERY_DAY, "cue": cue_at(time(12)), "next_cue_at": NOON}
        for one in crowd:
            await factories.commitment(tx, one, "A glass of water", **values)
    here.clock.set(NOON)
    database = Database(database_url)
    other = Services.over(factories.units_over(database, here.clock, "another process"))
    await asyncio.gather(*(each.cues.tell_due() for each in (here.services, other) * 4))
    await database.close()
    told = await here.told()
    assert sorted(row.member_id for row in told if row.member_id) == [one.id for one in crowd]


async def test_when_its_moment_is_over_it_is_not_told(here: Here) -> None:
    water = await here.habit()
    assert await here.at(NOON + timedelta(minutes=31)) == 0
    assert (await here.read(water)).next_cue_at == NOON + DAY
    assert await here.at(NOON + DAY + timedelta(minutes=29)) == 1


async def test_a_pause_silence_and_a_stop_hold_for_cues(here: Here) -> None:
    water = await here.habit()
    for quiet, over in (
        ({"paused_at": NOON}, {"paused_at": None}),
        ({"quiet_since": NOON}, {"quiet_since": None}),
        ({"stopped_at": NOON}, {"stopped_at": None}),
    ):
        await here.change(**quiet)
        due = (await here.read(water)).next_cue_at
        assert due is not None
        assert await here.at(due) == 0
        await here.change(**over)
    due = (await here.read(water)).next_cue_at
    assert due is not None
    assert await here.at(due) == 1, "and it comes back by itself"


async def test_days_of_rest_and_days_off_are_silent(here: Here) -> None:
    await here.habit()
    async with here.database.write() as tx:
        await tx.rests.add(
            workspace_id=here.workspace.id,
            member_id=here.maya.id,
            kind=RestKind.NOT_TODAY,
            first_day=date(2027, 1, 4),
            last_day=date(2027, 1, 4),
            created_at=NOON,
        )
    assert await here.at(NOON) == 0
    await here.services.agreements.change(here.maya, {"days_off": (Weekday.TUESDAY,)}, key=here.key)
    assert await here.at(NOON + DAY) == 0
    assert await here.at(NOON + 2 * DAY) == 1


async def test_a_check_in_that_a_status_let_pass_silences_no_cue(here: Here) -> None:
    await here.habit()
    async with here.database.write() as tx:
        day = {"first_day": date(2027, 1, 4), "last_day": date(2027, 1, 4), "created_at": NOON}
        ids = {"workspace_id": here.workspace.id, "member_id": here.maya.id}
        await tx.rests.add(**ids, kind=RestKind.HELD, **day)
    assert await here.at(NOON) == 1


async def test_the_switch_ends_all_of_them_and_brings_them_back(here: Here) -> None:
    water = await here.habit()
    await here.services.agreements.change(here.maya, {"tell_cues": False}, key=here.key)
    assert (await here.read(water)).next_cue_at is None
    assert await here.at(NOON) == 0
    await here.services.agreements.change(here.maya, {"tell_cues": True}, key=here.key)
    assert (await here.read(water)).next_cue_at == NOON + DAY


async def test_another_zone_moves_them_with_the_rules(here: Here) -> None:
    water = await here.habit()
    cadence = default_terms("America/New_York", date(2027, 1, 4)).cadence
    await here.services.agreements.change(here.maya, {"cadence": cadence}, key=here.key)
    assert (await here.read(water)).next_cue_at == datetime(2027, 1, 4, 17, tzinfo=UTC)


@pytest.mark.parametrize("state", [State.PAUSED, State.DONE, State.LET_GO])
async def test_what_is_not_active_is_not_told(here: Here, state: State) -> None:
    water = await here.habit()
    async with here.database.write() as tx:
        await tx.commitments.change(water.id, state=state, closed_at=here.clock.now())
    assert await here.at(NOON) == 0
    assert (await here.read(water)).next_cue_at is None
    await here.services.commitments.resume(here.maya, water.id, key=here.key)
    assert (await here.read(water)).next_cue_at == NOON + DAY


async def test_stopping_and_setting_them_again(here: Here) -> None:
    water = await here.habit()
    await here.services.cues.stop(here.maya, water.id, key="click", ts="1.1")
    assert (await here.read(water)).cue is None
    assert (await here.read(water)).next_cue_at is None
    with pytest.raises(AlreadyHandled):
        await here.services.cues.stop(here.maya, water.id, key="click", ts="1.1")
    revised = Revised(text=water.text, habit_days=EVERY_DAY, cue=cue_at(time(9)))
    await here.services.commitments.revise(here.maya, water.id, revised, key=here.key)
    assert (await here.read(water)).next_cue_at == NOON + timedelta(hours=21)


async def test_nobody_reaches_those_of_others(here: Here) -> None:
    water = await here.habit()
    async with here.database.write() as tx:
        jonas = await factories.member(tx, here.workspace, "UJONAS")
    with pytest.raises(Gone):
        await here.services.cues.stop(jonas, water.id, key="jonas:1")
    with pytest.raises(Gone):
        await here.services.cues.remind_at(jonas, water.id, 1, time(7, 30), key="jonas:2")
    assert (await here.read(water)).cue == water.cue


async def test_a_new_habit_can_have_one_at_once(here: Here) -> None:
    new = NewCommitment(text="Read", kind=Kind.HABIT, habit_days=EVERY_DAY, cue=cue_at(time(22)))
    await here.services.commitments.make(here.maya, new, key=here.key)
    async with here.database.read() as tx:
        (made,) = await tx.commitments.all()
    assert (made.cue, made.next_cue_at) == (new.cue, datetime(2027, 1, 4, 21, tzinfo=UTC))


async def test_a_plan_adds_its_time_on_the_days_that_it_names(here: Here) -> None:
    run = await here.habit(plan="If it is Thursday 7:30, then I run")
    async with here.database.write() as tx:
        await tx.commitments.change(run.id, cue=None, next_cue_at=None)
    await here.services.cues.remind_at(here.maya, run.id, 0, time(7, 30), key=here.key)
    assert (await here.read(run)).cue == Cue(times=(time(7, 30),), days=(Weekday.THURSDAY,))
    await here.services.cues.remind_at(here.maya, run.id, 0, time(18), key=here.key)
    assert (await here.read(run)).cue == Cue(times=(time(7, 30), time(18)), days=(Weekday.THURSDAY,))


async def test_hundreds_are_told_in_a_few_steps_and_a_broken_row_keeps_nobody_waiting(here: Here) -> None:
    values = {"kind": Kind.HABIT, "habit_days": EVERY_DAY, "cue": cue_at(time(12)), "next_cue_at": NOON}
    async with here.database.write() as tx:
        crowd = [await factories.member(tx, here.workspace, f"UCROWD{n}") for n in range(AT_A_TIME + 20)]
        for one in crowd:
            await factories.commitment(tx, one, "A glass of water", **values)
    broken = await here.habit()
    async with here.database.write() as tx:
        terms = default_terms(here.maya.zone, date(2027, 1, 4))
        agreement = await tx.agreements.add(
            workspace_id=here.workspace.id, member_id=here.maya.id, version=1, terms=terms, agreed_at=NOON
        )
        await tx.agreements.change_all(tx.agreements.table.c.id == agreement.id, terms={"cadence": 1})
    here.clock.set(NOON)
    steps = [await here.services.cues.tell_due() for _ in range(3)]
    assert steps[2] == 0
    assert len(await here.told()) == len(crowd)
    assert (await here.read(broken)).next_cue_at is None
