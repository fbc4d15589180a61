"""Trigger ids: proof that a person just did something. They live three seconds and work once."""

import secrets
from dataclasses import dataclass

from playground.clock import monotonic, real_unix
from playground.errors import SlackError

REMEMBERED_SECONDS = 600.0


@dataclass
class _Trigger:
    user: str
    issued: float
    used: bool = False


class Triggers:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._issued: dict[str, _Trigger] = {}

    def issue(self, user: str) -> str:
        self._forget()
        trigger_id = f"{int(real_unix() * 1000)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = _Trigger(user, monotonic())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The person it was issued for.

        Raises SlackError: invalid_trigger_id, exchanged_trigger_id, expired_trigger_id.
        """
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if monotonic() - trigger.issued > self._seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def _forget(self) -> None:
        """Drops the oldest; they are in order of issue."""
        limit = monotonic() - REMEMBERED_SECONDS
        while self._issued:
            oldest = next(iter(self._issued))
            if self._issued[oldest].issued > limit:
                return
            del self._issued[oldest]
