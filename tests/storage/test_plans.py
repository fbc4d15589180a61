"""Looking for what is due reads by an index, however much has been kept: SQLite tells how it would read."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event

from bot.domain.commitments import Kind
from bot.domain.deliveries import Says
from bot.storage.database import Database
from bot.storage.transaction import Transaction
from tests import factories

NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


async def test_no_look_reads_a_whole_table(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    asked: list[tuple[str, Any]] = []

    def remember(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    async with database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
        habit = {"kind": Kind.HABIT, "habit_days": [0], "next_due_at": NOW, "next_cue_at": NOW}
        about = await factories.commitment(tx, maya, **habit)
        await factories.item(tx, await factories.check_in(tx, maya, NOW - timedelta(days=7)), about, since=NOW.date())
    event.listen(database.engine.sync_engine, "before_cursor_execute", remember)
    async with database.write() as tx:
        await _look(tx)
    event.remove(database.engine.sync_engine, "before_cursor_execute", remember)
    selects = [(statement, parameters) for statement, parameters in asked if statement.startswith("SELECT")]
    assert len(selects) > 15
    async with database.read() as tx:
        for statement, parameters in selects:
            plan = await tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [str(row.detail) for row in plan]
            assert not [step for step in steps if step.startswith("SCAN") and "json_each" not in step], (
                f"{statement}\n{steps}"
            )
    await database.close()


async def _look(tx: Transaction) -> None:
    """What is asked at every wake-up, and at nearly every click."""
    for is_reply in (True, False):
        await tx.deliveries.ahead([1, 2], NOW, NOW, 64, is_reply=is_reply)
    await tx.deliveries.next_due(NOW)
    await tx.deliveries.next_retry(NOW)
    await tx.leases.next_unparked(NOW)
    await tx.deliveries.keyed(1, "key")
    await tx.backlog.standing(NOW, NOW)
    await tx.openings.any_due(NOW)
    await tx.openings.take(NOW, NOW, 100)
    await tx.openings.last_days([1, 2])
    await tx.cues.any_due(NOW)
    await tx.cues.take(NOW, 100)
    await tx.cues.next_due(NOW)
    await tx.commitments.next_due(NOW)
    await tx.commitments.next_due_of(1)
    await tx.commitments.with_pause_over(NOW)
    await tx.commitments.next_pause_end(NOW)
    await tx.commitments.active(1)
    await tx.members.with_pause_over(NOW)
    await tx.members.next_pause_end(NOW)
    await tx.rests.with_return(NOW)
    await tx.rests.returned(1, NOW)
    await tx.rests.next_return(NOW)
    await tx.rests.of(1)
    await tx.rests.of_all([1, 2])
    await tx.rests.ending_on_or_after(1, NOW.date())
    await tx.deliveries.last_said(1, Says.WELCOME_BACK)
    await tx.check_ins.with_reminder(NOW)
    await tx.check_ins.to_remind(1, NOW)
    await tx.check_ins.next_reminder(NOW)
    await tx.check_ins.latest(1)
    await tx.conversations.running(1)
    await tx.conversations.last_asked(1)
    await tx.cheers.owners_to_tell(NOW)
    await tx.answers.of_conversation(1)
    await tx.items.history(1)
    await tx.items.noted(1, "1.1")
    await tx.wins.recent(1, 5)
