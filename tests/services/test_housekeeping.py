"""Changing, pausing, stopping: on both databases, and harmless when it comes twice."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.clock import ManualClock
from bot.domain.agenda import Matter
from bot.domain.agreements import Initiative, Tone
from bot.domain.calendar import EVERY_DAY, Weekday, Weekly
from bot.domain.check_ins import Answer
from bot.domain.commitments import Commitment, Kind, State
from bot.domain.deliveries import Says
from bot.domain.guides.guide import GuideId
from bot.domain.members import Member
from bot.domain.readiness import Stage
from bot.domain.sittings import SittingStatus
from bot.domain.workspaces import Workspace
from bot.services.agreements import Agreements
from bot.services.commitments import Commitments, NewCommitment, Revised
from bot.services.overview import Overview
from bot.services.pauses import Pauses
from bot.services.work import AlreadyHandled, Gone, Units
from bot.storage.repositories.agenda import Ahead
from bot.storage.transaction import Transaction
from tests import factories

# The clock stands at Monday, 4 January 2027, 10:00 in Berlin.
TUESDAY_AT_TEN = datetime(2027, 1, 5, 9, tzinfo=UTC)
FRIDAY_AT_TEN = datetime(2027, 1, 8, 9, tzinfo=UTC)
NEXT_MONDAY = datetime(2027, 1, 10, 23, tzinfo=UTC)
"""Midnight in Berlin."""
NEXT_TUESDAY_AT_TEN = datetime(2027, 1, 12, 9, tzinfo=UTC)


@dataclass
class House:
    """Maya of Berlin, and the services that keep her house."""

    units: Units
    clock: ManualClock
    workspace: Workspace
    maya: Member

    def __post_init__(self) -> None:
        self.commitments = Commitments(self.units)
        self.agreements = Agreements(self.units)
        self.pauses = Pauses(self.units)
        self.overview = Overview(self.units)
        self._acts = 0

    @property
    def key(self) -> str:
        self._acts += 1
        return f"act:{self._acts}"

    async def make(self, text: str = "Finish the report", **values: object) -> Commitment:
        new = NewCommitment.model_validate({"text": text, **values})
        await self.commitments.make(self.maya, new, key=self.key)
        async with self.units.database.read() as tx:
            return (await tx.commitments.all())[-1]

    async def read(self, commitment: Commitment) -> Commitment:
        async with self.units.database.read() as tx:
            return await tx.commitments.get(commitment.id)

    async def member(self) -> Member:
        async with self.units.database.read() as tx:
            return await tx.members.get(self.maya.id)

    async def ahead(self, tx: Transaction) -> Ahead:
        return await tx.agenda.ahead(self.clock.now(), self.clock.machine_now())


@pytest.fixture
async def house(units: Units, clock: ManualClock) -> House:
    async with units.database.write() as tx:
        workspace = await factories.workspace(tx)
        maya = await factories.member(tx, workspace)
    return House(units, clock, workspace, maya)


# One commitment


async def test_done_and_let_go_are_not_asked_about_any_more(house: House) -> None:
    one, other = await house.make("One"), await house.make("Other")
    assert one.next_due_at == TUESDAY_AT_TEN
    await house.commitments.finish(house.maya, one.id, key=house.key)
    await house.commitments.let_go(house.maya, other.id, key=house.key)
    overview = await house.overview.of(house.maya)
    assert overview.standings == ()
    assert overview.next_at is None
    assert {commitment.state for commitment in overview.closed} == {State.DONE, State.LET_GO}


async def test_what_is_done_stays_done_whatever_is_clicked_later(house: House) -> None:
    one = await house.make()
    await house.commitments.finish(house.maya, one.id, key=house.key)
    done = await house.read(one)
    house.clock.advance(timedelta(days=1))
    await house.commitments.let_go(house.maya, one.id, key=house.key)
    await house.commitments.pause(house.maya, one.id, None, key=house.key)
    assert await house.read(one) == done


async def test_done_from_the_list_asks_what_helped_as_a_check_in_does(house: House) -> None:
    one, other = await house.make("One"), await house.make("Other")
    for _ in range(2):
        await house.commitments.finish(house.maya, one.id, key=house.key)
    await house.commitments.finish(house.maya, other.id, key=house.key)
    async with house.units.database.read() as tx:
        (sitting,) = await tx.conversations.all()
    assert (sitting.guide, sitting.commitment_id, sitting.status) == (GuideId.WRAP_UP, one.id, SittingStatus.ASKING)
    assert (await house.member()).reflected_at == house.clock.now(), "it is this week's one question"


async def test_what_helped_is_not_asked_where_its_switch_is_off_nor_after_letting_go(house: House) -> None:
    one, other = await house.make("One"), await house.make("Other")
    await house.commitments.let_go(house.maya, other.id, key=house.key)
    await house.agreements.change(house.maya, {"ask_what_helped": False}, key=house.key)
    await house.commitments.finish(house.maya, one.id, key=house.key)
    async with house.units.database.read() as tx:
        assert len(await tx.conversations.all()) == 0
    assert (await house.member()).reflected_at is None


async def test_letting_go_can_be_taken_back_for_thirty_days(house: House) -> None:
    one = await house.make()
    await house.commitments.let_go(house.maya, one.id, key=house.key)
    house.clock.advance(timedelta(days=29))
    await house.commitments.resume(house.maya, one.id, key=house.key)
    back = await house.read(one)
    assert (back.state, back.closed_at) == (State.ACTIVE, None)
    assert back.next_due_at is not None
    assert back.next_due_at > house.clock.now()
    await house.commitments.let_go(house.maya, one.id, key=house.key)
    house.clock.advance(timedelta(days=30))
    with pytest.raises(Gone):
        await house.commitments.resume(house.maya, one.id, key=house.key)
    assert (await house.overview.of(house.maya)).closed == ()


async def test_revising_keeps_the_words_of_before_with_their_date(house: House) -> None:
    one = await house.make("Write it", due_day=date(2027, 1, 8))
    house.clock.advance(timedelta(days=1))
    revised = Revised(text="Write half of it", due_day=date(2027, 1, 15), done_looks_like="Ten pages")
    await house.commitments.revise(house.maya, one.id, revised, key=house.key)
    commitment, (before,) = await house.commitments.read(house.maya, one.id)
    assert (commitment.text, commitment.due_day, commitment.done_looks_like) == (
        "Write half of it",
        date(2027, 1, 15),
        "Ten pages",
    )
    assert (before.text, before.due_day, before.revised_at) == ("Write it", date(2027, 1, 8), house.clock.now())


async def test_other_days_of_a_habit_are_asked_about_from_the_next_check_in_on(house: House) -> None:
    walk = await house.make("Long walk", kind=Kind.HABIT, habit_days=(Weekday.SUNDAY,))
    assert walk.next_due_at == NEXT_TUESDAY_AT_TEN
    every_day = Revised(text="Long walk", habit_days=EVERY_DAY)
    await house.commitments.revise(house.maya, walk.id, every_day, key=house.key)
    assert (await house.read(walk)).next_due_at == TUESDAY_AT_TEN


async def test_a_change_of_anything_else_is_no_revision(house: House) -> None:
    one = await house.make("Write it")
    base = (await house.agreements.read(house.maya))[0].cadence
    own = base.model_copy(update={"days": (Weekday.FRIDAY,)})
    await house.commitments.revise(house.maya, one.id, Revised(text="Write it", cadence=own), key=house.key)
    commitment, revisions = await house.commitments.read(house.maya, one.id)
    assert revisions == []
    assert commitment.next_due_at == FRIDAY_AT_TEN


async def test_another_stage_is_kept_with_its_history_and_opens_nothing(house: House) -> None:
    one = await house.make("Write it")
    for stage in (Stage.CONTEMPLATION, Stage.CONTEMPLATION, Stage.ACTION, None):
        await house.commitments.revise(house.maya, one.id, Revised(text="Write it", stage=stage), key=house.key)
        commitment, revisions = await house.commitments.read(house.maya, one.id)
        assert (commitment.stage, revisions) == (stage, [])
    async with house.units.database.read() as tx:
        history = [each.stage for each in await tx.stages.of(one.id)]
        assert len(await tx.conversations.all()) == 0
    assert history == [Stage.CONTEMPLATION, Stage.ACTION, None]


async def test_an_act_comes_once(house: House) -> None:
    one = await house.make("Write it")
    await house.commitments.revise(house.maya, one.id, Revised(text="Write"), key="the same")
    with pytest.raises(AlreadyHandled):
        await house.commitments.revise(house.maya, one.id, Revised(text="Wrote"), key="the same")
    assert (await house.read(one)).text == "Write"


async def test_nobody_changes_what_is_another_ones(house: House) -> None:
    one = await house.make()
    async with house.units.database.write() as tx:
        jonas = await factories.member(tx, house.workspace, "U2")
    for act in (house.commitments.finish, house.commitments.let_go, house.commitments.resume):
        with pytest.raises(Gone):
            await act(jonas, one.id, key=house.key)
    with pytest.raises(Gone):
        await house.commitments.read(jonas, one.id)
    assert (await house.read(one)).state is State.ACTIVE


async def test_one_commitment_rests_and_comes_back_by_itself(house: House) -> None:
    one = await house.make("Stretch", kind=Kind.HABIT, habit_days=EVERY_DAY)
    await house.commitments.pause(house.maya, one.id, NEXT_MONDAY, key=house.key)
    resting = await house.read(one)
    assert (resting.state, resting.next_due_at) == (State.PAUSED, None)
    async with house.units.database.read() as tx:
        assert (await house.ahead(tx)).first[Matter.PAUSES] == NEXT_MONDAY
    await house.pauses.end_due()
    assert (await house.read(one)).state is State.PAUSED
    house.clock.set(NEXT_MONDAY)
    await house.pauses.end_due()
    back = await house.read(one)
    assert (back.state, back.next_due_at) == (State.ACTIVE, NEXT_TUESDAY_AT_TEN)
    assert (back.paused_until, back.asks_from) == (None, date(2027, 1, 11))


# The ground rules


async def test_each_change_of_the_rules_is_a_version_and_plans_anew(house: House) -> None:
    one = await house.make()
    cadence = Weekly(days=(Weekday.WEDNESDAY,), times=(time(8, 30),), anchor=date(2027, 1, 4), zone="America/New_York")
    await house.agreements.change(house.maya, {"cadence": cadence}, key=house.key)
    assert (await house.read(one)).next_due_at == datetime(2027, 1, 6, 13, 30, tzinfo=UTC)
    await house.agreements.change(house.maya, {"tone": Tone.DIRECT}, key=house.key)
    await house.agreements.change(house.maya, {"tone": Tone.DIRECT}, key=house.key)
    terms, agreement = await house.agreements.read(house.maya)
    assert (terms.cadence, terms.tone) == (cadence, Tone.DIRECT)
    assert agreement is not None
    assert agreement.version == 3
    async with house.units.database.read() as tx:
        assert [one.version for one in await tx.agreements.all()] == [1, 2, 3]


async def test_whoever_starts_by_themself_is_not_asked(house: House) -> None:
    one = await house.make()
    await house.agreements.change(house.maya, {"initiative": Initiative.I_START}, key=house.key)
    assert (await house.read(one)).next_due_at is None
    await house.agreements.change(house.maya, {"initiative": Initiative.ASK_ME}, key=house.key)
    assert (await house.read(one)).next_due_at == TUESDAY_AT_TEN


async def test_without_reminders_none_is_left_over(house: House) -> None:
    await house.make()
    async with house.units.database.write() as tx:
        open_one = await factories.check_in(tx, house.maya, house.clock.now(), remind_at=TUESDAY_AT_TEN)
    await house.agreements.change(house.maya, {"remind": False}, key=house.key)
    async with house.units.database.read() as tx:
        assert (await tx.check_ins.get(open_one.id)).remind_at is None


# Quiet


async def test_a_pause_is_silent_at_once_and_ends_by_itself(house: House) -> None:
    one = await house.make()
    async with house.units.begin() as work:
        await factories.check_in(work.tx, house.maya, house.clock.now(), remind_at=TUESDAY_AT_TEN)
    await house.pauses.pause(house.maya, NEXT_MONDAY, key=house.key)
    assert (await house.member()).is_paused(house.clock.now())
    assert (await house.read(one)).next_due_at == NEXT_TUESDAY_AT_TEN
    async with house.units.database.read() as tx:
        ahead = (await house.ahead(tx)).first
        assert Matter.REMINDERS not in ahead
        assert ahead[Matter.PAUSES] == NEXT_MONDAY
        said = len(await tx.deliveries.all())
    house.clock.set(NEXT_MONDAY)
    await house.pauses.end_due()
    back = await house.member()
    assert (back.paused_at, back.paused_until) == (None, None)
    assert (await house.read(one)).next_due_at == NEXT_TUESDAY_AT_TEN
    async with house.units.database.read() as tx:
        assert len(await tx.deliveries.all()) == said, "coming back is nothing to talk about"


async def test_a_check_in_due_after_a_pause_is_not_lost_to_a_process_that_was_down(house: House) -> None:
    one = await house.make()
    await house.pauses.pause(house.maya, NEXT_MONDAY, key=house.key)
    house.clock.set(NEXT_TUESDAY_AT_TEN + timedelta(hours=1))
    await house.pauses.end_due()
    assert (await house.read(one)).next_due_at == NEXT_TUESDAY_AT_TEN


async def test_a_pause_without_a_date_lasts_until_they_say_so(house: House) -> None:
    one = await house.make()
    await house.pauses.pause(house.maya, None, key=house.key)
    house.clock.advance(timedelta(days=365))
    await house.pauses.end_due()
    assert (await house.member()).is_paused(house.clock.now())
    assert (await house.read(one)).next_due_at is None
    next_at = await house.pauses.resume(house.maya, key=house.key)
    assert next_at == (await house.read(one)).next_due_at
    assert next_at is not None
    assert next_at > house.clock.now()


async def test_changing_days_during_a_pause_does_not_end_it(house: House) -> None:
    one = await house.make()
    await house.pauses.pause(house.maya, NEXT_MONDAY, key=house.key)
    base = (await house.agreements.read(house.maya))[0].cadence
    await house.agreements.change(house.maya, {"cadence": base.model_copy(update={"days": EVERY_DAY})}, key=house.key)
    assert (await house.read(one)).next_due_at == datetime(2027, 1, 11, 9, tzinfo=UTC)


async def test_stopping_stops_everything_and_starting_again_brings_it_back(house: House) -> None:
    one, other = await house.make("One"), await house.make("Other")
    await house.pauses.pause(house.maya, None, key=house.key)
    async with house.units.database.write() as tx:
        sitting = await tx.conversations.add(
            workspace_id=house.workspace.id,
            member_id=house.maya.id,
            guide="weighing",
            state="{}",
            status=SittingStatus.ASKING,
            version=1,
            opened_at=house.clock.now(),
            asked_at=house.clock.now(),
        )
    await house.pauses.stop(house.maya, key=house.key)
    stopped = await house.member()
    assert stopped.stopped_at == house.clock.now()
    assert not stopped.is_reachable(house.clock.now())
    async with house.units.database.read() as tx:
        assert Matter.CHECK_INS not in (await house.ahead(tx)).first
        ended = await tx.conversations.get(sitting.id)
        assert (ended.status, ended.version) == (SittingStatus.STOPPED, 2)
    await house.pauses.start_again(house.maya, key=house.key)
    assert (await house.member()).is_reachable(house.clock.now())
    assert [(await house.read(each)).next_due_at for each in (one, other)] == [TUESDAY_AT_TEN] * 2


async def test_a_new_commitment_starts_again_too(house: House) -> None:
    one = await house.make("One")
    await house.pauses.stop(house.maya, key=house.key)
    other = await house.make("Other")
    assert (await house.member()).stopped_at is None
    assert (await house.read(one)).next_due_at == other.next_due_at == TUESDAY_AT_TEN


# At a glance


async def test_the_overview_counts_a_habit_and_draws_the_ruler(house: House) -> None:
    habit = await house.make("Stretch", kind=Kind.HABIT, habit_days=EVERY_DAY)
    done = [date(2027, 1, 4), date(2027, 1, 6)]
    async with house.units.database.write() as tx:
        opened = datetime(2027, 1, 7, 9, tzinfo=UTC)
        check_in = await factories.check_in(tx, house.maya, opened, answered_at=opened)
        await factories.item(tx, check_in, habit, since=done[0], days=done, answer=Answer.DAYS, answered_at=opened)
    house.clock.set(datetime(2027, 1, 7, 12, tzinfo=UTC))
    (standing,) = (await house.overview.of(house.maya)).standings
    assert standing.tally is not None
    assert (standing.tally.done, standing.tally.of) == (2, 3)


async def test_home_of_a_stranger_keeps_no_row_of_them(house: House) -> None:
    await house.overview.show_home("T1", "UNKNOWN")
    await house.overview.show_home("T1", house.maya.slack_id)
    await house.overview.show_home("T-other", "UNKNOWN")
    async with house.units.database.read() as tx:
        assert len(await tx.members.all()) == 1
        rows = await tx.deliveries.all()
    assert [(row.says, row.member_id, row.refs) for row in rows] == [
        (Says.HOME, None, {"to": "UNKNOWN"}),
        (Says.HOME, house.maya.id, {}),
    ]
