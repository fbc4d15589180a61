"""Endless answers: the clock's offsets and the workspace's changes, line by line as they happen."""

import asyncio
import json

from aiohttp import web

from playground.clock import PlaygroundClock
from playground.workspace import Change, Workspace

KEEP_ALIVE_SECONDS = 15.0


class Streams:
    def __init__(self, clock: PlaygroundClock, workspace: Workspace) -> None:
        self._clock = clock
        self._workspace = workspace
        self._queues: set[asyncio.Queue[str | None]] = set()

    async def clock(self, request: web.Request) -> web.StreamResponse:
        """GET /clock: newline-delimited `{"offset": seconds}`, the present one first; a blank line keeps it alive."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        queue.put_nowait(_offset_line(self._clock.offset))
        unfollow = self._clock.follow(lambda offset: queue.put_nowait(_offset_line(offset)))
        try:
            return await self._serve(request, queue, "application/x-ndjson", "\n")
        finally:
            unfollow()

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """GET /control/changes: server-sent events `{kind, channel, user}`; the first, kind "hello", says it is on."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        queue.put_nowait(_change_line(Change("hello")))
        unfollow = self._workspace.follow(lambda change: queue.put_nowait(_change_line(change)))
        try:
            return await self._serve(request, queue, "text/event-stream", ": still here\n\n")
        finally:
            unfollow()

    async def _serve(
        self, request: web.Request, queue: asyncio.Queue[str | None], content_type: str, keep_alive: str
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": content_type, "Cache-Control": "no-store"})
        await response.prepare(request)
        self._queues.add(queue)
        try:
            while True:
                try:
                    line = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    line = keep_alive
                if line is None:
                    return response
                await response.write(line.encode())
        except ConnectionError:
            return response
        finally:
            self._queues.discard(queue)

    def close(self) -> None:
        for queue in tuple(self._queues):
            queue.put_nowait(None)


def _offset_line(offset: float) -> str:
    return json.dumps({"offset": offset}) + "\n"


def _change_line(change: Change) -> str:
    return "data: " + json.dumps({"kind": change.kind, "channel": change.channel, "user": change.user}) + "\n\n"
