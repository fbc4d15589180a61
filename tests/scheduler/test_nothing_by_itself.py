"""Everything that may come by itself: silent in a pause, after a stop; waiting in quiet hours and on days of rest."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.clock import ManualClock
from bot.delivery.content import Letter
from bot.delivery.contents import Contents
from bot.domain.agreements import QuietHours, default_terms
from bot.domain.budget import UNPROMPTED
from bot.domain.cues import Cue
from bot.domain.deliveries import Refs, Says
from bot.domain.members import Member
from bot.domain.rests import RestKind
from bot.domain.wins import CheerKind, WinState
from bot.services.terms import agree
from bot.services.work import Scheduled, Units
from bot.storage.transaction import Transaction
from tests import factories

TUESDAY = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""10:00 in Berlin."""
IN_TWO_HOURS = TUESDAY + timedelta(hours=2)
BERLIN = default_terms("Europe/Berlin", TUESDAY.date())


async def _check_in(tx: Transaction, maya: Member) -> Refs:
    about = await factories.commitment(tx, maya)
    check_in = await factories.check_in(tx, maya, TUESDAY, ts=None)
    await factories.item(tx, check_in, about)
    return {"check_in": check_in.id}


async def _cue(tx: Transaction, maya: Member) -> Refs:
    return {"commitments": str((await factories.commitment(tx, maya, cue=Cue(times=(time(10),)))).id)}


async def _cheers(tx: Transaction, maya: Member) -> Refs:
    win = await tx.wins.add(
        workspace_id=maya.workspace_id, member_id=maya.id, text="It is out", state=WinState.SHARED, created_at=TUESDAY
    )
    cheer = await tx.cheers.add(
        workspace_id=maya.workspace_id, win_id=win.id, slack_id="U2", kind=CheerKind.CLAP, cheered_at=TUESDAY
    )
    return {"cheers": str(cheer.id)}


async def _silence(tx: Transaction, maya: Member) -> Refs:
    await tx.members.change(maya.id, quiet_since=TUESDAY)
    return {}


async def _zone(tx: Transaction, maya: Member) -> Refs:
    await tx.members.change(maya.id, zone="America/New_York")
    return {}


async def _welcome_back(tx: Transaction, maya: Member) -> Refs:
    return {"commitments": str((await factories.commitment(tx, maya, due_day=date(2027, 1, 3))).id)}


SITUATIONS: Mapping[Says, Callable[[Transaction, Member], Awaitable[Refs]]] = {
    Says.CHECK_IN: _check_in,
    Says.REMINDER: _check_in,
    Says.CUE: _cue,
    Says.CHEERS: _cheers,
    Says.SILENCE: _silence,
    Says.ZONE: _zone,
    Says.WELCOME_BACK: _welcome_back,
}


@dataclass
class Here:
    units: Units
    contents: Contents
    maya: Member

    async def letter(self, says: Says) -> Letter:
        """What a message of that kind, due now, would be."""
        async with self.units.begin() as work:
            if await work.tx.agreements.current(self.maya.id) is None:
                await agree(work, self.maya, BERLIN)
            refs = await SITUATIONS[says](work.tx, self.maya)
            await work.schedule([Scheduled(self.maya, says, refs, "key", work.now)])
        async with self.units.database.read() as tx:
            (row,) = await tx.deliveries.all()
        letter = (await self.contents.of([row]))[row.id]
        assert isinstance(letter, Letter), letter
        return letter


@pytest.fixture
def here(units: Units, clock: ManualClock, maya: Member) -> Here:
    clock.set(TUESDAY)
    return Here(units, Contents(units.database, clock), maya)


def test_every_kind_is_here() -> None:
    assert set(SITUATIONS) == set(UNPROMPTED)


@pytest.mark.parametrize("says", UNPROMPTED)
async def test_it_comes_when_nothing_is_in_its_way(here: Here, says: Says) -> None:
    letter = await here.letter(says)
    assert letter.content is not None
    assert letter.held_until is None


@pytest.mark.parametrize("says", UNPROMPTED)
@pytest.mark.parametrize("quiet", ["paused_at", "stopped_at"])
async def test_a_pause_and_a_stop_silence_it(here: Here, says: Says, quiet: str) -> None:
    async with here.units.database.write() as tx:
        await tx.members.change(here.maya.id, **{quiet: TUESDAY})
    assert (await here.letter(says)).content is None


@pytest.mark.parametrize("says", UNPROMPTED)
async def test_in_quiet_hours_it_waits_for_their_end_but_for_a_cue(here: Here, says: Says) -> None:
    quiet = QuietHours(begins=time(9), ends=time(12))
    async with here.units.begin() as work:
        await agree(work, here.maya, BERLIN.model_copy(update={"quiet_hours": quiet}))
    assert (await here.letter(says)).held_until == (None if says is Says.CUE else IN_TWO_HOURS)


@pytest.mark.parametrize("says", sorted(set(UNPROMPTED) - {Says.CUE}))
async def test_on_a_day_of_rest_it_waits_for_the_next_that_is_none(here: Here, says: Says) -> None:
    async with here.units.database.write() as tx:
        await tx.rests.add(
            workspace_id=here.maya.workspace_id,
            member_id=here.maya.id,
            kind=RestKind.HOLIDAY,
            first_day=TUESDAY.date(),
            last_day=TUESDAY.date(),
            created_at=TUESDAY,
        )
    assert (await here.letter(says)).held_until == TUESDAY + timedelta(days=1)
