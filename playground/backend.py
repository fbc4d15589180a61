"""Everything behind the port, put together."""

from playground.calls import CallLog
from playground.clock import PlaygroundClock
from playground.errors import SlackError
from playground.events import Events
from playground.faults import Faults
from playground.messages import Messages
from playground.rates import Rates
from playground.response_urls import ResponseUrls
from playground.settings import PlaygroundSettings
from playground.signed_http import SignedHttp
from playground.socket_mode import SocketMode
from playground.triggers import Triggers
from playground.views import Views
from playground.workspace import App, Channel, Workspace


class Backend:
    def __init__(self, settings: PlaygroundSettings, clock: PlaygroundClock) -> None:
        self.settings = settings
        self.clock = clock
        self.app = App.from_manifest(settings.manifest)
        self.workspace = Workspace(self.app, clock, settings.crowd)
        self.calls = CallLog()
        self.faults = Faults()
        self.rates = _rates(settings) if settings.rate_limits else None
        self.sockets = SocketMode(self.app, lambda: self.workspace.changed("sockets"))
        self.line = SignedHttp(settings.request_url, settings.signing_secret) if settings.request_url else self.sockets
        self.events = Events(self.workspace, self.line, self.calls, settings)
        self.messages = Messages(self.workspace, self.events)
        self.views = Views(self.workspace)
        self.triggers = Triggers(settings.trigger_seconds)
        self.response_urls = ResponseUrls(self.workspace, self.messages, self.calls, settings.response_url_seconds)

    def visible_channel(self, channel_id: str) -> Channel:
        """A channel the app may know of: public, or one it is in. Raises channel_not_found."""
        channel = self.workspace.channels.get(channel_id)
        if channel is None or (channel.kind != "channel" and self.app.user_id not in channel.members):
            raise SlackError("channel_not_found")
        return channel


def _rates(settings: PlaygroundSettings) -> Rates:
    return Rates(tiers=settings.tiers, messages_a_minute=settings.messages_a_minute)
