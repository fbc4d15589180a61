"""Statements that are built once say the same as those built each time."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.agreements import default_terms
from bot.domain.check_ins import Answer
from bot.domain.commitments import State
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.transaction import Transaction
from tests import factories

NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
async def tx(database: Database) -> AsyncIterator[Transaction]:
    async with database.write() as made:
        yield made


async def test_rows_with_values_in_an_order(tx: Transaction) -> None:
    maya = await factories.member(tx, await factories.workspace(tx))
    first, second = await factories.commitment(tx, maya, "One"), await factories.commitment(tx, maya, "Two")
    closed = await factories.commitment(tx, maya, "Three", state=State.DONE)
    assert await tx.commitments.all_with(member_id=maya.id, state=State.ACTIVE) == [first, second]
    assert await tx.commitments.all_with("-id", limit=2, member_id=maya.id) == [closed, second]
    assert await tx.commitments.one_with("-id", member_id=maya.id) == closed
    assert await tx.commitments.one_with(member_id=maya.id + 1) is None


async def test_what_the_database_computes_is_written_like_what_is_plain(tx: Transaction) -> None:
    maya = await factories.member(tx, await factories.workspace(tx))
    c = tables.members.c
    changed = await tx.members.change(maya.id, zone=c.zone + "/East", locale="de-DE")
    assert (changed.zone, changed.locale) == (f"{maya.zone}/East", "de-DE")
    with pytest.raises(LookupError):
        await tx.members.change(maya.id + 1, locale="de-DE")


async def test_ground_rules_agreed_on_hold_at_once(tx: Transaction) -> None:
    """They are remembered within a transaction, until there is another version."""
    maya = await factories.member(tx, await factories.workspace(tx))
    assert await tx.agreements.current(maya.id) is None
    for version in (1, 2):
        await tx.agreements.add(
            workspace_id=maya.workspace_id,
            member_id=maya.id,
            version=version,
            terms=default_terms("UTC", NOW.date()),
            agreed_at=NOW,
        )
        current = await tx.agreements.current(maya.id)
        assert current is not None
        assert current.version == version


async def test_a_workspace_with_whoever_acts_there(tx: Transaction) -> None:
    here, there = await factories.workspace(tx, "T1"), await factories.workspace(tx, "T2")
    maya = await factories.member(tx, here, "U1")
    assert await tx.workspaces.with_member("T1", "U1") == (here, maya)
    assert await tx.workspaces.with_member("T1", "U2") == (here, None)
    assert await tx.workspaces.with_member("T2", "U1") == (there, None)
    assert await tx.workspaces.with_member("T3", "U1") is None


async def test_a_sheet_has_the_lines_in_order_and_tells_what_is_open(tx: Transaction) -> None:
    maya = await factories.member(tx, await factories.workspace(tx))
    check_in = await factories.check_in(tx, maya, NOW)
    assert await tx.check_ins.sheet(check_in.id) is None
    first, second = await factories.commitment(tx, maya, "One"), await factories.commitment(tx, maya, "Two")
    later = await factories.item(tx, check_in, second, position=1)
    sooner = await factories.item(tx, check_in, first, position=0)
    sheet = await tx.check_ins.sheet_with(later.id)
    assert sheet is not None
    assert (sheet.check_in, sheet.lines) == (check_in, ((sooner, first), (later, second)))
    assert sheet == await tx.check_ins.sheet(check_in.id)
    assert sheet.open_items == [sooner, later]
    answered = await tx.items.change(sooner.id, answer=Answer.MOVING)
    paused = await tx.commitments.change(second.id, state=State.PAUSED)
    assert sheet.changed(item=answered).open_items == [later]
    assert sheet.changed(item=answered, about=paused).open_items == []
    assert sheet.changed(item=answered).line(sooner.id) == (answered, first)


async def test_a_reply_is_born_claimed_for_as_long_as_the_lease(tx: Transaction) -> None:
    maya = await factories.member(tx, await factories.workspace(tx))
    values = {
        "workspace_id": maya.workspace_id,
        "member_id": maya.id,
        "token": "t",
        "lane": "dm:1",
        "method": "post",
        "says": "phrase",
        "refs": {},
        "is_reply": True,
        "due_at": NOW,
        "state": "claimed",
        "claimed_by": "one",
        "attempts": 0,
    }
    row = await tx.deliveries.say(NOW, timedelta(seconds=60), key="k1", **values)
    assert row is not None
    machine_now = NOW
    standing = await tx.deliveries.standing(row, machine_now, "one")
    assert standing is not None
    assert (standing.is_next, standing.is_parked) == (True, False)
    assert await tx.deliveries.mark([row.id], machine_now, "other", timedelta(seconds=60)) == {}
    assert await tx.deliveries.say(NOW, timedelta(seconds=60), key="k1", **values) is None
