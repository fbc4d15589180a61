"""Our client is slack_sdk's to whoever uses it: what comes back, and what is raised, is the same."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.lean_client import LeanClient
from bot.delivery.wire import Wire

MESSAGE: dict[str, Any] = {
    "channel": "D1",
    "text": "Tschüß & <there>",
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "“Words”"}}],
    "metadata": {"event_type": "buddy_delivery", "event_payload": {"id": "1"}},
    "thread_ts": None,
    "unfurl_links": False,
}


@asynccontextmanager
async def _client(kind: type[AsyncWebClient], answer: web.Response) -> AsyncIterator[tuple[AsyncWebClient, list[Any]]]:
    """A client, and what its server was asked."""
    asked: list[Any] = []

    async def handle(request: web.Request) -> web.Response:
        is_json = request.content_type == "application/json"
        body = await request.json() if is_json else dict(await request.post())
        asked.append((request.path, request.headers["Authorization"], is_json, body))
        if answer.status == 444:
            assert request.transport is not None
            request.transport.close()
            await asyncio.sleep(0)
        return answer

    server = web.Application()
    server.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    wire = Wire(2)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        given: dict[str, Any] = {"wire": wire} if kind is LeanClient else {}
        url = f"http://127.0.0.1:{port}/api/"
        yield kind(token="xoxb-1", base_url=url, session=session, retry_handlers=[], **given), asked
    await wire.close()
    await runner.cleanup()


KINDS = pytest.mark.parametrize("kind", [AsyncWebClient, LeanClient])


@KINDS
async def test_what_is_said_arrives(kind: type[AsyncWebClient]) -> None:
    async with _client(kind, web.json_response({"ok": True, "ts": "1.1"}, headers={"X-Seen": "yes"})) as (
        client,
        asked,
    ):
        answer = await client.chat_postMessage(**MESSAGE)
    [(path, token, is_json, body)] = asked
    assert (path, token, is_json) == ("/api/chat.postMessage", "Bearer xoxb-1", True)
    assert body == {name: value for name, value in MESSAGE.items() if value is not None}
    assert (answer["ts"], answer.status_code, answer.headers["X-Seen"]) == ("1.1", 200, "yes")


@KINDS
async def test_what_is_asked_goes_as_a_form(kind: type[AsyncWebClient]) -> None:
    async with _client(kind, web.json_response({"ok": True, "messages": []})) as (client, asked):
        answer = await client.conversations_history(channel="D1", include_all_metadata=True, limit=3)
    [(path, token, is_json, _)] = asked
    assert (path, token, is_json) == ("/api/conversations.history", "Bearer xoxb-1", False)
    assert answer["messages"] == []


@KINDS
@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, '{"ok": false, "error": "channel_not_found"}', "channel_not_found"),
        (429, '{"ok": false, "error": "ratelimited"}', "ratelimited"),
        (500, "{}", None),
    ],
)
async def test_what_slack_refuses_is_raised(
    kind: type[AsyncWebClient], status: int, body: str, code: str | None
) -> None:
    refusal = web.Response(text=body, status=status, content_type="application/json", headers={"Retry-After": "7"})
    async with _client(kind, refusal) as (client, _):
        with pytest.raises(SlackApiError) as raised:
            await client.chat_postMessage(**MESSAGE)
    response = raised.value.response
    assert (response.status_code, response.get("error"), response.headers["Retry-After"]) == (status, code, "7")


@KINDS
async def test_the_page_of_a_proxy_is_an_error_without_a_name(kind: type[AsyncWebClient]) -> None:
    async with _client(kind, web.Response(text="<html>Bad gateway", status=502, content_type="text/html")) as (
        client,
        _,
    ):
        with pytest.raises(SlackApiError) as raised:
            await client.chat_postMessage(**MESSAGE)
    assert (raised.value.response.status_code, raised.value.response.get("error")) == (502, None)


@KINDS
async def test_a_connection_that_breaks_is_tried_once(kind: type[AsyncWebClient]) -> None:
    async with _client(kind, web.Response(status=444)) as (client, asked):
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(**MESSAGE)
    assert len(asked) == 1
