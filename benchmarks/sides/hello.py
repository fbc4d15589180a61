"""Bolt's hello world: the default AsyncApp on its own server, acking; then with the bare SDK sending beside it."""

import asyncio
import re
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.sides.buddy import SECRET
from benchmarks.sides.ceiling import clients_of, post_all
from benchmarks.sides.gate import Gate
from bot.config import EVENTS_PATH
from bot.delivery.dispatcher import CONNECTIONS


async def run(gate: Gate, *, stub: str, port: int, messages: int, workspaces: int) -> dict[str, Any]:
    """Serves until it is killed. When it is told to, it sends so many messages."""
    app = AsyncApp(client=AsyncWebClient(token="xoxb-1", base_url=f"{stub}/api/"), signing_secret=SECRET)

    async def hello(ack: AsyncAck) -> None:
        await ack()

    app.command("/commit")(hello)
    app.action(re.compile(".*"))(hello)
    runner = web.AppRunner(app.server(port=port, path=EVENTS_PATH).web_app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        clients = clients_of(stub, workspaces, session)
        await gate.open()
        await post_all(clients, messages, CONNECTIONS)
    await asyncio.Event().wait()
    return {}
