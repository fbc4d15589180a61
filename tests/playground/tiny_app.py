"""The smallest Bolt app that uses everything once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground.server import Playground
from playground.settings import PlaygroundSettings

SCOPES = [
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "chat:write.customize",
    "commands",
    "dnd:read",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "users:read",
]
EVENTS = [
    "app_home_opened",
    "app_uninstalled",
    "channel_archive",
    "file_shared",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.im",
    "reaction_added",
    "tokens_revoked",
    "user_change",
]


def manifest() -> dict[str, Any]:
    return {
        "display_information": {"name": "Tiny"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "Tiny"},
            "slash_commands": [
                {"command": "/tiny", "description": "Does it all"},
                {"command": "/slow", "description": "Never answers"},
            ],
            "shortcuts": [
                {"name": "Begin", "type": "global", "callback_id": "begin", "description": "Begins"},
                {"name": "Keep", "type": "message", "callback_id": "keep", "description": "Keeps"},
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {"event_subscriptions": {"bot_events": list(EVENTS)}},
    }


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def buttons(*labels: str) -> dict[str, Any]:
    return {
        "type": "actions",
        "elements": [
            {"type": "button", "text": plain(label), "action_id": label.lower(), "value": label} for label in labels
        ],
    }


def modal(title: str = "Tiny", *, blocks: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    fields = [
        {
            "type": "input",
            "block_id": "what",
            "label": plain("What"),
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "when",
            "label": plain("When"),
            "element": {
                "type": "static_select",
                "action_id": "day",
                "options": [option("Tuesday"), option("Friday")],
                "initial_option": option("Friday"),
            },
        },
    ]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Save"),
        "blocks": fields if blocks is None else blocks,
        **more,
    }


def option(label: str) -> dict[str, Any]:
    return {"text": plain(label), "value": label.lower()}


class TinyApp:
    """Remembers every body it was given; what it does is told by the texts it gets."""

    def __init__(self, settings: PlaygroundSettings) -> None:
        self.client = AsyncWebClient(token=settings.bot_token)
        self.bolt = AsyncApp(
            token=settings.bot_token,
            signing_secret=settings.signing_secret,
            client=self.client,
            process_before_response=True,
        )
        self.bodies: list[dict[str, Any]] = []
        self.gate = asyncio.Event()
        self._listen()

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The bodies of one type of event or interaction."""
        return [body for body in self.bodies if kind in (body.get("type"), body.get("event", {}).get("type"))]

    def _listen(self) -> None:
        bolt = self.bolt

        @bolt.use
        async def remember(body: dict[str, Any], next_: Any) -> None:
            self.bodies.append(body)
            await next_()

        for event in ("message", "app_home_opened", "user_change", "member_joined_channel", "member_left_channel"):
            bolt.event(event)(self._on_event)
        for event in ("reaction_added", "file_shared", "app_uninstalled", "tokens_revoked", "channel_archive"):
            bolt.event(event)(self._on_event)
        bolt.command("/tiny")(self._on_command)
        bolt.command("/slow")(self._on_slow)
        bolt.shortcut("begin")(self._on_shortcut)
        bolt.shortcut("keep")(self._on_shortcut)
        bolt.view("form")(self._on_form)
        bolt.view_closed("form")(self._on_closed)
        bolt.options("city")(self._on_options)
        bolt.action({"type": "block_actions"})(self._on_click)
        for action in ("done", "later", "push", "menu", "city", "agree", "slow"):
            bolt.action(action)(self._on_click)

    async def _on_event(self, event: dict[str, Any], client: AsyncWebClient) -> None:
        if event["type"] == "app_home_opened" and event["tab"] == "home":
            home = {"type": "home", "blocks": [section("Welcome home"), buttons("Later")]}
            await client.views_publish(user_id=event["user"], view=home)
        if event["type"] == "message" and event.get("subtype") is None and event["text"] == "hello":
            await client.chat_postMessage(
                channel=event["channel"], text="How is it?", blocks=[section("How is it?"), buttons("Done", "Slow")]
            )

    async def _on_command(self, ack: Any, command: dict[str, Any], client: AsyncWebClient, respond: Any) -> None:
        text = command["text"]
        if text == "form":
            await client.views_open(trigger_id=command["trigger_id"], view=modal(notify_on_close=True))
            await ack()
        elif text == "too much":
            await ack(text="x", blocks=[section("x")] * 51)
        elif text == "respond":
            await ack()
            await respond("Over the url")
        else:
            await ack(f"You said: {text}")

    async def _on_slow(self) -> None:
        await self.gate.wait()

    async def _on_shortcut(self, ack: Any, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=shortcut["trigger_id"], view=modal("From a shortcut"))
        await ack()

    async def _on_form(self, ack: Any, view: dict[str, Any]) -> None:
        what = view["state"]["values"]["what"]["text"]["value"]
        answers: dict[str, dict[str, Any]] = {
            "wrong": {"response_action": "errors", "errors": {"what": "Not that, please."}},
            "strange": {"response_action": "errors", "errors": {"nowhere": "Hm."}},
            "again": {"response_action": "update", "view": modal("Again")},
            "more": {"response_action": "push", "view": modal("More")},
            "clear": {"response_action": "clear"},
            "chatty": {"text": "Thanks."},
        }
        await ack(**answers.get(what, {}))

    async def _on_closed(self, ack: Any) -> None:
        await ack()

    async def _on_options(self, ack: Any, payload: dict[str, Any]) -> None:
        if payload["value"] == "nonsense":
            await ack(options=[{"text": plain("x" * 80), "value": "x"}])
        else:
            await ack(options=[option("Berlin"), option("Bern")])

    async def _on_click(self, ack: Any, body: dict[str, Any], client: AsyncWebClient, respond: Any) -> None:
        action = body["actions"][0]["action_id"]
        if action == "slow":
            await self.gate.wait()
            return
        if action == "push":
            await client.views_push(trigger_id=body["trigger_id"], view=modal("Pushed"))
        await ack()
        if action == "done" and body["container"].get("is_ephemeral"):
            await respond(text="Gone", delete_original=True)
        elif action == "done":
            await respond(text="Well done.", replace_original=True)


@asynccontextmanager
async def running(**settings: Any) -> AsyncIterator[Playground]:
    """A playground for the tiny app on a free port."""
    playground = Playground(PlaygroundSettings(**{"manifest": manifest(), "port": 0, **settings}))
    await playground.start()
    try:
        yield playground
    finally:
        await playground.stop()


@asynccontextmanager
async def over_sockets(playground: Playground) -> AsyncIterator[TinyApp]:
    """A tiny app, connected."""
    app = TinyApp(playground.settings)
    app.client.base_url = playground.api_url
    handler = AsyncSocketModeHandler(app.bolt, playground.settings.app_token, ping_interval=0.05)
    await handler.connect_async()
    try:
        yield app
    finally:
        app.gate.set()
        await handler.close_async()


@asynccontextmanager
async def over_http(**settings: Any) -> AsyncIterator[tuple[Playground, TinyApp]]:
    """A playground and a tiny app that it posts to."""
    app = TinyApp(PlaygroundSettings(manifest=manifest()))
    runner = web.AppRunner(app.bolt.web_app("/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    playground = Playground(PlaygroundSettings(**{"manifest": manifest(), "port": 0, "request_url": url, **settings}))
    await playground.start()
    app.client.base_url = playground.api_url
    try:
        yield playground, app
    finally:
        app.gate.set()
        await playground.stop()
        await runner.cleanup()
