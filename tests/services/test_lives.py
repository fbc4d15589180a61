"""Months of a member's life, lived at random by a seed: whatever she does, what the ground rules promise holds.

`LIVES_SEED=7,8 LIVES_ACTS=200` lives others, and longer.
"""

import logging
import os
from collections.abc import Awaitable, Callable
from datetime import time, timedelta
from typing import Final

import pytest

from bot.domain.agreements import Initiative, QuietHours, Terms
from bot.domain.calendar import EVERY_DAY, WORKDAYS, Cadence, MonthlyOnDate, Weekday, Weekly, local_date
from bot.domain.check_ins import Answer, FollowUp, choices, days_asked
from bot.domain.commitments import Kind, State
from bot.domain.cues import cue_at
from bot.domain.guides.guide import GuideId
from bot.domain.members import Profile
from bot.domain.snoozing import Snooze
from bot.services.commitments import NewCommitment
from bot.services.work import Gone
from bot.storage.database import Database
from bot.storage.repositories.check_ins import Sheet
from handlers.rhythms import happens
from tests.living import Life

ACTS: Final = int(os.environ.get("LIVES_ACTS", "40"))
SEEDS: Final = tuple(map(int, os.environ.get("LIVES_SEED", "1,2").split(",")))

HOURS: Final = tuple(timedelta(hours=n) for n in (1, 3, 9, 24, 24, 72, 190))
"""From one thing that she does to the next."""

AWAY: Final = (timedelta(hours=9), timedelta(hours=27), timedelta(days=5))
"""For how long the bot is down, now and then."""

ZONES: Final = (
    *("Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca"),
    *("America/New_York", "America/St_Johns", "America/Santiago", "Africa/Cairo", "Antarctica/Troll"),
)
QUIET: Final = (None, QuietHours(begins=time(21), ends=time(7)), QuietHours(begins=time(13), ends=time(15, 30)))
SWITCHES: Final = ("remind", "tell_cues", "ask_after_silence", "welcome_back", "ask_about_zone", "ask_next_step")


class Maya(Life):
    """What she does, by its weight."""

    async def live(self, acts: int) -> None:
        await self.begin(self.dice.choice(ZONES))
        await self.commit()
        some: dict[Callable[[], Awaitable[None]], int] = {
            self.commit: 3,
            self.answer: 12,
            self.put_off: 3,
            self.check_in: 3,
            self.rest: 2,
            self.end_rest: 1,
            self.pause: 2,
            self.resume: 2,
            self.change_rules: 5,
            self.change_time_off: 3,
            self.change_one: 3,
            self.travel: 2,
            self.open_a_question: 2,
            self.stop_and_start: 1,
        }
        for _ in range(acts):
            if self.dice.random() < 0.08:
                self.note("the bot is away")
                self.clock.advance(self.dice.choice(AWAY))
                await self.come_to_rest()
            await self.live_until(self.clock.now() + self.dice.choice(HOURS))
            (act,) = self.dice.choices([*some], [*some.values()])
            self.note(act.__name__)
            try:
                await act()
            except Gone:
                self.note("   gone")
            await self.come_to_rest()

    async def one_of(self, *states: State) -> int:
        """The id of a commitment. Raises Gone when there is none."""
        async with self.database.read() as tx:
            found = [one.id for one in await tx.commitments.all() if one.state in states]
        if not found:
            raise Gone
        return self.dice.choice(found)

    async def latest(self) -> Sheet:
        """Raises Gone while there is no check-in to click in."""
        async with self.database.read() as tx:
            check_in = await tx.check_ins.latest(self.maya.id)
            sheet = await tx.check_ins.sheet(check_in.id) if check_in is not None and check_in.ts else None
        if sheet is None:
            raise Gone
        return sheet

    def cadence(self, terms: Terms) -> Cadence | None:
        """None where its days are all off: what a form refuses."""
        at = tuple(time(self.dice.choice((2, 8, 12, 18, 22)), self.dice.choice((0, 30))) for _ in range(2))
        common = {"anchor": self.clock.now().date(), "zone": terms.cadence.zone}
        some = tuple(Weekday(day) for day in self.dice.sample(range(7), 3))
        chosen = self.dice.choice(
            (
                Weekly(days=EVERY_DAY, times=at, **common),
                Weekly(days=some, times=at[:1], interval_weeks=2, **common),
                MonthlyOnDate(day=31, times=at[:1], **common),
            )
        )
        return chosen if happens(chosen, terms, self.clock.now()) else None

    async def commit(self) -> None:
        _, terms, _ = await self.rules()
        is_habit, days = self.dice.random() < 0.5, self.dice.choice((EVERY_DAY, WORKDAYS, (Weekday.SUNDAY,)))
        own = self.cadence(terms) if self.dice.random() < 0.4 else None
        new = NewCommitment(
            text="walk" if is_habit else "report",
            kind=Kind.HABIT if is_habit else Kind.ONCE,
            habit_days=days if is_habit else (),
            due_day=None if is_habit else local_date(self.clock.now(), terms.cadence.zone) + timedelta(days=9),
            cadence=own,
            is_its_own=own is not None,
            cue=cue_at(time(7), days) if is_habit else None,
        )
        await self.services.commitments.make(self.maya, new, key=self.key())

    async def answer(self) -> None:
        sheet, (_, _, excused) = await self.latest(), await self.rules()
        item, about = self.dice.choice(sheet.lines)
        days, key = days_asked(item, about.habit_days, sheet.check_in.last_day, excused), self.key()
        if item.answer is not None:
            if item.is_not_yet and item.follow_up is None:
                await self.services.check_ins.follow_up(self.maya, item.id, self.dice.choice([*FollowUp]), key=key)
            else:
                await self.services.check_ins.reopen(self.maya, item.id, key=key)
        elif len(days) > 1:
            await self.services.check_ins.tick_days(self.maya, item.id, days[1:], key=key)
            await self.services.check_ins.answer_days(self.maya, item.id, every=False, key=self.key())
        else:
            answer = self.dice.choice((*choices(days), Answer.NOT_TODAY))
            await self.services.check_ins.answer(self.maya, item.id, answer, key=key)

    async def put_off(self) -> None:
        check_in = (await self.latest()).check_in
        await self.services.snoozing.snooze(self.maya, check_in.id, self.dice.choice([*Snooze]), key=self.key())

    async def check_in(self) -> None:
        await self.services.asking.ask_now(self.maya, key=self.key())

    async def rest(self) -> None:
        begin = self.dice.choice((self.services.rests.not_today, self.services.rests.rough_week))
        await begin(self.maya, key=self.key())

    async def end_rest(self) -> None:
        _, _, excused = await self.rules()
        for rest in excused.rests[-1:]:
            await self.services.rests.undo(self.maya, rest.id, key=self.key())

    async def pause(self) -> None:
        until = self.dice.choice((None, self.clock.now() + timedelta(hours=self.dice.randrange(1, 200))))
        await self.services.pauses.pause(self.maya, until, key=self.key())

    async def resume(self) -> None:
        await self.services.pauses.resume(self.maya, key=self.key())

    async def change_rules(self) -> None:
        _, terms, _ = await self.rules()
        switch, cadence = self.dice.choice(SWITCHES), self.cadence(terms)
        changes = {"cadence": cadence} if cadence and self.dice.random() < 0.3 else {switch: self.dice.random() < 0.7}
        initiative = self.dice.choices([Initiative.ASK_ME, Initiative.I_START], [9, 1])
        await self.services.agreements.change(self.maya, changes | {"initiative": initiative[0]}, key=self.key())

    async def change_time_off(self) -> None:
        _, terms, _ = await self.rules()
        first = local_date(self.clock.now(), terms.cadence.zone) + timedelta(days=self.dice.randrange(4))
        holiday = self.dice.choice((None, (first, first + timedelta(days=self.dice.randrange(8)))))
        changes = {"quiet_hours": self.dice.choice(QUIET)}
        await self.services.rests.change(self.maya, changes, holiday, key=self.key())

    async def change_one(self) -> None:
        commitments = self.services.commitments
        if self.dice.random() < 0.5:
            one, until = await self.one_of(State.ACTIVE), self.clock.now() + timedelta(days=self.dice.randrange(1, 9))
            await commitments.pause(self.maya, one, until, key=self.key())
        elif self.dice.random() < 0.5:
            await commitments.let_go(self.maya, await self.one_of(State.ACTIVE), key=self.key())
        else:
            await commitments.resume(self.maya, await self.one_of(State.PAUSED, State.LET_GO), key=self.key())

    async def travel(self) -> None:
        """Slack tells another zone; and perhaps she has everything move along."""
        zone = self.dice.choice(ZONES)
        profile = Profile(zone=zone, locale="en-GB", is_admin=False)
        await self.services.members.remember(self.workspace, self.maya.slack_id, profile)
        if self.dice.random() < 0.5:
            await self.services.zones.move(self.maya, zone, key=self.key(), ts=None)
            self.unasked.clear()  # today is another day there

    async def open_a_question(self) -> None:
        """Which nobody answers."""
        await self.services.readiness.open(self.maya, await self.one_of(State.ACTIVE), GuideId.IF_THEN, key=self.key())

    async def stop_and_start(self) -> None:
        await self.services.pauses.stop(self.maya, key=self.key())
        await self.live_until(self.clock.now() + timedelta(days=self.dice.randrange(5)))
        await self.services.pauses.start_again(self.maya, key=self.key())


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_she_does_the_ground_rules_hold(
    sqlite_url: str, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    database = Database(sqlite_url)
    life = Maya(database, seed)
    try:
        await life.live(ACTS)
    except BaseException as error:
        error.add_note("\n".join([f"seed {seed}", *life.told[-40:]]))
        raise
    finally:
        await database.close()
    assert life.asked, "a life in which nothing was asked shows nothing"
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]
