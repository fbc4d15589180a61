"""The control API: what the page and tests do to the workspace. JSON in, JSON out, under /control/."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import ValidationError, validate_call

from playground.acts import Acts
from playground.backend import Backend
from playground.clock import real_unix
from playground.errors import ActRefusedError
from playground.faults import Fault
from playground.interactions import Interactions
from playground.signed_http import SignedHttp
from playground.streams import Streams
from playground.visible import next_check_in, state_json
from playground.wire import read_json
from playground.workspace import Change, Json, JsonValue, Message

Act = Callable[..., JsonValue]

BREATH_SECONDS = 0.7
"""Real time for the app to do what has fallen due."""

HOME_SECONDS = 2.0
"""Real time for the app to bring a Home up to date that somebody opens."""

MOST_STOPS = 60


class Control:
    def __init__(self, backend: Backend, streams: Streams, start_over: Callable[[], Awaitable[None]]) -> None:
        self._backend = backend
        self._streams = streams
        self._start_over = start_over
        self.acts = acts = Acts(backend)
        self.interactions = interactions = Interactions(backend, acts)
        performed: dict[str, Act] = {
            "say": acts.say,
            "edit": acts.edit,
            "delete": acts.delete,
            "unfurl": acts.unfurl,
            "react": acts.react,
            "upload": acts.upload,
            "home": acts.home,
            "messages_tab": acts.messages_tab,
            "read": acts.read,
            "profile": acts.profile,
            "invite": acts.invite,
            "remove": acts.remove,
            "create_channel": acts.create_channel,
            "archive": acts.archive,
            "uninstall": acts.uninstall,
            "install": acts.install,
            "command": interactions.command,
            "click": interactions.click,
            "type": interactions.type_into,
            "submit": interactions.submit,
            "close": interactions.close,
            "shortcut": interactions.shortcut,
        }
        self._acts = {name: validate_call(act) for name, act in performed.items()}
        self._suggest = validate_call(interactions.options)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/act/{act}", self._act),
            web.post("/control/options", self._options),
            web.get("/control/state", self._state),
            web.post("/control/clock", self._clock),
            web.get("/control/faults", self._faults),
            web.post("/control/faults", self._add_fault),
            web.delete("/control/faults", self._clear_faults),
            web.get("/control/sockets", self._sockets),
            web.post("/control/sockets/drop", self._drop_sockets),
            web.post("/control/sockets/silence", self._silence_sockets),
            web.post("/control/sockets/warn", self._warn_sockets),
            web.post("/control/start_over", self._again),
            web.post("/control/settle", self._settle),
            web.post("/control/verify", self._verify),
            web.get("/control/calls", self._calls),
            web.delete("/control/calls", self._forget_calls),
            web.get("/control/files/{file}", self._file),
            web.get("/control/changes", self._streams.changes),
        ]

    async def _act(self, request: web.Request) -> web.Response:
        act = self._acts.get(request.match_info["act"])
        if act is None:
            return _no(f"nobody can {request.match_info['act']}", 404)
        return await self._perform(act, await _body(request))

    async def _perform(self, act: Act, given: Json) -> web.Response:
        try:
            done = act(**given)
            answer = await done if inspect.isawaitable(done) else done
        except (ActRefusedError, ValidationError) as refused:
            return _no(str(refused))
        if isinstance(answer, Message):
            return web.json_response({"ok": True, "channel": answer.channel, "ts": answer.ts})
        if not isinstance(answer, dict):
            answer = {"ok": True} | ({"channel": answer.id} if answer is not None else {})
        return web.json_response(answer)

    async def _options(self, request: web.Request) -> web.Response:
        return await self._perform(self._suggest, await _body(request))

    async def _state(self, request: web.Request) -> web.Response:
        user = request.query.get("user", "")
        try:
            self.acts.person(user)
        except ActRefusedError as refused:
            return _no(str(refused))
        return web.json_response(state_json(self._backend, user))

    async def _clock(self, request: web.Request) -> web.Response:
        """{offset} | {forward: seconds} | {to: ISO 8601, local to `user` without a zone} | {next_check_in: user}.

        With {passing: true} it stops on the way wherever the app has something to do; without, the clock jumps.
        """
        given = await _body(request)
        clock = self._backend.clock
        try:
            if "next_check_in" in given:
                await self._look_at_home(given["next_check_in"])
            offset = self._wanted_offset(given)
        except (ValueError, KeyError, TypeError, ActRefusedError) as wrong:
            return _no(str(wrong))
        if given.get("passing"):
            await self._pass_to(offset)
        clock.move_to(offset)
        return web.json_response({"ok": True, "offset": offset, "now": clock.unix()})

    async def _pass_to(self, offset: float) -> None:
        """Stops at each moment that the app has announced to anyone: it does on the way what falls due there."""
        clock, people = self._backend.clock, self._backend.workspace.users
        for _ in range(MOST_STOPS):
            await self._look_at_home(*self._backend.workspace.ims)
            announced = [next_check_in(self._backend, user) for user in people]
            stop = min((unix for unix in announced if unix is not None), default=None)
            if stop is None or stop - real_unix() >= offset:
                return
            clock.move_to(stop - real_unix())
            await asyncio.sleep(BREATH_SECONDS)

    async def _look_at_home(self, *people: str) -> None:
        """They open Home, where it stands what comes next: an app need not keep up what nobody has opened for long."""
        workspace, up_to_date = self._backend.workspace, asyncio.Event()
        waiting = {person for person in people if workspace.home(person) is not None}

        def follower(change: Change) -> None:
            if change.kind == "view":
                waiting.discard(change.user or "")
            if not waiting:
                up_to_date.set()

        unfollow = workspace.follow(follower)
        try:
            for person in people:
                self.acts.home(person)
            with suppress(TimeoutError):
                await asyncio.wait_for(up_to_date.wait(), HOME_SECONDS if waiting else 0)
        finally:
            unfollow()

    def _wanted_offset(self, given: Json) -> float:
        clock = self._backend.clock
        if "offset" in given:
            return float(given["offset"])
        if "forward" in given:
            return clock.offset + float(given["forward"])
        if "to" in given:
            moment = datetime.fromisoformat(given["to"])
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=ZoneInfo(self.acts.person(given.get("user", "UMAYA0001")).tz))
            return moment.timestamp() - real_unix()
        if "next_check_in" in given:
            user = self.acts.person(given["next_check_in"])
            moment_unix = next_check_in(self._backend, user.id)
            if moment_unix is None:
                raise ValueError("no check-in is to come")
            return moment_unix - real_unix()
        raise ValueError("say offset, forward, to or next_check_in")

    async def _faults(self, _: web.Request) -> web.Response:
        return web.json_response({"faults": [fault.model_dump() for fault in self._backend.faults.pending()]})

    async def _add_fault(self, request: web.Request) -> web.Response:
        try:
            self._backend.faults.add(Fault.model_validate(await _body(request)))
        except ValidationError as wrong:
            return _no(str(wrong))
        return web.json_response({"ok": True})

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._backend.faults.clear()
        return web.json_response({"ok": True})

    async def _sockets(self, _: web.Request) -> web.Response:
        return web.json_response({"connections": self._backend.sockets.connections})

    async def _drop_sockets(self, _: web.Request) -> web.Response:
        await self._backend.sockets.drop()
        return web.json_response({"ok": True})

    async def _silence_sockets(self, _: web.Request) -> web.Response:
        await self._backend.sockets.silence()
        return web.json_response({"ok": True})

    async def _warn_sockets(self, request: web.Request) -> web.Response:
        await self._backend.sockets.warn((await _body(request)).get("reason", "refresh_requested"))
        return web.json_response({"ok": True})

    async def _again(self, _: web.Request) -> web.Response:
        await self._start_over()
        return web.json_response({"ok": True})

    async def _settle(self, _: web.Request) -> web.Response:
        """Answers when every event has had the app's first answer, or none."""
        await self._backend.events.settled()
        return web.json_response({"ok": True})

    async def _verify(self, _: web.Request) -> web.Response:
        """Whether the app's request URL answers Slack's challenge; true over Socket Mode."""
        line = self._backend.line
        seconds = self._backend.settings.ack_seconds
        verified = not isinstance(line, SignedHttp) or await line.verified(seconds)
        return web.json_response({"ok": True, "verified": verified})

    async def _calls(self, _: web.Request) -> web.Response:
        return web.json_response(self._backend.calls.summary())

    async def _forget_calls(self, _: web.Request) -> web.Response:
        self._backend.calls.clear()
        return web.json_response({"ok": True})

    async def _file(self, request: web.Request) -> web.Response:
        """What the page links to; people have no token."""
        file = self._backend.workspace.files.get(request.match_info["file"])
        if file is None:
            return _no("there is no such file", 404)
        # A shared file is never a page of ours, whatever it claims to be.
        shown = "text/plain" if file.mimetype.startswith("text/") else "application/octet-stream"
        headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.data, content_type=shown, headers=headers)


async def _body(request: web.Request) -> Json:
    try:
        body = read_json(await request.text() or "{}")
    except ValueError as wrong:
        raise web.HTTPBadRequest(text="the body is not JSON") from wrong
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="the body is not an object")
    return body


def _no(reason: str, status: int = 400) -> web.Response:
    return web.json_response({"ok": False, "error": reason}, status=status)
