"""The composition root: makes everything, connects it, starts it and stops it in order."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from functools import partial
from math import ceil
from secrets import token_hex
from typing import Final, cast

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.clock import Clock
from bot.config import EVENTS_PATH, HEALTH_PATH, METRICS_PATH, ONE_WORKSPACE, Mode, Settings, SettingsError
from bot.delivery.dispatcher import CONNECTIONS
from bot.delivery.lean_client import LeanClient
from bot.delivery.limits import Limits
from bot.delivery.outbox import Outbox
from bot.delivery.wire import Wire
from bot.directory import Directory
from bot.health import Health
from bot.metrics import Metrics
from bot.rendering import copy
from bot.services import Services, understanding
from bot.services.work import Units
from bot.storage import migrate
from bot.storage.database import Database, StorageError
from bot.storage.types import FernetCipher
from handlers.desk import KNOWN, Desk
from handlers.endpoint import Endpoint
from handlers.socket_mode import SocketMode, State
from scheduler.jobs import Jobs
from scheduler.wakeups import Wakeups

HOST: Final = "0.0.0.0"  # noqa: S104  # Slack, or a container's health check, comes from outside

log = structlog.get_logger(__name__)

FOR_REPLIES: Final = 50
"""Connections to Slack that what was scheduled leaves free for those who wait for an answer."""

ACK_WITHIN: Final = 3.0
"""Seconds that Slack waits for an ack."""


STOP_WITHIN: Final = 7.0
"""Seconds for a stop, with some to spare: supervisors kill after ten."""

LEAST_FOR_SENDING: Final = 2.0

LOOK: Final = 30.0
"""Seconds between two looks whether a newer version has been at the database."""


class Buddy:
    """The bot, from `start()` to `stop()`; `wait()` returns when it was stopped.

    Raises what slack_sdk raises when Slack cannot be had, what the driver raises when the database cannot, and
    SettingsError, WrongKeys or NewerDatabaseError when the token is that of a whole organization, or the database is
    not for us.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._exits = AsyncExitStack()
        self._stop_by = 0.0
        self._database = Database(settings.database_url, FernetCipher(settings.encryption_keys))
        self._limits = Limits(
            a_minute=settings.buddy_messages_a_minute,
            a_second=settings.buddy_messages_a_second,
            lease=timedelta(seconds=settings.buddy_lease_seconds),
            call=settings.buddy_call_seconds,
        )
        self.units = Units(self._database, clock, owner=token_hex(8), lease=self._limits.lease)
        self.services = Services.over(self.units)
        self._socket: SocketMode | None = None

    async def start(self) -> None:
        self._exits.push_async_callback(self._database.close)
        await asyncio.to_thread(migrate.upgrade, self._settings.database_url)
        await self._database.try_keys()
        await asyncio.to_thread(understanding.warm_up)
        self._exits.push_async_callback(self._clock.stop)
        await self._clock.start()
        if self._settings.slack_is_real and not self._settings.encryption_keys:
            log.warning("BUDDY_ENCRYPTION_KEYS is not set: what members write is stored as plain text")
        session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._limits.call),
            connector=aiohttp.TCPConnector(limit=FOR_REPLIES),
        )
        wire = Wire(CONNECTIONS + FOR_REPLIES)
        self._exits.push_async_callback(wire.close)
        client_for = partial(self._client, await self._exits.enter_async_context(session), wire)
        token = self._settings.slack_bot_token
        client = client_for(token.get_secret_value() if token else None)
        await self._install(client)
        directory = Directory(self.services.members, self.services.workspaces, client_for)
        self.outbox = Outbox(self.units, directory, self._limits)
        self._exits.push_async_callback(self._finish_sending)
        await self.outbox.start()
        self._jobs = Jobs(self.services, self.outbox)
        wakeups = Wakeups(self._jobs, self._clock, self._limits.lease)
        self.units.on_said = self.outbox.send
        self.units.on_change = wakeups.look_again
        bolt = self._bolt(client)
        desk = Desk(bolt, self.services, directory, self._settings.buddy_command_prefix)
        handlers.register(desk)
        self._exits.push_async_callback(wakeups.stop)
        await wakeups.start()
        self._exits.push_async_callback(desk.stop)
        by_socket = self._settings.mode is Mode.SOCKET
        socket = self._socket_state if by_socket else None
        health = Health(
            self._database,
            self._clock,
            since_look=wakeups.since_look,
            in_trouble_for=self.outbox.in_trouble_for,
            socket=socket,
        )
        metrics = Metrics(
            self._database,
            self._clock,
            counts=lambda: self.outbox.counts,
            since_look=wakeups.since_look,
            socket=socket,
        )
        metrics.lag.start()
        self._exits.push_async_callback(metrics.lag.stop)
        await self._listen(bolt, health, metrics)
        if by_socket:
            await self._connect(bolt, client, metrics)

    async def stop(self) -> None:
        """Takes nothing new, finishes what is being sent, lets go of everything. What is left are rows."""
        self._stop_by = asyncio.get_running_loop().time() + STOP_WITHIN
        await self._exits.aclose()

    async def _finish_sending(self) -> None:
        """With the time that those who stopped before have left of what a stop may take."""
        await self.outbox.stop(max(self._stop_by - asyncio.get_running_loop().time(), LEAST_FOR_SENDING))

    async def outgrown(self) -> None:
        """Returns when a newer version has changed the database, and we had better stop: what we write may not be what
        belongs there any more, or not be taken. Looks twice in a lease."""
        wait = min(LOOK, self._limits.lease.total_seconds() / 2)
        is_newer = False
        while not is_newer:
            await asyncio.sleep(wait)
            with suppress(StorageError, OSError):  # it does not answer at the moment
                is_newer = await migrate.is_newer(self._database)

    async def settle(self) -> None:
        """Returns when what is due at this moment was opened and sent."""
        await self._jobs.catch_up()
        await self.outbox.idle()

    def _client(self, session: aiohttp.ClientSession, wire: Wire, token: str | None) -> LeanClient:
        """Speaks with a token. It never retries by itself, and shares the connections."""
        return LeanClient(
            wire,
            token=token,
            base_url=self._settings.slack_api_url or AsyncWebClient.BASE_URL,
            session=session,
            timeout=ceil(self._limits.call),
            retry_handlers=[],
        )

    async def _install(self, client: AsyncWebClient) -> None:
        """The workspace of the token in the settings; those added by command are rows already."""
        answer = await client.auth_test()
        if answer.get("is_enterprise_install"):
            raise SettingsError(ONE_WORKSPACE)
        await self.services.workspaces.install(
            team_id=answer["team_id"],
            name=answer.get("team", ""),
            bot_token=client.token or "",
            bot_user_id=answer["user_id"],
            bot_id=answer.get("bot_id"),
        )

    def _bolt(self, client: AsyncWebClient) -> AsyncApp:
        secret = self._settings.slack_signing_secret
        return AsyncApp(
            client=AsyncWebClient(base_url=client.base_url, session=client.session, retry_handlers=[]),
            signing_secret=secret.get_secret_value() if secret else None,
            request_verification_enabled=self._settings.mode is Mode.HTTP,
            authorize=self._authorize(),
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            user_facing_authorize_error_message=copy.NOT_INSTALLED,
        )

    def _authorize(self) -> Callable[..., Awaitable[AuthorizeResult]]:
        """What Bolt asks for a request's workspace. It fills in arguments by name, and so cannot take a method.

        Whoever acts is read along, for the desk.
        """

        async def authorize(
            context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None, user_id: str | None
        ) -> AuthorizeResult | None:
            try:
                known = await self.services.members.known(team_id or "", user_id or "")
            except LookupError:
                return None  # Bolt then answers that the app is to be installed
            context[KNOWN], workspace = known, known.workspace
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_token=workspace.bot_token,
                bot_id=workspace.bot_id,
                bot_user_id=workspace.bot_user_id,
            )

        return cast("Callable[..., Awaitable[AuthorizeResult]]", authorize)

    async def _listen(self, bolt: AsyncApp, health: Health, metrics: Metrics) -> None:
        """/healthz and /metrics in both modes; Slack's requests at /slack/events when it calls us."""
        server = web.Application()
        if self._settings.mode is Mode.HTTP:
            secret = self._settings.slack_signing_secret
            endpoint = Endpoint(
                bolt, secret.get_secret_value() if secret else "", metrics.acked, self.units.courtesy.serving
            )
            server.router.add_post(EVENTS_PATH, endpoint.handle)
        server.router.add_get(HEALTH_PATH, health.answer)
        server.router.add_get(METRICS_PATH, metrics.answer)
        runner = web.AppRunner(server, access_log=None, shutdown_timeout=ACK_WITHIN)
        self._exits.push_async_callback(runner.cleanup)
        await runner.setup()
        await web.TCPSite(runner, HOST, self._settings.port).start()

    async def _connect(self, bolt: AsyncApp, client: AsyncWebClient, metrics: Metrics) -> None:
        token = self._settings.slack_app_token
        serving = self.units.courtesy.serving
        socket = SocketMode(
            bolt, token.get_secret_value() if token else "", client, took=metrics.acked, serving=serving
        )
        self._exits.push_async_callback(socket.close_async)
        await socket.connect_async()
        self._socket = socket

    def _socket_state(self) -> str:
        return self._socket.state if self._socket is not None else State.NOT_CONNECTED
