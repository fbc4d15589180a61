"""Several workspaces behind one address, in the test's own process; each is a playground as strict as any.

The first is a whole playground, with sockets, a clock and a page; the others answer the Web API. Every bot has an
address of its own, so that it is known who calls.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot import manifest
from playground.api.endpoint import Endpoint
from playground.backend import Backend
from playground.faults import Fault
from playground.server import Playground
from playground.settings import PlaygroundSettings
from playground.workspace import TEAM_ID, Message, crowd_id

OnCall = Callable[[str, str], Awaitable[bool]]
"""Given the bot's name and the method; False when the call, or its answer, gets lost."""


class Place:
    """One workspace of the town, as the database and the Web API know it."""

    def __init__(self, team_id: str, backend: Backend) -> None:
        self.team_id = team_id
        self.backend = backend

    @property
    def token(self) -> str:
        return self.backend.settings.bot_token

    @property
    def crowd(self) -> list[str]:
        return [crowd_id(number + 1) for number in range(self.backend.settings.crowd)]

    def channel_of(self, user: str) -> str:
        return self.backend.workspace.open_im(user).id

    def heard_by(self, user: str) -> list[Message]:
        """What the app said to a person."""
        channel = self.backend.workspace.open_im(user)
        return [message for message in channel.messages.values() if message.is_bot]


class Town:
    def __init__(self, playground: Playground, others: list[Backend]) -> None:
        self.playground = playground
        self.places = [Place(TEAM_ID, playground.backend)]
        self.places += [Place(f"T{number:05}", backend) for number, backend in enumerate(others, start=2)]
        self.url = ""
        self.before_call: OnCall = _nothing
        self.after_call: OnCall = _nothing
        self._doors = {place.token: Endpoint(place.backend) for place in self.places}

    @property
    def people(self) -> list[tuple[Place, str]]:
        return [(place, user) for place in self.places for user in place.crowd]

    def settings_of(self, bot: str) -> dict[str, str]:
        """What points a bot at the town."""
        given = self.playground.settings
        return {
            "SLACK_BOT_TOKEN": given.bot_token,
            "SLACK_APP_TOKEN": given.app_token,
            "SLACK_API_URL": f"{self.url}/{bot}/api/",
            "BUDDY_CLOCK_URL": self.playground.clock_url,
        }

    def reached(self) -> int:
        """How many have heard of the app at all."""
        return sum(bool(place.heard_by(user)) for place, user in self.people)

    def calls(self, method: str) -> list[Any]:
        """What was asked of Slack, wherever."""
        entries = [entry for place in self.places for entry in place.backend.calls.summary()["calls"]]
        return [entry for entry in entries if entry["name"] == method]

    def fault(self, **fault: Any) -> None:
        """In every workspace the same kind of trouble; with a `seed`, at other calls in each."""
        seed = int(fault.pop("seed", 0))
        for number, place in enumerate(self.places):
            place.backend.faults.add(Fault(**fault, seed=seed + number))

    def clear_faults(self) -> None:
        for place in self.places:
            place.backend.faults.clear()

    async def call(self, request: web.Request) -> web.StreamResponse:
        bot, method = request.match_info["bot"], request.match_info["method"]
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not await self.before_call(bot, method):
            return _cut(request)
        response = await self._doors.get(token, self._doors[self.places[0].token]).handle(request)
        return response if await self.after_call(bot, method) else _cut(request)


@asynccontextmanager
async def town(workspaces: int, crowd: int) -> AsyncIterator[Town]:
    """So many workspaces with a crowd in each."""
    settings = PlaygroundSettings(port=0, manifest=manifest.read(), crowd=crowd)
    playground = Playground(settings)
    others = [Backend(_elsewhere(settings, number), playground.clock) for number in range(2, workspaces + 1)]
    here = Town(playground, others)
    application = web.Application()
    application.router.add_route("*", "/{bot}/api/{method}", here.call)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await playground.start()
    try:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        here.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield here
    finally:
        await runner.cleanup()
        for backend in others:
            await backend.events.stop()
        await playground.stop()


def _elsewhere(settings: PlaygroundSettings, number: int) -> PlaygroundSettings:
    """A workspace that answers, but has no socket on which to tell the app anything."""
    mute = {**settings.manifest, "settings": {**settings.manifest["settings"], "event_subscriptions": {}}}
    return settings.model_copy(update={"bot_token": f"xoxb-playground-{number}", "manifest": mute})


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def _nothing(_bot: str, _method: str) -> bool:
    """No trouble."""
    return True
