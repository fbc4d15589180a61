"""A Slack that costs as little as can be: it answers, counts, and can be slow or refuse one workspace.

It speaks just enough HTTP for a client that keeps its connections. A workspace is known by its bot token, "xoxb-7" is
"T7"; a direct message's id is the member's with a D for the U. `/bench/...` is for the harness.
"""

import asyncio
import json
import os
import re
import sys
from dataclasses import dataclass, field
from typing import Any, Final

HEAD_END: Final = b"\r\n\r\n"
LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)")
BEARER: Final = re.compile(rb"\r\nauthorization: bearer xoxb-(\w+)")
CHANNEL: Final = re.compile(rb'"channel": ?"([^"]+)"')
FORM_VALUE: Final = r"(?:^|&){}=([^&]*)"
ACTOR: Final = "DA"
"""Direct messages of those who click while others are written to: not counted."""


@dataclass
class Limit:
    """A token bucket over one workspace: `rate` messages a second, `burst` at once; a refusal says how long to wait."""

    team: str
    rate: float
    burst: float
    tokens: float = 0.0
    at: float = 0.0
    refused: int = 0

    def wait(self, now: float) -> float:
        """Takes one; 0, or the seconds until there is one."""
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate) if self.at else self.burst
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        self.refused += 1
        return (1 - self.tokens) / self.rate


@dataclass
class Told:
    """What one workspace was sent: how many messages, the first and the last on the machine's monotonic clock."""

    messages: int
    first: float
    last: float


@dataclass
class Slack:
    """Everything the stub remembers."""

    latency: float = 0.0
    limit: Limit | None = None
    posts: dict[str, list[bytes]] = field(default_factory=dict)
    teams: dict[str, Told] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    counted: int = 0
    size: int = 0
    waiting: list[tuple[int, asyncio.Future[None]]] = field(default_factory=list)

    def call(self, method: str, team: str, body: bytes, now: float) -> tuple[int, bytes, float]:
        """Status, JSON and, with 429, the seconds to wait."""
        self.calls[method] = self.calls.get(method, 0) + 1
        match method:
            case "chat.postmessage":
                return self._post(team, body, now)
            case "auth.test":
                return 200, _ok(team_id=f"T{team}", team=f"Team {team}", user_id="UBOT", bot_id="BBOT", user="b"), 0
            case "conversations.open":
                return 200, _ok(channel={"id": "D" + _value("users", body)[1:]}), 0
            case "users.info":
                user = {"id": _value("user", body), "tz": "UTC", "locale": "en-US", "profile": {}}
                return 200, _ok(user=user), 0
            case "conversations.history" | "conversations.replies":
                kept = [json.loads(post) for post in self.posts.get(_value("channel", body), [])]
                found = [{"ts": _ts(n), **post} for n, post in enumerate(kept)]
                return 200, _ok(messages=found[::-1]), 0
        return 200, _ok(view={"id": "V1", "hash": "1"}, channel=_value("channel", body), ts=_ts(0)), 0

    def _post(self, team: str, body: bytes, now: float) -> tuple[int, bytes, float]:
        found = CHANNEL.search(body)
        channel = found[1].decode() if found else _value("channel", body)
        is_counted = not channel.startswith(ACTOR)
        if is_counted and self.limit is not None and self.limit.team == team:
            wait = self.limit.wait(now)
            if wait:
                return 429, b'{"ok":false,"error":"ratelimited"}', wait
        posts = self.posts.setdefault(channel, [])
        posts.append(body)
        if is_counted:
            self.counted += 1
            self.size += len(body)
            told = self.teams.get(team)
            if told is None:
                self.teams[team] = Told(1, now, now)
            else:
                told.messages, told.last = told.messages + 1, now
            if self.waiting:
                self._tell()
        return 200, b'{"ok":true,"channel":"%s","ts":"%s"}' % (channel.encode(), _ts(len(posts) - 1).encode()), 0

    def _tell(self) -> None:
        for wanted, future in self.waiting:
            if self.counted >= wanted and not future.done():
                future.set_result(None)

    async def until(self, messages: int) -> None:
        """Returns when so many messages were accepted."""
        future = asyncio.get_running_loop().create_future()
        self.waiting.append((messages, future))
        self._tell()
        await future

    def report(self) -> bytes:
        """What the harness reads."""
        counts = [len(posts) for channel, posts in self.posts.items() if not channel.startswith(ACTOR)]
        return json.dumps(
            {
                "messages": self.counted,
                "members": len(counts),
                "most": max(counts, default=0),
                "size": self.size / max(self.counted, 1),
                "refused": self.limit.refused if self.limit else 0,
                "teams": {team: [told.messages, told.first, told.last] for team, told in self.teams.items()},
                "calls": self.calls,
            }
        ).encode()


def _ok(**answer: Any) -> bytes:
    return json.dumps({"ok": True, **answer}).encode()


def _ts(number: int) -> str:
    return f"1800000000.{number:06}"


def _value(name: str, body: bytes) -> str:
    """A field of a JSON body or a form."""
    if body.startswith(b"{"):
        return str(json.loads(body).get(name, ""))
    found = re.search(FORM_VALUE.format(name), body.decode())
    return found[1] if found else ""


class Connection(asyncio.Protocol):
    """One kept-alive connection."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        while (end := self._buffer.find(HEAD_END)) >= 0:
            head = self._buffer[:end].lower()
            length = LENGTH.search(head)
            size = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < size:
                return
            body, self._buffer = self._buffer[end + 4 : size], self._buffer[size:]
            path = head.split(b" ", 2)[1]
            self._answer(path.decode(), head, body)

    def _answer(self, path: str, head: bytes, body: bytes) -> None:
        loop = asyncio.get_running_loop()
        if path.startswith("/bench/"):
            self._server.begin(self._control(path.removeprefix("/bench/"), body))
            return
        bearer = BEARER.search(head)
        slack = self._server.slack
        method = path.removeprefix("/api/")  # in small letters, as all of the head
        status, answer, wait = slack.call(method, bearer[1].decode() if bearer else "", body, loop.time())
        response = _response(status, answer, wait)
        if slack.latency:
            loop.call_later(slack.latency, self._write, response)
        else:
            self._transport.write(response)

    def _write(self, response: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(response)

    async def _control(self, path: str, body: bytes) -> None:
        name, _, argument = path.partition("/")
        server = self._server
        match name:
            case "reset":
                given = json.loads(body or b"{}")
                limit = given.get("limit")
                server.slack = Slack(given.get("latency", 0.0), Limit(**limit) if limit else None)
            case "until":
                await server.slack.until(int(argument))
        self._write(_response(200, server.slack.report()))


def _response(status: int, body: bytes, wait: float = 0.0) -> bytes:
    # Slack speaks of whole seconds.
    retry = b"Retry-After: %d\r\n" % max(1, -int(-wait // 1)) if wait else b""
    return b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s" % (
        status,
        retry,
        len(body),
        body,
    )


class Server:
    """Holds what is reset between two runs."""

    def __init__(self) -> None:
        self.slack = Slack()
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def serve(self) -> None:
        """Prints its port, then serves until it is killed or its parent is gone."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(self), "127.0.0.1", 0, backlog=2048)
        print(server.sockets[0].getsockname()[1], flush=True)
        parent = os.getppid()
        while os.getppid() == parent:
            await asyncio.sleep(1)


if __name__ == "__main__":
    sys.exit(asyncio.run(Server().serve()))
