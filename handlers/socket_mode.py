"""Slack's requests over Socket Mode, handed to Bolt; at the end, those at hand are finished before the line is cut."""

import asyncio
from contextlib import suppress
from typing import Any, Final

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

LAST: Final = 3.0
"""Seconds for what is at hand: Slack waits no longer."""


class SocketMode(AsyncSocketModeHandler):
    """Otherwise a handler could save, and its ack find no line: harmless, but Slack would send it all again."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  # Bolt's own
        super().__init__(*args, **options)
        self._at_hand = 0
        self._nothing_at_hand = asyncio.Event()
        self._nothing_at_hand.set()
        self._closing = False

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as in Bolt
        if self._closing:
            return  # not acked, so it comes again
        self._at_hand += 1
        self._nothing_at_hand.clear()
        try:
            await super().handle(client, req)
        finally:
            self._at_hand -= 1
            if self._at_hand == 0:
                self._nothing_at_hand.set()

    async def connect_async(self) -> None:
        await self.client.connect()

    async def close_async(self) -> None:
        self._closing = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._nothing_at_hand.wait(), LAST)
        await self.client.close()
