"""This instant on the clock that every process of a database shares: leases, parkings and retries are told by it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, DateTime, Interval, and_, bindparam, func, literal, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.types import UtcDateTime

SET_BACK: Final = timedelta(minutes=15)
"""No lease, no parking and no retry lies that far ahead, unless the clock was set back since: then it has lapsed."""


class Instant:
    """PostgreSQL tells its own time, one for the whole statement, whatever the machines of the processes say. SQLite
    lives on this machine, whose time is `machine_now`."""

    def __init__(self, connection: AsyncConnection, machine_now: datetime) -> None:
        self.now: ColumnElement[datetime]
        self._is_shared = connection.dialect.name == "postgresql"
        self._machine_now = machine_now
        if self._is_shared:
            self.now = _shared_now()
        else:
            self.now = literal(machine_now, UtcDateTime())

    def after(self, wait: timedelta) -> ColumnElement[datetime]:
        if self._is_shared:
            later: ColumnElement[datetime] = self.now + literal(wait, Interval())
            return later
        return literal(self._machine_now + wait, UtcDateTime())

    def is_past(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether an instant, if there is one, has come."""
        return or_(column <= self.now, column > self.after(SET_BACK))

    def is_ahead(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        return and_(column > self.now, column <= self.after(SET_BACK))


class GivenInstant(Instant):
    """The same for a statement that is built once: `given` are its parameters."""

    def __init__(self, *, is_shared: bool) -> None:
        self._is_shared = is_shared
        self.now = _shared_now() if is_shared else bindparam("machine_now", type_=UtcDateTime())

    def after(self, wait: timedelta) -> ColumnElement[datetime]:
        """SET_BACK is the one wait for which there is a parameter."""
        if self._is_shared:
            return super().after(wait)
        if wait != SET_BACK:
            raise ValueError("no parameter says when that is")
        return bindparam("set_back", type_=UtcDateTime())

    @staticmethod
    def given(machine_now: datetime) -> Mapping[str, datetime]:
        return {"machine_now": machine_now, "set_back": machine_now + SET_BACK}


def _shared_now() -> ColumnElement[datetime]:
    return func.statement_timestamp(type_=DateTime(timezone=True))
