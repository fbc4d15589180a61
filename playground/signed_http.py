"""Signed HTTP: what Slack posts to an app's request URL."""

import hashlib
import hmac
import json
import secrets
from urllib.parse import urlencode

import aiohttp

from playground.clock import real_unix
from playground.line import Ack, Parcel
from playground.wire import read_json
from playground.workspace import JsonValue


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """X-Slack-Signature, version 0."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class SignedHttp:
    def __init__(self, request_url: str, signing_secret: str) -> None:
        self._url = request_url
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, parcel: Parcel, seconds: float) -> Ack:
        body, content_type = _encoded(parcel)
        timestamp = str(int(real_unix()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        if parcel.retry_attempt:
            headers |= {"X-Slack-Retry-Num": str(parcel.retry_attempt), "X-Slack-Retry-Reason": parcel.retry_reason}
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with self._session.post(
                self._url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(total=seconds)
            ) as response:
                text = await response.text()
                no_retry = response.headers.get("X-Slack-No-Retry") == "1"
                if not response.ok:
                    return Ack(error="http_error", no_retry=no_retry)
                return Ack(_decoded(text, response.content_type) if parcel.wants_answer else None)
        except TimeoutError:
            return Ack(error="timeout")
        except aiohttp.ClientError:
            return Ack(error="connection_failed")

    async def verified(self, seconds: float) -> bool:
        """Whether the URL gives back a challenge, as Slack wants to see before it sends anything."""
        challenge = secrets.token_hex(16)
        payload = {"token": "playground", "challenge": challenge, "type": "url_verification"}
        ack = await self.deliver(Parcel("events_api", payload, wants_answer=True), seconds)
        if not isinstance(ack.payload, dict):
            return False
        return challenge in (ack.payload.get("challenge"), ack.payload.get("text"))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _encoded(parcel: Parcel) -> tuple[bytes, str]:
    if parcel.kind == "events_api":
        return json.dumps(parcel.payload).encode(), "application/json"
    form = parcel.payload if parcel.kind == "slash_commands" else {"payload": json.dumps(parcel.payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _decoded(text: str, content_type: str) -> JsonValue:
    if not text:
        return None
    if content_type == "application/json":
        try:
            return read_json(text)
        except ValueError:
            return None
    return {"text": text}
