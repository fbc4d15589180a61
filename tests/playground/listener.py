"""A bare Socket Mode connection that shows every envelope and acknowledges when told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp

from playground.server import Playground


class Listener:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, acks: bool) -> None:
        self._socket = socket
        self.acks = acks
        self.hello: dict[str, Any] = {}

    @classmethod
    async def opened(cls, socket: aiohttp.ClientWebSocketResponse, *, acks: bool) -> Self:
        listener = cls(socket, acks=acks)
        listener.hello = await listener.envelope()
        return listener

    async def envelope(self) -> dict[str, Any]:
        """The next one; acknowledged at once if this listener acknowledges."""
        message = await asyncio.wait_for(self._socket.receive(), 5)
        while message.type in {aiohttp.WSMsgType.PING, aiohttp.WSMsgType.PONG}:
            message = await asyncio.wait_for(self._socket.receive(), 5)
        if message.type is not aiohttp.WSMsgType.TEXT:
            return {"type": "closed"}
        envelope: dict[str, Any] = json.loads(message.data)
        if self.acks and "envelope_id" in envelope:
            await self.ack(envelope)
        return envelope

    async def ping(self) -> None:
        await self._socket.ping()

    async def heard(self, seconds: float = 5) -> aiohttp.WSMsgType:
        """The kind of the next frame, pings and pongs too. Raises TimeoutError."""
        return (await asyncio.wait_for(self._socket.receive(), seconds)).type

    async def ack(self, envelope: dict[str, Any], payload: dict[str, Any] | None = None) -> None:
        answer = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
        await self._socket.send_json(answer)

    async def event(self) -> dict[str, Any]:
        """The `event` of the next envelope."""
        event: dict[str, Any] = (await self.envelope())["payload"]["event"]
        return event


@asynccontextmanager
async def listening(playground: Playground, *, acks: bool = True) -> AsyncIterator[Listener]:
    headers = {"Authorization": f"Bearer {playground.settings.app_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.post(playground.api_url + "apps.connections.open", headers=headers) as response:
            url = (await response.json())["url"]
        async with session.ws_connect(url, autoping=False) as socket:
            yield await Listener.opened(socket, acks=acks)
