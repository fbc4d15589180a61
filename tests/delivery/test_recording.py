"""Writing down what came of sending when another process had a hand in it: the first word counts, and counts once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import ManualClock
from bot.delivery.contents import Contents
from bot.delivery.outcomes import Dropped, Failed, Held, LetPass, Outcome, Sent, Unsure
from bot.delivery.posting import Place
from bot.delivery.recording import Recording
from bot.domain.check_ins import CheckIn
from bot.domain.deliveries import Delivery, DeliveryState, Refs, Says
from bot.domain.members import Member
from bot.domain.wins import WinState
from bot.services.work import Units
from bot.storage.database import Database
from tests import factories

CHANNEL = "CWINS"


@dataclass
class Hands:
    """Two processes over one database. The first one's claims lapse, and the second takes them up."""

    database: Database
    clock: ManualClock
    maya: Member

    def units(self, owner: str) -> Units:
        return factories.units_over(self.database, self.clock, owner)

    async def records(self, owner: str, row: Delivery, outcome: Outcome) -> None:
        await Recording(self.units(owner), Contents(self.database, self.clock)).keep([(row, outcome)])

    async def say(self, says: Says, about: Refs, channel: str | None = None) -> Delivery:
        """Claimed by the first, and then by the second."""
        async with self.units("first").begin() as work:
            await work.say(self.maya, says, about, at=work.now, channel=channel)
            row = (await work.tx.deliveries.all())[-1]
        for owner in ("first", "second"):
            async with self.database.write() as tx:
                units = self.units(owner)
                assert await tx.deliveries.mark([row.id], self.clock.machine_now(), owner, units.lease)
            if owner == "first":
                await factories.lapse(units, row)
        return row

    async def check_in(self) -> tuple[Delivery, CheckIn]:
        async with self.database.write() as tx:
            check_in = await factories.check_in(tx, self.maya, self.clock.now(), ts=None)
        return await self.say(Says.CHECK_IN, {"check_in": check_in.id}), check_in

    async def win(self) -> Delivery:
        async with self.database.write() as tx:
            values = {
                "state": WinState.SHARED,
                "created_at": self.clock.now(),
                "text": "Shipped it",
                "channel_id": CHANNEL,
            }
            win = await tx.wins.add(workspace_id=self.maya.workspace_id, member_id=self.maya.id, **values)
        return await self.say(Says.WIN_POST, {"win": win.id}, CHANNEL)

    async def row(self, row: Delivery) -> Delivery:
        async with self.database.read() as tx:
            return await tx.deliveries.get(row.id)

    async def said(self, *says: Says) -> list[Says]:
        async with self.database.read() as tx:
            return [row.says for row in await tx.deliveries.all() if row.says in says]

    async def place(self, check_in: CheckIn) -> str | None:
        async with self.database.read() as tx:
            found = await tx.check_ins.find(check_in.id)
        return found.ts if found else None


@pytest.fixture
def hands(database: Database, clock: ManualClock, maya: Member) -> Hands:
    return Hands(database, clock, maya)


async def test_what_two_sent_is_where_the_first_said_it_is(hands: Hands) -> None:
    row, check_in = await hands.check_in()
    await hands.records("first", row, Sent(Place("D1", "1.1")))
    await hands.records("second", row, Sent(Place("D1", "2.2")))
    assert await hands.place(check_in) == "1.1"
    kept = await hands.row(row)
    assert (kept.state, kept.ts) == (DeliveryState.SENT, "1.1")


@pytest.mark.parametrize("outcome", [Failed("gone", is_unreachable=True), Unsure("500"), Dropped(), LetPass()])
async def test_whose_claim_lapsed_ends_nothing(hands: Hands, outcome: Outcome) -> None:
    row, check_in = await hands.check_in()
    await hands.records("first", row, outcome)
    assert (await hands.row(row)).claimed_by == "second"
    async with hands.database.read() as tx:
        assert (await tx.members.get(hands.maya.id)).stopped_at is None
    await hands.records("second", row, Sent(Place("D1", "2.2")))
    assert await hands.place(check_in) == "2.2"


async def test_whom_slack_lets_nobody_write_to_is_asked_no_more_and_their_colleague_is(hands: Hands) -> None:
    async with hands.database.write() as tx:
        jonas = await factories.member(tx, await tx.workspaces.get(hands.maya.workspace_id), "UJONAS")
        for member in (hands.maya, jonas):
            await factories.commitment(tx, member, next_due_at=hands.clock.now())
    row, _ = await hands.check_in()
    await hands.records("second", row, Failed("user_disabled", is_refused=True, is_unreachable=True))
    async with hands.database.read() as tx:
        assert (await tx.members.get(hands.maya.id)).stopped_at == hands.clock.now()
        assert await tx.commitments.next_due_of(hands.maya.id) is None
        assert (await tx.members.get(jonas.id)).stopped_at is None
        assert await tx.commitments.next_due_of(jonas.id) == hands.clock.now()


async def test_where_slack_does_not_take_the_token_any_more_nothing_is_said(hands: Hands) -> None:
    async with hands.database.write() as tx:
        elsewhere = await factories.workspace(tx, "T2")
    row, _ = await hands.check_in()
    waiting = await hands.win()
    await hands.records("second", row, Failed("token_revoked", is_refused=True, revoked="xoxb-T1"))
    async with hands.database.read() as tx:
        here = await tx.workspaces.get(hands.maya.workspace_id)
        assert (here.bot_token, here.uninstalled_at) == (None, hands.clock.now())
        assert await tx.workspaces.get(elsewhere.id) == elsewhere
    assert (await hands.row(waiting)).state is DeliveryState.DROPPED


async def test_a_post_that_is_there_is_not_asked_about_nor_taken_down(hands: Hands) -> None:
    row = await hands.win()
    await hands.records("first", row, Sent(Place(CHANNEL, "1.1")))
    await hands.records("second", row, Unsure("interrupted"))
    await hands.records("second", row, Failed("channel_not_found", is_refused=True))
    await hands.records("second", row, Sent(Place(CHANNEL, "1.1")))
    assert await hands.said(Says.WIN_DOUBT, Says.TAKEN_DOWN) == []
    assert (await hands.row(row)).state is DeliveryState.SENT


async def test_a_post_of_whom_nothing_is_kept_is_taken_down(hands: Hands) -> None:
    row = await hands.win()
    async with hands.database.write() as tx:
        await tx.deliveries.remove(tx.deliveries.table.c.id == row.id)
    await hands.records("first", row, Sent(Place(CHANNEL, "1.1")))
    assert await hands.said(Says.TAKEN_DOWN) == [Says.TAKEN_DOWN]


async def test_whom_a_check_in_would_have_named_that_came_to_nothing_is_told_another_time(hands: Hands) -> None:
    row, check_in = await hands.check_in()
    async with hands.database.write() as tx:
        await factories.cheered_win(tx, hands.maya, "UJONAS", hands.clock.now())
        await tx.cheers.mark_told([cheer.id for cheer in await tx.cheers.all()], check_in.opened_at)
    await hands.records("second", row, Dropped())
    async with hands.database.read() as tx:
        assert [cheer.told_at for cheer in await tx.cheers.all()] == [None]


@pytest.mark.parametrize(("agreed", "hours"), [(True, 4), (False, None)])
async def test_the_reminder_of_a_check_in_that_is_held_moves_with_it(
    hands: Hands, agreed: bool, hours: int | None
) -> None:
    row, check_in = await hands.check_in()
    until = datetime(2027, 1, 4, 13, 50, tzinfo=UTC)
    async with hands.database.write() as tx:
        remind_at = datetime(2027, 1, 4, 14, tzinfo=UTC) if agreed else None
        await tx.check_ins.change(check_in.id, remind_at=remind_at)
    await hands.records("second", row, Held(until))
    async with hands.database.read() as tx:
        comes = (await tx.check_ins.get(check_in.id)).remind_at
    assert comes == (until + timedelta(hours=hours) if hours else None)
