"""Looking for what is due reads by an index, however much has been kept: SQLite tells how it would read."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import UniqueConstraint, event

from bot.clock import ManualClock
from bot.domain.commitments import Kind
from bot.domain.deliveries import Says
from bot.storage.database import Database
from bot.storage.tables import metadata
from bot.storage.transaction import Transaction
from tests import factories

NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


async def test_no_look_reads_a_whole_table(sqlite_url: str) -> None:
    async with _database(sqlite_url) as database:
        asked = await _asked(database, _look)
        selects = [(statement, parameters) for statement, parameters in asked if statement.startswith("SELECT")]
        assert len(selects) > 15
        for statement, parameters in selects:
            steps = await _plan(database, statement, parameters)
            assert not _scans(steps), f"{statement}\n{steps}"


def test_what_leads_to_a_row_is_found_by_an_index() -> None:
    """Also when that row is deleted: the database itself asks then. Workspaces stay."""
    for table in metadata.sorted_tables:
        led_by = {next(iter(index.columns)) for index in table.indexes}
        led_by |= {next(iter(one.columns)) for one in table.constraints if isinstance(one, UniqueConstraint)}
        for column in table.columns:
            if column.foreign_keys and column.name != "workspace_id":
                assert column in led_by, f"{column} has no index"


async def test_sending_reads_by_index_too(sqlite_url: str) -> None:
    async with _database(sqlite_url) as database:
        for statement, parameters in await _asked(database, _send):
            steps = await _plan(database, statement, parameters)
            assert not _scans(steps), f"{statement}\n{steps}"


async def test_who_looks_for_work_takes_a_step_for_each_workspace(sqlite_url: str) -> None:
    """However many rows there are. What is due first comes out of the index as it is."""
    async with _database(sqlite_url) as database:
        asked = await _asked(database, lambda tx: tx.leases.wanted(NOW, NOW, 24))
        (_, _), (statement, parameters) = asked
        steps = await _plan(database, statement, parameters)
        assert _scans(steps) == ["SCAN workspaces", "SCAN found"]
        assert len([step for step in steps if "ix_deliveries_workspace" in step]) == 2, (
            "a reply, and what was scheduled"
        )
        assert (
            "SEARCH deliveries USING INDEX ix_deliveries_workspace (workspace_id=? AND is_reply=? AND due_at<?)"
            in steps
        )
        ahead = await _asked(database, lambda tx: tx.deliveries.ahead([1, 2], NOW, NOW, 64))
        for statement, parameters in ahead:
            steps = await _plan(database, statement, parameters)
            assert not [step for step in steps if "TEMP B-TREE" in step], (
                "it would sort all that is due for the first few"
            )


async def test_postgresql_looks_up_what_is_open_although_it_was_counted_when_nothing_was(postgres_url: str) -> None:
    """Of what is kept nearly nothing is open. Whoever believes that nothing is finds it as good to read an index of
    open rows as a whole, for each of them: at the full hour that was ten thousand times ten thousand."""
    lease = timedelta(seconds=60)
    async with _counted_when_nothing_was_due(postgres_url) as database:
        looks: dict[str, Callable[[Transaction], Awaitable[object]]] = {
            "wanted": lambda tx: tx.leases.wanted(NOW, NOW, 24),
            "ahead": lambda tx: tx.deliveries.ahead([1], NOW, NOW, 64),
            "mark": lambda tx: tx.deliveries.mark(list(range(5002, 5202)), NOW, "one", lease),
            "standing": lambda tx: tx.backlog.standing(NOW, NOW),
            "reminders": lambda tx: tx.check_ins.to_remind(1, NOW),
            "no reminders": lambda tx: tx.check_ins.forget_reminders(1),
            "put off": lambda tx: tx.check_ins.put_off(1),
            "reminded": lambda tx: tx.check_ins.with_reminder(NOW),
            "next": lambda tx: tx.agenda.ahead(NOW, NOW),
        }
        for name, look in looks.items():
            for statement, parameters in await _asked(database, look):
                async with database.read() as tx:
                    told = await tx.connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
                    steps = list(_steps(told.scalar_one()[0]["Plan"]))
                on_rows = [step for step in steps if step.get("Relation Name") in {"deliveries", "check_ins"}]
                scans = [step for step in on_rows if "Scan" in step["Node Type"]]
                assert all(_is_looked_up(step) for step in scans), f"{name}: {scans}"
                if name == "ahead":
                    assert "Sort" not in {step["Node Type"] for step in steps}, "all that is due, for the first few"


@asynccontextmanager
async def _counted_when_nothing_was_due(url: str) -> AsyncIterator[Database]:
    async with _database(url) as database:
        async with database.write() as tx:
            await tx.connection.exec_driver_sql(KEPT.format(count=5000, due_at="NULL", state="sent"))
            await tx.connection.exec_driver_sql("UPDATE deliveries SET due_at = NULL, state = 'sent'")
            await tx.connection.exec_driver_sql(MANY)
            await tx.connection.exec_driver_sql("ANALYZE")
            await tx.connection.exec_driver_sql(KEPT.format(count=500, due_at=f"'{NOW}'", state="waiting"))
            await tx.connection.exec_driver_sql(f"UPDATE check_ins SET remind_at = '{NOW}' WHERE id > 4500")
        yield database


KEPT = """
INSERT INTO deliveries (workspace_id, key, token, lane, method, says, refs, due_at, state, attempts)
SELECT 1, '{state}:' || i, 'token', 'dm:' || i, 'post', 'check_in', '{{}}', {due_at}, '{state}', 0
FROM generate_series(1, {count}) i
"""
MANY = """
INSERT INTO members (workspace_id, slack_id, zone, locale, is_admin, joined_at, read_at)
SELECT 1, 'UX' || i, 'UTC', 'en', FALSE, now(), now() FROM generate_series(1, 5000) i;
INSERT INTO check_ins (workspace_id, member_id, origin, occurrence, opened_at, zone, late)
SELECT 1, id, 'scheduled', now(), now(), 'UTC', FALSE FROM members
"""


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for under in plan.get("Plans", ()):
        yield from _steps(under)


def _is_looked_up(step: dict[str, Any]) -> bool:
    """By the first column of an index; out of one that is in order a few are taken from its front."""
    columns = {
        "ix_deliveries_lane": "lane",
        "ix_deliveries_workspace": "workspace_id",
        "ix_deliveries_due": "due_at",
        "ix_deliveries_retry": "retry_at",
        "ix_check_ins_member": "member_id",
        "ix_check_ins_remind": "remind_at",
    }
    first = columns.get(step.get("Index Name", ""), "id")
    is_bitmap = step["Node Type"] == "Bitmap Heap Scan"
    is_other = step.get("Index Name") == "ix_check_ins_remind" and "member_id" in step.get("Filter", "")
    return is_bitmap or (not is_other and f"({first} " in step.get("Index Cond", "").replace("(lane)::text", "(lane "))


@asynccontextmanager
async def _database(url: str) -> AsyncIterator[Database]:
    """With something due."""
    database = Database(url)
    async with database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
        habit: dict[str, Any] = {"kind": Kind.HABIT, "habit_days": [0], "next_due_at": NOW, "next_cue_at": NOW}
        about = await factories.commitment(tx, maya, **habit)
        await factories.item(tx, await factories.check_in(tx, maya, NOW - timedelta(days=7)), about, since=NOW.date())
    async with factories.units_over(database, ManualClock(NOW)).begin() as work:
        await work.say(maya, Says.PHRASE, {"phrase": "any_time"}, at=NOW)
    yield database
    await database.close()


async def _asked(database: Database, look: Callable[[Transaction], Awaitable[object]]) -> list[tuple[str, Any]]:
    """The statements that a look comes to, with their parameters."""
    asked: list[tuple[str, Any]] = []

    def remember(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    async with database.write() as tx:
        event.listen(database.engine.sync_engine, "before_cursor_execute", remember)
        await look(tx)
        event.remove(database.engine.sync_engine, "before_cursor_execute", remember)
    return asked


async def _plan(database: Database, statement: str, parameters: Any) -> list[str]:
    async with database.read() as tx:
        plan = await tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [str(row.detail) for row in plan]


def _scans(steps: list[str]) -> list[str]:
    """Whole tables that are read; what is handed over as JSON is not one, nor is what the statement itself lists."""
    scans = [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]
    return [step for step in scans if step.split()[1] not in {"CONSTANT", "either"}]


async def _send(tx: Transaction) -> None:
    """What a turn of the dispatcher's writes down."""
    lease = timedelta(seconds=60)
    await tx.leases.take([1, 2], NOW, "one", lease)
    await tx.leases.renew([1, 2], NOW, "one", lease)
    await tx.leases.give_up([1, 2], "one")
    rows = await tx.deliveries.ahead([1, 2], NOW, NOW, 64)
    await tx.leases.park(1, NOW, lease)
    await tx.deliveries.mark([row.id for row in rows], NOW, "one", lease)
    await tx.deliveries.standing(rows[0], NOW, "one")
    await tx.deliveries.hold(rows[0], NOW, "one", lease)
    await tx.deliveries.put_back(rows, "one", NOW, wait=lease)
    await tx.deliveries.drop_overtaken(rows, NOW)
    await tx.deliveries.sent({row.id: "1.1" for row in rows}, NOW)
    await tx.deliveries.drop_all_of(1, NOW)
    await tx.deliveries.release_all(NOW)
    await tx.deliveries.forget_before(NOW, 0, 100)
    await tx.acts.forget_before(NOW, 0, 100)


async def _look(tx: Transaction) -> None:
    """What is asked at every wake-up, and at nearly every click."""
    await tx.deliveries.ahead([1, 2], NOW, NOW, 64)
    await tx.agenda.due(NOW)
    await tx.agenda.ahead(NOW, NOW)
    await tx.deliveries.keyed(1, "key")
    await tx.backlog.standing(NOW, NOW)
    await tx.openings.any_due(NOW)
    await tx.openings.take(NOW, NOW, 100)
    await tx.openings.last_days([1, 2])
    await tx.cues.any_due(NOW)
    await tx.cues.take(NOW, 100)
    await tx.commitments.next_due_of(1)
    await tx.commitments.with_pause_over(NOW)
    await tx.commitments.active(1)
    await tx.members.with_pause_over(NOW)
    await tx.rests.with_return(NOW)
    await tx.rests.returned(1, NOW)
    await tx.rests.of(1)
    await tx.rests.of_all([1, 2])
    await tx.rests.ending_on_or_after(1, NOW.date())
    await tx.deliveries.last_said(1, Says.WELCOME_BACK)
    await tx.deliveries.waiting(1, Says.WELCOME_BACK)
    await tx.check_ins.with_reminder(NOW)
    await tx.check_ins.to_remind(1, NOW)
    await tx.check_ins.unsent(1)
    await tx.check_ins.to_be_reminded_of(1)
    await tx.check_ins.held(1, NOW)
    await tx.check_ins.latest(1)
    await tx.conversations.running(1)
    await tx.conversations.last_asked(1)
    await tx.cheers.owners_to_tell([1], NOW)
    await tx.cheers.waiting(NOW)
    await tx.commitments.next_due_of_all([1, 2])
    await tx.answers.of_conversation(1)
    await tx.items.newer(await tx.check_ins.get(1))
    await tx.items.history(1)
    await tx.items.noted(1, "1.1")
    await tx.wins.recent(1, 5)
    await tx.check_ins.sheet(1)
    await tx.check_ins.sheet_with(1)
    await tx.answers.ratings([1, 2])
    await tx.answers.kept_as(1, "why")
    await tx.answers.to_question(1, "why")
    await tx.answers.asked(1)
    await tx.conversations.about(1)
    await tx.conversations.ever_about(1)
    await tx.conversations.last_opened(1)
