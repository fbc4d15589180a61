"""Rests, quiet hours and coming back, on both databases, by date."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.agreements import QuietHours, Tone
from bot.domain.calendar import EVERY_DAY, Weekday, Weekly
from bot.domain.check_ins import Answer
from bot.domain.commitments import Commitment, Kind
from bot.domain.deliveries import Says
from bot.domain.rests import RestKind
from bot.services.rests import let_pass
from bot.services.work import Gone
from tests import factories
from tests.desk import A_DAY, AN_HOUR, FRIDAY, NEXT_TUESDAY, TUESDAY, Days


async def test_not_today_puts_off_what_is_open_and_everything_else_that_day(desk: Days) -> None:
    about = await desk.commit()
    await desk.at(TUESDAY)
    await desk.services.rests.not_today(desk.maya, key=desk.key())
    assert [item.answer for item in await desk.items()] == [Answer.NOT_TODAY]
    await desk.at(TUESDAY + 6 * AN_HOUR)
    assert await desk.said(Says.REMINDER) == []
    assert await desk.due(about) == FRIDAY
    await desk.at(FRIDAY)
    assert len(await desk.said(Says.CHECK_IN)) == 2


async def test_undone_it_promises_no_reminder_after_one_that_was_ignored(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.at(TUESDAY + 5 * AN_HOUR)
    await desk.at(FRIDAY)
    assert (await desk.open_one()).remind_at is None, "Tuesday's was ignored"
    rest = await desk.services.rests.not_today(desk.maya, key=desk.key())
    await desk.services.rests.undo(desk.maya, rest.id, key=desk.key())
    assert (await desk.open_one()).remind_at is None
    await desk.put_off(FRIDAY + AN_HOUR)
    await desk.services.snoozing.wake(desk.maya, (await desk.open_one()).id, key=desk.key())
    assert (await desk.open_one()).remind_at is None


async def test_not_today_before_the_check_in_leaves_it_out(desk: Days) -> None:
    about = await desk.commit()
    desk.clock.set(TUESDAY - AN_HOUR)
    await desk.services.rests.not_today(desk.maya, key=desk.key())
    assert await desk.due(about) == FRIDAY
    await desk.at(TUESDAY)
    assert await desk.said(Says.CHECK_IN) == []


async def test_undo_asks_again_what_it_had_put_off_and_nothing_else(desk: Days) -> None:
    await desk.commit()
    await desk.commit("Call the dentist")
    await desk.at(TUESDAY)
    first, _ = await desk.items()
    await desk.services.check_ins.answer(desk.maya, first.id, Answer.MOVING, key=desk.key())
    desk.clock.set(TUESDAY + AN_HOUR)
    rest = await desk.services.rests.not_today(desk.maya, key=desk.key())
    await desk.services.rests.undo(desk.maya, rest.id, key=desk.key())
    assert [item.answer for item in await desk.items()] == [Answer.MOVING, None]
    with pytest.raises(Gone):
        await desk.services.rests.undo(desk.maya, rest.id, key=desk.key())


async def test_days_that_were_ticked_are_the_answer(desk: Days) -> None:
    await desk.walk(created_at=TUESDAY - 5 * A_DAY)
    await desk.at(TUESDAY)
    (item,) = await desk.items()
    await desk.services.check_ins.tick_days(desk.maya, item.id, [date(2027, 1, 3)], key=desk.key())
    await desk.services.rests.rough_week(desk.maya, key=desk.key())
    (item,) = await desk.items()
    assert (item.answer, item.days) == (Answer.DAYS, (date(2027, 1, 3),))


async def test_days_that_were_asked_about_before_a_rest_began_are_asked_about_after_it(desk: Days) -> None:
    await desk.walk(created_at=TUESDAY)
    await desk.at(FRIDAY)
    await desk.services.rests.rough_week(desk.maya, key=desk.key())
    await desk.at(NEXT_TUESDAY)
    (item,) = await desk.items()
    await desk.services.check_ins.answer_days(desk.maya, item.id, every=True, key=desk.key())
    (item,) = await desk.items()
    assert [day.day for day in item.days] == [5, 6, 7, 11], "Tuesday to Thursday, and the Monday after"


async def test_a_rough_week_is_quiet_until_monday_and_its_days_are_not_asked_about(desk: Days) -> None:
    await desk.walk()
    desk.clock.set(TUESDAY - AN_HOUR)
    rest = await desk.services.rests.rough_week(desk.maya, key=desk.key())
    again = await desk.services.rests.rough_week(desk.maya, key=desk.key())
    assert again == rest, "said twice it is one"
    assert (rest.first_day, rest.last_day) == (date(2027, 1, 5), date(2027, 1, 10))
    for day in range(6):
        await desk.at(TUESDAY + day * A_DAY)
    assert await desk.said(Says.CHECK_IN) == []
    await desk.at(NEXT_TUESDAY)
    overview = await desk.services.overview.of(desk.maya)
    assert len(await desk.said(Says.CHECK_IN)) == 1
    (item,) = await desk.items()
    await desk.services.check_ins.answer_days(desk.maya, item.id, every=True, key=desk.key())
    (item,) = await desk.items()
    assert item.days == (date(2027, 1, 4), date(2027, 1, 11)), "the day before, and the Monday after"
    overview = await desk.services.overview.of(desk.maya)
    (standing,) = overview.standings
    assert standing.tally is not None
    assert (standing.tally.done, standing.tally.of) == (2, 2)


async def test_days_off_every_week_and_quiet_hours_move_what_is_planned(desk: Days) -> None:
    about = await desk.commit()
    changes = {"days_off": (Weekday.TUESDAY,), "quiet_hours": QuietHours(begins=time(9), ends=time(11))}
    await desk.services.rests.change(desk.maya, changes, None, key=desk.key())
    assert await desk.due(about) == FRIDAY + AN_HOUR
    await desk.services.rests.change(desk.maya, {"days_off": (), "quiet_hours": None}, None, key=desk.key())
    assert await desk.due(about) == TUESDAY


async def test_rules_that_change_in_the_morning_leave_that_days_check_in(desk: Days) -> None:
    about = await desk.walk()
    desk.clock.set(TUESDAY - AN_HOUR)
    await desk.services.agreements.change(desk.maya, {"tone": Tone.DIRECT}, key=desk.key())
    assert await desk.due(about) == TUESDAY
    await desk.at(TUESDAY)
    desk.clock.set(TUESDAY + AN_HOUR)
    await desk.services.agreements.change(desk.maya, {"tone": Tone.GENTLE}, key=desk.key())
    assert await desk.due(about) == FRIDAY


async def test_a_holiday_is_listed_until_it_is_over_and_can_be_removed(desk: Days) -> None:
    about = await desk.commit()
    holiday = (date(2027, 1, 5), date(2027, 1, 9))
    await desk.services.rests.change(desk.maya, {}, holiday, key=desk.key())
    assert await desk.due(about) == NEXT_TUESDAY
    _, (rest,), today = await desk.services.rests.read(desk.maya)
    assert (rest.kind, today) == (RestKind.HOLIDAY, date(2027, 1, 4))
    await desk.services.rests.undo(desk.maya, rest.id, key=desk.key())
    assert await desk.due(about) == TUESDAY


async def test_nobody_ends_the_rest_of_another(desk: Days) -> None:
    async with desk.services.units.database.write() as tx:
        workspace = await tx.workspaces.get(desk.maya.workspace_id)
        jonas = await factories.member(tx, workspace, "U2")
    rest = await desk.services.rests.not_today(desk.maya, key=desk.key())
    with pytest.raises(Gone):
        await desk.services.rests.undo(jonas, rest.id, key=desk.key())


# Quiet hours


async def test_a_reminder_in_quiet_hours_comes_at_their_end_and_never_on_another_day(desk: Days) -> None:
    await desk.agree(quiet_hours=QuietHours(begins=time(14), ends=time(17)))
    await desk.commit()
    await desk.at(TUESDAY)
    assert (await desk.open_one()).remind_at == TUESDAY + 7 * AN_HOUR
    await desk.agree(quiet_hours=QuietHours(begins=time(14), ends=time(8)))
    await desk.at(TUESDAY + 7 * AN_HOUR)
    await desk.at(TUESDAY + 22 * AN_HOUR)
    assert await desk.said(Says.REMINDER) == []


async def test_a_late_start_in_quiet_hours_waits_for_their_end(desk: Days) -> None:
    await desk.agree(quiet_hours=QuietHours(begins=time(11), ends=time(13)))
    await desk.commit()
    await desk.at(TUESDAY + 2 * AN_HOUR)
    assert await desk.said(Says.CHECK_IN) == []
    await desk.at(TUESDAY + 3 * AN_HOUR)
    assert len(await desk.said(Says.CHECK_IN)) == 1


async def test_a_late_start_after_a_day_of_rest_says_nothing_of_it(desk: Days) -> None:
    await desk.commit()
    await desk.agree(days_off=(Weekday.TUESDAY, Weekday.WEDNESDAY))
    await desk.at(TUESDAY + A_DAY)
    assert await desk.latest() is None
    await desk.at(FRIDAY)
    assert len(await desk.said(Says.CHECK_IN)) == 1


async def test_whom_a_check_in_names_that_is_let_pass_the_next_one_names(desk: Days) -> None:
    await desk.commit()
    async with desk.services.units.database.write() as tx:
        await factories.cheered_win(tx, desk.maya, "U2", TUESDAY - A_DAY)
    desk.clock.set(TUESDAY)
    await desk.services.opening.open_due()
    async with desk.services.units.begin() as work:
        await let_pass(work, desk.maya, (await desk.open_one()).id)
    await desk.at(FRIDAY)
    *_, said = await desk.said(Says.CHECK_IN)
    assert said.refs["cheered"] == "1"


async def test_a_check_in_let_pass_leaves_the_one_before_it_open(desk: Days) -> None:
    await desk.agree(cadence=factories.TUESDAY_AND_FRIDAY.model_copy(update={"times": (time(10), time(17))}))
    about = await desk.commit()
    await desk.at(TUESDAY)
    morning = await desk.open_one()
    desk.clock.set(TUESDAY + 7 * AN_HOUR)
    await desk.services.opening.open_due()
    async with desk.services.units.begin() as work:
        await let_pass(work, desk.maya, (await desk.open_one()).id)
    assert (await desk.open_one()).id == morning.id
    assert [item.answer for item in await desk.items()] == [None]
    assert await desk.due(about) == FRIDAY


# On another clock


async def test_a_pause_and_what_was_put_off_keep_their_wall_times_on_a_new_clock(desk: Days) -> None:
    one, other = await desk.commit(), await desk.commit("Call the dentist")
    await desk.at(TUESDAY)
    await desk.put_off(datetime(2027, 1, 20, 17, tzinfo=UTC))
    midnight = datetime(2027, 1, 14, 23, tzinfo=UTC)
    await desk.services.pauses.pause(desk.maya, midnight, key=desk.key())
    await desk.services.commitments.pause(desk.maya, other.id, midnight, key=desk.key())
    await desk.services.rests.change(desk.maya, {}, (date(2027, 1, 16), date(2027, 1, 19)), key=desk.key())
    await desk.services.zones.move(desk.maya, "America/New_York", key=desk.key(), ts=None)
    there = timedelta(hours=6)
    put_off = await desk.open_one()
    assert put_off.remind_at == datetime(2027, 1, 20, 17, tzinfo=UTC) + there
    async with desk.services.units.database.read() as tx:
        assert (await tx.members.get(desk.maya.id)).paused_until == midnight + there
        assert (await tx.commitments.get(other.id)).paused_until == midnight + there
        assert [rest.returns_at for rest in await tx.rests.of(desk.maya.id)] == [midnight + 5 * A_DAY + there]
    assert await desk.due(one) == datetime(2027, 1, 15, 15, tzinfo=UTC), "Friday at 10:00 in New York"


@pytest.mark.parametrize(
    ("here", "there"), [("Europe/Berlin", "Pacific/Honolulu"), ("Pacific/Honolulu", "Pacific/Auckland")]
)
async def test_whoever_moves_is_asked_about_each_day_of_a_habit_once(desk: Days, here: str, there: str) -> None:
    first = datetime(2027, 1, 5, 10, tzinfo=ZoneInfo(here))
    await desk.agree(cadence=Weekly(days=EVERY_DAY, times=(time(10),), anchor=TUESDAY.date(), zone=here))
    walk = await desk.walk(created_at=first - A_DAY, next_due_at=first)
    await desk.at(first)
    asked = [(await desk.items())[0].since]
    await desk.services.zones.move(desk.maya, there, key=desk.key(), ts=None)
    while len(asked) < 3:
        due = await desk.due(walk)
        assert due is not None
        await desk.at(due)
        asked.append((await desk.items())[0].since)
    assert asked == [date(2027, 1, 4), date(2027, 1, 5), date(2027, 1, 6)]


async def test_a_day_asked_about_in_the_evening_is_the_same_day_further_west(desk: Days) -> None:
    await desk.agree(cadence=Weekly(days=EVERY_DAY, times=(time(18),), anchor=TUESDAY.date(), zone="Europe/Berlin"))
    await desk.walk(created_at=TUESDAY, next_due_at=TUESDAY + 8 * AN_HOUR)
    await desk.at(TUESDAY + 8 * AN_HOUR)
    await desk.services.zones.move(desk.maya, "America/New_York", key=desk.key(), ts=None)
    (item,) = await desk.items()
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.DONE, key=desk.key())
    (item,) = await desk.items()
    assert (item.answer, item.days) == (Answer.DAYS, (TUESDAY.date(),)), "noon in New York, but its day was Tuesday"
    await desk.at(TUESDAY + A_DAY + 14 * AN_HOUR)
    (item,) = await desk.items()
    assert item.since == TUESDAY.date() + A_DAY


# Back


async def test_after_a_pause_dates_that_passed_are_one_message_in_the_morning(desk: Days) -> None:
    passed = [await desk.commit(text, due_day=date(2027, 1, 6)) for text in ("The report", "The dentist")]
    await desk.commit("Still to come", due_day=date(2027, 1, 20))
    await desk.commit("Before that already", due_day=date(2027, 1, 2))
    monday = datetime(2027, 1, 10, 23, 0, tzinfo=UTC)
    await desk.services.pauses.pause(desk.maya, monday, key=desk.key())
    for _ in range(2):
        await desk.at(monday)
    (said,) = await desk.said(Says.WELCOME_BACK)
    assert said.due_at == datetime(2027, 1, 11, 8, tzinfo=UTC)
    assert said.refs == {"commitments": " ".join(str(one.id) for one in passed)}
    async with desk.services.units.database.read() as tx:
        assert (await tx.members.get(desk.maya.id)).prompted_on == date(2027, 1, 11)


async def test_what_the_welcome_asks_about_that_days_check_in_does_not(desk: Days) -> None:
    await desk.commit("The report", due_day=date(2027, 1, 6))
    other = await desk.commit("No date")
    await desk.services.pauses.pause(desk.maya, FRIDAY - 10 * AN_HOUR, key=desk.key())
    await desk.at(FRIDAY - 10 * AN_HOUR)
    await desk.at(FRIDAY)
    assert len(await desk.said(Says.WELCOME_BACK)) == 1
    assert [item.commitment_id for item in await desk.items()] == [other.id]
    await desk.at(NEXT_TUESDAY)
    assert len(await desk.items()) == 2


async def test_a_long_holiday_is_come_back_from_and_a_short_one_is_not(desk: Days) -> None:
    await desk.commit(due_day=date(2027, 1, 6))
    await desk.services.rests.change(desk.maya, {}, (date(2027, 1, 5), date(2027, 1, 7)), key=desk.key())
    await desk.at(TUESDAY + 3 * A_DAY)
    assert await desk.said(Says.WELCOME_BACK) == []
    await desk.services.rests.change(desk.maya, {}, (date(2027, 1, 6), date(2027, 1, 9)), key=desk.key())
    await desk.at(datetime(2027, 1, 9, 23, tzinfo=UTC))
    (said,) = await desk.said(Says.WELCOME_BACK)
    assert said.due_at == datetime(2027, 1, 10, 8, tzinfo=UTC)


async def asked_from_its_first_day(desk: Days, about: Commitment) -> None:
    """Also after it was let go and had back at once."""
    await desk.services.commitments.let_go(desk.maya, about.id, key=desk.key())
    await desk.services.commitments.resume(desk.maya, about.id, key=desk.key())
    await desk.at(TUESDAY)
    (item,) = await desk.items()
    assert item.since == date(2027, 1, 1)


async def test_a_pause_of_some_hours_forgets_no_day_of_a_habit(desk: Days) -> None:
    about = await desk.walk(created_at=TUESDAY - 4 * A_DAY)
    await desk.services.pauses.pause(desk.maya, None, key=desk.key())
    await desk.services.pauses.resume(desk.maya, key=desk.key())
    await asked_from_its_first_day(desk, about)


async def test_a_commitments_own_pause_of_some_hours_forgets_no_day_of_it(desk: Days) -> None:
    about = await desk.walk(created_at=TUESDAY - 4 * A_DAY)
    for then in (None, TUESDAY + A_DAY):
        await desk.services.commitments.pause(desk.maya, about.id, then, key=desk.key())
    await asked_from_its_first_day(desk, about)


async def test_a_commitments_own_pause_of_days_is_not_asked_about(desk: Days) -> None:
    about = await desk.walk(created_at=TUESDAY - 4 * A_DAY)
    desk.clock.set(TUESDAY - 3 * A_DAY)
    await desk.services.commitments.pause(desk.maya, about.id, None, key=desk.key())
    desk.clock.set(TUESDAY - A_DAY)
    await desk.services.commitments.pause(desk.maya, about.id, None, key=desk.key())
    await desk.services.commitments.resume(desk.maya, about.id, key=desk.key())
    await desk.at(TUESDAY)
    (item,) = await desk.items()
    assert item.since == date(2027, 1, 4)


async def test_a_pause_before_a_check_in_leaves_it_the_day_it_is_about(desk: Days) -> None:
    mondays = await desk.commit("Walk", kind=Kind.HABIT, habit_days=(Weekday.MONDAY,), created_at=TUESDAY - A_DAY)
    desk.clock.set(TUESDAY - AN_HOUR)
    await desk.services.commitments.pause(desk.maya, mondays.id, None, key=desk.key())
    await desk.services.commitments.resume(desk.maya, mondays.id, key=desk.key())
    assert await desk.due(mondays) == TUESDAY


async def test_of_a_day_away_nothing_is_asked_and_a_try_goes_on_waiting_for_its_day(desk: Days) -> None:
    walk = await desk.walk()
    tries = await desk.commit(trying="Phone in the hall, on the 15th", asks_from=date(2027, 1, 16))
    await desk.services.pauses.pause(desk.maya, TUESDAY - 10 * AN_HOUR, key=desk.key())
    await desk.at(TUESDAY - 10 * AN_HOUR)
    async with desk.services.units.database.read() as tx:
        assert (await tx.commitments.get(walk.id)).asks_from == date(2027, 1, 5)
        assert (await tx.commitments.get(tries.id)).asks_from == date(2027, 1, 16)
    assert await desk.due(tries) == NEXT_TUESDAY + 7 * A_DAY


async def test_nothing_is_said_when_no_date_passed_or_it_is_switched_off(desk: Days) -> None:
    await desk.commit()
    await desk.services.pauses.pause(desk.maya, FRIDAY, key=desk.key())
    await desk.at(FRIDAY)
    await desk.commit("The report", due_day=date(2027, 1, 9))
    await desk.agree(welcome_back=False)
    await desk.services.pauses.pause(desk.maya, NEXT_TUESDAY, key=desk.key())
    await desk.at(NEXT_TUESDAY)
    assert await desk.said(Says.WELCOME_BACK) == []
