"""What goes to the app and what comes back, whichever way it travels."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from playground.workspace import Json

Kind = Literal["events_api", "slash_commands", "interactive"]


@dataclass(frozen=True)
class Parcel:
    kind: Kind
    payload: Json
    wants_answer: bool = False
    """The ack may carry a payload: commands, submitted views, option requests."""
    retry_attempt: int = 0
    retry_reason: str = ""


@dataclass(frozen=True)
class Ack:
    """`error` is None when the app acknowledged in time, else "timeout", "connection_failed" or "http_error"."""

    payload: Any = None
    error: str | None = None
    no_retry: bool = False


class Line(Protocol):
    async def deliver(self, parcel: Parcel, seconds: float) -> Ack:
        """Hands the parcel to the app and waits at most `seconds` for its ack. Never raises."""

    async def close(self) -> None: ...
