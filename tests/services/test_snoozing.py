"""Later: what its member put off comes again, on both databases, by date."""

from datetime import date, datetime, time, timedelta

import pytest

from bot.domain.agreements import Tone
from bot.domain.calendar import Weekday, Weekly
from bot.domain.check_ins import Answer
from bot.domain.deliveries import Says
from bot.domain.snoozing import Snooze
from bot.services.work import Gone
from tests import factories
from tests.desk import A_DAY, AN_HOUR, FRIDAY, TUESDAY, Days


async def test_put_off_it_comes_again_as_often_as_wanted_and_the_reminder_is_still_to_come(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    check_in = await desk.open_one()
    await desk.services.snoozing.snooze(desk.maya, check_in.id, Snooze.HOUR, key=desk.key())
    await desk.at(TUESDAY + 59 * timedelta(minutes=1))
    assert await desk.said(Says.REMINDER) == []
    await desk.at(TUESDAY + AN_HOUR)
    assert len(await desk.said(Says.REMINDER)) == 1
    assert (await desk.open_one()).reminded_at is None
    await desk.services.snoozing.snooze(desk.maya, check_in.id, Snooze.HOUR, key=desk.key())
    await desk.at(TUESDAY + 2 * AN_HOUR)
    assert len(await desk.said(Says.REMINDER)) == 2
    await desk.at(TUESDAY + 5 * AN_HOUR)
    await desk.at(TUESDAY + 6 * AN_HOUR)
    assert len(await desk.said(Says.REMINDER)) == 3, "the agreed one, at 15:00"
    assert (await desk.open_one()).reminded_at is not None
    await desk.at(TUESDAY + 9 * AN_HOUR)
    assert len(await desk.said(Says.REMINDER)) == 3


async def test_put_off_and_asked_for_all_the_same_it_does_not_come_again(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.services.snoozing.snooze(desk.maya, (await desk.open_one()).id, Snooze.HOUR, key=desk.key())
    assert await desk.services.asking.ask_now(desk.maya, key=desk.key())
    assert len(await desk.said(Says.REMINDER)) == 1, "where they are"
    await desk.at(TUESDAY + AN_HOUR)
    assert len(await desk.said(Says.REMINDER)) == 1
    assert not (await desk.open_one()).snoozed


async def test_put_off_until_tomorrow_it_is_not_limited_to_its_day(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.services.snoozing.snooze(desk.maya, (await desk.open_one()).id, Snooze.TOMORROW, key=desk.key())
    await desk.at(TUESDAY + 6 * AN_HOUR)
    assert await desk.said(Says.REMINDER) == []
    await desk.at(TUESDAY + A_DAY)
    assert len(await desk.said(Says.REMINDER)) == 1


async def test_home_says_when_comes_what_was_put_off(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.put_off(TUESDAY + AN_HOUR)
    home = await desk.services.overview.of(desk.maya)
    assert (home.remind_at, home.next_at) == (TUESDAY + AN_HOUR, FRIDAY)
    await desk.put_off(TUESDAY + A_DAY)
    home = await desk.services.overview.of(desk.maya)
    assert (home.remind_at, home.next_at) == (None, TUESDAY + A_DAY), "tomorrow, which an hour alone does not say"
    desk.clock.set(TUESDAY + A_DAY - AN_HOUR)
    assert (await desk.services.overview.of(desk.maya)).next_at == TUESDAY + A_DAY, "it was yesterday's"


async def test_home_is_silent_about_what_was_put_off_once_something_newer_asks_it(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.put_off(FRIDAY + AN_HOUR)
    await desk.at(FRIDAY)
    assert (await desk.services.overview.of(desk.maya)).next_at == FRIDAY + 4 * A_DAY


async def test_put_off_past_the_next_check_in_it_gives_way_and_no_day_of_a_habit_is_lost(desk: Days) -> None:
    await desk.walk()
    await desk.at(TUESDAY)
    put_off = await desk.open_one()
    await desk.services.snoozing.snooze_until(desk.maya, put_off.id, FRIDAY + AN_HOUR, key=desk.key())
    await desk.at(FRIDAY)
    (item,) = await desk.items()
    assert item.since == date(2027, 1, 4)
    await desk.at(FRIDAY + AN_HOUR)
    assert len(await desk.said(Says.CHECK_IN)) == 2
    assert await desk.said(Says.REMINDER) == []


async def test_a_pause_a_stop_and_a_rest_cancel_it(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    check_in = await desk.open_one()
    for quiet in (desk.services.rests.not_today, desk.services.pauses.stop):
        await desk.services.snoozing.snooze(desk.maya, check_in.id, Snooze.HOUR, key=desk.key())
        await quiet(desk.maya, key=desk.key())
        await desk.at(desk.clock.now() + 2 * AN_HOUR)
    assert await desk.said(Says.REMINDER) == []


async def test_what_was_put_off_comes_whatever_changes_in_the_ground_rules(desk: Days) -> None:
    await desk.agree(remind=False)
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.put_off(TUESDAY + 8 * AN_HOUR)
    await desk.services.agreements.change(desk.maya, {"tone": Tone.DIRECT}, key=desk.key())
    await desk.at(TUESDAY + 8 * AN_HOUR)
    assert len(await desk.said(Says.REMINDER)) == 1


async def test_what_was_put_off_until_after_a_rest_or_a_pause_comes_then(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.put_off(TUESDAY + 2 * A_DAY)
    await desk.services.rests.not_today(desk.maya, key=desk.key())
    assert [item.answer for item in await desk.items()] == [None]
    desk.clock.set(TUESDAY + A_DAY)
    await desk.services.rests.not_today(desk.maya, key=desk.key())
    await desk.services.pauses.pause(desk.maya, TUESDAY + A_DAY + AN_HOUR, key=desk.key())
    await desk.at(TUESDAY + A_DAY + AN_HOUR)
    assert await desk.said(Says.REMINDER) == []
    await desk.at(TUESDAY + 2 * A_DAY)
    assert len(await desk.said(Says.REMINDER)) == 1


async def test_what_was_put_off_until_a_day_that_becomes_one_of_rest_comes_after_it_and_says_so(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.put_off(TUESDAY + A_DAY)
    shown = await desk.redrawn()
    wednesday = (TUESDAY + A_DAY).date()
    await desk.services.rests.change(desk.maya, {}, (wednesday, wednesday), key=desk.key())
    put_off = await desk.open_one()
    assert (put_off.snoozed, put_off.remind_at) == (True, TUESDAY + 2 * A_DAY)
    assert await desk.redrawn() == shown + 1
    await desk.at(TUESDAY + 2 * A_DAY)
    assert len(await desk.said(Says.REMINDER)) == 1


async def test_what_a_late_start_finds_put_off_on_a_day_off_comes_after_it(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.put_off(TUESDAY + A_DAY)
    await desk.agree(days_off=(Weekday.THURSDAY,))
    await desk.at(TUESDAY + 2 * A_DAY)
    put_off = await desk.open_one()
    assert (put_off.snoozed, put_off.remind_at) == (True, FRIDAY)


@pytest.mark.parametrize("until", [None, TUESDAY + A_DAY])
async def test_a_pause_over_its_time_opens_it_again_as_it_was(desk: Days, until: datetime | None) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.put_off(TUESDAY + 8 * AN_HOUR)
    shown = await desk.redrawn()
    await desk.services.pauses.pause(desk.maya, until, key=desk.key())
    open_again = await desk.open_one()
    assert (open_again.snoozed, open_again.remind_at) == (False, None)
    assert await desk.redrawn() == shown + 1
    await desk.at(TUESDAY + 2 * A_DAY)
    assert await desk.said(Says.REMINDER) == []


async def test_one_that_gave_way_to_a_newer_one_promises_nothing_any_more(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    put_off = await desk.put_off(FRIDAY + AN_HOUR)
    await desk.at(FRIDAY)
    shown = await desk.redrawn()
    await desk.at(FRIDAY + AN_HOUR)
    async with desk.services.units.database.read() as tx:
        assert not (await tx.check_ins.get(put_off.id)).snoozed
    assert await desk.redrawn() == shown + 1


async def test_one_gives_way_to_any_newer_one_about_the_same_not_to_the_newest_alone(desk: Days) -> None:
    await desk.commit()
    await desk.commit("Call the dentist", next_due_at=FRIDAY + 2 * AN_HOUR)
    await desk.at(TUESDAY)
    await desk.put_off(FRIDAY + A_DAY)
    await desk.at(FRIDAY)
    await desk.at(FRIDAY + 2 * AN_HOUR)
    await desk.at(FRIDAY + A_DAY)
    assert len(await desk.said(Says.CHECK_IN)) == 3
    assert not [row for row in await desk.said(Says.REMINDER) if "snoozed" in row.refs]


async def test_put_off_it_comes_again_without_what_a_newer_one_asks_about(desk: Days) -> None:
    report = await desk.commit()
    every_other = Weekly(
        days=(Weekday.TUESDAY,), times=(time(10),), interval_weeks=2, anchor=TUESDAY.date(), zone="Europe/Berlin"
    )
    dentist = await desk.commit("Call the dentist", cadence=every_other)
    await desk.at(TUESDAY)
    put_off = await desk.put_off(FRIDAY + AN_HOUR)
    await desk.at(FRIDAY)
    assert [item.commitment_id for item in await desk.items()] == [report.id]
    await desk.at(FRIDAY + AN_HOUR)
    async with desk.services.units.database.read() as tx:
        assert [item.commitment_id for item in await tx.items.of(put_off.id)] == [dentist.id]
    assert len([row for row in await desk.said(Says.REMINDER) if "snoozed" in row.refs]) == 1


async def test_change_opens_it_again_and_the_reminder_is_as_agreed(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    check_in = await desk.open_one()
    await desk.services.snoozing.snooze(desk.maya, check_in.id, Snooze.TOMORROW, key=desk.key())
    await desk.services.snoozing.wake(desk.maya, check_in.id, key=desk.key())
    open_again = await desk.open_one()
    assert (open_again.snoozed, open_again.remind_at) == (False, TUESDAY + 5 * AN_HOUR)


async def test_what_is_answered_or_somebody_elses_cannot_be_put_off(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    check_in, (item,) = await desk.open_one(), await desk.items()
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.MOVING, key=desk.key())
    await desk.services.snoozing.snooze(desk.maya, check_in.id, Snooze.HOUR, key=desk.key())
    assert not (await desk.open_one()).snoozed
    async with desk.services.units.database.write() as tx:
        jonas = await factories.member(tx, await tx.workspaces.get(desk.maya.workspace_id), "U2")
    with pytest.raises(Gone):
        await desk.services.snoozing.snooze(jonas, check_in.id, Snooze.HOUR, key=desk.key())


async def test_a_note_leaves_it_put_off_and_an_answer_does_not(desk: Days) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    check_in, (item,) = await desk.open_one(), await desk.items()
    await desk.services.snoozing.snooze(desk.maya, check_in.id, Snooze.HOUR, key=desk.key())
    async with desk.services.units.for_member(desk.maya) as (work, maya):
        assert await desk.services.check_ins.take_note(work, maya, "Half of it", "2.2")
    noted = await desk.open_one()
    assert (noted.snoozed, noted.remind_at) == (True, TUESDAY + AN_HOUR)
    await desk.services.check_ins.answer(desk.maya, item.id, Answer.MOVING, key=desk.key())
    assert not (await desk.open_one()).snoozed
    await desk.at(TUESDAY + AN_HOUR)
    assert await desk.said(Says.REMINDER) == []
