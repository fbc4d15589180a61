"""Bytes: the upload URLs of files.getUploadURLExternal, url_private, and response_url."""

import asyncio

from aiohttp import web

from playground.api.endpoint import error_json, refuse_by
from playground.backend import Backend
from playground.errors import SlackError
from playground.wire import read_json


class SideDoors:
    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/upload/v1/{ticket}", self._upload),
            web.get("/files-pri/{file}/{rest:.+}", self._download),
            *(
                web.post(f"/{kind}/T0PLAYGRND/{{number}}/{{secret}}", self._respond)
                for kind in ("commands", "actions", "app")
            ),
        ]

    async def _upload(self, request: web.Request) -> web.Response:
        file_id = self._backend.workspace.uploads.pop(request.match_info["ticket"], None)
        if file_id is None:
            return web.Response(status=404, text="no such upload")
        if request.content_type == "multipart/form-data":
            form = await request.post()
            part = next((value for value in form.values() if isinstance(value, web.FileField)), None)
            data = part.file.read() if part is not None else b""
        else:
            data = await request.read()
        self._backend.workspace.files[file_id].data = data
        return web.Response(text=f"OK - {len(data)}")

    async def _download(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        file = self._backend.workspace.files.get(request.match_info["file"].partition("-")[2])
        if token != self._backend.settings.bot_token or "files:read" not in self._backend.app.scopes:
            return web.Response(status=403, text="access denied")
        if file is None or not file.complete:
            return web.Response(status=404, text="no such file")
        return web.Response(body=file.data, content_type=file.mimetype)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        fault = self._backend.faults.take("response_url")
        if fault is not None and fault.kind in {"ratelimited", "http_500", "drop_connection"}:
            return refuse_by(fault, request)
        if fault is not None:
            await asyncio.sleep(fault.seconds)
        try:
            body = read_json(await request.text())
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return web.Response(status=400, text="invalid_payload")
        try:
            self._backend.response_urls.use(request.path.removeprefix("/"), body)
        except SlackError as error:
            status = 404 if error.code in {"no_url", "expired_url", "used_url"} else 400
            return web.json_response(error_json(error), status=status)
        return web.Response(text="ok")
