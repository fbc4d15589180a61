"""Each kind of message that comes unasked has a switch that silences it, and all that is scheduled is such a kind."""

import ast
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

import bot.services
from bot.clock import ManualClock
from bot.domain.agreements import Initiative, QuietHours, Terms, default_terms
from bot.domain.budget import INITIATIVE, UNPROMPTED
from bot.domain.calendar import EVERY_DAY, Weekday
from bot.domain.commitments import Kind
from bot.domain.cues import cue_at
from bot.domain.deliveries import Method, Says
from bot.domain.members import Member
from bot.services import Services
from bot.services.terms import agree
from bot.services.work import Units
from bot.storage.transaction import Transaction
from tests import factories

TUESDAY: Final = datetime(2027, 1, 5, 9, tzinfo=UTC)
"""10:00 in Berlin."""
DAY: Final = timedelta(days=1)
SERVICES: Final = Path(bot.services.__file__).parent


@dataclass
class Here:
    services: Services
    clock: ManualClock
    maya: Member

    async def agree(self, terms: Terms) -> None:
        async with self.services.units.begin() as work:
            await agree(work, self.maya, terms)

    async def live(self) -> None:
        """Tuesday and Wednesday, from hour to hour; whatever is sent is seen, and nothing is answered."""
        now = self.clock.now()
        while now < TUESDAY + 2 * DAY:
            self.clock.set(now)
            await self.services.pauses.end_due()
            while await self.services.opening.open_due():
                pass
            await self.services.cues.tell_due()
            await self.services.reminding.remind_due()
            await self.services.cheers.tell_due()
            await self.services.zones.ask_due()
            async with self.services.units.database.write() as tx:
                for check_in in await tx.check_ins.all(tx.check_ins.table.c.ts.is_(None)):
                    await tx.check_ins.change(check_in.id, ts=str(now.timestamp()))
            now += timedelta(hours=1)

    async def said(self) -> set[Says]:
        async with self.services.units.database.read() as tx:
            rows = await tx.deliveries.all(tx.deliveries.table.c.method == Method.POST)
        return {row.says for row in rows if not row.is_reply}


@pytest.fixture
async def here(units: Units, clock: ManualClock) -> Here:
    clock.set(TUESDAY - timedelta(hours=1))
    async with units.database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx), joined_at=TUESDAY - 30 * DAY)
    return Here(Services.over(units), clock, maya)


# How each comes about


async def _check_in(tx: Transaction, maya: Member) -> None:
    await factories.commitment(tx, maya, next_due_at=TUESDAY, created_at=TUESDAY - DAY)


async def _silence(tx: Transaction, maya: Member) -> None:
    await _check_in(tx, maya)
    for days in (11, 7, 4):
        await factories.check_in(tx, maya, TUESDAY - days * DAY)


async def _cheers(tx: Transaction, maya: Member) -> None:
    await factories.cheered_win(tx, maya, "U2", TUESDAY - DAY)


async def _zone(tx: Transaction, maya: Member) -> None:
    await tx.members.change(maya.id, zone="Europe/Lisbon", ask_zone_at=TUESDAY)


async def _welcome_back(tx: Transaction, maya: Member) -> None:
    await factories.commitment(tx, maya, due_day=date(2027, 1, 2), created_at=TUESDAY - 9 * DAY)
    await tx.members.change(maya.id, paused_at=TUESDAY - 5 * DAY, paused_until=TUESDAY)


async def _cue(tx: Transaction, maya: Member) -> None:
    at = TUESDAY + timedelta(hours=2)
    every_noon = cue_at(time(12))
    await factories.commitment(tx, maya, kind=Kind.HABIT, habit_days=EVERY_DAY, cue=every_noon, next_cue_at=at)


COMES: Final[dict[Says, Callable[[Transaction, Member], Awaitable[None]]]] = {
    Says.CHECK_IN: _check_in,
    Says.REMINDER: _check_in,
    Says.SILENCE: _silence,
    Says.CHEERS: _cheers,
    Says.ZONE: _zone,
    Says.WELCOME_BACK: _welcome_back,
    Says.CUE: _cue,
}


@pytest.mark.parametrize("says", list(UNPROMPTED))
async def test_its_switch_silences_it(here: Here, says: Says) -> None:
    terms = default_terms("Europe/Berlin", TUESDAY.date())
    await here.agree(terms)
    async with here.services.units.database.write() as tx:
        await COMES[says](tx, here.maya)
    switch = UNPROMPTED[says]
    off = {switch: Initiative.I_START if switch == INITIATIVE else False}
    await here.services.agreements.change(here.maya, off, key="off")
    async with here.services.units.database.write() as tx:
        await tx.members.change(here.maya.id, heard_at=None)
    await here.live()
    assert says not in await here.said()


@pytest.mark.parametrize("says", list(UNPROMPTED))
async def test_without_the_switch_it_comes(here: Here, says: Says) -> None:
    await here.agree(default_terms("Europe/Berlin", TUESDAY.date()))
    async with here.services.units.database.write() as tx:
        await COMES[says](tx, here.maya)
    await here.live()
    assert says in await here.said()


@pytest.mark.parametrize(
    "rest",
    [
        {"days_off": (Weekday.TUESDAY,)},
        {"quiet_hours": QuietHours(begins=time(9), ends=time(8))},
    ],
)
async def test_a_day_of_rest_and_quiet_hours_have_no_room(here: Here, rest: dict[str, Any]) -> None:
    """What cannot be said then takes no day's room, and does not pile up for the next."""
    await here.agree(default_terms("Europe/Berlin", TUESDAY.date()).model_copy(update=rest))
    async with here.services.units.database.write() as tx:
        await _cheers(tx, here.maya)
        await _zone(tx, here.maya)
    here.clock.set(TUESDAY + timedelta(hours=7))
    await here.services.cheers.tell_due()
    await here.services.zones.ask_due()
    assert await here.said() == set()
    async with here.services.units.database.read() as tx:
        maya = await tx.members.get(here.maya.id)
    assert (maya.prompted_on, maya.asked_about_zone) == (None, None)
    assert maya.ask_zone_at is not None
    assert maya.ask_zone_at > here.clock.now()


async def test_after_a_holiday_a_day_has_one_of_what_waited(here: Here) -> None:
    await here.agree(default_terms("Europe/Berlin", TUESDAY.date()))
    away = (TUESDAY.date(), TUESDAY.date() + 4 * DAY)
    await here.services.rests.change(here.maya, {}, away, key="away")
    async with here.services.units.database.write() as tx:
        await _cheers(tx, here.maya)
        await _zone(tx, here.maya)
    for hour in range(6 * 24):
        here.clock.set(TUESDAY + timedelta(hours=hour))
        await here.services.cheers.tell_due()
        await here.services.zones.ask_due()
    async with here.services.units.database.read() as tx:
        rows = [row for row in await tx.deliveries.all() if row.says in UNPROMPTED]
    days = [row.due_at.date() - TUESDAY.date() for row in rows if row.due_at]
    assert days == [5 * DAY]


def test_what_is_scheduled_has_a_switch() -> None:
    """Everything said without an act is written with its time: by `Scheduled(...)`, or by `say(..., at=...)`."""
    scheduled = set()
    for path in SERVICES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "Scheduled" or (name == "say" and any(one.arg == "at" for one in node.keywords)):
                scheduled.add(ast.unparse(node.args[1]))
    assert scheduled == {f"Says.{says.name}" for says in UNPROMPTED}
