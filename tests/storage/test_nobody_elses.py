"""Whatever is asked of a table about someone, or about something, is about that alone.

Each method of each repository that names whose rows it is about is tried: with whoever has everything it finds or
changes something, and with nobody it does neither, though there is so much of theirs. A new one is tried unnamed.
"""

import inspect
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import select

from bot.domain.agreements import default_terms
from bot.domain.check_ins import Answer
from bot.domain.commitments import State
from bot.domain.deliveries import DeliveryState, Method, Says
from bot.domain.readiness import Stage
from bot.domain.rests import RestKind
from bot.domain.sittings import SittingStatus
from bot.domain.wins import CheerKind, WinState
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.repositories.acts import Acts
from bot.storage.rows import Rows
from bot.storage.transaction import Transaction
from tests import factories

NOW: Final = datetime(2027, 1, 4, 9, 0, tzinfo=factories.LONG_AGO.tzinfo)
AN_HOUR: Final = timedelta(hours=1)
NOBODYS: Final = 10_000

THEIRS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("member_id", "workspace_id", "commitment_id", "check_in_id", "conversation_id", "win_id"), 1),
    **dict.fromkeys(("row_id", "item_id", "version"), 1),
    "members": [1],
    "commitment_ids": [1],
    "team_id": "T1",
    "slack_id": "U1",
    "key": "said",
    "question": "q",
    "keeps": "ruler",
}
"""Whose, or of what, by the parameter that says so: all of it is the same person's."""

OTHERS: Final[Mapping[str, Any]] = {
    name: [NOBODYS] if isinstance(value, list) else NOBODYS if isinstance(value, int) else "none of theirs"
    for name, value in THEIRS.items()
}

BESIDES: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("now", "machine_now", "before"), NOW),
    "at": NOW - AN_HOUR,
    "since": NOW - 2 * AN_HOUR,
    "until": NOW + AN_HOUR,
    "wait": AN_HOUR,
    "day": NOW.date(),
    "limit": 60,
    "says": Says.SILENCE,
    "ts": "1.1",
    "channel_id": "C1",
}

TOLD_ELSEWHERE: Final = {("workspaces", "with_member")}
"""Finds a workspace for a stranger too: see `test_rows`."""

Found = tuple[Any, dict[str, list[Any]]]


class Undone(Exception):
    """What was tried is not kept."""


@pytest.fixture
async def kept(sqlite_url: str) -> AsyncIterator[Database]:
    """With something of each kind, all of one person: whatever can be asked for is there."""
    database = Database(sqlite_url)
    async with database.write() as tx:
        await _live(tx)
    yield database
    await database.close()


async def test_what_is_asked_about_someone_is_theirs_alone(kept: Database) -> None:
    tried = 0
    async with kept.read() as tx:
        before = await _everything(tx)
        methods = list(_methods(tx))
    for repository, method, names in methods:
        found, after = await _try(kept, repository, method, {})
        assert found or after != before, f"{repository}.{method} finds nothing, and so it shows nothing"
        for name in names:
            found, after = await _try(kept, repository, method, {name: OTHERS[name]})
            assert not found, f"{repository}.{method} finds what is not of this {name}"
            assert after == before, f"{repository}.{method} changes what is not of this {name}"
            tried += 1
    assert tried > len(methods) > 50


async def test_of_those_who_are_read_at_once_each_has_their_own(kept: Database) -> None:
    """Jonas is new, and something of his is due with hers."""
    async with kept.write() as tx:
        jonas = await factories.member(tx, await tx.workspaces.get(1), "UJONAS")
        about = await factories.commitment(tx, jonas, next_due_at=NOW, next_cue_at=NOW)
        hers, his = (await tx.openings.take(NOW, NOW, 9)).situations
        assert all((hers.reminded, hers.running_since, hers.unanswered, hers.rests, hers.due))
        assert (his.reminded, his.running_since, his.unanswered, tuple(his.rests)) == (None, None, 0, ())
        assert (hers.member.zone, his.member.zone) == ("UTC", jonas.zone), "of the ground rules of each"
        assert [one.id for one in his.due] == [about.id]
        listening = await tx.cues.take(NOW, 9) or []
        assert [(one.member.id, len(one.cues), len(one.excused.rests)) for one in listening] == [
            (1, 1, 1),
            (jonas.id, 1, 0),
        ]
        check_in = await factories.check_in(tx, jonas, NOW)
        item = await factories.item(tx, check_in, about)
        asked = (await tx.pictures.of([check_in.id]))[check_in.id]
        assert (asked.before, [line.id for line, _ in asked.lines]) == (None, [item.id])
        assert await tx.check_ins.before(check_in) is None


def _methods(tx: Transaction) -> Iterator[tuple[str, str, list[str]]]:
    """Repositories, their methods, and the parameters that say whose."""
    for repository in sorted(name for name in vars(Transaction) if not name.startswith("_")):
        rows = getattr(tx, repository)
        for method, function in inspect.getmembers(rows, inspect.iscoroutinefunction):
            if method.startswith("_") or isinstance(rows, Acts) or (repository, method) in TOLD_ELSEWHERE:
                continue
            if method in vars(Rows) and (method != "owned" or "member_id" not in rows.table.c):
                continue
            needed = _needed(function)
            if needed <= THEIRS.keys() | BESIDES.keys() and needed & THEIRS.keys():
                yield repository, method, sorted(needed & THEIRS.keys())


def _needed(function: Any) -> set[str]:
    """The parameters without which it cannot be called."""
    return {one.name for one in inspect.signature(function).parameters.values() if one.default is one.empty}


async def _try(database: Database, repository: str, method: str, instead: Mapping[str, Any]) -> Found:
    """What is found, and everything that is kept then."""
    found: Any = None
    with suppress(Undone):
        async with database.write() as tx:
            asked, given = getattr(getattr(tx, repository), method), {**THEIRS, **BESIDES, **instead}
            with suppress(LookupError):
                found = await asked(**{name: given[name] for name in _needed(asked)})
            after = await _everything(tx)
            raise Undone
    return found, after


async def _everything(tx: Transaction) -> dict[str, list[Any]]:
    found = {}
    for table in tables.metadata.sorted_tables:
        found[table.name] = [tuple(row) for row in await tx.connection.execute(select(table).order_by(table.c.id))]
    return found


async def _live(tx: Transaction) -> None:
    """The first row of each table is of the first: so their ids are 1."""
    then = NOW - AN_HOUR
    team = await factories.workspace(tx)
    maya = await factories.member(tx, team, "U1")
    ids = {"workspace_id": team.id, "member_id": maya.id}
    terms = default_terms("UTC", NOW.date())
    await tx.agreements.add(**ids, version=1, terms=terms, agreed_at=then)
    about = await factories.commitment(tx, maya, next_due_at=then, next_cue_at=then)
    await factories.commitment(tx, maya, state=State.PAUSED, paused_at=then, paused_until=then)
    await factories.commitment(tx, maya, state=State.DONE, closed_at=then)
    inside = {"workspace_id": team.id, "commitment_id": about.id}
    await tx.revisions.add(**inside, text="Before", revised_at=then)
    await tx.stages.add(**inside, stage=Stage.ACTION, chosen_at=then)
    days = {"first_day": NOW.date(), "last_day": NOW.date()}
    await tx.rests.add(**ids, **days, kind=RestKind.HOLIDAY, created_at=then, returns_at=then)
    waits = {"remind_at": then, "snoozed": False}
    asked = await factories.check_in(tx, maya, then, ts="1.1", **waits)
    await factories.check_in(tx, maya, then + timedelta(minutes=1), ts="1.2", remind_at=then, snoozed=True)
    await factories.check_in(tx, maya, then + timedelta(minutes=2), ts="1.3", answered_at=then, snoozed=False)
    await factories.check_in(tx, maya, then + timedelta(minutes=3), ts=None, **waits)
    await factories.item(tx, asked, about, answer=Answer.MOVING, note="A note", note_ts="1.1", answered_at=then)
    for status in SittingStatus:
        sitting = await tx.conversations.add(
            **ids,
            commitment_id=about.id,
            guide="look_at_it",
            state="{}",
            status=status,
            version=1,
            opened_at=then,
            asked_at=then,
        )
        await tx.answers.add(
            **ids,
            commitment_id=about.id,
            conversation_id=sitting.id,
            step="1",
            question="q",
            keeps="ruler",
            text="7",
            messages="[]",
            answered_at=then,
        )
    shared = {"state": WinState.SHARED, "channel_id": "C1", "ts": "1.1", "created_at": then}
    win = await tx.wins.add(**ids, text="Out it is", **shared)
    cheer = {"workspace_id": team.id, "win_id": win.id, "kind": CheerKind.CLAP, "cheered_at": then}
    await tx.cheers.add(**cheer, slack_id="U1")
    await tx.cheers.add(**cheer, slack_id="U2", told_at=then)
    said = {"token": "t", "lane": "dm:1", "method": Method.POST, "says": Says.SILENCE, "refs": {}, "attempts": 0}
    await tx.deliveries.add(**ids, **said, key="said", state=DeliveryState.WAITING, due_at=then)
    await tx.deliveries.add(**ids, **said, key="was said", state=DeliveryState.SENT, sent_at=then, ts="1.1")
