"""What is opened when, on both databases, by date: late starts, several cadences, and what was asked about before."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.clock import ManualClock
from bot.delivery.content import Letter
from bot.delivery.contents import Contents
from bot.domain.agreements import Initiative, QuietHours, Tone
from bot.domain.calendar import EVERY_DAY, Weekday, Weekly
from bot.domain.commitments import Commitment, Kind
from bot.domain.deliveries import Delivery, Says
from bot.domain.readiness import Stage
from bot.services import Services
from bot.services.commitments import NewCommitment
from bot.storage.database import Database
from tests import factories
from tests.desk import Desk

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (datetime(2027, 1, day, 9, tzinfo=UTC) for day in range(4, 9))
"""10:00 in Berlin."""
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
A_WEEK = timedelta(weeks=1)


def weekly(*days: Weekday, at: time = time(10)) -> Weekly:
    return Weekly(days=days or EVERY_DAY, times=(at,), anchor=MONDAY.date(), zone="Europe/Berlin")


class Opened(Desk):
    """What is due is opened and said as time passes."""

    async def commit(self, text: str, due: datetime, cadence: Weekly | None = None, **values: object) -> Commitment:
        async with self.services.units.database.write() as tx:
            given = {"next_due_at": due, "created_at": MONDAY, "cadence": cadence} | values
            return await factories.commitment(tx, self.maya, text, **given)

    async def at(self, instant: datetime) -> list[str]:
        """Time passes; what is due is opened and said. The texts of the check-ins."""
        self.clock.set(instant)
        while await self.services.opening.open_due():
            pass
        await self.services.reminding.remind_due()
        async with self.services.units.database.read() as tx:
            c = tx.deliveries.table.c
            rows = await tx.deliveries.all(c.says == Says.CHECK_IN, c.due_at <= instant, c.method == "post")
        letters = await Contents(self.services.units.database, self.clock).of(rows)
        async with self.services.units.database.write() as tx:
            for row in rows:
                await tx.deliveries.change(row.id, due_at=None, state="sent", ts=f"{row.id}.1")
                await tx.check_ins.change(int(row.refs["check_in"]), ts=f"{row.id}.1")
        contents = [letter.content for letter in letters.values() if not isinstance(letter, Exception)]
        return [str(content.blocks) for content in contents if content is not None]

    async def said(self, says: Says) -> list[Delivery]:
        async with self.services.units.database.read() as tx:
            c = tx.deliveries.table.c
            return await tx.deliveries.all(c.says == says, c.method == "post")


@pytest.fixture
async def desk(database_url: str, clock: ManualClock) -> AsyncIterator[Opened]:
    database = Database(database_url)
    async with database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
    clock.set(MONDAY)
    yield Opened(Services.over(factories.units_over(database, clock)), clock, maya)
    await database.close()


# A late start

AWAY = "I was away at the agreed time"


async def test_what_passed_is_asked_with_what_is_of_today_and_it_says_so_once(desk: Opened) -> None:
    report = await desk.commit("Report", TUESDAY, weekly(Weekday.TUESDAY))
    await desk.commit("Dentist", TUESDAY, weekly())
    (said,) = await desk.at(WEDNESDAY + AN_HOUR)
    assert "Report" in said
    assert "Dentist" in said
    assert AWAY in said
    assert await desk.due(report) == TUESDAY + A_WEEK
    (said,) = await desk.at(THURSDAY)
    assert AWAY not in said


async def test_what_passed_takes_nothing_along_that_is_still_to_come(desk: Opened) -> None:
    await desk.commit("Report", TUESDAY, weekly(Weekday.TUESDAY))
    dentist = await desk.commit("Dentist", WEDNESDAY, weekly(Weekday.WEDNESDAY))
    assert await desk.at(WEDNESDAY - AN_HOUR / 2) == []
    assert await desk.due(dentist) == WEDNESDAY
    (said,) = await desk.at(WEDNESDAY)
    assert "Dentist" in said
    assert AWAY in said


async def test_a_late_start_into_quiet_hours_asks_what_passed_at_their_end(desk: Opened) -> None:
    await desk.agree(quiet_hours=QuietHours(begins=time(10, 30), ends=time(13)))
    await desk.commit("Report", TUESDAY, weekly(Weekday.TUESDAY))
    await desk.commit("Dentist", TUESDAY, weekly())
    assert await desk.at(WEDNESDAY + AN_HOUR) == []
    (said,) = await desk.at(WEDNESDAY + 3 * AN_HOUR)
    assert "Report" in said
    assert AWAY in said


async def test_a_late_start_on_a_day_off_is_told_when_it_is_over(desk: Opened) -> None:
    await desk.agree(days_off=(Weekday.WEDNESDAY,))
    await desk.commit("Report", TUESDAY)
    assert await desk.at(WEDNESDAY + AN_HOUR) == []
    (said,) = await desk.at(FRIDAY)
    assert AWAY in said


async def test_what_was_of_a_day_of_rest_only_was_not_missed(desk: Opened) -> None:
    await desk.agree(days_off=(Weekday.TUESDAY,))
    await desk.commit("Report", TUESDAY)
    await desk.at(WEDNESDAY + AN_HOUR)
    assert await desk.latest() is None
    (said,) = await desk.at(FRIDAY)
    assert AWAY not in said


async def test_what_passed_waits_for_a_conversation_too(desk: Opened) -> None:
    await desk.commit("Report", TUESDAY, weekly(Weekday.TUESDAY))
    about = await desk.commit("Dentist", TUESDAY, weekly())
    desk.clock.set(WEDNESDAY + AN_HOUR)
    await desk.services.readiness.choose(desk.maya, about.id, Stage.CONTEMPLATION, key=desk.key(), ts=None)
    assert await desk.at(WEDNESDAY + AN_HOUR) == []
    (said,) = await desk.at(WEDNESDAY + 2 * AN_HOUR)
    assert "Report" in said
    assert AWAY in said


@pytest.mark.parametrize("quiet", ["a pause", "a stop", "other rules"])
async def test_what_their_own_wish_kept_back_was_not_missed(desk: Opened, quiet: str) -> None:
    await desk.commit("Report", TUESDAY)
    async with desk.services.units.database.write() as tx:
        await factories.cheered_win(tx, desk.maya, "U2", MONDAY)
    desk.clock.set(TUESDAY)
    await desk.services.opening.open_due()
    async with desk.services.units.database.write() as tx:
        await tx.deliveries.change_all(due_at=TUESDAY + 4 * AN_HOUR)  # her notifications are paused
    match quiet:
        case "a pause":
            await desk.services.pauses.pause(desk.maya, THURSDAY, key=desk.key())
        case "a stop":
            await desk.services.pauses.stop(desk.maya, key=desk.key())
        case _:
            await desk.services.agreements.change(desk.maya, {"initiative": Initiative.I_START}, key=desk.key())
    assert await desk.at(TUESDAY + 4 * AN_HOUR) == []
    desk.clock.set(THURSDAY)
    await desk.services.pauses.end_due()
    await desk.services.pauses.start_again(desk.maya, key=desk.key())
    await desk.services.agreements.change(desk.maya, {"initiative": Initiative.ASK_ME}, key=desk.key())
    (said,) = await desk.at(FRIDAY)
    assert AWAY not in said
    assert "U2" in said


async def test_a_pause_ends_what_waited_for_a_conversation(desk: Opened) -> None:
    about = await desk.commit("Report", TUESDAY)
    desk.clock.set(TUESDAY)
    await desk.services.readiness.choose(desk.maya, about.id, Stage.CONTEMPLATION, key=desk.key(), ts=None)
    assert await desk.at(TUESDAY) == []
    await desk.services.pauses.pause(desk.maya, THURSDAY, key=desk.key())
    assert await desk.at(TUESDAY + 2 * AN_HOUR) == []
    desk.clock.set(THURSDAY)
    await desk.services.pauses.end_due()
    (said,) = await desk.at(FRIDAY + 2 * AN_HOUR)
    assert AWAY not in said


async def test_quiet_hours_over_midnight_put_yesterdays_occasion_into_today(desk: Opened) -> None:
    await desk.agree(quiet_hours=QuietHours(begins=time(21), ends=time(7)))
    await desk.commit("Report", TUESDAY - 3 * AN_HOUR, weekly(at=time(22)))
    (said,) = await desk.at(WEDNESDAY - AN_HOUR)
    assert "Report" in said


async def test_a_check_in_at_midnight_comes_on_the_day_on_which_a_pause_ends(desk: Opened) -> None:
    midnight = FRIDAY - 10 * AN_HOUR
    report = await desk.commit("Report", midnight, weekly(Weekday.FRIDAY, at=time(0)))
    await desk.services.pauses.pause(desk.maya, midnight, key=desk.key())
    assert await desk.due(report) == midnight
    desk.clock.set(midnight + timedelta(seconds=1))
    await desk.services.pauses.end_due()
    assert len(await desk.at(desk.clock.now())) == 1


# Several cadences


async def test_two_check_ins_that_share_an_occasion_are_both_asked(desk: Opened) -> None:
    soon = TUESDAY + timedelta(minutes=45)
    await desk.commit("Report", TUESDAY)
    await desk.commit("Dentist", soon, weekly(Weekday.TUESDAY, at=time(10, 45)))
    (said,) = await desk.at(TUESDAY)
    assert "Dentist" in said
    await desk.commit("Swim", soon, weekly(Weekday.TUESDAY, at=time(10, 45)))
    (said,) = await desk.at(soon)
    assert "Swim" in said


async def test_an_evening_habit_is_not_brought_forward_to_when_its_day_is_not_over(desk: Opened) -> None:
    habit = {"kind": Kind.HABIT, "habit_days": (Weekday.TUESDAY,)}
    late = TUESDAY + timedelta(hours=7, minutes=15)
    await desk.commit("Report", late - timedelta(minutes=45), weekly(at=time(16, 30)))
    run = await desk.commit("Run", late, weekly(Weekday.TUESDAY, at=time(17, 15)), **habit)
    (said,) = await desk.at(late - timedelta(minutes=45))
    assert "Run" not in said
    assert await desk.due(run) == late
    (said,) = await desk.at(late)
    assert "Run" in said
    await desk.commit("Swim", late + A_WEEK, weekly(Weekday.TUESDAY, at=time(17, 15)), **habit)
    (said,) = await desk.at(late + A_WEEK - timedelta(minutes=45))
    assert "Swim" in said, "last Tuesday is over"


async def test_what_is_noted_after_a_reminder_that_was_ignored_promises_none(desk: Opened) -> None:
    async def noted(text: str) -> str:
        new = NewCommitment(text=text, kind=Kind.ONCE, habit_days=(), due_day=None)
        await desk.services.commitments.make(desk.maya, new, key=desk.key())
        *_, row = await desk.said(Says.COMMITTED)
        letter = (await Contents(desk.services.units.database, desk.clock).of([row]))[row.id]
        assert isinstance(letter, Letter)
        return str(letter.content)

    await desk.commit("Report", TUESDAY)
    await desk.at(TUESDAY)
    assert "once more" in await noted("Dentist")
    await desk.at(TUESDAY + 5 * AN_HOUR)
    assert "once more" not in await noted("Tax")


# What its member checked in about by themself


async def test_what_was_checked_in_about_early_is_not_asked_after_another_check_in(desk: Opened) -> None:
    await desk.commit("Report", TUESDAY)
    desk.clock.set(TUESDAY - 3 * AN_HOUR)
    await desk.services.asking.ask_now(desk.maya, key=desk.key())
    (said,) = await desk.at(TUESDAY - 3 * AN_HOUR)
    assert "Report" in said
    await desk.commit("Dentist", TUESDAY - 2 * AN_HOUR, weekly(at=time(8)))
    (said,) = await desk.at(TUESDAY - 2 * AN_HOUR)
    assert "Dentist" in said
    assert await desk.at(TUESDAY) == []
    await desk.at(FRIDAY - 2 * AN_HOUR)
    (said,) = await desk.at(FRIDAY)
    assert "Report" in said


async def test_what_was_checked_in_about_early_is_announced_for_another_day(desk: Opened) -> None:
    report = await desk.commit("Report", TUESDAY)
    desk.clock.set(TUESDAY - 3 * AN_HOUR)
    await desk.services.asking.ask_now(desk.maya, key=desk.key())
    assert await desk.due(report) == FRIDAY
    await desk.agree()
    await desk.services.agreements.change(desk.maya, {"tell_cheers": False}, key=desk.key())
    assert await desk.due(report) == FRIDAY
    assert len(await desk.at(TUESDAY)) == 1, "the one she asked for"


async def test_what_was_taken_into_an_open_check_in_is_not_asked_again_that_day(desk: Opened) -> None:
    report = await desk.commit("Report", TUESDAY)
    await desk.commit("Dentist", TUESDAY - 3 * AN_HOUR, weekly(Weekday.TUESDAY, at=time(7)))
    await desk.at(TUESDAY - 3 * AN_HOUR)
    await desk.services.asking.ask_now(desk.maya, key=desk.key())
    assert await desk.due(report) == FRIDAY
    assert await desk.at(TUESDAY) == []


async def test_what_was_taken_into_an_open_check_in_is_not_asked_again_when_the_rules_change(desk: Opened) -> None:
    report = await desk.commit("Report", TUESDAY)
    dentist = await desk.commit("Dentist", TUESDAY - 3 * AN_HOUR, weekly(Weekday.TUESDAY, at=time(7)))
    await desk.at(TUESDAY - 3 * AN_HOUR)
    await desk.services.asking.ask_now(desk.maya, key=desk.key())
    await desk.agree()
    await desk.services.agreements.change(desk.maya, {"cadence": weekly(at=time(15))}, key=desk.key())
    assert await desk.due(report) == WEDNESDAY + 5 * AN_HOUR
    await desk.services.commitments.pause(desk.maya, report.id, None, key=desk.key())
    await desk.services.commitments.resume(desk.maya, report.id, key=desk.key())
    assert await desk.due(report) == WEDNESDAY + 5 * AN_HOUR
    assert await desk.due(dentist) == TUESDAY - 3 * AN_HOUR + A_WEEK
    assert await desk.at(TUESDAY + 5 * AN_HOUR) == []


async def test_after_it_was_taken_into_an_open_check_in_a_habit_is_asked_about_the_day_that_was_not_over(
    desk: Opened,
) -> None:
    days = (Weekday.MONDAY, Weekday.WEDNESDAY)
    walk = await desk.commit("Walk", WEDNESDAY + AN_HOUR, kind=Kind.HABIT, habit_days=days)
    await desk.commit("Dentist", WEDNESDAY - AN_HOUR, weekly(at=time(9)))
    await desk.at(WEDNESDAY - AN_HOUR)
    await desk.services.asking.ask_now(desk.maya, key=desk.key())
    assert await desk.due(walk) == FRIDAY


async def test_what_is_due_twice_a_day_is_asked_twice(desk: Opened) -> None:
    twice = Weekly(days=EVERY_DAY, times=(time(10), time(16)), anchor=MONDAY.date(), zone="Europe/Berlin")
    await desk.commit("Report", TUESDAY, twice)
    assert len(await desk.at(TUESDAY)) == 1
    await desk.services.asking.ask_now(desk.maya, key=desk.key())
    assert len(await desk.at(TUESDAY + 6 * AN_HOUR)) == 1


async def test_what_is_brought_back_after_a_move_is_on_the_clock_of_everything_else(desk: Opened) -> None:
    await desk.agree()
    report = await desk.commit("Report", TUESDAY, weekly())
    await desk.services.commitments.let_go(desk.maya, report.id, key=desk.key())
    await desk.services.zones.move(desk.maya, "America/New_York", key=desk.key(), ts=None)
    await desk.services.commitments.resume(desk.maya, report.id, key=desk.key())
    assert await desk.due(report) == MONDAY + 6 * AN_HOUR, "ten in New York"


async def test_what_was_added_to_an_open_one_is_not_asked_again_that_day_whatever_changes(desk: Opened) -> None:
    await desk.agree()
    await desk.commit("Report", TUESDAY, weekly())
    call = await desk.commit("Call", TUESDAY + 5 * AN_HOUR, weekly(at=time(15)))
    await desk.at(TUESDAY)
    await desk.services.asking.ask_now(desk.maya, key=desk.key())
    await desk.services.agreements.change(desk.maya, {"tell_cheers": False}, key=desk.key())
    assert await desk.due(call) == WEDNESDAY + 5 * AN_HOUR


async def test_asked_for_while_it_is_held_it_comes_at_once(desk: Opened) -> None:
    await desk.commit("Report", TUESDAY)
    desk.clock.set(TUESDAY)
    await desk.services.opening.open_due()
    async with desk.services.units.database.write() as tx:
        await tx.deliveries.change_all(due_at=TUESDAY + 4 * AN_HOUR)  # her notifications are paused
    desk.clock.set(TUESDAY + AN_HOUR)
    await desk.services.asking.ask_now(desk.maya, key=desk.key())
    (row,) = await desk.said(Says.CHECK_IN)
    assert (row.is_reply, row.due_at) == (True, TUESDAY + AN_HOUR)


async def test_who_moves_west_is_not_asked_the_same_twice(desk: Opened) -> None:
    await desk.agree()
    in_new_york = weekly(at=time(10)).model_copy(update={"zone": "America/New_York"})
    asked = await desk.commit("Report", TUESDAY, weekly())
    later = await desk.commit("Dentist", TUESDAY + 3 * AN_HOUR, weekly(at=time(13)))
    there = await desk.commit("Call", TUESDAY + 6 * AN_HOUR, in_new_york)
    assert len(await desk.at(TUESDAY)) == 1
    desk.clock.set(TUESDAY + AN_HOUR)
    await desk.services.zones.move(desk.maya, "America/New_York", key=desk.key(), ts=None)
    assert await desk.due(asked) == WEDNESDAY + 6 * AN_HOUR
    assert await desk.due(later) == TUESDAY + 9 * AN_HOUR, "13:00 was not yet"
    assert await desk.due(there) == TUESDAY + 6 * AN_HOUR
    await desk.services.agreements.change(desk.maya, {"tell_cheers": False}, key=desk.key())
    assert await desk.due(asked) == WEDNESDAY + 6 * AN_HOUR, "whatever else is changed that day"


# Once more


async def test_a_reminder_is_dropped_after_one_that_was_ignored_until_something_is_answered(desk: Opened) -> None:
    await desk.agree(remind=False, ask_after_silence=False)
    await desk.commit("Report", TUESDAY, weekly())
    comes = []
    for number in range(5):
        if number == 1:
            await desk.agree(remind=True, ask_after_silence=False)
        await desk.at(TUESDAY + number * A_DAY)
        latest = await desk.latest()
        assert latest is not None
        comes.append(latest.remind_at is not None)
        await desk.at(TUESDAY + number * A_DAY + 5 * AN_HOUR)
        if number == 3:
            async with desk.services.units.database.write() as tx:
                await tx.check_ins.change(latest.id, answered_at=desk.clock.now())
    assert comes == [False, True, False, False, True], "switched off, ignored, dropped twice, answered"


async def test_of_two_check_ins_of_a_day_one_is_reminded_of_while_nothing_is_answered(desk: Opened) -> None:
    await desk.commit("Report", TUESDAY, weekly())
    await desk.commit("Call", TUESDAY + 2 * AN_HOUR, weekly(at=time(12)))
    for hours in (0, 2, 5, 6):
        await desk.at(TUESDAY + hours * AN_HOUR)
    assert len(await desk.said(Says.REMINDER)) == 1, "both were to be reminded of at 15:00"
    latest = await desk.latest()
    assert latest is not None
    assert latest.remind_at is None


async def test_what_a_newer_check_in_asks_about_is_not_reminded_of(desk: Opened) -> None:
    twice = Weekly(days=EVERY_DAY, times=(time(9), time(13)), anchor=MONDAY.date(), zone="Europe/Berlin")
    await desk.commit("Report", TUESDAY - AN_HOUR, twice)
    for hours in (-1, 3, 5):
        await desk.at(TUESDAY + hours * AN_HOUR)
    assert await desk.said(Says.REMINDER) == []
    await desk.at(TUESDAY + 7 * AN_HOUR)
    assert len(await desk.said(Says.REMINDER)) == 1


async def test_put_off_past_several_check_ins_that_ask_the_same_it_gives_way(desk: Opened) -> None:
    await desk.commit("Report", TUESDAY, weekly(Weekday.TUESDAY, Weekday.THURSDAY))
    await desk.commit("Dentist", TUESDAY, weekly(Weekday.TUESDAY, Weekday.WEDNESDAY))
    await desk.at(TUESDAY)
    put_off = await desk.latest()
    assert put_off is not None
    await desk.services.snoozing.snooze_until(desk.maya, put_off.id, FRIDAY, key=desk.key())
    for day in (WEDNESDAY, THURSDAY, FRIDAY):
        await desk.at(day)
    assert [row.refs for row in await desk.said(Says.REMINDER) if "snoozed" in row.refs] == []


@pytest.mark.parametrize(
    ("changes", "comes"),
    [
        ({"initiative": Initiative.I_START}, None),
        ({"remind": False}, None),
        ({"remind_at": time(18)}, TUESDAY + 8 * AN_HOUR),
        ({"remind_after": 6}, TUESDAY + 6 * AN_HOUR),
        ({"quiet_hours": QuietHours(begins=time(14), ends=time(16))}, TUESDAY + 6 * AN_HOUR),
        ({"remind_after": 1}, None),
        ({"tone": Tone.DIRECT}, TUESDAY + 5 * AN_HOUR),
    ],
)
async def test_a_reminder_that_is_to_come_obeys_the_rules_of_now(
    desk: Opened, changes: dict[str, object], comes: datetime | None
) -> None:
    await desk.agree()
    await desk.commit("Report", TUESDAY)
    await desk.at(TUESDAY)
    desk.clock.set(TUESDAY + 2 * AN_HOUR)
    await desk.services.agreements.change(desk.maya, changes, key=desk.key())
    latest = await desk.latest()
    assert latest is not None
    assert latest.remind_at == comes


async def test_other_rules_leave_alone_what_was_put_off(desk: Opened) -> None:
    await desk.commit("Report", TUESDAY)
    await desk.at(TUESDAY)
    put_off = await desk.latest()
    assert put_off is not None
    await desk.services.snoozing.snooze_until(desk.maya, put_off.id, THURSDAY, key=desk.key())
    await desk.services.agreements.change(desk.maya, {"remind": False, "remind_at": time(18)}, key=desk.key())
    latest = await desk.latest()
    assert latest is not None
    assert (latest.snoozed, latest.remind_at) == (True, THURSDAY)
