"""Members, agreements and commitments by the hundred thousand, written by the database itself."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, create_engine

from benchmarks.message import DUE_DAY, NEXT_STEP, PLAN, WORDS
from bot.domain.agreements import default_terms
from bot.storage import migrate

DUE: Final = datetime(2027, 1, 5, 10, 0, tzinfo=UTC)
"""A Tuesday, at the hour of the default agreement: when everybody is asked at once."""

LONG_AGO: Final = DUE - timedelta(days=100)
JUST_NOW: Final = DUE - timedelta(hours=1)


@dataclass(frozen=True)
class Population:
    """`members` spread evenly over `workspaces`, a commitment each, due at `DUE` or, if `spread`, in the week after.

    `extra` members more in a workspace of their own. `actors`: members who are not due, with a check-in to answer.
    `history`: each member has a week's check-in behind them, answered, and its row of what was sent.
    """

    workspaces: int
    members: int
    extra: int = 0
    actors: int = 0
    spread: bool = False
    history: bool = False

    @property
    def asked(self) -> int:
        """How many messages there are to be."""
        return self.members + self.extra


def seed(url: str, people: Population) -> None:
    """Gives an empty database its tables and fills it. Ids run from 1 in every table."""
    migrate.upgrade(url)
    engine = create_engine(migrate.sync_url(url), execution_options={"no_parameters": True})  # a % is a modulo here
    with engine.begin() as connection:
        _Seeding(connection, people).write()
    if engine.dialect.name == "postgresql":  # as its autovacuum would; nobody analyses a SQLite database
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


class _Seeding:
    """Each column is an SQL expression over i, the number of the row."""

    def __init__(self, connection: Connection, people: Population) -> None:
        self._connection = connection
        self._people = people
        self._is_sqlite = connection.dialect.name == "sqlite"

    def write(self) -> None:
        people = self._people
        self._fill(
            "workspaces",
            people.workspaces + bool(people.extra),
            team_id="'T' || i",
            name="'Team ' || i",
            bot_token="'p:xoxb-' || i",
            bot_user_id="'UBOT'",
            bot_id="'BBOT'",
            installed_at=self._at(LONG_AGO),
        )
        self._members(people.asked, "")
        if people.history:
            self._check_ins(people.members, after=0, answered=True)
            self._deliveries(people.members)
        if people.actors:
            self._members(people.actors, "A", after=people.asked)
            self._check_ins(people.actors, after=people.asked, answered=False)

    def _members(self, count: int, mark: str, after: int = 0) -> None:
        """With their agreement and commitment. `mark` sets the ids of those apart who are not due."""
        self._fill(
            "members",
            count,
            workspace_id=self._team(after),
            slack_id=f"'U{mark}' || (i + {after})",
            channel_id=f"'D{mark}' || (i + {after})",
            zone="'UTC'",
            locale="'en-US'",
            is_admin="FALSE",
            joined_at=self._at(LONG_AGO),
            read_at=self._at(JUST_NOW),
        )
        self._fill(
            "agreements",
            count,
            workspace_id=self._team(after),
            member_id=f"i + {after}",
            version="1",
            terms=self._document(_quoted(json.dumps(to_jsonable_python(default_terms("UTC", LONG_AGO.date()))))),
            agreed_at=self._at(LONG_AGO),
        )
        due = self._at(DUE, "60 + (i % 10000) * 60") if self._people.spread else self._at(DUE)
        self._fill(
            "commitments",
            count,
            workspace_id=self._team(after),
            member_id=f"i + {after}",
            text=f"{_quoted(f'p:{WORDS} ')} || (i + {after})",
            kind="'once'",
            due_day=f"'{DUE_DAY}'" if self._is_sqlite else f"DATE '{DUE_DAY}'",
            habit_days=self._document("'[]'"),
            state="'active'",
            next_step=_quoted(f"p:{NEXT_STEP}"),
            plan=_quoted(f"p:{PLAN}"),
            next_due_at="NULL" if mark else due,
            created_at=self._at(LONG_AGO),
        )

    def _check_ins(self, count: int, *, after: int, answered: bool) -> None:
        """One for each member, about their commitment."""
        asked, said = self._at(DUE - timedelta(days=4)), self._at(DUE - timedelta(days=3))
        self._fill(
            "check_ins",
            count,
            workspace_id=self._team(after),
            member_id=f"i + {after}",
            origin="'scheduled'",
            occurrence=asked,
            opened_at=asked,
            zone="'UTC'",
            **({"answered_at": said} if answered else {}),
            ts="'1700000000.000001'",
            late="FALSE",
        )
        self._fill(
            "check_in_items",
            count,
            workspace_id=self._team(after),
            check_in_id="i",
            commitment_id=f"i + {after}",
            position="0",
            days=self._document("'[]'"),
            **({"answer": "'moving'", "answered_at": said} if answered else {}),
        )

    def _deliveries(self, count: int) -> None:
        """What was sent last week."""
        self._fill(
            "deliveries",
            count,
            workspace_id=self._team(),
            member_id="i",
            key="'check_in:' || i",
            token="'token-' || i",
            lane="'dm:' || i",
            method="'post'",
            says="'check_in'",
            refs=self._document("""'{"check_in": ' || i || '}'"""),
            state="'sent'",
            attempts="0",
            ts="'1700000000.000001'",
            sent_at=self._at(DUE - timedelta(days=4)),
        )

    def _fill(self, table: str, count: int, **columns: str) -> None:
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        names, values = ", ".join(columns), ", ".join(columns.values())
        first = "" if self._is_sqlite else numbers  # each has its own place for it
        last = numbers if self._is_sqlite else ""
        self._connection.exec_driver_sql(f"{first} INSERT INTO {table} ({names}) {last} SELECT {values} FROM n")

    def _team(self, after: int = 0) -> str:
        """The workspace of the member after so many others."""
        people = self._people
        evenly = f"1 + (i - 1) % {people.workspaces}"
        is_extra = f"i > {people.members}"
        return (
            f"CASE WHEN {is_extra} THEN {people.workspaces + 1} ELSE {evenly} END"
            if people.extra and not after
            else evenly
        )

    def _at(self, instant: datetime, seconds: str = "0") -> str:
        """An instant, and so many seconds after it, as the column's type writes it."""
        if self._is_sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', '{instant:%Y-%m-%d %H:%M:%S}', ({seconds}) || ' seconds')"
        return f"(TIMESTAMPTZ '{instant.isoformat()}' + make_interval(secs => {seconds}))"

    def _document(self, text: str) -> str:
        return text if self._is_sqlite else f"({text})::json"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
