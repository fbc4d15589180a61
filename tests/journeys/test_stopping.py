"""Stopped while fifty messages are going out through a slow Slack: soon over, nothing lost, nothing said twice."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot import manifest
from bot.clock import SystemClock
from bot.config import SQLITE
from bot.domain.deliveries import DeliveryState, Method, Says
from bot.storage import migrate
from bot.storage.database import Database
from playground.client import PlaygroundClient
from playground.server import Playground
from playground.settings import PlaygroundSettings
from playground.workspace import TEAM_ID, crowd_id
from tests import factories
from tests.world import free_port

ROOT = Path(__file__).parents[2]
CROWD = 50
START, END = 60.0, 10.0
"""Seconds: the first is generous, for a machine that has other things to do; the second is the promise."""


@asynccontextmanager
async def slack() -> AsyncIterator[Playground]:
    playground = Playground(PlaygroundSettings(port=0, manifest=manifest.read(), crowd=CROWD))
    await playground.start()
    try:
        yield playground
    finally:
        await playground.stop()


@asynccontextmanager
async def bot(place: Path, playground: Playground) -> AsyncIterator[asyncio.subprocess.Process]:
    """`buddy run`, from its one line on."""
    settings = {
        "PORT": str(free_port()),
        "DATABASE_URL": f"{SQLITE}{place / 'buddy.db'}",
        "SLACK_BOT_TOKEN": playground.settings.bot_token,
        "SLACK_APP_TOKEN": playground.settings.app_token,
        "SLACK_API_URL": playground.api_url,
    }
    with (place / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=place,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(place), **settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), START)
        assert line, (place / "log").read_text()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def fifty_are_due(place: Path, playground: Playground) -> None:
    """A kind word for each of the crowd, a minute ago."""
    url = f"{SQLITE}{place / 'buddy.db'}"
    migrate.upgrade(url)
    web = AsyncWebClient(token=playground.settings.bot_token, base_url=playground.api_url)
    database = Database(url)
    async with database.write() as tx:
        here = await factories.workspace(tx, TEAM_ID)
        for number in range(1, CROWD + 1):
            channel = (await web.conversations_open(users=crowd_id(number)))["channel"]["id"]
            member = await factories.member(tx, here, crowd_id(number), channel_id=channel)
            await tx.deliveries.add(
                workspace_id=here.id,
                member_id=member.id,
                key=f"word:{number}",
                token=f"{number:032}",
                lane=f"dm:{member.id}",
                method=Method.POST,
                says=Says.PHRASE,
                refs={"phrase": "any_time"},
                due_at=SystemClock().now() - timedelta(minutes=1),
                state=DeliveryState.WAITING,
                attempts=0,
            )
    await database.close()


def said(playground: Playground) -> Counter[str]:
    """How many messages each person has from us."""
    return Counter(
        message.channel
        for channel in playground.workspace.channels.values()
        for message in channel.messages.values()
        if "Any time." in message.text
    )


async def until_said(playground: Playground, count: int) -> None:
    """Returns as soon as so many messages are there."""
    enough = asyncio.Event()

    def look(_change: object) -> None:
        if sum(said(playground).values()) >= count:
            enough.set()

    playground.workspace.follow(look)
    look(None)
    await asyncio.wait_for(enough.wait(), START)


async def test_a_stop_finishes_what_is_in_flight_and_the_next_start_the_rest(tmp_path: Path) -> None:
    async with slack() as playground, PlaygroundClient(playground.url) as control:
        await fifty_are_due(tmp_path, playground)
        await control.fault("chat.postMessage", "slow", 1000, seconds=0.5)
        async with bot(tmp_path, playground) as process:
            await until_said(playground, 5)
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), END)
            assert process.returncode == 0
        assert set(said(playground).values()) == {1}
        await control.clear_faults()
        async with bot(tmp_path, playground) as process:
            await until_said(playground, CROWD)
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), END)
        after = said(playground)
        assert len(after) == CROWD
        assert set(after.values()) == {1}
    assert "Traceback" not in (tmp_path / "log").read_text()


async def test_a_slack_that_hangs_keeps_no_stop_waiting(tmp_path: Path) -> None:
    async with slack() as playground, PlaygroundClient(playground.url) as control:
        await fifty_are_due(tmp_path, playground)
        await control.fault("chat.postMessage", "slow", 1000, seconds=30)
        async with bot(tmp_path, playground) as process:
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), END)
            assert process.returncode == 0
    assert "Traceback" not in (tmp_path / "log").read_text()


async def test_a_second_ctrl_c_does_not_wait(tmp_path: Path) -> None:
    async with slack() as playground, PlaygroundClient(playground.url) as control:
        await fifty_are_due(tmp_path, playground)
        await control.fault("chat.postMessage", "slow", 1000, seconds=30)
        async with bot(tmp_path, playground) as process:
            process.send_signal(signal.SIGINT)
            await asyncio.sleep(0.2)  # two of the same at once would be one
            process.send_signal(signal.SIGINT)
            await asyncio.wait_for(process.wait(), 2)
            assert process.returncode == -signal.SIGINT
