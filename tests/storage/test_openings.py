"""What is due is taken by one process or by another, and neither waits for the other; members are held in one order."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.clock import ManualClock
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.transaction import Transaction
from tests import factories

Taken = Callable[[Transaction, datetime, int], Awaitable[list[int]]]


async def _check_ins(tx: Transaction, now: datetime, limit: int) -> list[int]:
    return [here.member.id for here in (await tx.openings.take(now, now, limit)).situations]


async def _cues(tx: Transaction, now: datetime, limit: int) -> list[int]:
    return [here.member.id for here in await tx.cues.take(now, limit) or ()]


@pytest.mark.parametrize(("taken", "due", "most"), [(_check_ins, "next_due_at", 2), (_cues, "next_cue_at", 9)])
async def test_of_a_member_whom_somebody_has_in_hand_nothing_is_held(
    postgres_url: str, clock: ManualClock, taken: Taken, due: str, most: int
) -> None:
    """Each of two would else hold what the other plans. Others may refer to them all the while."""
    database, now = Database(postgres_url), clock.now()
    async with database.write() as tx:
        team = await factories.workspace(tx)
        maya, jonas = [await factories.member(tx, team, slack_id) for slack_id in ("UMAYA", "UJONAS")]
        for minutes, member in enumerate((maya, maya, jonas, maya)):
            values: dict[str, Any] = {due: now - timedelta(minutes=9 - minutes)}
            await factories.commitment(tx, member, **values)
    async with database.write() as one, database.write() as two:
        await two.connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        assert await taken(one, now, 1) == [maya.id]
        assert await taken(two, now, most) == [jonas.id]
        c = tables.commitments.c
        hers = select(c.id).where(c.member_id == maya.id).with_for_update(nowait=True)
        assert len((await one.connection.execute(hers)).all()) == 3
        her = select(tables.members.c.id).where(tables.members.c.id == maya.id)
        refers = her.with_for_update(read=True, key_share=True, nowait=True)
        assert len((await two.connection.execute(refers)).all()) == 1
    await database.close()


async def test_members_are_held_in_the_order_of_their_ids_wherever_their_rows_are(postgres_url: str) -> None:
    """Of two who held some of the same in another order each would wait for the other."""
    database = Database(postgres_url)
    async with database.write() as tx:
        team = await factories.workspace(tx)
        maya, jonas = [await factories.member(tx, team, slack_id) for slack_id in ("UMAYA", "UJONAS")]
        await tx.members.change(maya.id, locale="de-DE")  # her row is behind his now

    async def hold_both() -> None:
        async with database.write() as tx:
            for way in ("indexscan", "bitmapscan"):  # as PostgreSQL may choose by itself
                await tx.connection.execute(text(f"SET LOCAL enable_{way} = off"))
            await tx.members.hold([jonas.id, maya.id])

    async with database.write() as one, database.write() as looking:
        await one.members.lock(maya.id)
        holding = asyncio.create_task(hold_both())
        waits = text("SELECT 1 FROM pg_locks WHERE NOT granted")
        while not (await looking.connection.execute(waits)).all():
            pass
        c = tables.members.c
        await looking.connection.execute(select(c.id).where(c.id == jonas.id).with_for_update(nowait=True))
    await holding
    await database.close()
