"""The whole thing as its owner runs it: a process that starts, says where it is, ends, dies, and comes back."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot import manifest
from bot.config import SQLITE
from playground.client import PlaygroundClient, text_of
from playground.server import Playground
from playground.settings import PlaygroundSettings
from tests.world import MONDAY, free_port

ROOT = Path(__file__).parents[2]
START, END = 60.0, 10.0
"""Seconds: the first is generous, for a machine that has other things to do; the second is the promise."""


class Process:
    """`python -m bot run`, in a directory of its own, with nothing of the environment but what it is given."""

    def __init__(self, process: asyncio.subprocess.Process, line: str) -> None:
        self._process = process
        self.line = line

    async def interrupt(self) -> tuple[int, str]:
        """Ctrl-C: the exit code, and what else it said."""
        self._process.send_signal(signal.SIGINT)
        said, _ = await asyncio.wait_for(self._process.communicate(), END)
        return int(self._process.returncode or 0), said.decode()

    async def kill(self) -> None:
        self._process.kill()
        await self._process.wait()


@asynccontextmanager
async def running(place: Path, settings: Mapping[str, str]) -> AsyncIterator[Process]:
    """From its one line on; whatever happens, it is not left behind."""
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
        line = (await asyncio.wait_for(process.stdout.readline(), START)).decode()
        assert line, (place / "log").read_text()
        yield Process(process, line)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def in_playground(place: Path) -> dict[str, str]:
    return {
        "PORT": str(free_port()),
        "PLAYGROUND_PORT": str(free_port()),
        "DATABASE_URL": f"{SQLITE}{place / 'buddy.db'}",
    }


async def committed(slack: PlaygroundClient) -> None:
    maya = slack.person("UMAYA0001")
    await maya.command("/commit", "Finish the report")
    await maya.wait_for(lambda state: state.modal)
    await maya.submit()
    await maya.sees("Noted")


async def status(url: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status


async def test_it_starts_with_one_line_ends_at_once_and_remembers(tmp_path: Path) -> None:
    settings = in_playground(tmp_path)
    url = f"http://127.0.0.1:{settings['PLAYGROUND_PORT']}"
    async with running(tmp_path, settings) as process:
        assert f"http://localhost:{settings['PLAYGROUND_PORT']}" in process.line
        assert "Maya" in process.line
        assert await status(url) == 200
        assert await status(f"http://127.0.0.1:{settings['PORT']}/healthz") == 200
        async with PlaygroundClient(url) as slack:
            await slack.move_to(MONDAY)
            await committed(slack)
        assert await process.interrupt() == (0, "")
    assert "Traceback" not in (tmp_path / "log").read_text()

    async with running(tmp_path, settings) as process, PlaygroundClient(url) as slack:
        maya = slack.person("UMAYA0001")
        noted = await maya.sees("Noted: “Finish the report”")
        await maya.click("Weighing it up", in_message=noted)
        await maya.sees("1 of 3")
        assert len([one for one in await maya.messages() if "Noted" in text_of(one)]) == 1

        await slack.start_over()
        assert await maya.messages() == []
        await maya.home()
        await maya.wait_for(lambda state: "Tell me one thing" in text_of(state.home))
        await slack.app_connected()
        await committed(slack)
        assert (await process.interrupt())[0] == 0
    assert "Traceback" not in (tmp_path / "log").read_text()


async def test_killed_between_a_click_and_its_reply(tmp_path: Path) -> None:
    playground = Playground(PlaygroundSettings(port=0, manifest=manifest.read()))
    await playground.start()
    settings = {
        "PORT": str(free_port()),
        "DATABASE_URL": f"{SQLITE}{tmp_path / 'buddy.db'}",
        "SLACK_BOT_TOKEN": playground.settings.bot_token,
        "SLACK_APP_TOKEN": playground.settings.app_token,
        "SLACK_API_URL": playground.api_url,
        "BUDDY_CLOCK_URL": playground.clock_url,
    }
    try:
        async with PlaygroundClient(playground.url) as slack:
            maya = slack.person("UMAYA0001")
            await slack.move_to(MONDAY)
            async with running(tmp_path, settings) as process:
                await slack.app_connected()
                await committed(slack)
                await slack.fault("chat.postMessage", "drop_connection", 20)
                await slack.fault("chat.update", "drop_connection", 20)
                await maya.click("Weighing it up")
                await process.kill()
            await slack.clear_faults()
            assert not (await maya.state()).says("1 of 3")

            async with running(tmp_path, settings) as process:
                question = await maya.sees("1 of 3")
                noted = await maya.wait_for(lambda state: state.says("Where are you with it? *Weighing it up*"))
                assert noted["ts"] < question["ts"]
                assert _count(await maya.messages(), "1 of 3") == 1
                assert (await process.interrupt())[0] == 0
            assert (await slack.calls())["unacked"] == []
    finally:
        await playground.stop()


def _count(messages: list[dict[str, Any]], part: str) -> int:
    return len([one for one in messages if part in text_of(one)])
