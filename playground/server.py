"""The playground as one object: `await start()`, talk to it, `await stop()`."""

from aiohttp import web

from playground.clock import PlaygroundClock
from playground.settings import PlaygroundSettings
from playground.workspace import App, Workspace


class Playground:
    """A stand-in Slack workspace on one port.

    >>> playground = Playground(PlaygroundSettings(manifest=manifest, port=0))
    >>> await playground.start()
    >>> AsyncWebClient(token=playground.settings.bot_token, base_url=playground.api_url)
    """

    def __init__(self, settings: PlaygroundSettings) -> None:
        self.settings = settings
        self.clock = PlaygroundClock()
        self.workspace = Workspace(App.from_manifest(settings.manifest), self.clock)
        self._runner: web.AppRunner | None = None
        self._port = settings.port

    async def start(self) -> None:
        """Raises OSError when the port is taken."""
        application = web.Application()
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.settings.host, self.settings.port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

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
