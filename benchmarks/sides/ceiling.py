"""What the SDK gives: no database, one shared session, no retries, the message built for each sending."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.message import message
from benchmarks.sides.gate import Gate

AT_ONCE: Final = 100
"""Calls in flight: a session of aiohttp's that is left as it comes has so many connections, and without latency more do
not make it faster."""


async def run(gate: Gate, *, stub: str, messages: int, workspaces: int, at_once: int = AT_ONCE) -> dict[str, Any]:
    """From the first call to the last answer."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=at_once)) as session:
        clients = clients_of(stub, workspaces, session)
        await gate.open()
        await post_all(clients, messages, at_once)
        return gate.spent()


async def post_all(clients: Sequence[AsyncWebClient], messages: int, at_once: int) -> None:
    """One message to each of so many members, built when it leaves."""
    numbers = iter(range(1, messages + 1))

    async def post() -> None:
        for number in numbers:
            await clients[(number - 1) % len(clients)].chat_postMessage(**message(number))

    await asyncio.gather(*(post() for _ in range(at_once)))


def clients_of(stub: str, workspaces: int, session: aiohttp.ClientSession) -> list[AsyncWebClient]:
    """One for each workspace's token."""
    return [
        AsyncWebClient(token=f"xoxb-{n}", base_url=f"{stub}/api/", session=session, retry_handlers=[])
        for n in range(1, workspaces + 1)
    ]
