"""This instant on the clock that every process of a database shares: leases, parkings and retries are told by it."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, DateTime, Interval, and_, bindparam, func, literal, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.types import UtcDateTime

AT: Final = UtcDateTime()
SHARED: Final = DateTime(timezone=True)
WAIT: Final = Interval()
"""Each made once: SQLAlchemy adapts every new instance of a type to the database, which costs more than a statement."""

SET_BACK: Final = timedelta(minutes=15)
"""No lease, no parking and no retry lies that far ahead, unless the clock was set back since: then it has lapsed."""


class Instant:
    """PostgreSQL tells its own time, one for the whole statement, whatever the machines of the processes say. SQLite
    lives on this machine, whose time is `machine_now`."""

    def __init__(self, connection: AsyncConnection, machine_now: datetime) -> None:
        self._is_shared = connection.dialect.name == "postgresql"
        self._machine_now = machine_now
        self.now = _shared_now() if self._is_shared else literal(machine_now, AT)

    def after(self, wait: timedelta) -> ColumnElement[datetime]:
        if self._is_shared:
            later: ColumnElement[datetime] = self.now + literal(wait, WAIT)
            return later
        return literal(self._machine_now + wait, AT)

    @property
    def set_back(self) -> ColumnElement[datetime]:
        """Nothing was told to wait until later than this, unless the clock was set back since."""
        return self.after(SET_BACK)

    def is_past(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether an instant, if there is one, has come."""
        return or_(column <= self.now, column > self.set_back)

    def is_ahead(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        return and_(column > self.now, column <= self.set_back)


class InstantGiven(Instant):
    """The same in a statement that is built once for a dialect: `instant_given` are its parameters."""

    def __init__(self, dialect: str) -> None:
        self._is_shared = dialect == "postgresql"
        self.now = _shared_now() if self._is_shared else bindparam("machine_now", type_=AT)

    @property
    def set_back(self) -> ColumnElement[datetime]:
        if self._is_shared:
            return self.after(SET_BACK)
        return bindparam("set_back", type_=AT)

    @property
    def leased(self) -> ColumnElement[datetime]:
        """The end of a lease that begins now."""
        if self._is_shared:
            until: ColumnElement[datetime] = self.now + bindparam("lease", type_=WAIT)
            return until
        return bindparam("lease", type_=AT)


def instant_given(
    connection: AsyncConnection, machine_now: datetime, lease: timedelta | None = None
) -> dict[str, datetime | timedelta]:
    """Parameters of a statement with an `InstantGiven`; `lease` where it asks for one."""
    if connection.dialect.name == "postgresql":
        return {} if lease is None else {"lease": lease}
    given = {"machine_now": machine_now, "set_back": machine_now + SET_BACK}
    return {**given} if lease is None else {**given, "lease": machine_now + lease}


def _shared_now() -> ColumnElement[datetime]:
    return func.statement_timestamp(type_=SHARED)
