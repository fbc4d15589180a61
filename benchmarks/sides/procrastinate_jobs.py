"""procrastinate as one would reach for it: a job a member in PostgreSQL, and a worker for a hundred at a time."""

from datetime import timedelta
from typing import Any, Final

import aiohttp
import procrastinate

from benchmarks.message import message
from benchmarks.sides.ceiling import clients_of
from benchmarks.sides.gate import Gate
from bot.clock import SystemClock
from bot.storage.migrate import sync_url

AT_ONCE: Final = 100


async def run(gate: Gate, *, url: str, stub: str, messages: int, workspaces: int) -> dict[str, Any]:
    """From the moment at which the worker begins, all jobs due, to the last one's end. A job has to plan the next one:
    its periodic tasks are those of the app, not of a member."""
    address = sync_url(url)
    connector = procrastinate.PsycopgConnector(
        conninfo=f"postgresql://postgres@/{address.database}?host={address.query['host']}"
    )
    app = procrastinate.App(connector=connector)
    async with (
        app.open_async(),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
    ):
        await app.schema_manager.apply_schema_async()
        clients = clients_of(stub, workspaces, session)

        due = SystemClock().now()

        @app.task(name="send")
        async def send(number: int) -> None:
            await clients[number % workspaces].chat_postMessage(**message(number))
            await send.configure(schedule_at=due + timedelta(days=1)).defer_async(number=number)

        jobs: list[dict[str, Any]] = [{"number": number} for number in range(1, messages + 1)]
        await send.configure(schedule_at=due).batch_defer_async(*jobs)
        await gate.open()
        await app.run_worker_async(concurrency=AT_ONCE, wait=False, install_signal_handlers=False)
        return gate.spent()
