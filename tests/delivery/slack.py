"""A Slack of its own for tests of sending: it answers as told, remembers what it was sent, and can be made to wait."""

import asyncio
from collections import Counter, defaultdict
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse


class Slack:
    """What all clients share. Workspaces are told apart by their tokens, "xoxb-T1".

    `answers`: by token, statuses of the next calls, with the seconds of Retry-After; after them all is well. An error
    in place of a status is how the call ends.
    """

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.answers: dict[str, list[tuple[int | Exception, int]]] = defaultdict(list)
        self.unheard = 0
        """So many messages are taken without an answer."""
        self.posts: list[tuple[str, str]] = []
        """Token and delivery token of each message that Slack took."""
        self.history: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.page = 100
        """Messages of a history that come in one answer."""
        self.calls: Counter[str] = Counter()
        self.waiting: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self._moved = asyncio.Condition()

    async def until_waiting(self, number: int) -> None:
        """Returns when so many calls are under way."""
        async with asyncio.timeout(10), self._moved:
            await self._moved.wait_for(lambda: self.waiting.total() >= number)

    async def until_posted(self, number: int) -> None:
        """Returns when it has taken so many messages."""
        async with asyncio.timeout(10), self._moved:
            await self._moved.wait_for(lambda: len(self.posts) >= number)

    async def call(self, client: AsyncWebClient, method: str, args: dict[str, Any]) -> AsyncSlackResponse:
        token = client.token or ""
        self.calls[method] += 1
        await self._wait(token)
        status, after = self.answers[token].pop(0) if self.answers[token] else (200, 0)
        if isinstance(status, Exception):
            raise status
        data: dict[str, Any] = {"ok": status == 200}
        if status != 200:
            data["error"] = "ratelimited" if status == 429 else "internal_error"
        elif method == "chat.postMessage":
            posted = args["metadata"]["event_payload"]["id"]
            data["ts"] = f"{len(self.posts) + 1}.1"
            self.posts.append((token, posted))
            self.history[args["channel"]].append({"ts": data["ts"], "metadata": args["metadata"]})
            await self._tell()
            if self.unheard:
                self.unheard -= 1
                raise TimeoutError
        elif method == "conversations.history":
            there, first = self.history[args["channel"]], int(args.get("cursor") or 0)
            data["messages"] = there[first : first + self.page]
            if first + self.page < len(there):
                data["response_metadata"] = {"next_cursor": str(first + self.page)}
        response = _response(data, status, after, client)
        if status != 200:
            raise SlackApiError(data["error"], response)
        return response

    async def _wait(self, token: str) -> None:
        async with self._moved:
            self.waiting[token] += 1
            self.most_at_once[token] = max(self.most_at_once[token], self.waiting[token])
            self._moved.notify_all()
        try:
            await self.open.wait()
        finally:
            self.waiting[token] -= 1

    async def _tell(self) -> None:
        async with self._moved:
            self._moved.notify_all()


class Client(AsyncWebClient):
    """Reaches a Slack of ours."""

    def __init__(self, slack: Slack, token: str | None) -> None:
        super().__init__(token=token)
        self._slack = slack

    async def api_call(self, api_method: str, **args: Any) -> AsyncSlackResponse:
        given = {**(args.get("json") or {}), **(args.get("params") or {}), **(args.get("data") or {})}
        return await self._slack.call(self, api_method, given)


def refusal(error: str) -> SlackApiError:
    """An answer that is not ok, for `answers`."""
    return SlackApiError(error, _response({"ok": False, "error": error}))


def _response(
    data: dict[str, Any], status: int = 200, after: int = 0, client: AsyncWebClient | None = None
) -> AsyncSlackResponse:
    return AsyncSlackResponse(
        client=client or AsyncWebClient(),
        http_verb="POST",
        api_url="",
        req_args={},
        data=data,
        headers={"Retry-After": str(after)},
        status_code=status,
    )
