"""People first: what can wait gives way to who waits for an ack, and takes small steps while people are around."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from time import monotonic
from typing import Final

PATIENCE: Final = 0.1
"""Seconds that a step gives way at most: whoever clicks without end does not stop the others' check-ins."""

AROUND: Final = 1.0
"""Seconds after an act in which more of them are to be expected."""

FEWER: Final = 8
"""By this a step is smaller then: who acts while it is under way waits for its end."""


class Courtesy:
    """`with serving():` around what a person waits for; `async with step():` around each step of what can wait, which
    is of `at_a_time(most)` things."""

    def __init__(self) -> None:
        self._serving = 0
        self._served_at = -AROUND
        self._nobody_waits = asyncio.Event()
        self._nobody_waits.set()
        self._a_step = asyncio.Lock()

    @contextmanager
    def serving(self) -> Iterator[None]:
        self._serving += 1
        self._nobody_waits.clear()
        try:
            yield
        finally:
            self._serving -= 1
            self._served_at = monotonic()
            if not self._serving:
                self._nobody_waits.set()

    @property
    def _has_company(self) -> bool:
        """Whether somebody acts, or did just now."""
        return bool(self._serving) or monotonic() - self._served_at < AROUND

    def at_a_time(self, most: int) -> int:
        return most // FEWER if self._has_company else most

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """Begins when nobody waits, or patience has ended; while people are around, when no other is under way."""
        if not self._has_company:
            yield
            return
        async with self._a_step:
            await self.give_way()
            yield

    async def give_way(self) -> None:
        """Returns when nobody waits, or patience has ended."""
        if self._serving:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._nobody_waits.wait()
