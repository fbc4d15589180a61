"""APScheduler as one would reach for it: a job a member in a SQLAlchemyJobStore, which sends when it is due."""

import asyncio
import pickle
from typing import Any

import aiohttp
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from benchmarks.message import message
from benchmarks.sides.ceiling import clients_of
from benchmarks.sides.gate import Gate
from bot.clock import SystemClock
from bot.storage.migrate import sync_url

_clients: list[AsyncWebClient] = []
_sent = asyncio.Semaphore(0)


async def send(number: int) -> None:
    """A job is found by its name when its time has come, so it is a plain function, and what it needs is global."""
    await _clients[number % len(_clients)].chat_postMessage(**message(number))
    _sent.release()


async def run(gate: Gate, *, url: str, stub: str, messages: int, workspaces: int) -> dict[str, Any]:
    """From the moment at which the jobs may run, all of them due, to the last answer.

    With no grace time: at the second that is the default it would drop nearly all of them.
    """
    engine = _engine(url)
    store = SQLAlchemyJobStore(engine=engine)
    scheduler = AsyncIOScheduler(
        jobstores={"default": store},
        job_defaults={"misfire_grace_time": None, "coalesce": True},
        timezone="UTC",
    )
    scheduler.start(paused=True)
    _add_jobs(engine, store, messages)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        _clients.extend(clients_of(stub, workspaces, session))
        await gate.open()
        scheduler.resume()
        for _ in range(messages):
            await _sent.acquire()
        spent = gate.spent()
        scheduler.shutdown(wait=False)
        await asyncio.sleep(0)
    return spent


def _add_jobs(engine: Engine, store: SQLAlchemyJobStore, count: int) -> None:
    """What `add_job` would write, a transaction each, in a single one: it is not what is measured."""
    due = SystemClock().now()
    drafts = AsyncIOScheduler(job_defaults={"misfire_grace_time": None, "coalesce": True}, timezone="UTC")
    trigger = IntervalTrigger(days=1, start_date=due, timezone="UTC")
    drafts.start(paused=True)
    jobs = [drafts.add_job(send, trigger, args=[n], id=str(n), next_run_time=due) for n in range(1, count + 1)]
    rows = [
        {"id": job.id, "next_run_time": due.timestamp(), "job_state": pickle.dumps(job.__getstate__(), 4)}
        for job in jobs
    ]
    drafts.shutdown(wait=False)
    with engine.begin() as connection:
        connection.execute(store.jobs_t.insert(), rows)


def _engine(url: str) -> Engine:
    """Set as the buddy's: SQLite with a log of its own, PostgreSQL as it comes."""
    engine = create_engine(sync_url(url))

    def prepare(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare)
    return engine
