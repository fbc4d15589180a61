"""Trouble on demand, so that an app can show how it takes it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Fault(BaseModel):
    """The next `times` calls of `method` ("*" for all, "response_url" for those) go wrong.

    ratelimited: 429 with Retry-After: `retry_after`. http_500: no JSON. timeout_after_accept: the call is carried out,
    the answer never comes (the connection is cut after `seconds`). drop_connection: cut before anything happened.
    slow: `seconds` late.
    """

    model_config = ConfigDict(extra="forbid")

    method: str
    kind: Literal["ratelimited", "http_500", "timeout_after_accept", "drop_connection", "slow"]
    times: int = Field(default=1, ge=1)
    retry_after: int = Field(default=1, ge=0)
    seconds: float = Field(default=1.0, ge=0)


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()

    def pending(self) -> list[Fault]:
        return list(self._faults)

    def take(self, method: str) -> Fault | None:
        """The fault that this call meets, if any."""
        if not self._faults:
            return None
        for fault in self._faults:
            if fault.method in (method, "*"):
                fault.times -= 1
                if fault.times == 0:
                    self._faults.remove(fault)
                return fault
        return None
