"""The clock people can move. The only module of the playground that reads the machine's time.

Product time (message ts, event_time, "today") is real time plus an offset. Signatures, trigger ids, time-outs and
expiries stay on real time.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class PlaygroundClock:
    def __init__(self, offset: float = 0.0) -> None:
        self._offset = offset
        self._followers: list[Callable[[float], None]] = []

    @property
    def offset(self) -> float:
        """Seconds product time is ahead of real time."""
        return self._offset

    def move_to(self, offset: float) -> None:
        self._offset = offset
        for follower in tuple(self._followers):
            follower(offset)

    def follow(self, follower: Callable[[float], None]) -> Callable[[], None]:
        """Calls `follower(offset)` at each change, until the returned function is called."""
        self._followers.append(follower)
        return lambda: self._followers.remove(follower)

    def unix(self) -> float:
        """Product time, seconds since 1970."""
        return real_unix() + self._offset

    def now(self) -> datetime:
        """Product time, aware, UTC."""
        return datetime.fromtimestamp(self.unix(), UTC)


def real_unix() -> float:
    """The machine's time, seconds since 1970."""
    return time.time()  # noqa: TID251 - this is the module that may


def monotonic() -> float:
    """Seconds that never jump, for expiries and latencies."""
    return time.monotonic()
