"""Trouble on demand, so that an app can show how it takes it."""

from random import Random
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr


class Fault(BaseModel):
    """The next `times` calls of `method` ("*" for all, "response_url" for those) go wrong.

    ratelimited: 429 with Retry-After: `retry_after`. http_500: no JSON. timeout_after_accept: the call is carried out,
    the answer never comes (the connection is cut after `seconds`). drop_connection: cut before anything happened.
    slow: `seconds` late.

    `probability` below 1 spares some calls, chosen by `seed`: they are not counted, and meet the next fault.
    `times` None: until it is cleared.
    """

    model_config = ConfigDict(extra="forbid")

    method: str
    kind: Literal["ratelimited", "http_500", "timeout_after_accept", "drop_connection", "slow"]
    times: int | None = Field(default=1, ge=1)
    probability: float = Field(default=1.0, gt=0, le=1)
    seed: int = 0
    retry_after: int = Field(default=1, ge=0)
    seconds: float = Field(default=1.0, ge=0)
    _chance: Random = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        self._chance = Random(self.seed)  # noqa: S311 - chance, not secrecy

    def strikes(self, method: str) -> bool:
        """Whether it is this call's turn to go wrong."""
        return self.method in (method, "*") and (self.probability == 1 or self._chance.random() < self.probability)


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
            if fault.strikes(method):
                if fault.times is not None:
                    fault.times -= 1
                if fault.times == 0:
                    self._faults.remove(fault)
                return fault
        return None
