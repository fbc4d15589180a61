"""Slack's side of signed HTTP: members who type /commit and click in their check-ins, and how long the acks take."""

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import Iterator
from itertools import count
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp

from benchmarks.seeding import DUE
from benchmarks.sides.buddy import SECRET
from benchmarks.sides.gate import Gate
from bot.clock import SystemClock
from bot.config import EVENTS_PATH

IDLE_CALLS: Final = 300
IDLE_GAP: Final = 0.02
BUSY_GAP: Final = 0.05
"""Seconds between two calls, on average; never in step with anybody's polling."""
AT_ONCE: Final = 20
"""Calls that wait for their ack before no more are made: whoever is that slow is not to be buried."""


class Callers:
    """Takes turns: a command, then a click."""

    def __init__(self, session: aiohttp.ClientSession, port: int, first: int, actors: int, workspaces: int) -> None:
        self._session = session
        self._url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
        self._first = first
        self._actors = actors
        self._workspaces = workspaces
        self._forms = self._next_form()
        self.took: dict[str, list[float]] = {"command": [], "click": []}
        self.refused = 0

    async def call(self) -> None:
        """One request, timed from the first byte out to the last byte in."""
        kind, form = next(self._forms)
        body, headers = signed(form)
        began = time.perf_counter()
        async with self._session.post(self._url, data=body, headers=headers) as response:
            await response.read()
            self.refused += response.status != 200
        self.took[kind].append(time.perf_counter() - began)

    def taken(self) -> dict[str, Any]:
        """What was measured since the last time."""
        took, self.took = self.took, {"command": [], "click": []}
        return {**took, "refused": self.refused}

    def _next_form(self) -> Iterator[tuple[str, dict[str, str]]]:
        for number in count():
            actor = number // 2 % self._actors + 1
            team, member = f"T{(actor - 1) % self._workspaces + 1}", self._first + actor
            if number % 2:
                yield "click", {"payload": json.dumps(_click(team, member, actor, number))}
            else:
                yield "command", command(team, member, number)


def signed(form: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    """Body and headers as Slack sends them."""
    body = urlencode(form).encode()
    stamp = str(int(SystemClock().now().timestamp()))
    signature = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return body, {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={signature}",
    }


async def run(
    gate: Gate, *, port: int, first: int, actors: int, workspaces: int, stub: str = "", messages: int = 0
) -> dict[str, Any]:
    """Acks while nothing else goes on; then, with `messages`, from the start until so many went out.

    The actors' numbers come after the `first`.
    """
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        callers = Callers(session, port, first, actors, workspaces)
        for _ in range(20):
            await callers.call()
        callers.taken()
        await gate.open()
        for _ in range(IDLE_CALLS):
            await callers.call()
            await asyncio.sleep(_about(IDLE_GAP))
        idle = callers.taken()
        if not messages:
            return {"idle": idle}
        await gate.open()
        sent = asyncio.create_task(_until(session, f"{stub}/bench/until/{messages}"))
        calls: set[asyncio.Task[None]] = set()
        while not sent.done():
            if len(calls) < AT_ONCE:
                calls.add(asyncio.create_task(callers.call()))
            await asyncio.sleep(_about(BUSY_GAP))
            calls = {call for call in calls if not call.done()}
        await asyncio.gather(*calls)
        return {"idle": idle, "busy": callers.taken()}


async def _until(session: aiohttp.ClientSession, url: str) -> None:
    async with session.get(url, timeout=aiohttp.ClientTimeout(total=None)) as response:
        await response.read()


def _about(seconds: float) -> float:
    return random.uniform(0.5, 1.5) * seconds


def command(team: str, member: int, number: int) -> dict[str, str]:
    return {
        "token": "a-verification-token",
        "team_id": team,
        "team_domain": "team",
        "channel_id": f"DA{member}",
        "channel_name": "directmessage",
        "user_id": f"UA{member}",
        "user_name": "actor",
        "command": "/commit",
        "text": "Finish the report by Friday",
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "trigger_id": f"1.2.{number}",
        "response_url": "http://127.0.0.1:9/",
    }


def _click(team: str, member: int, item: int, number: int) -> dict[str, Any]:
    """ "Moving", in the check-in of that member."""
    return {
        "type": "block_actions",
        "user": {"id": f"UA{member}", "username": "actor", "name": "actor", "team_id": team},
        "api_app_id": "A1",
        "token": "a-verification-token",
        "container": {
            "type": "message",
            "message_ts": "1700000000.000001",
            "channel_id": f"DA{member}",
            "is_ephemeral": False,
        },
        "trigger_id": f"1.2.{number}",
        "team": {"id": team, "domain": "team"},
        "channel": {"id": f"DA{member}", "name": "directmessage"},
        "message": {"type": "message", "ts": "1700000000.000001", "text": "", "user": "UBOT", "bot_id": "BBOT"},
        "state": {"values": {}},
        "actions": [
            {
                "action_id": f"check_in.answer:{item}:moving",
                "block_id": "b",
                "type": "button",
                "text": {"type": "plain_text", "text": "Moving", "emoji": True},
                "action_ts": f"{DUE.timestamp():.0f}.{number:06}",
            }
        ],
    }
