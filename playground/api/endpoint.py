"""/api/<method> over HTTP: bodies, tokens, faults, Slack's envelope of answers."""

import asyncio

from aiohttp import web

from playground.api import METHODS
from playground.api.registry import Call, Method, read_arguments
from playground.backend import Backend
from playground.clock import monotonic
from playground.errors import SlackError
from playground.faults import Fault
from playground.wire import read_json
from playground.workspace import Json


class Endpoint:
    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def handle(self, request: web.Request) -> web.StreamResponse:
        started = monotonic()
        name = request.match_info["method"]
        fault = self._backend.faults.take(name)
        if fault is not None and fault.kind in {"ratelimited", "http_500", "drop_connection"}:
            self._log(name, started, {"ok": False, "error": fault.kind})
            return refuse_by(fault, request)
        given = await _given(request)  # what has arrived is carried out, whether or not anybody waits for the answer
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        answer = self._answer(name, given, request.headers.get("Authorization", ""))
        self._log(name, started, answer)
        if fault is not None and fault.kind == "timeout_after_accept":
            await asyncio.sleep(fault.seconds)
            return _cut(request)
        headers = {"X-OAuth-Scopes": ",".join(sorted(self._backend.app.scopes))}
        if "retry_after" in answer:
            headers["Retry-After"] = str(answer.pop("retry_after"))
            return web.json_response(answer, status=429, headers=headers)
        return web.json_response(answer, headers=headers)

    def _answer(self, name: str, given: Json | SlackError, authorization: str) -> Json:
        try:
            if isinstance(given, SlackError):
                raise given
            method = _known(name)
            if name != "api.test":
                self._authorize(method, given, authorization)
            call = Call(self._backend, read_arguments(method, given))
            if self._backend.rates is not None:
                self._backend.rates.pass_or_refuse(name, self._one_name(call["channel"]))
            call.need(*method.scopes)
            return {"ok": True, **method.answer(call)}
        except SlackError as error:
            return error_json(error)

    def _one_name(self, channel: str | None) -> str | None:
        """The same for a person and for their DM."""
        place = self._backend.workspace.channels.get(channel or "")
        if place is None or place.kind != "im":
            return channel
        return min(place.members - {self._backend.app.user_id})

    def _authorize(self, method: Method, given: Json, authorization: str) -> None:
        """Raises not_authed, invalid_auth, not_allowed_token_type, account_inactive."""
        token = authorization.removeprefix("Bearer ").strip() or str(given.get("token") or "")
        settings = self._backend.settings
        wanted, other = settings.bot_token, settings.app_token
        if method.app_token:
            wanted, other = other, wanted
        if not token:
            raise SlackError("not_authed")
        if token == other:
            raise SlackError("not_allowed_token_type")
        if token != wanted:
            raise SlackError("invalid_auth")
        if not self._backend.workspace.installed and not method.app_token:
            raise SlackError("account_inactive")

    def _log(self, name: str, started: float, answer: Json) -> None:
        detail = tuple((answer.get("response_metadata") or {}).get("messages") or ())
        self._backend.calls.add(
            "api", name, ok=answer["ok"], error=answer.get("error"), ms=(monotonic() - started) * 1000, detail=detail
        )


def _known(name: str) -> Method:
    if name not in METHODS:
        raise SlackError("unknown_method")
    return METHODS[name]


def error_json(error: SlackError) -> Json:
    answer: Json = {"ok": False, "error": error.code}
    if error.needed is not None:
        answer |= {"needed": error.needed, "provided": error.provided}
    if error.retry_after is not None:
        answer["retry_after"] = error.retry_after
    if error.messages:
        answer["response_metadata"] = {"messages": list(error.messages)}
        if error.code in {"invalid_blocks", "msg_blocks_too_long"}:
            answer["errors"] = list(error.messages)
    return answer


def refuse_by(fault: Fault, request: web.Request) -> web.StreamResponse:
    """The answer, or the lack of one, of a fault that strikes before anything is done."""
    if fault.kind == "ratelimited":
        answer = {"ok": False, "error": "ratelimited"}
        return web.json_response(answer, status=429, headers={"Retry-After": str(fault.retry_after)})
    if fault.kind == "http_500":
        return web.Response(status=500, text="Internal Server Error")
    return _cut(request)


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def _given(request: web.Request) -> Json | SlackError:
    """Query and body as one; what is wrong with them, if something is."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = read_json(await request.text() or "{}")
        except ValueError:
            return SlackError("invalid_json")
        if not isinstance(body, dict):
            return SlackError("json_not_object")
        return given | body
    form = await request.post()
    return given | dict(form)
