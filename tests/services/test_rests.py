"""Rests, snoozing and coming back, on both databases, by date."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.clock import ManualClock
from bot.domain.agreements import QuietHours, Tone, default_terms
from bot.domain.calendar import EVERY_DAY, Weekday
from bot.domain.check_ins import Answer, CheckIn, Item
from bot.domain.commitments import Commitment, Kind
from bot.domain.deliveries import Delivery, Method, Says
from bot.domain.members import Member
from bot.domain.rests import RestKind
from bot.domain.snoozing import Snooze
from bot.services import Services
from bot.services.rests import let_pass
from bot.services.terms import agree
from bot.services.work import Gone
from bot.storage.database import Database
from tests import factories

TUESDAY = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""10:00 in Berlin."""
FRIDAY = TUESDAY + timedelta(days=3)
NEXT_TUESDAY = TUESDAY + timedelta(days=7)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


@dataclass
class Desk:
    """The services, with what a test wants to look at."""

    services: Services
    clock: ManualClock
    maya: Member
    keys: int = 0

    def key(self) -> str:
        self.keys += 1
        return f"key:{self.keys}"

    async def agree(self, **changes: object) -> None:
        terms = default_terms("Europe/Berlin", TUESDAY.date()).model_copy(update=changes)
        async with self.services.units.begin() as work:
            await agree(work, self.maya, terms)

    async def commit(self, text: str = "Finish the report", **values: object) -> Commitment:
        async with self.services.units.database.write() as tx:
            given = {"next_due_at": TUESDAY, "created_at": TUESDAY - A_DAY} | values
            return await factories.commitment(tx, self.maya, text, **given)

    async def walk(self, **values: object) -> Commitment:
        return await self.commit("Walk", kind=Kind.HABIT, habit_days=EVERY_DAY, **values)

    async def at(self, instant: datetime) -> None:
        """Time passes; what is due is opened, reminded of, and in its place."""
        self.clock.set(instant)
        await self.services.pauses.end_due()
        await self.services.returning.welcome_due()
        while await self.services.opening.open_due():
            pass
        await self.services.reminding.remind_due()
        latest = await self.latest()
        if latest is not None and latest.ts is None and not latest.late:
            async with self.services.units.database.write() as tx:
                await tx.check_ins.change(latest.id, ts=str(instant.timestamp()))

    async def latest(self) -> CheckIn | None:
        async with self.services.units.database.read() as tx:
            return await tx.check_ins.latest(self.maya.id)

    async def open_one(self) -> CheckIn:
        latest = await self.latest()
        assert latest is not None
        return latest

    async def items(self) -> list[Item]:
        async with self.services.units.database.read() as tx:
            return await tx.items.of((await self.open_one()).id)

    async def said(self, says: Says, method: Method = Method.POST) -> list[Delivery]:
        async with self.services.units.database.read() as tx:
            c = tx.deliveries.table.c
            return await tx.deliveries.all(c.says == says, c.method == method)

    async def put_off(self, until: datetime) -> CheckIn:
        """What is open is put off; as it stands then."""
        await self.services.snoozing.snooze_until(self.maya, (await self.open_one()).id, until, key=self.key())
        return await self.open_one()

    async def redrawn(self) -> int:
        """How often a check-in's message was shown anew."""
        return len(await self.said(Says.CHECK_IN, Method.UPDATE))

    async def due(self, about: Commitment) -> datetime | None:
        async with self.services.units.database.read() as tx:
            return (await tx.commitments.get(about.id)).next_due_at


@pytest.fixture
async def desk(database_url: str, clock: ManualClock) -> AsyncIterator[Desk]:
    database = Database(database_url)
    async with database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
    clock.set(TUESDAY - A_DAY)
    yield Desk(Services.over(factories.units_over(database, clock)), clock, maya)
    await database.close()


# Rests


async def test_not_today_puts_off_what_is_open_and_everything_else_that_day(desk: Desk) -> None:
    about = await desk.commit()
    await desk.at(TUESDAY)
    await desk.services.rests.not_today(desk.maya, key=desk.key())
    assert [item.answer for item in await desk.items()] == [Answer.NOT_TODAY]
    await desk.at(TUESDAY + 6 * AN_HOUR)
    assert await desk.said(Says.REMINDER) == []
    assert await desk.due(about) == FRIDAY
    await desk.at(FRIDAY)
    assert len(await desk.said(Says.CHECK_IN)) == 2


async def test_not_today_before_the_check_in_leaves_it_out(desk: Desk) -> None:
    about = await desk.commit()
    desk.clock.set(TUESDAY - AN_HOUR)
    await desk.services.rests.not_today(desk.maya, key=desk.key())
    assert await desk.due(about) == FRIDAY
    await desk.at(TUESDAY)
    assert await desk.said(Says.CHECK_IN) == []


async def test_undo_asks_again_what_it_had_put_off_and_nothing_else(desk: Desk) -> None:
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


async def test_days_that_were_ticked_are_the_answer(desk: Desk) -> None:
    await desk.walk(created_at=TUESDAY - 5 * A_DAY)
    await desk.at(TUESDAY)
    (item,) = await desk.items()
    await desk.services.check_ins.tick_days(desk.maya, item.id, [date(2027, 1, 3)], key=desk.key())
    await desk.services.rests.rough_week(desk.maya, key=desk.key())
    (item,) = await desk.items()
    assert (item.answer, item.days) == (Answer.DAYS, (date(2027, 1, 3),))


async def test_days_that_were_asked_about_before_a_rest_began_are_asked_about_after_it(desk: Desk) -> None:
    await desk.walk(created_at=TUESDAY)
    await desk.at(FRIDAY)
    await desk.services.rests.rough_week(desk.maya, key=desk.key())
    await desk.at(NEXT_TUESDAY)
    (item,) = await desk.items()
    await desk.services.check_ins.answer_days(desk.maya, item.id, every=True, key=desk.key())
    (item,) = await desk.items()
    assert [day.day for day in item.days] == [5, 6, 7, 11], "Tuesday to Thursday, and the Monday after"


async def test_a_rough_week_is_quiet_until_monday_and_its_days_are_not_asked_about(desk: Desk) -> None:
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


async def test_days_off_every_week_and_quiet_hours_move_what_is_planned(desk: Desk) -> None:
    about = await desk.commit()
    changes = {"days_off": (Weekday.TUESDAY,), "quiet_hours": QuietHours(begins=time(9), ends=time(11))}
    await desk.services.rests.change(desk.maya, changes, None, key=desk.key())
    assert await desk.due(about) == FRIDAY + AN_HOUR
    await desk.services.rests.change(desk.maya, {"days_off": (), "quiet_hours": None}, None, key=desk.key())
    assert await desk.due(about) == TUESDAY


async def test_rules_that_change_in_the_morning_leave_that_days_check_in(desk: Desk) -> None:
    about = await desk.walk()
    desk.clock.set(TUESDAY - AN_HOUR)
    await desk.services.agreements.change(desk.maya, {"tone": Tone.DIRECT}, key=desk.key())
    assert await desk.due(about) == TUESDAY
    await desk.at(TUESDAY)
    desk.clock.set(TUESDAY + AN_HOUR)
    await desk.services.agreements.change(desk.maya, {"tone": Tone.GENTLE}, key=desk.key())
    assert await desk.due(about) == FRIDAY


async def test_a_holiday_is_listed_until_it_is_over_and_can_be_removed(desk: Desk) -> None:
    about = await desk.commit()
    holiday = (date(2027, 1, 5), date(2027, 1, 9))
    await desk.services.rests.change(desk.maya, {}, holiday, key=desk.key())
    assert await desk.due(about) == NEXT_TUESDAY
    _, (rest,), today = await desk.services.rests.read(desk.maya)
    assert (rest.kind, today) == (RestKind.HOLIDAY, date(2027, 1, 4))
    await desk.services.rests.undo(desk.maya, rest.id, key=desk.key())
    assert await desk.due(about) == TUESDAY


async def test_nobody_ends_the_rest_of_another(desk: Desk) -> None:
    async with desk.services.units.database.write() as tx:
        workspace = await tx.workspaces.get(desk.maya.workspace_id)
        jonas = await factories.member(tx, workspace, "U2")
    rest = await desk.services.rests.not_today(desk.maya, key=desk.key())
    with pytest.raises(Gone):
        await desk.services.rests.undo(jonas, rest.id, key=desk.key())


# Later


async def test_put_off_it_comes_again_as_often_as_wanted_and_the_reminder_is_still_to_come(desk: Desk) -> None:
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


async def test_put_off_until_tomorrow_it_is_not_limited_to_its_day(desk: Desk) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.services.snoozing.snooze(desk.maya, (await desk.open_one()).id, Snooze.TOMORROW, key=desk.key())
    await desk.at(TUESDAY + 6 * AN_HOUR)
    assert await desk.said(Says.REMINDER) == []
    await desk.at(TUESDAY + A_DAY)
    assert len(await desk.said(Says.REMINDER)) == 1


async def test_put_off_past_the_next_check_in_it_gives_way_and_no_day_of_a_habit_is_lost(desk: Desk) -> None:
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


async def test_a_pause_a_stop_and_a_rest_cancel_it(desk: Desk) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    check_in = await desk.open_one()
    for quiet in (desk.services.rests.not_today, desk.services.pauses.stop):
        await desk.services.snoozing.snooze(desk.maya, check_in.id, Snooze.HOUR, key=desk.key())
        await quiet(desk.maya, key=desk.key())
        await desk.at(desk.clock.now() + 2 * AN_HOUR)
    assert await desk.said(Says.REMINDER) == []


async def test_what_was_put_off_comes_whatever_changes_in_the_ground_rules(desk: Desk) -> None:
    await desk.agree(remind=False)
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.put_off(TUESDAY + 8 * AN_HOUR)
    await desk.services.agreements.change(desk.maya, {"tone": Tone.DIRECT}, key=desk.key())
    await desk.at(TUESDAY + 8 * AN_HOUR)
    assert len(await desk.said(Says.REMINDER)) == 1


async def test_what_was_put_off_until_after_a_rest_or_a_pause_comes_then(desk: Desk) -> None:
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


async def test_what_was_put_off_until_a_day_that_becomes_one_of_rest_comes_after_it_and_says_so(desk: Desk) -> None:
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


async def test_what_a_late_start_finds_put_off_on_a_day_off_comes_after_it(desk: Desk) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    await desk.put_off(TUESDAY + A_DAY)
    await desk.agree(days_off=(Weekday.THURSDAY,))
    await desk.at(TUESDAY + 2 * A_DAY)
    put_off = await desk.open_one()
    assert (put_off.snoozed, put_off.remind_at) == (True, FRIDAY)


@pytest.mark.parametrize("until", [None, TUESDAY + A_DAY])
async def test_a_pause_over_its_time_opens_it_again_as_it_was(desk: Desk, until: datetime | None) -> None:
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


async def test_one_that_gave_way_to_a_newer_one_promises_nothing_any_more(desk: Desk) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    put_off = await desk.put_off(FRIDAY + AN_HOUR)
    await desk.at(FRIDAY)
    shown = await desk.redrawn()
    await desk.at(FRIDAY + AN_HOUR)
    async with desk.services.units.database.read() as tx:
        assert not (await tx.check_ins.get(put_off.id)).snoozed
    assert await desk.redrawn() == shown + 1


async def test_one_gives_way_to_any_newer_one_about_the_same_not_to_the_newest_alone(desk: Desk) -> None:
    await desk.commit()
    await desk.commit("Call the dentist", next_due_at=FRIDAY + 2 * AN_HOUR)
    await desk.at(TUESDAY)
    await desk.put_off(FRIDAY + A_DAY)
    await desk.at(FRIDAY)
    await desk.at(FRIDAY + 2 * AN_HOUR)
    await desk.at(FRIDAY + A_DAY)
    assert len(await desk.said(Says.CHECK_IN)) == 3
    assert not [row for row in await desk.said(Says.REMINDER) if "snoozed" in row.refs]


async def test_change_opens_it_again_and_the_reminder_is_as_agreed(desk: Desk) -> None:
    await desk.commit()
    await desk.at(TUESDAY)
    check_in = await desk.open_one()
    await desk.services.snoozing.snooze(desk.maya, check_in.id, Snooze.TOMORROW, key=desk.key())
    await desk.services.snoozing.wake(desk.maya, check_in.id, key=desk.key())
    open_again = await desk.open_one()
    assert (open_again.snoozed, open_again.remind_at) == (False, TUESDAY + 5 * AN_HOUR)


async def test_what_is_answered_or_somebody_elses_cannot_be_put_off(desk: Desk) -> None:
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


async def test_a_note_leaves_it_put_off_and_an_answer_does_not(desk: Desk) -> None:
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


# Quiet hours


async def test_a_reminder_in_quiet_hours_comes_at_their_end_and_never_on_another_day(desk: Desk) -> None:
    await desk.agree(quiet_hours=QuietHours(begins=time(14), ends=time(17)))
    await desk.commit()
    await desk.at(TUESDAY)
    assert (await desk.open_one()).remind_at == TUESDAY + 7 * AN_HOUR
    await desk.agree(quiet_hours=QuietHours(begins=time(14), ends=time(8)))
    await desk.at(TUESDAY + 7 * AN_HOUR)
    await desk.at(TUESDAY + 22 * AN_HOUR)
    assert await desk.said(Says.REMINDER) == []


async def test_a_late_start_in_quiet_hours_waits_for_their_end(desk: Desk) -> None:
    await desk.agree(quiet_hours=QuietHours(begins=time(11), ends=time(13)))
    await desk.commit()
    await desk.at(TUESDAY + 2 * AN_HOUR)
    assert await desk.said(Says.CHECK_IN) == []
    await desk.at(TUESDAY + 3 * AN_HOUR)
    assert len(await desk.said(Says.CHECK_IN)) == 1


async def test_a_late_start_after_a_day_of_rest_says_nothing_of_it(desk: Desk) -> None:
    await desk.commit()
    await desk.agree(days_off=(Weekday.TUESDAY, Weekday.WEDNESDAY))
    await desk.at(TUESDAY + A_DAY)
    assert await desk.latest() is None
    await desk.at(FRIDAY)
    assert len(await desk.said(Says.CHECK_IN)) == 1


async def test_whom_a_check_in_names_that_is_let_pass_the_next_one_names(desk: Desk) -> None:
    await desk.commit()
    async with desk.services.units.database.write() as tx:
        await factories.cheered_win(tx, desk.maya, "U2", TUESDAY - A_DAY)
    desk.clock.set(TUESDAY)
    await desk.services.opening.open_due()
    async with desk.services.units.begin() as work:
        await let_pass(work, desk.maya, (await desk.open_one()).id)
    await desk.at(FRIDAY)
    *_, said = await desk.said(Says.CHECK_IN)
    assert said.refs["cheered"] == "U2"


async def test_a_check_in_let_pass_leaves_the_one_before_it_open(desk: Desk) -> None:
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


async def test_a_pause_and_what_was_put_off_keep_their_wall_times_on_a_new_clock(desk: Desk) -> None:
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


# Back


async def test_after_a_pause_dates_that_passed_are_one_message_in_the_morning(desk: Desk) -> None:
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


async def test_what_the_welcome_asks_about_that_days_check_in_does_not(desk: Desk) -> None:
    await desk.commit("The report", due_day=date(2027, 1, 6))
    other = await desk.commit("No date")
    await desk.services.pauses.pause(desk.maya, FRIDAY - 10 * AN_HOUR, key=desk.key())
    await desk.at(FRIDAY - 10 * AN_HOUR)
    await desk.at(FRIDAY)
    assert len(await desk.said(Says.WELCOME_BACK)) == 1
    assert [item.commitment_id for item in await desk.items()] == [other.id]
    await desk.at(NEXT_TUESDAY)
    assert len(await desk.items()) == 2


async def test_a_long_holiday_is_come_back_from_and_a_short_one_is_not(desk: Desk) -> None:
    await desk.commit(due_day=date(2027, 1, 6))
    await desk.services.rests.change(desk.maya, {}, (date(2027, 1, 5), date(2027, 1, 7)), key=desk.key())
    await desk.at(TUESDAY + 3 * A_DAY)
    assert await desk.said(Says.WELCOME_BACK) == []
    await desk.services.rests.change(desk.maya, {}, (date(2027, 1, 6), date(2027, 1, 9)), key=desk.key())
    await desk.at(datetime(2027, 1, 9, 23, tzinfo=UTC))
    (said,) = await desk.said(Says.WELCOME_BACK)
    assert said.due_at == datetime(2027, 1, 10, 8, tzinfo=UTC)


async def test_a_pause_of_some_hours_forgets_no_day_of_a_habit(desk: Desk) -> None:
    about = await desk.walk(created_at=TUESDAY - 4 * A_DAY)
    await desk.services.pauses.pause(desk.maya, None, key=desk.key())
    await desk.services.pauses.resume(desk.maya, key=desk.key())
    await desk.services.commitments.let_go(desk.maya, about.id, key=desk.key())
    await desk.services.commitments.resume(desk.maya, about.id, key=desk.key())
    await desk.at(TUESDAY)
    (item,) = await desk.items()
    assert item.since == date(2027, 1, 1)


async def test_of_a_day_away_nothing_is_asked_and_a_try_goes_on_waiting_for_its_day(desk: Desk) -> None:
    walk = await desk.walk()
    tries = await desk.walk(trying="Phone in the hall, on the 15th", asks_from=date(2027, 1, 16))
    await desk.services.pauses.pause(desk.maya, TUESDAY - 10 * AN_HOUR, key=desk.key())
    await desk.at(TUESDAY - 10 * AN_HOUR)
    async with desk.services.units.database.read() as tx:
        assert (await tx.commitments.get(walk.id)).asks_from == date(2027, 1, 5)
        assert (await tx.commitments.get(tries.id)).asks_from == date(2027, 1, 16)
    assert await desk.due(tries) == NEXT_TUESDAY + 7 * A_DAY


async def test_nothing_is_said_when_no_date_passed_or_it_is_switched_off(desk: Desk) -> None:
    await desk.commit()
    await desk.services.pauses.pause(desk.maya, FRIDAY, key=desk.key())
    await desk.at(FRIDAY)
    await desk.commit("The report", due_day=date(2027, 1, 9))
    await desk.agree(welcome_back=False)
    await desk.services.pauses.pause(desk.maya, NEXT_TUESDAY, key=desk.key())
    await desk.at(NEXT_TUESDAY)
    assert await desk.said(Says.WELCOME_BACK) == []
