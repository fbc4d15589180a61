"""What a monitoring sees: /healthz and /metrics, of the whole product and of each part that is not well."""

import asyncio
import time
from datetime import timedelta

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from prometheus_client.parser import text_string_to_metric_families

from bot.clock import ManualClock
from bot.config import HEALTH_PATH, METRICS_PATH
from bot.health import STUCK, Health
from bot.metrics import LoopLag, Metrics
from bot.storage.database import Database
from handlers.socket_mode import State
from playground.client import PATIENCE_SECONDS
from tests import factories
from tests.world import World, world


async def page(here: World, path: str) -> tuple[int, str]:
    url = f"http://127.0.0.1:{here.settings.port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


async def health_once_it_is(wanted: int, here: World) -> str:
    """What /healthz says as soon as it answers with that status; nothing announces it."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            status, said = await page(here, HEALTH_PATH)
            if status == wanted:
                return said
            await asyncio.sleep(0.02)


def numbers(text: str) -> dict[str, float]:
    """By name, and for the histogram its count and sum."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {sample.name: sample.value for sample in samples if not sample.labels}


@pytest.mark.parametrize("http", [False, True])
async def test_the_whole_product_tells_how_it_is(database_url: str, http: bool) -> None:
    async with world(database_url, http=http) as here:
        await here.maya.command("/commit", "Tell nobody of the secret plan")
        await here.maya.wait_for(lambda state: state.modal)
        await here.maya.submit()
        await here.maya.sees("Noted")
        await here.settle()
        status, said = await page(here, HEALTH_PATH)
        assert status == 200
        assert '"ok": true' in said
        assert ('"socket": "ok"' in said) is not http
        status, text = await page(here, METRICS_PATH)
        assert status == 200
        found = numbers(text)
        assert found["buddy_database_up"] == 1
        assert found["buddy_sent_total"] >= 1
        assert found["buddy_ack_seconds_count"] >= 2
        assert found["buddy_ack_seconds_sum"] > 0
        assert (found["buddy_due"], found["buddy_in_flight"], found["buddy_oldest_lateness_seconds"]) == (0, 0, 0)
        assert found.get("buddy_socket_connected") == (None if http else 1)
        for private in ("secret", "Maya", "UMAYA0001", "T0", "xoxb"):
            assert private not in text


async def test_a_socket_that_is_gone_shows_at_once(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await here.slack.fault("apps.connections.open", "http_500", 100)
        await here.slack.drop_sockets()
        assert '"socket": "not connected"' in await health_once_it_is(503, here)
        assert numbers((await page(here, METRICS_PATH))[1])["buddy_socket_connected"] == 0


async def test_a_loop_that_is_stuck_shows_until_it_is_not(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with world(sqlite_url) as here:
        monkeypatch.setattr("bot.health.STUCK", 0.5)
        async with here.buddy._jobs._running:
            here.buddy.units.on_change()
            assert '"scheduler": "stuck"' in await health_once_it_is(503, here)
        here.buddy.units.on_change()
        assert '"scheduler": "ok"' in await health_once_it_is(200, here)


async def read(metrics: Metrics) -> dict[str, float]:
    answer = await metrics.answer(make_mocked_request("GET", METRICS_PATH))
    assert isinstance(answer.body, bytes)
    return numbers(answer.body.decode())


async def report(database: Database, clock: ManualClock, **parts: object) -> dict[str, str]:
    given: dict[str, object] = {"since_look": lambda: 0.0, "in_trouble_for": lambda: 0.0, "socket": None} | parts
    return await Health(database, clock, **given).report()  # type: ignore[arg-type]  # each test names its own


async def test_each_part_is_told_apart(database: Database, clock: ManualClock) -> None:
    assert await report(database, clock) == {"database": "ok", "scheduler": "ok", "sending": "ok"}
    assert (await report(database, clock, since_look=lambda: STUCK))["scheduler"] == "stuck"
    assert (await report(database, clock, in_trouble_for=lambda: STUCK))["sending"] == "in trouble"
    assert (await report(database, clock, socket=lambda: State.SILENT))["socket"] == "silent"
    assert (await report(database, clock, socket=lambda: State.CONNECTED))["socket"] == "ok"


async def test_a_database_that_is_gone_is_told_of_and_its_numbers_are_left_out(clock: ManualClock) -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    assert (await report(database, clock))["database"] == "does not answer"
    metrics = Metrics(database, clock, counts=dict, since_look=lambda: 0.0, socket=None)
    found = await read(metrics)
    assert found["buddy_database_up"] == 0
    assert "buddy_due" not in found
    assert found["buddy_sent_total"] == 0
    await database.close()


async def test_what_is_late_is_in_the_numbers(database: Database, clock: ManualClock) -> None:
    async with database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
        await factories.commitment(tx, maya, next_due_at=clock.now() - timedelta(minutes=2))
    counts = {"sent": 7, "retried": 2}
    metrics = Metrics(database, clock, counts=lambda: counts, since_look=lambda: 1.5, socket=lambda: State.SILENT)
    metrics.acked(0.02)
    found = await read(metrics)
    assert (found["buddy_unopened"], found["buddy_oldest_lateness_seconds"]) == (1, 120)
    assert (found["buddy_sent_total"], found["buddy_retried_total"], found["buddy_failed_total"]) == (7, 2, 0)
    assert (found["buddy_scheduler_idle_seconds"], found["buddy_socket_connected"]) == (1.5, 0)
    assert found["buddy_ack_seconds_count"] == 1


async def test_a_blocked_event_loop_is_in_the_numbers() -> None:
    lag = LoopLag()
    lag.start()
    await asyncio.sleep(0)
    time.sleep(0.3)  # noqa: ASYNC251  # the very thing that nobody should do
    await asyncio.sleep(0.01)
    assert lag.take() > 0.15
    await lag.stop()
