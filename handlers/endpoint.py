"""Slack's requests over HTTP, handed to Bolt once it is sure to understand them.

Bolt reads a body before it looks at the signature: what is no request would be an error of ours, for anyone to cause,
and a large one would keep everybody waiting. And it takes a command's words for another kind of request when the word
"payload" is among them.
"""

import asyncio
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_internals import build_async_context
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

TIMESTAMP: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")
MOST_UNSIGNED: Final = 1000
"""Bytes. Slack's look at our certificate comes unsigned; it is short."""
STUMBLES: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What reading a hostile body ends with."""


class Endpoint:
    """`handle` answers a POST: 400 for what is no request, 401 for one that Slack did not sign, else what Bolt says.

    `took` is told the seconds from a request to its ack, and `serving` is entered while somebody waits for it.
    """

    def __init__(
        self,
        bolt: AsyncApp,
        signing_secret: str,
        took: Callable[[float], None] = lambda _seconds: None,
        serving: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._bolt = bolt
        self._verifier = SignatureVerifier(signing_secret)
        self._serving = serving
        self._took = took

    async def handle(self, request: web.Request) -> web.Response:
        if not _may_be_signed(request):
            return web.Response(status=401)
        try:
            if not self._is_worth_reading(request, await request.read()):
                return web.Response(status=401)
            read = await _read(request)
        except STUMBLES:
            return web.Response(status=400)
        time = asyncio.get_running_loop().time
        began = time()
        with self._serving():
            answer = await to_aiohttp_response(await self._bolt.async_dispatch(read))
        self._took(time() - began)
        return answer

    def _is_worth_reading(self, request: web.Request, body: bytes) -> bool:
        """Whether Slack signed it. What nobody signed is for Bolt to judge, if it is short."""
        if "X-Slack-Signature" not in request.headers:
            return len(body) <= MOST_UNSIGNED
        return self._verifier.is_valid_request(body, dict(request.headers))


def _may_be_signed(request: web.Request) -> bool:
    """False for headers that are nothing Slack would write; whether they are right, or missing, Bolt says."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "0")
    signature = request.headers.get("X-Slack-Signature")
    return TIMESTAMP.fullmatch(timestamp) is not None and (
        signature is None or SIGNATURE.fullmatch(signature) is not None
    )


async def _read(request: web.Request) -> AsyncBoltRequest:
    raw = await request.text()
    body = _body(raw, request.content_type)
    if not isinstance(body, dict):
        raise TypeError("a request is an object")
    read = AsyncBoltRequest(body=raw, query=request.query_string, headers=dict(request.headers))
    if read.body != body:
        read.body = body
        read.context = build_async_context(read.context, body)
    return read


def _body(raw: str, content_type: str) -> object:
    if content_type == "application/json":
        return json.loads(raw)
    form = dict(parse_qsl(raw, keep_blank_values=True))
    return json.loads(form["payload"]) if "payload" in form else form
