"""Slack's requests over Socket Mode, handed to Bolt, over a line that is renewed whenever it is lost.

The SDK's client is known to fall silent when it renews its own connection (bolt-python #417, #1529), and goes by the
wall clock, which jumps. So here a client has one connection in its life; when that is lost, for whatever reason,
another takes its place, and the old one is let go once what it had at hand is acked.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from enum import StrEnum
from typing import Any, Final

import structlog
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

SILENCE: Final = 30.0
"""Seconds without a frame after which a line is lost. We ping three times in that time, and Slack pings too."""

LOOK: Final = 1.0
"""Seconds between two looks at the line."""

CONNECT: Final = 20.0
"""Seconds for a new connection."""

LONGEST_PAUSE: Final = 2
"""Times `silence`, between two new connections, when one after the other is lost."""

LAST: Final = 3.0
"""Seconds for what is at hand: Slack waits no longer."""

GOODBYE: Final = 1.0
"""Seconds for a connection to be closed politely."""

log = structlog.get_logger(__name__)


class State(StrEnum):
    CONNECTED = "connected"
    SILENT = "silent"
    NOT_CONNECTED = "not connected"


class Frames(ClientWebSocketResponse):
    """A connection that remembers when it last heard something, on the event loop's clock, which never jumps."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  # aiohttp's own
        super().__init__(*args, **options)
        self.heard_at = asyncio.get_running_loop().time()

    async def receive(self, timeout: float | None = None) -> Any:  # noqa: ANN401, ASYNC109  # aiohttp's own
        message = await super().receive(timeout)
        if not self.closed:
            self.heard_at = asyncio.get_running_loop().time()
        return message


class Line(SocketModeClient):
    """The SDK's client for one connection: where it would make another, it says that it is `lost`."""

    def __init__(self, app_token: str, web_client: AsyncWebClient, ping_interval: float) -> None:
        super().__init__(app_token=app_token, web_client=web_client, ping_interval=ping_interval)
        self.lost = asyncio.Event()
        self._at_hand = 0
        self._nothing_at_hand = asyncio.Event()
        self._nothing_at_hand.set()

    async def open(self) -> None:
        """Connects. Raises TimeoutError."""
        plain, self.aiohttp_client_session = self.aiohttp_client_session, ClientSession(ws_response_class=Frames)
        await plain.close()
        async with asyncio.timeout(CONNECT):
            await self.connect()

    @property
    def is_open(self) -> bool:
        return self.current_session is not None and not self.current_session.closed

    @property
    def silent_for(self) -> float:
        """Seconds since something was heard."""
        session = self.current_session
        return asyncio.get_running_loop().time() - session.heard_at if isinstance(session, Frames) else 0.0

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Something is being handled that will be acked over this line."""
        self._at_hand += 1
        self._nothing_at_hand.clear()
        try:
            yield
        finally:
            self._at_hand -= 1
            if self._at_hand == 0:
                self._nothing_at_hand.set()

    async def let_go(self) -> None:
        """Otherwise a handler could save, and its ack find no line: harmless, but Slack would send it all again."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._nothing_at_hand.wait(), LAST)
        with suppress(TimeoutError, ClientError, OSError):
            await asyncio.wait_for(self.disconnect(), GOODBYE)
        await self.close()

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  # the SDK's
        self.lost.set()

    async def is_ping_pong_failing(self) -> bool:
        """Not for the SDK to say: it would go by the wall clock."""
        return False


class SocketMode(AsyncSocketModeHandler):
    """`connect_async()`, `close_async()`, and `state` in between. `took` is told the seconds from a request to its ack,
    and `serving` is entered while somebody waits for it.

    `silence` is in seconds.
    """

    client: Line

    def __init__(
        self,
        bolt: AsyncApp,
        app_token: str,
        web_client: AsyncWebClient,
        *,
        took: Callable[[float], None] = lambda _seconds: None,
        serving: Callable[[], AbstractContextManager[None]] = nullcontext,
        silence: float = SILENCE,
    ) -> None:
        # Not Bolt's own __init__, which makes a client of the kind that renews itself.
        self.app = bolt
        self.app_token = app_token
        self._web_client = web_client
        self._took = took
        self._serving = serving
        self._silence = silence
        self._closing = False
        self._keeping: asyncio.Task[None] | None = None
        self._let_go: set[asyncio.Task[None]] = set()

    @property
    def state(self) -> State:
        if not self.client.is_open:
            return State.NOT_CONNECTED
        return State.SILENT if self.client.silent_for > self._silence else State.CONNECTED

    async def handle(self, client: Line, req: SocketModeRequest) -> None:  # type: ignore[override]  # as in Bolt
        if self._closing:
            return  # not acked, so it comes again
        time = asyncio.get_running_loop().time
        began = time()
        with client.at_hand(), self._serving():
            await super().handle(client, req)
        self._took(time() - began)

    async def connect_async(self) -> None:
        """Raises TimeoutError."""
        self.client = await self._new_line()
        self._keeping = asyncio.create_task(self._keep(), name="socket")

    async def close_async(self) -> None:
        self._closing = True
        if self._keeping is None:
            return
        self._keeping.cancel()
        await asyncio.gather(self._keeping, self.client.let_go(), *self._let_go, return_exceptions=True)

    async def _new_line(self) -> Line:
        line = Line(self.app_token, self._web_client, ping_interval=self._silence / 3)
        line.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]  # as in Bolt
        try:
            await line.open()
        except BaseException:
            await line.let_go()
            raise
        return line

    async def _keep(self) -> None:
        """Renews the line: at once the first time, and with growing pauses while none lasts."""
        time = asyncio.get_running_loop().time
        short_lived = 0
        while True:
            began = time()
            await self._until_lost()
            short_lived = short_lived + 1 if time() - began < 2 * self._silence else 0
            log.info("the socket is lost", state=self.state, short_lived=short_lived)
            await asyncio.sleep(self._silence * pause(short_lived) * random.uniform(0.5, 1))  # noqa: S311  # spread
            await self._renew()

    async def _until_lost(self) -> None:
        while self.state is State.CONNECTED and not self.client.lost.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self.client.lost.wait(), min(LOOK, self._silence / 3))

    async def _renew(self) -> None:
        """The new one first: so nobody who clicks finds nobody there."""
        try:
            line = await self._new_line()
        except TimeoutError:
            log.warning("Slack gives no new socket")
            return
        except Exception:
            log.exception("no new socket")
            return
        old, self.client = self.client, line
        letting_go = asyncio.create_task(old.let_go())
        self._let_go.add(letting_go)
        letting_go.add_done_callback(self._let_go.discard)


def pause(short_lived: int) -> float:
    """Before a line is renewed after so many that did not last: in times of silence."""
    return min(2.0 ** min(short_lived, 10) / 30, LONGEST_PAUSE) if short_lived > 1 else 0.0
