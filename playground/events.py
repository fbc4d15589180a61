"""What the app is told: events it subscribed to, with Slack's retries, and what people do to its messages and views."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Literal

from playground.calls import CallLog
from playground.clock import monotonic
from playground.line import Ack, Line, Parcel
from playground.settings import PlaygroundSettings
from playground.workspace import TEAM_ID, Json, JsonValue, Workspace, new_id

EVENT_SCOPES = {
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.mpim": "mpim:history",
    "user_change": "users:read",
    "team_join": "users:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "file_shared": "files:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "channel_archive": "channels:read",
    "channel_rename": "channels:read",
    "app_mention": "app_mentions:read",
}
"""Subscription -> the scope without which Slack does not send it. Others need none."""


class Events:
    def __init__(self, workspace: Workspace, line: Line, calls: CallLog, settings: PlaygroundSettings) -> None:
        self._workspace = workspace
        self._line = line
        self._calls = calls
        self._settings = settings
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsettled = 0
        self._settled = asyncio.Event()
        self._settled.set()

    def tell(self, kind: str, **event: JsonValue) -> None:
        """An event of this type, now. The same as `emit`."""
        self.emit(kind, {"type": kind, **event, "event_ts": self._workspace.next_ts()})

    def emit(self, subscription: str, event: Json) -> None:
        """Sends `event` if the manifest subscribes to it and the scopes allow; returns at once."""
        app = self._workspace.app
        scope = EVENT_SCOPES.get(subscription)
        if subscription not in app.events or (scope is not None and scope not in app.scopes):
            return
        if not self._workspace.installed and subscription not in {"app_uninstalled", "tokens_revoked"}:
            return
        payload = {
            "token": "playground",
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(self._workspace.clock.unix()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM_ID,
                    "user_id": app.user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{new_id('E')}",
        }
        self._begin(self._deliver(subscription, payload))

    async def _deliver(self, name: str, payload: Json) -> None:
        """Once, and after each of the retry delays until the app acknowledges."""
        ack = await self._attempt(name, Parcel("events_api", payload))
        self._one_settled()
        for number, delay in enumerate(self._settings.retry_after_seconds, start=1):
            if ack.error is None or ack.no_retry:
                return
            await asyncio.sleep(delay)
            reason = f"http_{ack.error}" if self._settings.request_url and ack.error == "timeout" else ack.error
            ack = await self._attempt(name, Parcel("events_api", payload, retry_attempt=number, retry_reason=reason))

    async def _attempt(self, name: str, parcel: Parcel) -> Ack:
        return await self._timed("event", name, parcel)

    async def ask(self, name: str, parcel: Parcel) -> Ack:
        """Hands an interaction or a command to the app. These are never repeated."""
        return await self._timed("interaction", name, parcel)

    async def _timed(self, kind: Literal["event", "interaction"], name: str, parcel: Parcel) -> Ack:
        started = monotonic()
        ack = await self._line.deliver(parcel, self._settings.ack_seconds)
        self._calls.add(
            kind,
            name,
            ok=ack.error is None,
            acked=ack.error is None,
            error=ack.error,
            ms=(monotonic() - started) * 1000,
            attempt=parcel.retry_attempt,
        )
        return ack

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._unsettled += 1
        self._settled.clear()
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _one_settled(self) -> None:
        self._unsettled -= 1
        if self._unsettled == 0:
            self._settled.set()

    async def settled(self) -> None:
        """Returns when no event waits for the app's first answer."""
        await self._settled.wait()

    async def stop(self) -> None:
        """Forgets what is still to be retried."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._unsettled = 0
        self._settled.set()
