"""People first: while somebody waits for an ack, what can wait gives way."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

PATIENCE: Final = 0.1
"""Seconds that a step gives way at most: whoever clicks without end does not stop the others' check-ins."""


class Courtesy:
    """`with serving():` around what a person waits for; `await give_way()` before each step of what can wait."""

    def __init__(self) -> None:
        self._serving = 0
        self._nobody_waits = asyncio.Event()
        self._nobody_waits.set()

    @contextmanager
    def serving(self) -> Iterator[None]:
        self._serving += 1
        self._nobody_waits.clear()
        try:
            yield
        finally:
            self._serving -= 1
            if not self._serving:
                self._nobody_waits.set()

    async def give_way(self) -> None:
        """Returns when nobody waits, or patience has ended."""
        if self._serving:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._nobody_waits.wait()
