"""/healthz: whether each part works, looked at now."""

from collections.abc import Callable
from typing import Final

from aiohttp import web

from bot.clock import Clock
from bot.storage.database import Database, StorageError, within

PATIENCE: Final = 3.0
"""Seconds for the database."""

STUCK: Final = 180.0
"""Seconds since the scheduler last looked, which it does at least each minute, or since sending last went well."""

OK: Final = "ok"


class Health:
    """`report()` says of each part "ok", or what is the matter. `socket` is None where Slack calls us."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        since_look: Callable[[], float],
        in_trouble_for: Callable[[], float],
        socket: Callable[[], str] | None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._since_look = since_look
        self._in_trouble_for = in_trouble_for
        self._socket = socket

    async def report(self) -> dict[str, str]:
        parts = {
            "database": await self._of_database(),
            "scheduler": OK if self._since_look() < STUCK else "stuck",
            "sending": OK if self._in_trouble_for() < STUCK else "in trouble",
        }
        if self._socket is not None:
            state = self._socket()
            parts["socket"] = OK if state == "connected" else state
        return parts

    async def answer(self, _request: web.Request) -> web.Response:
        """200 when all is well, else 503; `now` is product time, which in the playground is another than ours."""
        parts = await self.report()
        well = all(state == OK for state in parts.values())
        now = self._clock.now().isoformat(timespec="seconds")
        return web.json_response({"ok": well, **parts, "now": now}, status=200 if well else 503)

    async def _of_database(self) -> str:
        try:
            await within(PATIENCE, self._look())
        except TimeoutError:
            return "slow"
        except (StorageError, OSError):
            return "does not answer"
        return OK

    async def _look(self) -> None:
        async with self._database.read() as tx:
            await tx.backlog.installations(self._clock.machine_now())
