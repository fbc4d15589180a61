"""A playground with a small Bolt app in it, and a person at its page."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground.server import Playground
from playground.settings import PlaygroundSettings
from tests.browser import BrowserMissingError, browser, chromium_path

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Toy", "description": "A small app for these tests."},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "Toy", "always_online": True},
        "slash_commands": [
            {"command": "/commit", "description": "Say what you want to do", "usage_hint": "[what, by when]"},
            {"command": "/win", "description": "Keep something that went well"},
        ],
        "shortcuts": [
            {"name": "Make a commitment", "type": "global", "callback_id": "make", "description": "Anywhere"},
            {"name": "Keep as a win", "type": "message", "callback_id": "keep", "description": "On a message"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": ["chat:write", "commands", "im:history", "im:read", "im:write", "users:read", "reactions:read"]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.im"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


class Toy:
    """The playground, the app's own client, and what the page asked of the network."""

    def __init__(self, playground: Playground, app: AsyncApp, client: AsyncWebClient) -> None:
        self.playground = playground
        self.app = app
        self.client = client
        self.requested: list[str] = []
        self.complaints: list[str] = []
        self._closing = AsyncExitStack()

    async def open(self, path: str = "/", **context: Any) -> Page:
        """Connects the app over Socket Mode and opens the page."""
        if not self.playground.backend.sockets.connections:
            handler = AsyncSocketModeHandler(self.app, self.playground.settings.app_token)
            await handler.connect_async()
            self._closing.push_async_callback(handler.close_async)
        launched = await self._closing.enter_async_context(browser())
        page = await launched.new_page(**context)
        page.on("request", lambda request: self.requested.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        await page.goto(self.playground.url + path)
        await page.wait_for_selector("html[data-ready]")
        return page

    async def close(self) -> None:
        await self._closing.aclose()

    async def dm(self, user: str = "UMAYA0001", **message: Any) -> str:
        """Posts in that person's direct messages with the app; its ts."""
        answer = await self.client.chat_postMessage(channel=user, **{"text": "A message", **message})
        return str(answer["ts"])


@pytest.fixture(scope="session")
def chromium() -> str:
    try:
        return chromium_path()
    except BrowserMissingError as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture
async def toy(chromium: str) -> AsyncIterator[Toy]:
    playground = Playground(PlaygroundSettings(manifest=MANIFEST, port=0, ack_seconds=1.0))
    await playground.start()
    client = AsyncWebClient(token=playground.settings.bot_token, base_url=playground.api_url)
    made = Toy(playground, AsyncApp(client=client, signing_secret=playground.settings.signing_secret), client)
    expect.set_options(timeout=30_000)
    try:
        yield made
    finally:
        await made.close()
        await playground.stop()
