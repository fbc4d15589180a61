"""What is due is taken by one process or by another, and neither waits for the other."""

from datetime import timedelta

from sqlalchemy import select

from bot.clock import ManualClock
from bot.storage import tables
from bot.storage.database import Database
from tests import factories


async def test_of_a_member_whom_somebody_has_in_hand_nothing_is_held(postgres_url: str, clock: ManualClock) -> None:
    """Each of two would else hold what the other plans."""
    database, now = Database(postgres_url), clock.now()
    async with database.write() as tx:
        team = await factories.workspace(tx)
        maya, jonas = [await factories.member(tx, team, slack_id) for slack_id in ("UMAYA", "UJONAS")]
        for minutes, member in enumerate((maya, maya, jonas, maya)):
            await factories.commitment(tx, member, next_due_at=now - timedelta(minutes=9 - minutes))
    async with database.write() as one, database.write() as two:
        [mayas] = (await one.openings.take(now, now, 1)).situations
        [jonas_] = (await two.openings.take(now, now, 2)).situations
        assert (mayas.member.id, jonas_.member.id) == (maya.id, jonas.id)
        c = tables.commitments.c
        hers = select(c.id).where(c.member_id == maya.id).with_for_update(nowait=True)
        assert len((await one.connection.execute(hers)).all()) == 3
    await database.close()
