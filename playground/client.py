"""Driving the playground as its people do, from tests.

>>> async with PlaygroundClient(playground.url) as slack:
...     maya = slack.person("UMAYA0001")
...     await maya.command("/commit", "Finish the report")
...     await maya.wait_for(lambda state: state.modal)
...     await maya.submit({"By when": "2026-12-24"})
...     await maya.wait_for(lambda state: state.says("Finish the report"))
...     await maya.click("Done")
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self, TypeVar

import aiohttp

from playground.seen import Control, State, text_of
from playground.workspace import Json, JsonValue

PATIENCE_SECONDS = 30.0
Found = TypeVar("Found")

__all__ = ["AppFailedError", "Person", "PlaygroundClient", "RefusedError", "State", "text_of"]


class RefusedError(Exception):
    """Slack's own client would not have let the person do this."""


class AppFailedError(Exception):
    """The person saw an error, because the app did not answer or answered what Slack refuses."""


class PlaygroundClient:
    """Use as an async context manager; it listens to the workspace's changes while it is open."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._listener: asyncio.Task[None] | None = None
        self._changes = 0
        self._changed = asyncio.Condition()
        self._listening = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, connect=10))
        self._listener = asyncio.create_task(self._listen(self._session))
        await asyncio.wait_for(self._listening.wait(), 10)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def person(self, user: str) -> "Person":
        return Person(self, user)

    async def request(self, method: str, path: str, body: Json | None = None) -> Json:
        """One call of the control API. Raises RefusedError."""
        if self._session is None:
            raise RuntimeError("use `async with PlaygroundClient(url)`")
        async with self._session.request(method, self._url + path, json=body) as response:
            answer: Json = await response.json()
            if response.status >= 400:
                raise RefusedError(answer.get("error"))
            return answer

    async def wait_until(self, check: Callable[[], Awaitable[Found | None]], seconds: float) -> Found:
        """Awaits `check()` now and after each change until it is truthy. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while True:
                known = self._changes
                found = await check()
                if found:
                    return found
                async with self._changed:
                    while self._changes == known:
                        await self._changed.wait()

    async def app_connected(self, connections: int = 1) -> None:
        """Returns when that many Socket Mode connections are up."""

        async def enough() -> bool:
            return bool((await self.request("GET", "/control/sockets"))["connections"] >= connections)

        await self.wait_until(enough, PATIENCE_SECONDS)

    async def settle(self) -> None:
        """Returns when every event so far has had the app's first answer."""
        await self.request("POST", "/control/settle")

    async def forward(self, seconds: float) -> None:
        await self.request("POST", "/control/clock", {"forward": seconds})

    async def move_to(self, moment: str, user: str = "UMAYA0001") -> None:
        """`moment`: ISO 8601, local to `user` unless it has a zone."""
        await self.request("POST", "/control/clock", {"to": moment, "user": user})

    async def fault(self, method: str, kind: str, times: int | None = 1, **more: float) -> None:
        """`more`: probability, seed, retry_after, seconds. See faults.Fault."""
        await self.request("POST", "/control/faults", {"method": method, "kind": kind, "times": times, **more})

    async def clear_faults(self) -> None:
        await self.request("DELETE", "/control/faults")

    async def drop_sockets(self) -> None:
        await self.request("POST", "/control/sockets/drop")

    async def silence_sockets(self) -> None:
        """Connections stay open, and nothing comes out of them any more."""
        await self.request("POST", "/control/sockets/silence")

    async def verify(self) -> bool:
        """Whether the app's request URL answers Slack's challenge."""
        return bool((await self.request("POST", "/control/verify"))["verified"])

    async def calls(self) -> Json:
        """{calls, refused, unacked}: everything that passed between the app and Slack."""
        return await self.request("GET", "/control/calls")

    async def start_over(self) -> None:
        await self.request("POST", "/control/start_over")

    async def _listen(self, session: aiohttp.ClientSession) -> None:
        async with session.get(self._url + "/control/changes") as stream:
            async for line in stream.content:
                if line.startswith(b"data:"):
                    self._changes += 1
                    if json.loads(line[5:])["kind"] == "hello":
                        self._listening.set()
                    async with self._changed:
                        self._changed.notify_all()


class Person:
    """One of the people. Acts raise RefusedError, and AppFailedError when the app leaves the person with an error."""

    def __init__(self, client: PlaygroundClient, user: str) -> None:
        self._client = client
        self.user = user

    async def state(self) -> State:
        return State(await self._client.request("GET", f"/control/state?user={self.user}"))

    async def messages(self, channel: str = "app", thread: str | None = None) -> list[Json]:
        return (await self.state()).messages(channel, thread)

    async def ephemerals(self, channel: str = "app") -> list[Json]:
        return (await self.state()).ephemerals(channel)

    async def modal(self) -> Json | None:
        return (await self.state()).modal

    async def home_view(self) -> Json | None:
        return (await self.state()).home

    async def wait_for(self, check: Callable[[State], Found | None], seconds: float = PATIENCE_SECONDS) -> Found:
        """The first truthy `check(state)`, looked at now and after each change. A LookupError counts as not yet.

        Raises TimeoutError with a glance at what there is instead.
        """
        state = State({})

        async def look() -> Found | None:
            nonlocal state
            state = await self.state()
            try:
                return check(state)
            except LookupError:
                return None

        try:
            return await self._client.wait_until(look, seconds)
        except TimeoutError:
            glance = state.glance() if state.body else "the playground did not answer"
            raise TimeoutError(f"{self.user} waited {seconds} s in vain. {glance}") from None

    async def sees(self, part: str, channel: str = "app", seconds: float = PATIENCE_SECONDS) -> Json:
        """Waits for a message that shows `part` and returns it."""
        return await self.wait_for(lambda state: state.says(part, channel), seconds)

    async def say(self, text: str, channel: str = "app", thread: str | None = None) -> str:
        """Returns the message's ts."""
        return str((await self._act("say", channel=await self._id(channel), text=text, thread_ts=thread))["ts"])

    async def edit(self, ts: str, text: str, channel: str = "app") -> None:
        await self._act("edit", channel=await self._id(channel), ts=ts, text=text)

    async def delete(self, ts: str, channel: str = "app") -> None:
        await self._act("delete", channel=await self._id(channel), ts=ts)

    async def react(self, ts: str, name: str, channel: str = "app") -> None:
        await self._act("react", channel=await self._id(channel), ts=ts, name=name)

    async def upload(self, name: str, text: str) -> str:
        """To the app; returns the ts of the message it arrives in."""
        return str((await self._act("upload", channel="app", name=name, text=text))["ts"])

    async def command(self, command: str, text: str = "", channel: str = "app", *, may_fail: bool = False) -> Json:
        """{ok, response, error}; with `may_fail` an error is returned instead of raised."""
        place = await self._id(channel)
        return await self._act("command", may_fail=may_fail, channel=place, command=command, text=text)

    async def home(self) -> None:
        """Opens the app's Home tab."""
        await self._act("home")

    async def messages_tab(self) -> None:
        await self._act("messages_tab")

    async def shortcut(self, callback_id: str, message: Json | None = None, *, may_fail: bool = False) -> Json:
        """Global, or on a message."""
        about = {"channel": message["channel"], "ts": message["ts"]} if message else {}
        return await self._act("shortcut", may_fail=may_fail, callback_id=callback_id, **about)

    async def profile(self, **fields: JsonValue) -> None:
        """tz, locale, status_text, deleted ...: see acts.PROFILE."""
        await self._act("profile", **fields)

    async def act(self, name: str, /, **given: JsonValue) -> Json:
        """Any other act of the control API: invite, remove, archive, uninstall ..."""
        return await self._act(name, **given)

    async def click(
        self,
        text: str,
        *,
        in_message: Json | None = None,
        where: str | None = None,
        value: JsonValue = None,
    ) -> Json:
        """Clicks what is labelled `text` (or has that action id), or chooses the option so labelled.

        `value`: what to choose or enter, when `text` names a menu or an input. `where` as in State.controls.
        What the app replaces between the look and the click is looked for again.
        """
        while True:
            state = await self.state()
            control = state.find(text, in_message or where)
            wanted = value if value is not None else state.with_option(control)
            try:
                return await self._use(control, wanted)
            except RefusedError:
                if (await self.state()).find(text, in_message or where) == control:
                    raise

    async def fill(self, label: str, value: JsonValue) -> None:
        """Enters `value` in the open modal's input with that label, block or action id; the app hears of it later."""
        control = (await self.state()).find(label, "modal")
        await self._use(control, value)

    async def submit(self, values: Json | None = None, *, may_fail: bool = False) -> Json:
        """Submits the open modal. `values`: {label, block id or action id: value}; the rest stays as it is.

        Returns {ok, response_action?, errors?}; field errors are returned, never raised.
        """
        state = await self.state()
        if state.modal is None:
            raise RefusedError("no modal is open")
        entered: Json = {}
        for label, value in (values or {}).items():
            control = state.find(label, "modal")
            entered.setdefault(control.block["block_id"], {})[control.element["action_id"]] = value
        return await self._act("submit", may_fail=may_fail, view_id=state.modal["id"], values=entered)

    async def close(self, *, everything: bool = False) -> None:
        """Closes the modal on top, or with `everything` the whole stack."""
        state = await self.state()
        if state.modal is None:
            raise RefusedError("no modal is open")
        await self._act("close", view_id=state.modal["id"], everything=everything)

    async def options(self, label: str, query: str) -> list[Json]:
        """What the app offers for `query` in an external select."""
        control = (await self.state()).find(label)
        given = {"user": self.user, "container": control.container, "query": query, **_ids(control)}
        answer = await self._client.request("POST", "/control/options", given)
        if "error" in answer:
            raise AppFailedError(answer["error"])
        options: list[Json] = answer.get("options") or [
            option for group in answer["option_groups"] for option in group["options"]
        ]
        return options

    async def next_check_in(self) -> None:
        """Moves the clock to the next moment the app has announced to this person."""
        await self._client.request("POST", "/control/clock", {"next_check_in": self.user})

    async def _use(self, control: Control, value: JsonValue) -> Json:
        if not control.dispatches:
            values = {control.block["block_id"]: {control.element["action_id"]: value}}
            return await self._act("type", view_id=control.container["view_id"], values=values)
        return await self._act("click", container=control.container, value=value, **_ids(control))

    async def _id(self, channel: str) -> str:
        """The id of "#name"; anything else is one already."""
        if not channel.startswith("#"):
            return channel
        found = (await self.state()).channel(channel)
        if found is None:
            raise RefusedError(f"{self.user} sees no {channel}")
        return str(found["id"])

    async def _act(self, name: str, /, *, may_fail: bool = False, **given: JsonValue) -> Json:
        answer = await self._client.request("POST", f"/control/act/{name}", {"user": self.user, **given})
        if "error" in answer and not may_fail:
            raise AppFailedError(answer["error"])
        return answer


def _ids(control: Control) -> Json:
    return {"block_id": control.block["block_id"], "action_id": control.element["action_id"]}
