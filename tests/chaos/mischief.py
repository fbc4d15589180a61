"""When a process dies: moments that a seed chooses, most of them the worst there are."""

import asyncio
from enum import StrEnum
from random import Random
from typing import Final

from tests.chaos.fleet import Fleet
from tests.chaos.town import Town

MESSAGES: Final = frozenset({"chat.postMessage", "chat.update"})
OUT_OF_STEP: Final = 0.1
"""Seconds within which somebody dies who is not in a call just then: while it claims, or writes down."""


class Death(StrEnum):
    CALL_LOST = "before its message reaches Slack"
    ANSWER_LOST = "when Slack has its message, and it does not know"
    WHENEVER = "at any other moment"


class Killer:
    """Kills `times`, spread over the next `among` messages and changes of messages.

    Each time the process is started again at once.
    """

    def __init__(self, fleet: Fleet, town: Town, random: Random, times: int, among: int) -> None:
        self._fleet = fleet
        self._random = random
        self._moments = sorted(random.sample(range(2, among), times))
        self._calls = 0
        self._after: set[str] = set()
        self._running: set[asyncio.Task[None]] = set()
        town.before_call = self._before
        town.after_call = self._answering

    @property
    def is_done(self) -> bool:
        return not self._moments and not self._running and not self._after

    async def _before(self, bot: str, method: str) -> bool:
        if method not in MESSAGES:
            return True
        self._calls += 1
        if not self._moments or self._calls < self._moments[0]:
            return True
        self._moments.pop(0)
        match self._random.choice(list(Death)):
            case Death.CALL_LOST:
                await self._restart(bot)
                return False
            case Death.ANSWER_LOST:
                self._after.add(bot)
            case Death.WHENEVER:
                someone = self._random.choice(self._fleet.names or [bot])
                self._restart(someone, after=self._random.random() * OUT_OF_STEP)
        return True

    async def _answering(self, bot: str, method: str) -> bool:
        if method not in MESSAGES or bot not in self._after:
            return True
        self._after.discard(bot)
        await self._restart(bot)
        return False

    def _restart(self, name: str, after: float = 0.0) -> "asyncio.Task[None]":
        """Counts as running from now on, so that nobody takes it for done in the meantime."""

        async def restart() -> None:
            await asyncio.sleep(after)
            await self._fleet.restart(name)

        task = asyncio.create_task(restart())
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._running.discard(task)
        task.result()  # a kill that went wrong is said loudly
