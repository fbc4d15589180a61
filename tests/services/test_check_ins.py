"""Opening, answering and reminding, on both databases, by date."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.clock import ManualClock
from bot.domain.agreements import Initiative, default_terms
from bot.domain.calendar import Weekday
from bot.domain.check_ins import Answer, CheckIn, FollowUp, Item
from bot.domain.commitments import Commitment, Kind, State
from bot.domain.cues import cue_at
from bot.domain.deliveries import Method, Says
from bot.domain.guides.guide import GuideId
from bot.domain.guides.sitting import Move, Reply
from bot.domain.members import Member
from bot.domain.readiness import Stage
from bot.domain.sittings import SittingStatus
from bot.services import Services
from bot.services.sittings import open_sitting
from bot.services.terms import agree
from bot.services.work import Gone
from bot.storage.database import Database
from tests import factories

TUESDAY = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""10:00 in Berlin."""

FRIDAY = TUESDAY + timedelta(days=3)


@dataclass
class Desk:
    """The services, with what a test wants to look at."""

    services: Services
    clock: ManualClock
    maya: Member

    async def commit(self, text: str = "Finish the report", **values: object) -> Commitment:
        async with self.services.units.database.write() as tx:
            given = {"next_due_at": TUESDAY, "created_at": TUESDAY - timedelta(days=1)} | values
            return await factories.commitment(tx, self.maya, text, **given)

    async def open_at(self, instant: datetime) -> CheckIn | None:
        self.clock.set(instant)
        while await self.services.opening.open_due():
            pass
        async with self.services.units.database.write() as tx:
            latest = await tx.check_ins.latest(self.maya.id)
            if latest is not None and latest.ts is None and not latest.late:
                latest = await tx.check_ins.change(latest.id, ts=str(instant.timestamp()))
        return latest

    async def items(self, check_in: CheckIn | None) -> list[Item]:
        assert check_in is not None
        async with self.services.units.database.read() as tx:
            return await tx.items.of(check_in.id)

    async def said(self, says: Says, method: Method = Method.POST) -> int:
        async with self.services.units.database.read() as tx:
            c = tx.deliveries.table.c
            return len(await tx.deliveries.all(c.says == says, c.method == method))

    async def commitment(self, about: Commitment) -> Commitment:
        async with self.services.units.database.read() as tx:
            return await tx.commitments.get(about.id)

    async def end_all(self) -> None:
        """Every conversation is over."""
        async with self.services.units.database.write() as tx:
            await tx.conversations.change_all(status="finished")

    async def guides(self) -> list[str]:
        async with self.services.units.database.read() as tx:
            return [sitting.guide for sitting in await tx.conversations.all()]


@pytest.fixture
async def desk(database_url: str, clock: ManualClock) -> AsyncIterator[Desk]:
    database = Database(database_url)
    async with database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
    yield Desk(Services.over(factories.units_over(database, clock)), clock, maya)
    await database.close()


async def test_everything_due_is_one_message_and_the_next_date_is_planned(desk: Desk) -> None:
    first, second = await desk.commit("Finish the report"), await desk.commit("Call the dentist")
    check_in = await desk.open_at(TUESDAY)
    assert len(await desk.items(check_in)) == 2
    assert await desk.said(Says.CHECK_IN) == 1
    for one in (first, second):
        assert (await desk.commitment(one)).next_due_at == FRIDAY
    await desk.open_at(TUESDAY + timedelta(minutes=1))
    assert await desk.said(Says.CHECK_IN) == 1


async def test_what_falls_due_within_the_hour_comes_along(desk: Desk) -> None:
    await desk.commit("Finish the report")
    await desk.commit("Call the dentist", next_due_at=TUESDAY + timedelta(minutes=30))
    await desk.commit("Much later", next_due_at=TUESDAY + timedelta(hours=3))
    assert len(await desk.items(await desk.open_at(TUESDAY))) == 2


async def test_a_day_that_has_passed_is_left_and_the_next_check_in_says_so(desk: Desk) -> None:
    await desk.commit()
    passed = await desk.open_at(TUESDAY + timedelta(days=1, hours=2))
    assert passed is not None
    assert passed.late
    assert await desk.said(Says.CHECK_IN) == 0
    await desk.open_at(FRIDAY)
    assert await desk.said(Says.CHECK_IN) == 1


async def test_a_check_in_of_ones_own_silences_the_scheduled_one(desk: Desk) -> None:
    await desk.commit()
    desk.clock.set(TUESDAY - timedelta(hours=1))
    assert await desk.services.asking.ask_now(desk.maya, key="a")
    await desk.open_at(TUESDAY)
    assert await desk.said(Says.CHECK_IN) == 1


async def test_asking_again_brings_the_open_one_down_with_what_is_new(desk: Desk) -> None:
    await desk.commit("Finish the report")
    check_in = await desk.open_at(TUESDAY)
    await desk.commit("Call the dentist", next_due_at=FRIDAY)
    assert await desk.services.asking.ask_now(desk.maya, key="a")
    assert len(await desk.items(check_in)) == 2
    assert await desk.said(Says.CHECK_IN) == 1
    assert await desk.said(Says.REMINDER) == 1


async def test_who_starts_by_themself_is_not_asked(desk: Desk) -> None:
    async with desk.services.units.begin() as work:
        terms = default_terms("Europe/Berlin", work.now.date())
        await agree(work, desk.maya, terms.model_copy(update={"initiative": Initiative.I_START}))
    one = await desk.commit()
    await desk.open_at(TUESDAY)
    assert (await desk.commitment(one)).next_due_at is None


async def test_nobody_active_nothing_to_ask(desk: Desk) -> None:
    assert not await desk.services.asking.ask_now(desk.maya, key="a")


async def test_the_reminder_comes_once_and_not_after_an_answer(desk: Desk) -> None:
    await desk.commit()
    await desk.open_at(TUESDAY)
    desk.clock.set(TUESDAY + timedelta(hours=5))
    await desk.services.reminding.remind_due()
    await desk.services.reminding.remind_due()
    assert await desk.said(Says.REMINDER) == 1
    # It was ignored, so on Friday there is none.
    friday = await desk.open_at(FRIDAY)
    assert friday is not None
    assert friday.remind_at is None


async def test_an_answer_makes_the_reminder_needless(desk: Desk) -> None:
    await desk.commit()
    [item] = await desk.items(await desk.open_at(TUESDAY))
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.MOVING, key="a")
    desk.clock.set(TUESDAY + timedelta(hours=5))
    await desk.services.reminding.remind_due()
    assert await desk.said(Says.REMINDER) == 0


async def test_done_finishes_and_changing_the_answer_takes_that_back(desk: Desk) -> None:
    one = await desk.commit()
    [item] = await desk.items(await desk.open_at(TUESDAY))
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.DONE, key="a")
    done = await desk.commitment(one)
    assert (done.state, done.next_due_at) == (State.DONE, None)
    await desk.services.check_ins.reopen(desk.maya, item.id, key="b")
    active = await desk.commitment(one)
    assert (active.state, active.next_due_at) == (State.ACTIVE, FRIDAY)


async def test_a_done_taken_back_brings_its_cue_back(desk: Desk) -> None:
    told = await desk.commit(cue=cue_at(time(13)), next_cue_at=TUESDAY + timedelta(hours=3))
    (item,) = await desk.items(await desk.open_at(TUESDAY))
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.DONE, key="a")
    desk.clock.set(TUESDAY + timedelta(hours=3))
    await desk.services.cues.tell_due()
    assert (await desk.commitment(told)).next_cue_at is None
    await desk.services.check_ins.reopen(desk.maya, item.id, key="b")
    assert (await desk.commitment(told)).next_cue_at == TUESDAY + timedelta(days=1, hours=3)


async def test_done_with_a_try_ends_the_try_only_and_asks_what_it_showed(desk: Desk) -> None:
    one = await desk.commit(trying="Phone in the hall, Thursday")
    [item] = await desk.items(await desk.open_at(TUESDAY))
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.DONE, key="a")
    after = await desk.commitment(one)
    assert (after.state, after.trying) == (State.ACTIVE, None)
    assert await desk.guides() == [GuideId.AFTER_A_TRY]


async def test_after_eight_steady_weeks_it_offers_to_stop_asking(desk: Desk) -> None:
    run = await desk.commit("Run", kind=Kind.HABIT, habit_days=tuple(Weekday), created_at=TUESDAY - timedelta(days=1))
    for week in range(9):
        [item] = await desk.items(await desk.open_at(TUESDAY + timedelta(weeks=week)))
        await desk.services.check_ins.answer_days(desk.maya, item.id, every=True, key=f"days:{week}")
        assert (await desk.guides() == [GuideId.EIGHT_WEEKS]) is (week == 8)
    async with desk.services.units.database.read() as tx:
        [sitting] = await tx.conversations.all()
    said = Reply.choice("got_this", "how_on")
    await desk.services.conversations.reply(desk.maya, sitting.id, said, key="got this")
    after = await desk.commitment(run)
    assert (after.state, after.next_due_at) == (State.DONE, None)


async def test_a_habit_whose_try_is_done_is_announced_when_there_is_a_day_to_ask_about(desk: Desk) -> None:
    values = {"kind": Kind.HABIT, "habit_days": (Weekday.SUNDAY,), "trying": "The short way round"}
    walk = await desk.commit("Long walk", **values)
    [item] = await desk.items(await desk.open_at(TUESDAY))
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.DONE, key="a")
    assert (await desk.commitment(walk)).next_due_at == TUESDAY + timedelta(days=7)
    await desk.services.check_ins.reopen(desk.maya, item.id, key="b")
    assert (await desk.commitment(walk)).next_due_at == FRIDAY


async def test_one_question_at_most_after_everything_is_answered(desk: Desk) -> None:
    await desk.commit("Finish the report")
    await desk.commit("Call the dentist")
    check_in = await desk.open_at(TUESDAY)
    first, _ = await desk.items(check_in)
    await desk.services.check_ins.answer(desk.maya, first.id, Answer.MOVING, key="a")
    assert await desk.guides() == []
    assert check_in is not None
    await desk.services.check_ins.answer_rest(desk.maya, check_in.id, key="b")
    await desk.services.check_ins.answer_rest(desk.maya, check_in.id, key="c")
    assert await desk.guides() == [GuideId.NEXT_STEP]


async def test_the_weeks_question_changes_and_goes_round_what_is_under_way(desk: Desk) -> None:
    """Two commitments, both moving: nobody hears the same question about the same thing week after week."""
    one = await desk.commit("Finish the report", stage=Stage.ACTION)
    await desk.commit("Call the dentist", stage=Stage.ACTION)
    for week in range(4):
        check_in = await desk.open_at(TUESDAY + timedelta(weeks=week))
        assert check_in is not None
        await desk.services.check_ins.answer_rest(desk.maya, check_in.id, key=f"moving:{week}")
        await desk.end_all()
    async with desk.services.units.database.read() as tx:
        asked = [(sitting.guide, sitting.commitment_id == one.id) for sitting in await tx.conversations.all()]
    assert asked == [
        (GuideId.NEXT_STEP, True),
        (GuideId.NEXT_STEP, False),
        (GuideId.A_QUESTION, True),
        (GuideId.A_QUESTION, False),
    ]


async def test_home_points_to_todays_check_in_while_a_line_is_open(desk: Desk) -> None:
    await desk.commit("Finish the report")
    await desk.commit("Call the dentist")
    first, second = await desk.items(await desk.open_at(TUESDAY))
    overview = desk.services.overview
    for number, item in enumerate((first, second)):
        assert (await overview.of(desk.maya)).waiting
        await desk.services.check_ins.answer(desk.maya, item.id, Answer.MOVING, key=str(number))
    assert not (await overview.of(desk.maya)).waiting
    await desk.services.check_ins.reopen(desk.maya, second.id, key="again")
    assert (await overview.of(desk.maya)).waiting
    desk.clock.set(TUESDAY + timedelta(days=1))
    assert not (await overview.of(desk.maya)).waiting, "it was yesterday's"


async def test_after_a_not_yet_its_owner_chooses_and_other_questions_follow_the_second(desk: Desk) -> None:
    await desk.commit()
    guides = []
    days = [TUESDAY, FRIDAY, TUESDAY + timedelta(days=7), FRIDAY + timedelta(days=7)]
    for number, instant in enumerate(days):
        [item] = await desk.items(await desk.open_at(instant))
        await desk.services.check_ins.answer(desk.maya, item.id, Answer.NOT_YET, key=f"n{number}")
        assert len(await desk.guides()) == number, "nothing is asked by itself"
        await desk.services.check_ins.follow_up(desk.maya, item.id, FollowUp.LOOKED, key=f"l{number}")
        await desk.services.check_ins.follow_up(desk.maya, item.id, FollowUp.LOOKED, key=f"again{number}")
        guides = await desk.guides()
        await desk.end_all()
    assert guides == [GuideId.LOOK_AT_IT, GuideId.AGAIN_NOT_YET, GuideId.SMALLER_OR_LET_GO, GuideId.STALLED]


async def test_a_habit_is_asked_about_its_days_since_last_time(desk: Desk) -> None:
    await desk.commit("Run", kind=Kind.HABIT, habit_days=tuple(Weekday), created_at=TUESDAY - timedelta(days=2))
    [item] = await desk.items(await desk.open_at(TUESDAY))
    assert item.since == date(2027, 1, 3)
    await desk.services.check_ins.tick_days(desk.maya, item.id, [date(2027, 1, 3), date(2026, 1, 1)], key="a")
    await desk.services.check_ins.answer_days(desk.maya, item.id, every=False, key="b")
    [item] = [one for one in await desk.items(await desk.open_at(TUESDAY)) if one.id == item.id]
    assert (item.answer, item.days) == (Answer.DAYS, (date(2027, 1, 3),)), "days nobody asked about do not count"
    [friday] = await desk.items(await desk.open_at(FRIDAY))
    assert friday.since == date(2027, 1, 5), "at ten in the morning Tuesday was still to come"
    await desk.services.check_ins.answer_days(desk.maya, friday.id, every=True, key="c")
    [friday] = await desk.items(await desk.open_at(FRIDAY))
    assert friday.days == tuple(date(2027, 1, day) for day in (5, 6, 7))


async def test_a_tick_that_comes_after_the_answer_is_shown(desk: Desk) -> None:
    """While the line is open it shows itself."""
    await desk.commit("Run", kind=Kind.HABIT, habit_days=tuple(Weekday), created_at=TUESDAY - timedelta(days=2))
    [item] = await desk.items(await desk.open_at(TUESDAY))
    shown = await desk.said(Says.CHECK_IN, Method.UPDATE)
    await desk.services.check_ins.tick_days(desk.maya, item.id, [date(2027, 1, 3)], key="a")
    assert await desk.said(Says.CHECK_IN, Method.UPDATE) == shown
    await desk.services.check_ins.answer_days(desk.maya, item.id, every=False, key="b")
    await desk.services.check_ins.tick_days(desk.maya, item.id, [date(2027, 1, 3), date(2027, 1, 4)], key="c")
    assert await desk.said(Says.CHECK_IN, Method.UPDATE) == shown + 2


async def test_days_are_counted_on_the_agreed_clock(desk: Desk) -> None:
    """Slack says Berlin, the ground rules say Auckland: ten in the morning there is still yesterday in Berlin."""
    async with desk.services.units.begin() as work:
        terms = default_terms("Pacific/Auckland", work.now.date())
        await agree(work, desk.maya, terms)
    ten_in_auckland = datetime(2027, 1, 4, 21, 0, tzinfo=UTC)
    await desk.commit("Run", kind=Kind.HABIT, habit_days=tuple(Weekday), next_due_at=ten_in_auckland)
    [item] = await desk.items(await desk.open_at(ten_in_auckland))
    await desk.services.check_ins.answer_days(desk.maya, item.id, every=True, key="a")
    [item] = await desk.items(await desk.open_at(ten_in_auckland))
    assert item.days == (date(2027, 1, 4),), "Tuesday morning asks about Monday"


async def test_a_habit_whose_day_does_not_come_up_is_not_announced(desk: Desk) -> None:
    sundays = await desk.commit("Long walk", kind=Kind.HABIT, habit_days=(Weekday.SUNDAY,))
    await desk.open_at(TUESDAY)
    next_tuesday = TUESDAY + timedelta(days=7)
    assert (await desk.commitment(sundays)).next_due_at == next_tuesday, "on Friday there is nothing to ask"


async def test_in_the_evening_the_day_itself_is_asked_about(desk: Desk) -> None:
    await desk.commit("Run", kind=Kind.HABIT, habit_days=tuple(Weekday), next_due_at=TUESDAY + timedelta(hours=9))
    [item] = await desk.items(await desk.open_at(TUESDAY + timedelta(hours=9)))
    await desk.services.check_ins.answer_days(desk.maya, item.id, every=True, key="a")
    [item] = [one for one in await desk.items(await desk.open_at(TUESDAY + timedelta(hours=9))) if one.id == item.id]
    assert item.days == (date(2027, 1, 4), date(2027, 1, 5))


async def test_a_question_nobody_answers_gives_way_to_the_check_in(desk: Desk) -> None:
    one = await desk.commit()
    async with desk.services.units.for_member(desk.maya) as (work, maya):
        await open_sitting(work, maya, GuideId.ON_IT, one)
    check_in = await desk.open_at(TUESDAY)
    assert check_in is not None
    async with desk.services.units.database.read() as tx:
        assert await tx.conversations.running(desk.maya.id) is None
    desk.clock.set(TUESDAY + timedelta(hours=5))
    await desk.services.reminding.remind_due()
    assert await desk.said(Says.REMINDER) == 1


async def test_someone_elses_item_is_gone(desk: Desk) -> None:
    await desk.commit()
    [item] = await desk.items(await desk.open_at(TUESDAY))
    async with desk.services.units.database.write() as tx:
        jonas = await factories.member(tx, await tx.workspaces.get(desk.maya.workspace_id), "U2")
    with pytest.raises(Gone):
        await desk.services.check_ins.answer(jonas, item.id, Answer.DONE, key="a")


async def test_a_typed_message_becomes_the_note_of_an_open_check_in(desk: Desk) -> None:
    await desk.commit()
    check_in = await desk.open_at(TUESDAY)
    async with desk.services.units.for_member(desk.maya) as (work, maya):
        assert await desk.services.check_ins.take_note(work, maya, "half of it is written", "5.5")
    [item] = await desk.items(check_in)
    assert item.note == "half of it is written"
    async with desk.services.units.for_member(desk.maya) as (work, maya):
        assert await desk.services.check_ins.edit_note(work, maya, "5.5", "two thirds")
        assert not await desk.services.check_ins.edit_note(work, maya, "6.6", "something else")
    [item] = await desk.items(check_in)
    assert item.note == "two thirds"
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.MOVING, key="a")
    async with desk.services.units.for_member(desk.maya) as (work, maya):
        assert not await desk.services.check_ins.take_note(work, maya, "a chat", "7.7"), "nothing is open any more"


async def test_what_is_typed_is_about_the_one_on_the_screen_although_a_later_one_came_to_nothing(desk: Desk) -> None:
    await desk.commit()
    [item] = await desk.items(await desk.open_at(TUESDAY))
    await desk.commit("Call", next_due_at=TUESDAY + timedelta(hours=10))
    await desk.open_at(TUESDAY + timedelta(hours=23))  # the bot was away in the evening
    ts = str((TUESDAY + timedelta(hours=23)).timestamp())
    await desk.services.inbox.receive(desk.maya, ts, "half of it", None, "a")
    async with desk.services.units.database.read() as tx:
        assert (await tx.items.get(item.id)).note == "half of it"


async def test_a_pause_silences_what_is_due(desk: Desk) -> None:
    await desk.commit()
    async with desk.services.units.database.write() as tx:
        await tx.members.change(desk.maya.id, paused_at=desk.clock.now())
    await desk.open_at(TUESDAY)
    assert await desk.said(Says.CHECK_IN) == 0


async def test_look_at_it_asks_at_once_although_an_older_question_stands(desk: Desk) -> None:
    report = await desk.commit("Finish the report")
    await desk.services.readiness.choose(desk.maya, report.id, Stage.ACTION, key="stage", ts=None)
    desk.clock.set(TUESDAY - timedelta(minutes=1))
    assert await desk.services.asking.ask_now(desk.maya, key="now")
    async with desk.services.units.database.read() as tx:
        latest = await tx.check_ins.latest(desk.maya.id)
    (item,) = await desk.items(latest)
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.NOT_YET, key="a")
    await desk.services.check_ins.follow_up(desk.maya, item.id, FollowUp.LOOKED, key="b")
    async with desk.services.units.database.read() as tx:
        running = await tx.conversations.running(desk.maya.id)
    assert running is not None
    assert running.guide == GuideId.LOOK_AT_IT


async def test_what_was_put_off_until_after_this_check_in_comes_before_the_weeks_question(desk: Desk) -> None:
    report = await desk.commit("Finish the report")
    await desk.services.readiness.choose(desk.maya, report.id, Stage.ACTION, key="stage", ts=None)
    async with desk.services.units.database.read() as tx:
        (sitting,) = await tx.conversations.all()
    later = Reply(move=Move.LATER, step_id=sitting.prompt_step)
    await desk.services.conversations.reply(desk.maya, sitting.id, later, key="later")
    (item,) = await desk.items(await desk.open_at(TUESDAY))
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.MOVING, key="a")
    assert await desk.said(Says.OFFER_AGAIN) == 1
    assert len(await desk.guides()) == 1


async def test_what_only_gave_way_to_a_check_in_comes_after_the_weeks_question(desk: Desk) -> None:
    report = await desk.commit("Finish the report")
    await desk.services.readiness.choose(desk.maya, report.id, Stage.ACTION, key="stage", ts=None)
    (item,) = await desk.items(await desk.open_at(TUESDAY))
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.MOVING, key="a")
    assert await desk.said(Says.OFFER_AGAIN) == 0
    assert GuideId.NEXT_STEP in await desk.guides()


async def test_when_the_try_might_be_is_not_asked_once_it_was_done(desk: Desk) -> None:
    report = await desk.commit("Finish the report", trying="One page")
    await desk.services.readiness.open(desk.maya, report.id, GuideId.TRY_ONCE, key="try")
    (item,) = await desk.items(await desk.open_at(TUESDAY))
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.DONE, key="a")
    async with desk.services.units.database.read() as tx:
        standing = {one.guide: one.status for one in await tx.conversations.all()}
    assert standing == {GuideId.TRY_ONCE: SittingStatus.STOPPED, GuideId.AFTER_A_TRY: SittingStatus.ASKING}


async def test_what_was_put_off_waits_while_a_not_yet_may_be_looked_at(desk: Desk) -> None:
    report = await desk.commit("Finish the report")
    await desk.services.readiness.choose(desk.maya, report.id, Stage.ACTION, key="stage", ts=None)
    async with desk.services.units.database.read() as tx:
        (sitting,) = await tx.conversations.all()
    await desk.services.conversations.reply(
        desk.maya, sitting.id, Reply(move=Move.LATER, step_id=sitting.prompt_step), key="later"
    )
    (item,) = await desk.items(await desk.open_at(TUESDAY))
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.NOT_YET, key="a")
    assert await desk.said(Says.OFFER_AGAIN) == 0
    await desk.services.check_ins.follow_up(desk.maya, item.id, FollowUp.LEFT, key="b")
    assert await desk.said(Says.OFFER_AGAIN) == 1
