"""Opening, answering and reminding, on both databases, by date."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.agreements import Initiative, default_terms
from bot.domain.calendar import Weekday
from bot.domain.check_ins import Answer
from bot.domain.commitments import Kind, State
from bot.domain.cues import cue_at
from bot.domain.deliveries import Method, Says
from bot.domain.guides.guide import GuideId
from bot.services.sittings import open_sitting
from bot.services.terms import agree
from bot.services.work import Gone
from tests import factories
from tests.desk import FRIDAY, TUESDAY, Asked


async def test_everything_due_is_one_message_and_the_next_date_is_planned(here: Asked) -> None:
    first, second = await here.commit("Finish the report"), await here.commit("Call the dentist")
    check_in = await here.open_at(TUESDAY)
    assert len(await here.items(check_in)) == 2
    assert await here.said(Says.CHECK_IN) == 1
    for one in (first, second):
        assert (await here.commitment(one)).next_due_at == FRIDAY
    await here.open_at(TUESDAY + timedelta(minutes=1))
    assert await here.said(Says.CHECK_IN) == 1


async def test_what_falls_due_within_the_hour_comes_along(here: Asked) -> None:
    await here.commit("Finish the report")
    await here.commit("Call the dentist", next_due_at=TUESDAY + timedelta(minutes=30))
    await here.commit("Much later", next_due_at=TUESDAY + timedelta(hours=3))
    assert len(await here.items(await here.open_at(TUESDAY))) == 2


async def test_a_day_that_has_passed_is_left_and_the_next_check_in_says_so(here: Asked) -> None:
    await here.commit()
    passed = await here.open_at(TUESDAY + timedelta(days=1, hours=2))
    assert passed is not None
    assert passed.late
    assert await here.said(Says.CHECK_IN) == 0
    await here.open_at(FRIDAY)
    assert await here.said(Says.CHECK_IN) == 1


async def test_a_check_in_of_ones_own_silences_the_scheduled_one(here: Asked) -> None:
    await here.commit()
    here.clock.set(TUESDAY - timedelta(hours=1))
    assert await here.services.asking.ask_now(here.maya, key="a")
    await here.open_at(TUESDAY)
    assert await here.said(Says.CHECK_IN) == 1


async def test_asking_again_brings_the_open_one_down_with_what_is_new(here: Asked) -> None:
    await here.commit("Finish the report")
    check_in = await here.open_at(TUESDAY)
    await here.commit("Call the dentist", next_due_at=FRIDAY)
    assert await here.services.asking.ask_now(here.maya, key="a")
    assert len(await here.items(check_in)) == 2
    assert await here.said(Says.CHECK_IN) == 1
    assert await here.said(Says.REMINDER) == 1


async def test_who_starts_by_themself_is_not_asked(here: Asked) -> None:
    async with here.services.units.begin() as work:
        terms = default_terms("Europe/Berlin", work.now.date())
        await agree(work, here.maya, terms.model_copy(update={"initiative": Initiative.I_START}))
    one = await here.commit()
    await here.open_at(TUESDAY)
    assert (await here.commitment(one)).next_due_at is None


async def test_nobody_active_nothing_to_ask(here: Asked) -> None:
    assert not await here.services.asking.ask_now(here.maya, key="a")


async def test_the_reminder_comes_once_and_not_after_an_answer(here: Asked) -> None:
    await here.commit()
    await here.open_at(TUESDAY)
    here.clock.set(TUESDAY + timedelta(hours=5))
    await here.services.reminding.remind_due()
    await here.services.reminding.remind_due()
    assert await here.said(Says.REMINDER) == 1
    # It was ignored, so on Friday there is none.
    friday = await here.open_at(FRIDAY)
    assert friday is not None
    assert friday.remind_at is None


async def test_an_answer_makes_the_reminder_needless(here: Asked) -> None:
    await here.commit()
    [item] = await here.items(await here.open_at(TUESDAY))
    await here.services.check_ins.answer(here.maya, item.id, Answer.MOVING, key="a")
    here.clock.set(TUESDAY + timedelta(hours=5))
    await here.services.reminding.remind_due()
    assert await here.said(Says.REMINDER) == 0


async def test_done_finishes_and_changing_the_answer_takes_that_back(here: Asked) -> None:
    one = await here.commit()
    [item] = await here.items(await here.open_at(TUESDAY))
    await here.services.check_ins.answer(here.maya, item.id, Answer.DONE, key="a")
    done = await here.commitment(one)
    assert (done.state, done.next_due_at) == (State.DONE, None)
    await here.services.check_ins.reopen(here.maya, item.id, key="b")
    active = await here.commitment(one)
    assert (active.state, active.next_due_at) == (State.ACTIVE, FRIDAY)


async def test_a_done_taken_back_brings_its_cue_back(here: Asked) -> None:
    told = await here.commit(cue=cue_at(time(13)), next_cue_at=TUESDAY + timedelta(hours=3))
    (item,) = await here.items(await here.open_at(TUESDAY))
    await here.services.check_ins.answer(here.maya, item.id, Answer.DONE, key="a")
    here.clock.set(TUESDAY + timedelta(hours=3))
    await here.services.cues.tell_due()
    assert (await here.commitment(told)).next_cue_at is None
    await here.services.check_ins.reopen(here.maya, item.id, key="b")
    assert (await here.commitment(told)).next_cue_at == TUESDAY + timedelta(days=1, hours=3)


async def test_a_habit_whose_try_is_done_is_announced_when_there_is_a_day_to_ask_about(here: Asked) -> None:
    values = {"kind": Kind.HABIT, "habit_days": (Weekday.SUNDAY,), "trying": "The short way round"}
    walk = await here.commit("Long walk", **values)
    [item] = await here.items(await here.open_at(TUESDAY))
    await here.services.check_ins.answer(here.maya, item.id, Answer.DONE, key="a")
    assert (await here.commitment(walk)).next_due_at == TUESDAY + timedelta(days=7)
    await here.services.check_ins.reopen(here.maya, item.id, key="b")
    assert (await here.commitment(walk)).next_due_at == FRIDAY


async def test_home_points_to_todays_check_in_while_a_line_is_open(here: Asked) -> None:
    await here.commit("Finish the report")
    await here.commit("Call the dentist")
    first, second = await here.items(await here.open_at(TUESDAY))
    overview = here.services.overview
    for number, item in enumerate((first, second)):
        assert (await overview.of(here.maya)).waiting
        await here.services.check_ins.answer(here.maya, item.id, Answer.MOVING, key=str(number))
    assert not (await overview.of(here.maya)).waiting
    await here.services.check_ins.reopen(here.maya, second.id, key="again")
    assert (await overview.of(here.maya)).waiting
    here.clock.set(TUESDAY + timedelta(days=1))
    assert not (await overview.of(here.maya)).waiting, "it was yesterday's"


async def test_a_habit_is_asked_about_its_days_since_last_time(here: Asked) -> None:
    await here.commit("Run", kind=Kind.HABIT, habit_days=tuple(Weekday), created_at=TUESDAY - timedelta(days=2))
    [item] = await here.items(await here.open_at(TUESDAY))
    assert item.since == date(2027, 1, 3)
    await here.services.check_ins.tick_days(here.maya, item.id, [date(2027, 1, 3), date(2026, 1, 1)], key="a")
    await here.services.check_ins.answer_days(here.maya, item.id, every=False, key="b")
    [item] = [one for one in await here.items(await here.open_at(TUESDAY)) if one.id == item.id]
    assert (item.answer, item.days) == (Answer.DAYS, (date(2027, 1, 3),)), "days nobody asked about do not count"
    [friday] = await here.items(await here.open_at(FRIDAY))
    assert friday.since == date(2027, 1, 5), "at ten in the morning Tuesday was still to come"
    await here.services.check_ins.answer_days(here.maya, friday.id, every=True, key="c")
    [friday] = await here.items(await here.open_at(FRIDAY))
    assert friday.days == tuple(date(2027, 1, day) for day in (5, 6, 7))


async def test_a_tick_that_comes_after_the_answer_is_shown(here: Asked) -> None:
    """While the line is open it shows itself."""
    await here.commit("Run", kind=Kind.HABIT, habit_days=tuple(Weekday), created_at=TUESDAY - timedelta(days=2))
    [item] = await here.items(await here.open_at(TUESDAY))
    shown = await here.said(Says.CHECK_IN, Method.UPDATE)
    await here.services.check_ins.tick_days(here.maya, item.id, [date(2027, 1, 3)], key="a")
    assert await here.said(Says.CHECK_IN, Method.UPDATE) == shown
    await here.services.check_ins.answer_days(here.maya, item.id, every=False, key="b")
    await here.services.check_ins.tick_days(here.maya, item.id, [date(2027, 1, 3), date(2027, 1, 4)], key="c")
    assert await here.said(Says.CHECK_IN, Method.UPDATE) == shown + 2


async def test_days_are_counted_on_the_agreed_clock(here: Asked) -> None:
    """Slack says Berlin, the ground rules say Auckland: ten in the morning there is still yesterday in Berlin."""
    async with here.services.units.begin() as work:
        terms = default_terms("Pacific/Auckland", work.now.date())
        await agree(work, here.maya, terms)
    ten_in_auckland = datetime(2027, 1, 4, 21, 0, tzinfo=UTC)
    await here.commit("Run", kind=Kind.HABIT, habit_days=tuple(Weekday), next_due_at=ten_in_auckland)
    [item] = await here.items(await here.open_at(ten_in_auckland))
    await here.services.check_ins.answer_days(here.maya, item.id, every=True, key="a")
    [item] = await here.items(await here.open_at(ten_in_auckland))
    assert item.days == (date(2027, 1, 4),), "Tuesday morning asks about Monday"


async def test_a_habit_whose_day_does_not_come_up_is_not_announced(here: Asked) -> None:
    sundays = await here.commit("Long walk", kind=Kind.HABIT, habit_days=(Weekday.SUNDAY,))
    await here.open_at(TUESDAY)
    next_tuesday = TUESDAY + timedelta(days=7)
    assert (await here.commitment(sundays)).next_due_at == next_tuesday, "on Friday there is nothing to ask"


async def test_in_the_evening_the_day_itself_is_asked_about(here: Asked) -> None:
    await here.commit("Run", kind=Kind.HABIT, habit_days=tuple(Weekday), next_due_at=TUESDAY + timedelta(hours=9))
    [item] = await here.items(await here.open_at(TUESDAY + timedelta(hours=9)))
    await here.services.check_ins.answer_days(here.maya, item.id, every=True, key="a")
    [item] = [one for one in await here.items(await here.open_at(TUESDAY + timedelta(hours=9))) if one.id == item.id]
    assert item.days == (date(2027, 1, 4), date(2027, 1, 5))


async def test_a_question_nobody_answers_gives_way_to_the_check_in(here: Asked) -> None:
    one = await here.commit()
    async with here.services.units.for_member(here.maya) as (work, maya):
        await open_sitting(work, maya, GuideId.ON_IT, one)
    check_in = await here.open_at(TUESDAY)
    assert check_in is not None
    async with here.services.units.database.read() as tx:
        assert await tx.conversations.running(here.maya.id) is None
    here.clock.set(TUESDAY + timedelta(hours=5))
    await here.services.reminding.remind_due()
    assert await here.said(Says.REMINDER) == 1


async def test_someone_elses_item_is_gone(here: Asked) -> None:
    await here.commit()
    [item] = await here.items(await here.open_at(TUESDAY))
    async with here.services.units.database.write() as tx:
        jonas = await factories.member(tx, await tx.workspaces.get(here.maya.workspace_id), "U2")
    with pytest.raises(Gone):
        await here.services.check_ins.answer(jonas, item.id, Answer.DONE, key="a")


async def test_a_typed_message_becomes_the_note_of_an_open_check_in(here: Asked) -> None:
    await here.commit()
    check_in = await here.open_at(TUESDAY)
    async with here.services.units.for_member(here.maya) as (work, maya):
        assert await here.services.check_ins.take_note(work, maya, "half of it is written", "5.5")
    [item] = await here.items(check_in)
    assert item.note == "half of it is written"
    async with here.services.units.for_member(here.maya) as (work, maya):
        assert await here.services.check_ins.edit_note(work, maya, "5.5", "two thirds")
        assert not await here.services.check_ins.edit_note(work, maya, "6.6", "something else")
    [item] = await here.items(check_in)
    assert item.note == "two thirds"
    await here.services.check_ins.answer(here.maya, item.id, Answer.MOVING, key="a")
    async with here.services.units.for_member(here.maya) as (work, maya):
        assert not await here.services.check_ins.take_note(work, maya, "a chat", "7.7"), "nothing is open any more"


async def test_what_is_typed_is_about_the_one_on_the_screen_although_a_later_one_came_to_nothing(here: Asked) -> None:
    await here.commit()
    [item] = await here.items(await here.open_at(TUESDAY))
    await here.commit("Call", next_due_at=TUESDAY + timedelta(hours=10))
    await here.open_at(TUESDAY + timedelta(hours=23))  # the bot was away in the evening
    ts = str((TUESDAY + timedelta(hours=23)).timestamp())
    await here.services.inbox.receive(here.maya, ts, "half of it", None, "a")
    async with here.services.units.database.read() as tx:
        assert (await tx.items.get(item.id)).note == "half of it"


async def test_a_pause_silences_what_is_due(here: Asked) -> None:
    await here.commit()
    async with here.services.units.database.write() as tx:
        await tx.members.change(here.maya.id, paused_at=here.clock.now())
    await here.open_at(TUESDAY)
    assert await here.said(Says.CHECK_IN) == 0
