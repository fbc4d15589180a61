"""Slack's side of signed HTTP, one request at a time, for what the playground would never send."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp

from bot.config import EVENTS_PATH
from playground.clock import real_unix
from playground.signed_http import signature
from playground.workspace import GENERAL, TEAM_ID
from tests.world import World

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    status: int
    text: str

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text) if self.text else {}
        return found


class SlackHttp:
    """Use as an async context manager, on a world that speaks HTTP."""

    def __init__(self, here: World) -> None:
        self._url = f"http://127.0.0.1:{here.settings.port}{EVENTS_PATH}"
        self._secret = here.playground.settings.signing_secret
        self._session = aiohttp.ClientSession()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def post(
        self,
        body: bytes,
        kind: str = JSON,
        *,
        secret: str | None = None,
        seconds_old: int = 0,
        signed: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """`seconds_old`: how long ago it claims to have been signed."""
        timestamp = str(int(real_unix()) - seconds_old)
        sent = {"Content-Type": kind, **(headers or {})}
        if signed:
            sent |= {
                "X-Slack-Request-Timestamp": timestamp,
                "X-Slack-Signature": signature(secret or self._secret, timestamp, body),
            }
        async with self._session.post(self._url, data=body, headers=sent) as response:
            return Answer(response.status, await response.text())

    async def event(self, body: Mapping[str, Any], *, retry: int = 0) -> Answer:
        """An Events API body; `retry`: for which time it is repeated."""
        headers = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else None
        return await self.post(json.dumps(body).encode(), headers=headers)

    async def interaction(self, payload: Mapping[str, Any]) -> Answer:
        return await self.post(urlencode({"payload": json.dumps(payload)}).encode(), FORM)

    async def command(self, **fields: str) -> Answer:
        return await self.post(urlencode(command_form(**fields)).encode(), FORM)


def command_form(**fields: str) -> dict[str, str]:
    """A slash command's form as Slack posts it, by Jonas unless `fields` say otherwise.

    But for its response_url, which would lead out of the test.
    """
    return {
        "token": "a-verification-token",
        "team_id": TEAM_ID,
        "team_domain": "playground",
        "channel_id": GENERAL,
        "channel_name": "general",
        "user_id": "UJONAS001",
        "user_name": "jonas",
        "command": "/win",
        "text": "",
        "api_app_id": "APLAY0001",
        "is_enterprise_install": "false",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
        **fields,
    }
