"""Slack's rate limits, for those who want to be held to them: calls a minute, and one message a second a channel."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from playground.clock import monotonic
from playground.errors import SlackError

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute of a method, by its tier."""
TIER_OF = {
    "apps.connections.open": 3,
    "chat.delete": 3,
    "chat.deleteScheduledMessage": 3,
    "chat.postEphemeral": 4,
    "chat.scheduleMessage": 3,
    "chat.scheduledMessages.list": 3,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "dnd.info": 3,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "reactions.add": 3,
    "reactions.get": 3,
    "reactions.remove": 2,
    "team.info": 3,
    "users.conversations": 3,
    "users.info": 4,
    "users.list": 2,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}
MESSAGES_A_MINUTE = 300
"""In the whole workspace; Slack says "several hundred"."""
CHANNEL_BURST = 3
"""Slack lets short bursts above one a second pass."""


@dataclass
class _Bucket:
    size: float
    a_second: float
    at: float
    level: float = field(init=False)

    def __post_init__(self) -> None:
        self.level = self.size

    def wait(self, now: float) -> float:
        """0 and one taken, or the seconds until there is one."""
        self.level = min(self.size, self.level + (now - self.at) * self.a_second)
        self.at = now
        if self.level < 1:
            return (1 - self.level) / self.a_second
        self.level -= 1
        return 0.0


class Rates:
    def __init__(
        self,
        now: Callable[[], float] = monotonic,
        *,
        tiers: Mapping[int, int] = TIERS,
        messages_a_minute: int = MESSAGES_A_MINUTE,
    ) -> None:
        self._now = now
        self._tiers = tiers
        self._messages = messages_a_minute
        self._buckets: dict[str, _Bucket] = {}

    def pass_or_refuse(self, method: str, channel: str | None) -> None:
        """Raises SlackError ratelimited with the whole seconds to wait."""
        if method == "chat.postMessage":
            self._take(f"channel {channel}", CHANNEL_BURST, 1.0)
            self._take("workspace", self._messages, self._messages / 60)
        elif method in TIER_OF:
            a_minute = self._tiers[TIER_OF[method]]
            self._take(method, a_minute, a_minute / 60)

    def _take(self, name: str, size: float, a_second: float) -> None:
        now = self._now()
        seconds = self._buckets.setdefault(name, _Bucket(size, a_second, now)).wait(now)
        if seconds > 0:
            raise SlackError("ratelimited", retry_after=math.ceil(seconds))
