"""The log of everything that passed between the app and Slack; texts are never in it."""

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any, Literal

from playground.clock import real_unix
from playground.workspace import JsonValue

MOST = 20_000
"""What came before is forgotten."""


@dataclass(frozen=True)
class Exchange:
    """One Web API call, one event, one interaction, or one use of a response_url."""

    at: float
    """Real time, seconds since 1970."""
    kind: Literal["api", "event", "interaction", "response_url"]
    name: str
    """chat.postMessage, message.im, block_actions, /commit ..."""
    ok: bool
    ms: float
    """From request to answer; for events and interactions from sending to ack, or to giving up."""
    error: str | None = None
    acked: bool | None = None
    """Events and interactions only."""
    attempt: int = 0
    detail: tuple[str, ...] = ()
    """Why it was refused: Slack's response_metadata.messages."""


class CallLog:
    def __init__(self) -> None:
        self._entries: deque[Exchange] = deque(maxlen=MOST)

    def add(self, kind: Literal["api", "event", "interaction", "response_url"], name: str, **more: JsonValue) -> None:
        self._entries.append(Exchange(at=real_unix(), kind=kind, name=name, **more))

    def clear(self) -> None:
        self._entries.clear()

    def summary(self) -> dict[str, Any]:
        """`calls`, and of them `refused` (the app asked for what Slack denies) and `unacked`."""
        entries = [asdict(entry) for entry in self._entries]
        return {
            "calls": entries,
            "refused": [entry for entry in entries if not entry["ok"] and entry["acked"] is not False],
            "unacked": [entry for entry in entries if entry["acked"] is False],
        }
