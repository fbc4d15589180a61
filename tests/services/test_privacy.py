"""One's own data: the export leaves nothing out, erasure leaves nothing behind. What "all" is, the tables say."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Column, Date, DateTime, Table, Time, insert, select
from sqlalchemy.types import Boolean, Integer, TypeDecorator

from bot.clock import ManualClock
from bot.config import SQLITE
from bot.delivery.content import Letter
from bot.delivery.contents import Contents
from bot.delivery.posting import Place
from bot.domain.agreements import default_terms
from bot.domain.check_ins import key_of
from bot.domain.deliveries import Delivery, DeliveryState, Method, Says
from bot.domain.members import Member
from bot.domain.wins import WinState
from bot.domain.workspaces import Workspace
from bot.services import privacy
from bot.services.asking import say_check_in
from bot.services.privacy import TECHNICAL, Privacy, Rows, export_of
from bot.services.wins import Wins
from bot.services.work import AlreadyHandled, Units
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.transaction import Transaction
from bot.storage.types import Document, PrivateText
from tests import factories

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
OF_NOBODY = {"workspaces", "acts"}
"""Tables whose rows are not a member's: `acts` hold keys of Slack's, of which those with one's id are erased too."""

TERMS = default_terms("Europe/Berlin", date(2027, 1, 4)).model_dump(mode="json")
DOCUMENTS: Mapping[tuple[str, str], Any] = {
    ("agreements", "terms"): TERMS,
    ("commitments", "cadence"): TERMS["cadence"],
    ("commitments", "habit_days"): [0],
    ("commitments", "cue"): {"times": ["07:30:00"], "days": [0]},
    ("check_in_items", "days"): ["2027-01-04"],
    ("check_in_items", "note_parts"): [["1.1", 5]],
    ("deliveries", "refs"): {"commitment": 1},
}
STATES = {"commitments": "active", "wins": "shared", "deliveries": "waiting"}
CHOICES: Mapping[tuple[str, str], str] = {
    ("commitments", "kind"): "once",
    ("commitments", "stage"): "action",
    ("stages", "stage"): "action",
    ("deliveries", "says"): "home",
    ("deliveries", "method"): "home",
    ("check_ins", "origin"): "asked",
    ("rests", "kind"): "holiday",
    ("check_in_items", "answer"): "moving",
    ("conversations", "status"): "asking",
    ("cheers", "kind"): "clap",
}


@dataclass
class Archive:
    """Two people with a row in every table; each private text is one of a kind."""

    units: Units
    workspace: Workspace
    maya: Member
    jonas: Member

    async def everything(self) -> dict[str, list[Mapping[str, Any]]]:
        async with self.units.database.read() as tx:
            return {
                table.name: [dict(row) for row in (await tx.connection.execute(select(table))).mappings()]
                for table in tables.metadata.sorted_tables
            }


@pytest.fixture
async def archive(units: Units) -> Archive:
    async with units.database.write() as tx:
        workspace = await factories.workspace(tx)
        people = [await factories.member(tx, workspace, slack_id) for slack_id in ("UMAYA", "UJONAS")]
        for member in people:
            await _fill(tx, member)
    return Archive(units, workspace, *people)


async def _fill(tx: Transaction, member: Member) -> None:
    ids = {"workspaces": member.workspace_id, "members": member.id}
    for table in tables.metadata.sorted_tables:
        if table.name not in ids | dict.fromkeys(OF_NOBODY):
            values = {column.name: _filled(table, column, member, ids) for column in table.columns}
            del values["id"]
            added = await tx.connection.execute(insert(table).values(values).returning(table.c.id))
            ids[table.name] = added.scalar_one()
    await tx.acts.first_time(member.workspace_id, f"click:1.1:{member.slack_id}:list.open", NOON)


def _filled(table: Table, column: Column[Any], member: Member, ids: Mapping[str, int]) -> Any:
    """Something of the column's type that names its place and its member."""
    where = (table.name, column.name)
    for key in column.foreign_keys:
        return ids[key.column.table.name]
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if where in DOCUMENTS or where in CHOICES:
        return DOCUMENTS.get(where) or CHOICES[where]
    if column.name == "state" and table.name in STATES:
        return STATES[table.name]
    if isinstance(column.type, PrivateText):
        return _private(table, column, member)
    if column.name == "slack_id":
        return member.slack_id
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, DateTime):
        return NOON
    if isinstance(kind, Date):
        return NOON.date()
    if isinstance(kind, Time):
        return time(17)
    if isinstance(kind, Integer):
        return 1
    assert not isinstance(column.type, Document), f"say in DOCUMENTS what {where} holds"
    return f"{column.name} {member.id}"[:16]


def _private(table: Table, column: Column[Any], member: Member) -> str:
    return f"secret of {table.name}.{column.name} by {member.slack_id}"


def _owned_tables() -> list[Table]:
    return [table for table in tables.metadata.sorted_tables if table.name not in OF_NOBODY]


async def test_the_export_has_a_row_of_every_table_and_every_private_word(archive: Archive) -> None:
    async with archive.units.database.read() as tx:
        rows = await tx.person.rows(archive.maya)
        text = await export_of(tx, archive.maya, NOON)
    assert set(rows) == {table.name for table in _owned_tables()}
    for table in _owned_tables():
        assert rows[table.name], f"{table.name} is missing"
        for column in table.columns:
            if isinstance(column.type, PrivateText) and column.name not in TECHNICAL:
                assert _private(table, column, archive.maya) in text
    assert archive.jonas.slack_id not in text


async def test_the_export_reads_well(archive: Archive) -> None:
    async with archive.units.database.read() as tx:
        document = yaml.safe_load(await export_of(tx, archive.maya, NOON))
    (commitment,) = document["commitments"]
    assert commitment["words_before"][0]["text"] == "secret of revisions.text by UMAYA"
    assert commitment["where_you_were_with_it"] == [
        {"where_you_are_with_it": "On it", "chosen_at": "2027-01-04 12:00 UTC"}
    ]
    (check_in,) = document["check_ins"]
    assert check_in["lines"][0]["commitment"] == commitment["text"]
    assert commitment["habit_days"] == ["Monday"]
    terms = document["ground_rules"][0]["terms"]
    assert (terms["tone"], terms["cadence"]["days"]) == ("gentle", ["Tuesday", "Friday"])
    assert list(document)[-1] == "messages_of_the_last_week"
    assert document["conversations"][0]["answers"][0]["text"] == "secret of answers.text by UMAYA"
    assert document["wins"][0]["cheers"][0]["kind"] == "clap"


async def test_words_that_look_like_data_stay_words_and_what_was_said_is_kept(archive: Archive) -> None:
    async with archive.units.database.write() as tx:
        await tx.commitments.change_all(text='{"at": "home"}')
        await tx.conversations.change_all(state='{"at": "first", "answers": [], "drafts": ["My son"]}')
        document = yaml.safe_load(await export_of(tx, archive.maya, NOON))
    assert document["commitments"][0]["text"] == '{"at": "home"}'
    assert document["conversations"][0]["state"] == {"drafts": ["My son"]}


async def test_while_years_are_written_down_others_have_their_turn(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, threads = privacy._written, list[int]()

    def seen(rows: Rows) -> str:
        threads.append(threading.get_ident())
        return written(rows)

    monkeypatch.setattr(privacy, "_written", seen)
    async with archive.units.database.read() as tx:
        await export_of(tx, archive.maya, NOON)
    assert threads
    assert threading.get_ident() not in threads, "the loop's own"


async def test_the_export_is_a_file_in_the_direct_message(archive: Archive) -> None:
    said: list[Delivery] = []
    archive.units.on_said = said.extend
    await Privacy(archive.units).export(archive.maya, key="click")
    assert [(row.says, row.method, row.member_id) for row in said] == [(Says.EXPORT, Method.FILE, archive.maya.id)]


async def test_erasing_leaves_no_row_that_is_or_names_the_member(archive: Archive) -> None:
    said: list[Delivery] = []
    archive.units.on_said = said.extend
    async with archive.units.database.write() as tx:
        await tx.wins.change_all(tx.wins.table.c.member_id == archive.maya.id, channel_id="CWINS", ts="7.7")
    before = await archive.everything()
    await Privacy(archive.units).erase(archive.maya, key="click:1:UMAYA")
    async with archive.units.begin() as work:
        for delivery in said:
            await work.tx.deliveries.close(delivery, delivery.state, NOON)
    after = await archive.everything()
    for name, rows in after.items():
        for row in rows:
            assert archive.maya.slack_id not in str(row), f"{name} names the member"
            assert row.get("member_id") != archive.maya.id
    for table in _owned_tables():
        assert len(after[table.name]) == len(before[table.name]) - 1, f"{table.name}: Jonas keeps his row, and only it"


async def test_what_was_erased_is_in_no_file(sqlite_url: str, clock: ManualClock) -> None:
    file = Path(sqlite_url.removeprefix(SQLITE))
    database = Database(sqlite_url)
    async with database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx))
        await factories.commitment(tx, maya, text="Leave this place")

    def files_with_her_words() -> list[str]:
        return [one.name for one in file.parent.glob(f"{file.name}*") if b"Leave this place" in one.read_bytes()]

    assert files_with_her_words() == ["buddy.db-wal"]
    await Privacy(factories.units_over(database, clock)).erase(maya, key="click:1")
    assert files_with_her_words() == []
    await database.close()


async def test_what_is_said_last_needs_no_row_of_the_member(archive: Archive) -> None:
    said: list[Delivery] = []
    archive.units.on_said = said.extend
    async with archive.units.database.write() as tx:
        await tx.wins.change_all(tx.wins.table.c.member_id == archive.maya.id, channel_id="CWINS", ts="7.7")
    await Privacy(archive.units).erase(archive.maya, key="click:1")
    assert {row.member_id for row in said} == {None}
    assert [(row.says, row.method, dict(row.refs)) for row in said] == [
        (Says.TAKEN_DOWN, Method.DELETE, {"ts": "7.7", "channel": "CWINS", "to": "UMAYA"}),
        (Says.HOME, Method.HOME, {"to": "UMAYA"}),
        (Says.PHRASE, Method.POST, {"phrase": "everything_deleted", "channel": "DUMAYA", "to": "UMAYA"}),
    ]
    assert len({row.lane for row in said}) == 1, "in this order"


async def test_cheers_given_disappear_from_the_posts_of_others(archive: Archive) -> None:
    async with archive.units.database.write() as tx:
        (theirs,) = await tx.wins.all(tx.wins.table.c.member_id == archive.jonas.id)
        await tx.wins.change(theirs.id, state=WinState.SHARED, channel_id="CWINS", ts="8.8")
        await tx.cheers.add(
            workspace_id=archive.workspace.id, win_id=theirs.id, slack_id="UMAYA", kind="party", cheered_at=NOON
        )
    said: list[Delivery] = []
    archive.units.on_said = said.extend
    await Privacy(archive.units).erase(archive.maya, key="click:1")
    updates = [row for row in said if row.says is Says.WIN_POST]
    assert [(row.method, row.member_id, row.refs["win"]) for row in updates] == [
        (Method.UPDATE, archive.jonas.id, theirs.id)
    ]
    async with archive.units.database.read() as tx:
        assert {cheer.slack_id for cheer in await tx.cheers.all()} == {"UJONAS"}


async def test_whoever_has_the_same_slack_id_in_another_workspace_is_somebody_else(archive: Archive) -> None:
    async with archive.units.begin() as work:
        elsewhere = await factories.workspace(work.tx, "T2")
        await _fill(work.tx, await factories.member(work.tx, elsewhere, "UMAYA"))
        await work.say_to_stranger(elsewhere.id, "UMAYA", Says.PHRASE, {"phrase": "gone"}, channel="UMAYA")

    async def kept_there() -> list[Mapping[str, Any]]:
        rows = (row for found in (await archive.everything()).values() for row in found)
        return [row for row in rows if row.get("workspace_id") == elsewhere.id]

    before = await kept_there()
    assert len(before) == len(tables.metadata.sorted_tables), "a row of each, but for one more message"
    async with archive.units.database.read() as tx:
        told = [row for found in (await tx.person.rows(archive.maya)).values() for row in found]
    assert {row["workspace_id"] for row in told} == {archive.workspace.id}
    await Privacy(archive.units).erase(archive.maya, key="click:1")
    assert await kept_there() == before


@pytest.mark.parametrize("others", [(), ("UPRIYA",)])
async def test_whoever_cheered_can_go_and_the_check_in_that_names_them_stays(
    archive: Archive, others: tuple[str, ...]
) -> None:
    """The check-in is its owner's: nobody else has it in their export, or deletes it."""
    async with archive.units.begin() as work:
        for slack_id in (archive.maya.slack_id, *others):
            await factories.cheered_win(work.tx, archive.jonas, slack_id, work.now)
        check_in = await factories.check_in(work.tx, archive.jonas, work.now, ts=None)
        await factories.item(work.tx, check_in, await factories.commitment(work.tx, archive.jonas))
        await say_check_in(work, archive.jonas, check_in)
        exported = (await work.tx.person.rows(archive.maya))["deliveries"]
        assert {row["member_id"] for row in exported} == {archive.maya.id}
    await Privacy(archive.units).erase(archive.maya, key="click:1")
    async with archive.units.database.read() as tx:
        said = await tx.deliveries.keyed(archive.workspace.id, key_of(check_in.id))
        assert said is not None
    letter = (await Contents(archive.units.database, archive.units.clock).of([said]))[said.id]
    assert archive.maya.slack_id not in str(said.refs)
    assert isinstance(letter, Letter)
    assert letter.content is not None
    shown = str(letter.content)
    assert archive.maya.slack_id not in shown
    assert all(f"<@{slack_id}>" in shown for slack_id in others)


async def test_a_second_click_says_nothing_and_leaves_no_trace_of_itself(archive: Archive) -> None:
    await Privacy(archive.units).erase(archive.maya, key="click:1")
    said: list[Delivery] = []
    archive.units.on_said = said.extend
    async with archive.units.database.write() as tx:
        again = await factories.member(tx, archive.workspace, "UMAYA")  # the desk meets whoever clicks
    await Privacy(archive.units).erase(again, key="click:2")
    assert said == []
    async with archive.units.database.read() as tx:
        assert [member.slack_id for member in await tx.members.all()] == ["UJONAS"]


@pytest.mark.parametrize("is_taken_back", [False, True])
async def test_what_is_still_to_be_deleted_in_a_channel_is_deleted_whatever_they_delete(
    archive: Archive, is_taken_back: bool
) -> None:
    async with archive.units.database.write() as tx:
        (win,) = await tx.wins.all(tx.wins.table.c.member_id == archive.maya.id)
        await tx.wins.change(win.id, state=WinState.SHARED, channel_id="CWINS", ts="7.7")
    if is_taken_back:
        await Wins(archive.units).take_back(archive.maya, win.id, key="click:0")
    await Privacy(archive.units).erase(archive.maya, key="click:1")
    async with archive.units.database.write() as tx:
        again = await factories.member(tx, archive.workspace, "UMAYA")
    await Privacy(archive.units).erase(again, key="click:2")
    async with archive.units.database.read() as tx:
        (row,) = await tx.deliveries.all(tx.deliveries.table.c.method == Method.DELETE)
    assert row.refs == {"ts": "7.7", "channel": "CWINS", "to": "UMAYA"}


async def test_an_old_click_that_comes_again_does_not_erase_a_fresh_start(archive: Archive) -> None:
    await Privacy(archive.units).erase(archive.maya, key="click:1")
    async with archive.units.database.write() as tx:
        fresh = await factories.member(tx, archive.workspace, "UMAYA")
        await factories.commitment(tx, fresh)
    with pytest.raises(AlreadyHandled):
        await Privacy(archive.units).erase(fresh, key="click:1")
    async with archive.units.database.read() as tx:
        assert len(await tx.commitments.active(fresh.id)) == 1


async def test_a_post_that_arrives_after_the_deletion_is_taken_down_again(archive: Archive, clock: ManualClock) -> None:
    said: list[Delivery] = []
    archive.units.on_said = said.extend
    async with archive.units.begin() as work:
        await work.say(archive.maya, Says.WIN_POST, {"win": 1}, channel="CWINS")
    post = said.pop()
    await Privacy(archive.units).erase(archive.maya, key="click:1")
    said.clear()
    async with archive.units.begin() as work:
        assert not await work.tx.deliveries.close(post, DeliveryState.SENT, NOON, ts="9.9")
        await Contents(archive.units.database, clock).unsay(work, post, Place("CWINS", "9.9"))
    (row,) = said
    assert (row.says, row.method, row.member_id) == (Says.TAKEN_DOWN, Method.DELETE, None)
    assert (row.refs["channel"], row.refs["ts"]) == ("CWINS", "9.9")
