"""Pure rules of pace. Instants are seconds of a monotonic clock."""

import math
from typing import Final

FORGET_AT: Final = 10_000
"""Channels remembered before those whose turn has come again are forgotten."""


class TokenBucket:
    """Lets `a_second` things pass, and `size` at once after a while of none; everything when `a_second` is 0."""

    def __init__(self, a_second: float, size: float, now: float) -> None:
        self._a_second = a_second
        self._size = size
        self._tokens = size
        self._counted = now

    def take(self, now: float) -> bool:
        """Whether one more may pass, which it then has."""
        if not self._a_second:
            return True
        self._count(now)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def wait(self, now: float) -> float:
        """Seconds until the next may pass."""
        if not self._a_second:
            return 0.0
        self._count(now)
        return max(1 - self._tokens, 0.0) / self._a_second

    def empty(self, now: float) -> None:
        """After Slack said that it was too much: from now on at its pace, without what was saved up."""
        self._count(now)
        self._tokens = min(self._tokens, 0.0)

    def is_full(self, now: float) -> bool:
        """Whether it is as good as new."""
        self._count(now)
        return self._tokens >= self._size

    def _count(self, now: float) -> None:
        """A clock that goes back gives nothing, and takes nothing."""
        self._tokens = min(self._size, self._tokens + max(now - self._counted, 0.0) * self._a_second)
        self._counted = max(now, self._counted)
        if math.isclose(self._tokens, round(self._tokens), abs_tol=1e-9):  # what was rounded off is not waited for
            self._tokens = float(round(self._tokens))


class Gaps:
    """Keeps a distance between two messages of a channel: `a_second` messages, or as they come when that is 0."""

    def __init__(self, a_second: float) -> None:
        self._gap = 1 / a_second if a_second else 0.0
        self._next: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._next)

    def wait(self, channel: str, now: float) -> float:
        """Seconds until the channel's next may pass."""
        return max(self._next.get(channel, now) - now, 0.0)

    def passed(self, channel: str, now: float) -> None:
        if not self._gap:
            return
        if len(self._next) >= FORGET_AT:
            self._next = {name: instant for name, instant in self._next.items() if instant > now}
        self._next[channel] = now + self._gap
