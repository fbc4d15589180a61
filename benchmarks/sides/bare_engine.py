"""The same promises without a product: what is due becomes claimed rows in the transaction that plans the next one, the
SDK sends the same message for each, and what was sent is written down. SQLAlchemy Core, in bulk."""

import asyncio
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, bindparam, insert, select, update

from benchmarks.message import message
from benchmarks.sides.ceiling import clients_of
from benchmarks.sides.gate import Gate
from bot.clock import SystemClock
from bot.delivery.dispatcher import CONNECTIONS
from bot.storage.database import Database
from bot.storage.types import UtcDateTime

CLAIM: Final = 500
LEASE: Final = timedelta(minutes=1)
A_DAY: Final = timedelta(days=1)

_tables = MetaData()
_id = BigInteger().with_variant(Integer, "sqlite")
_schedules = Table(
    "schedules",
    _tables,
    Column("id", _id, primary_key=True),
    Column("next_due_at", UtcDateTime(), nullable=False, index=True),
)
_rows = Table(
    "rows",
    _tables,
    Column("id", _id, primary_key=True),
    Column("schedule_id", BigInteger, nullable=False),
    Column("occurrence", UtcDateTime(), nullable=False),
    Column("token", String(32), nullable=False),
    Column("claimed_until", UtcDateTime()),
    Column("ts", String(20)),
    Index("one_each", "schedule_id", "occurrence", unique=True),
)


async def run(gate: Gate, *, url: str, stub: str, messages: int, workspaces: int) -> dict[str, Any]:
    """From the first look to the moment when all of it is sent and written down."""
    database, now = Database(url), SystemClock().now()
    async with database.engine.begin() as connection:
        await connection.run_sync(_tables.create_all)
        due = [{"id": number, "next_due_at": now} for number in range(1, messages + 1)]
        await connection.execute(insert(_schedules), due)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        engine = _Engine(database, clients_of(stub, workspaces, session), now)
        await gate.open()
        await engine.send_all()
        spent = gate.spent()
    await database.close()
    return spent


class _Engine:
    """Claims while what was claimed before is on its way."""

    def __init__(self, database: Database, clients: list[AsyncWebClient], now: datetime) -> None:
        self._database = database
        self._clients = clients
        self._now = now
        self._claimed: asyncio.Queue[tuple[int, int]] = asyncio.Queue(CLAIM)
        self._sent: list[dict[str, Any]] = []

    async def send_all(self) -> None:
        async with asyncio.TaskGroup() as senders:
            working = [senders.create_task(self._send()) for _ in range(CONNECTIONS)]
            while claimed := await self._claim():
                for row in claimed:
                    await self._claimed.put(row)
                await self._write_down()
            await self._claimed.join()
            for task in working:
                task.cancel()
        await self._write_down()

    async def _claim(self) -> list[tuple[int, int]]:
        due = select(_schedules).where(_schedules.c.next_due_at <= self._now).order_by(_schedules.c.next_due_at)
        async with self._database.write() as tx:
            taken = (await tx.connection.execute(due.limit(CLAIM).with_for_update(skip_locked=True))).all()
            if not taken:
                return []
            rows = [
                {
                    "schedule_id": number,
                    "occurrence": at,
                    "token": token_hex(16),
                    "claimed_until": self._now + LEASE,
                }
                for number, at in taken
            ]
            added = await tx.connection.execute(insert(_rows).returning(_rows.c.id, _rows.c.schedule_id), rows)
            ids = [number for number, _ in taken]
            plan = update(_schedules).where(_schedules.c.id.in_(ids)).values(next_due_at=self._now + A_DAY)
            await tx.connection.execute(plan)
            return [(row.id, row.schedule_id) for row in added]

    async def _send(self) -> None:
        while True:
            row, number = await self._claimed.get()
            answer = await self._clients[(number - 1) % len(self._clients)].chat_postMessage(**message(number))
            self._sent.append({"row": row, "told": answer["ts"]})
            self._claimed.task_done()

    async def _write_down(self) -> None:
        sent, self._sent = self._sent, []
        if sent:
            done = update(_rows).where(_rows.c.id == bindparam("row")).values(claimed_until=None, ts=bindparam("told"))
            async with self._database.write() as tx:
                await tx.connection.execute(done, sent)
