"""The playground as one object: `await start()`, talk to it, `await stop()`."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from aiohttp import web
from yarl import URL

from playground.api.endpoint import Endpoint
from playground.api.scheduled import post_due
from playground.backend import Backend
from playground.clock import PlaygroundClock
from playground.control import Control
from playground.page.routes import add_routes
from playground.settings import PlaygroundSettings
from playground.side_doors import SideDoors
from playground.store import Store
from playground.streams import Streams
from playground.workspace import first_contents

LARGEST_BODY = 64 * 1024 * 1024
OUR_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
ELSEWHERE = frozenset({"cross-site", "same-site"})
"""What browsers say of another page's request; the latter of one on another port of this machine."""
DOING = ("/api/", "/control/")
"""Where something happens, be it by the address of an image. The page itself may be linked to from anywhere."""


@web.middleware
async def only_our_pages(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Any web page can post to localhost; browsers say which one does, and only our own may. Nor does a name help that
    somebody else has pointed at this machine: then their page would be our own."""
    if URL(f"http://{request.host}").host not in OUR_NAMES:
        raise web.HTTPForbidden(text="another machine's name")
    origin = request.headers.get("Origin")
    if origin is not None and URL(origin).authority != request.host:
        raise web.HTTPForbidden(text="another page's request")
    if request.headers.get("Sec-Fetch-Site") in ELSEWHERE and request.path.startswith(DOING):
        raise web.HTTPForbidden(text="another page's request")
    return await handler(request)


class Playground:
    """A stand-in Slack workspace on one port.

    >>> playground = Playground(PlaygroundSettings(manifest=manifest, port=0))
    >>> await playground.start()
    >>> AsyncWebClient(token=playground.settings.bot_token, base_url=playground.api_url)
    """

    def __init__(self, settings: PlaygroundSettings) -> None:
        self.settings = settings
        self.clock = PlaygroundClock()
        self.backend = Backend(settings, self.clock)
        self.workspace = self.backend.workspace
        self.store = Store(settings.state_file, self.workspace)
        self._streams = Streams(self.clock, self.workspace)
        self.control = Control(self.backend, self._streams, self.start_over)
        self._due = asyncio.Event()
        self._timekeeper: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None
        self._port = settings.port
        if self.store.load():
            self.clock.move_to(self.workspace.clock_offset)
        self.workspace.follow(self.store.note)
        self.workspace.follow(lambda change: self._due.set() if change.kind in {"scheduled", "clock"} else None)
        self.clock.follow(self._moved)

    async def start(self) -> None:
        """Raises OSError when the port is taken."""
        application = web.Application(client_max_size=LARGEST_BODY, middlewares=[only_our_pages])
        application.add_routes(
            [
                web.route("*", "/api/{method}", Endpoint(self.backend).handle),
                web.get("/link/", self.backend.sockets.handle),
                web.get("/clock", self._streams.clock),
                *SideDoors(self.backend).routes(),
                *self.control.routes(),
            ]
        )
        add_routes(application, self)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.settings.host, self.settings.port)
        try:
            await site.start()
        except OSError:
            await self.stop()
            raise
        self._port = self._runner.addresses[0][1]
        self.workspace.url = self.url
        self._timekeeper = asyncio.create_task(self._keep_time())

    async def stop(self) -> None:
        """Saves, closes every connection; the app's retries are forgotten."""
        if self._timekeeper is not None:
            self._timekeeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._timekeeper
            self._timekeeper = None
        await self.backend.events.stop()
        self._streams.close()
        await self.backend.sockets.close()
        await self.backend.line.close()
        self.store.save()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def start_over(self) -> None:
        """An empty workspace at the machine's own time; whoever owns the app's database is told to empty it too."""
        await self.backend.events.stop()
        if self.settings.on_start_over is not None:
            await self.settings.on_start_over()
        self.clock.move_to(0.0)
        self.workspace.fill(first_contents(self.backend.app, self.clock, self.settings.crowd))
        self.backend.calls.clear()
        self.backend.faults.clear()
        self.workspace.changed("everything")
        self.store.save()

    @property
    def url(self) -> str:
        """No slash at the end."""
        return f"http://{self.settings.host}:{self._port}"

    @property
    def api_url(self) -> str:
        """What the SDK calls base_url; ends "/api/"."""
        return f"{self.url}/api/"

    @property
    def clock_url(self) -> str:
        return f"{self.url}/clock"

    def _moved(self, offset: float) -> None:
        self.workspace.clock_offset = offset
        self.workspace.changed("clock")

    async def _keep_time(self) -> None:
        """Says scheduled messages when product time gets there."""
        while True:
            self._due.clear()
            coming = post_due(self.backend)
            wait = None if coming is None else max(0.0, coming - self.clock.unix())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), wait)
