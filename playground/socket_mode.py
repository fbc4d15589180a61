"""Socket Mode: up to ten WebSocket connections, envelopes out, acks in."""

import asyncio
import contextlib
import json
import secrets
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from playground.line import Ack, Parcel
from playground.wire import read_json
from playground.workspace import App

MOST_CONNECTIONS = 10
PING_SECONDS = 30.0


class SocketMode:
    def __init__(self, app: App, changed: Callable[[], None]) -> None:
        """`changed` is called when a connection comes or goes."""
        self._app = app
        self._changed = changed
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._transports: dict[web.WebSocketResponse, asyncio.Transport | None] = {}
        self._silent: set[web.WebSocketResponse] = set()
        self._turn = 0
        self._acks: dict[str, asyncio.Future[Any]] = {}

    @property
    def connections(self) -> int:
        return len(self._sockets)

    def new_ticket(self) -> str:
        """For one connection, what apps.connections.open hands out."""
        ticket = secrets.token_urlsafe(18)
        self._tickets.add(ticket)
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """GET /link/?ticket=…"""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="invalid_ticket")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        if len(self._sockets) >= MOST_CONNECTIONS:
            await self._disconnect(socket, "too_many_websockets")
            return socket
        self._sockets.append(socket)
        self._transports[socket] = request.transport
        await socket.send_json(self._hello())
        self._changed()
        pinging = asyncio.create_task(self._ping(socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            pinging.cancel()
            del self._transports[socket]
            self._silent.discard(socket)
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._changed()
        return socket

    async def _ping(self, socket: web.WebSocketResponse) -> None:
        with contextlib.suppress(ConnectionError):
            while socket not in self._silent:
                await socket.ping()
                await asyncio.sleep(PING_SECONDS)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "debug_info": {"host": "playground", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app.id},
        }

    def _take(self, text: str) -> None:
        try:
            envelope = read_json(text)
        except ValueError:
            return
        if not isinstance(envelope, dict):
            return
        waiting = self._acks.pop(str(envelope.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(envelope.get("payload"))

    async def deliver(self, parcel: Parcel, seconds: float) -> Ack:
        envelope_id = str(uuid.uuid4())
        envelope: dict[str, Any] = {
            "envelope_id": envelope_id,
            "type": parcel.kind,
            "payload": parcel.payload,
            "accepts_response_payload": parcel.wants_answer,
        }
        if parcel.kind == "events_api":
            envelope |= {"retry_attempt": parcel.retry_attempt, "retry_reason": parcel.retry_reason}
        waiting = asyncio.get_running_loop().create_future()
        self._acks[envelope_id] = waiting
        try:
            if not await self._send(json.dumps(envelope)):
                return Ack(error="connection_failed")
            payload = await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            return Ack(error="timeout")
        finally:
            self._acks.pop(envelope_id, None)
        return Ack(payload if parcel.wants_answer else None)

    async def _send(self, text: str) -> bool:
        """Over any one connection that is up, each in its turn."""
        for _ in range(len(self._sockets)):
            self._turn = (self._turn + 1) % len(self._sockets)
            socket = self._sockets[self._turn]
            if not socket.closed:
                try:
                    await socket.send_str(text)
                except ConnectionError:
                    continue
                return True
        return False

    async def warn(self, reason: str) -> None:
        """Tells every connection to go: "refresh_requested", "link_disabled"; or soon to go: "warning"."""
        for socket in tuple(self._sockets):
            await self._disconnect(socket, reason, close=reason != "warning")

    async def drop(self) -> None:
        """Cuts every connection without a word, as a network does."""
        for socket in tuple(self._sockets):
            self._sockets.remove(socket)
            transport = self._transports.get(socket)
            if transport is not None:
                transport.close()

    async def silence(self) -> None:
        """Each connection stays open, but nothing comes out of it any more, not even a pong, and nothing gets in.

        As behind a router that forgot about it. What there is to deliver goes to connections made later.
        """
        for socket in tuple(self._sockets):
            self._sockets.remove(socket)
            self._silent.add(socket)
            transport = self._transports.get(socket)
            if transport is not None:
                transport.pause_reading()
        self._changed()

    async def close(self) -> None:
        for socket in tuple(self._silent):
            transport = self._transports.get(socket)
            if transport is not None:
                transport.abort()
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def _disconnect(self, socket: web.WebSocketResponse, reason: str, *, close: bool = True) -> None:
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}})
        if close:
            if socket in self._sockets:
                self._sockets.remove(socket)
            await socket.close()
