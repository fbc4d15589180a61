"""What goes into a column comes out of it, and private text is not readable from outside."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from bot.storage.database import Database
from bot.storage.types import FernetCipher
from tests import factories


async def test_instants_come_back_in_utc(database: Database) -> None:
    tokyo = datetime(2027, 1, 4, 18, 0, tzinfo=timezone(timedelta(hours=9)))
    async with database.write() as tx:
        made = await factories.workspace(tx, installed_at=tokyo)
    async with database.read() as tx:
        found = await tx.workspaces.get(made.id)
    assert found.installed_at == tokyo
    assert found.installed_at.tzinfo is UTC


async def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        async with database.write() as tx:
            await factories.workspace(tx, installed_at=datetime(2027, 1, 4, 18, 0))  # noqa: DTZ001


async def test_with_a_key_nobody_reads_along_and_keys_can_be_rotated(database_url: str) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    database = Database(database_url, FernetCipher((old,)))
    async with database.write() as tx:
        member = await factories.member(tx, await factories.workspace(tx))
        kept = await factories.commitment(tx, member, "dinner with my son")
        raw = (await tx.connection.execute(text("SELECT text FROM commitments"))).scalar_one()
        token = (await tx.connection.execute(text("SELECT bot_token FROM workspaces"))).scalar_one()
    assert "dinner" not in raw
    assert "xoxb" not in token
    await database.close()
    rotated = Database(database_url, FernetCipher((new, old)))
    async with rotated.read() as tx:
        assert (await tx.commitments.get(kept.id)).text == "dinner with my son"
    await rotated.close()


async def test_text_from_before_there_was_a_key_stays_readable(database_url: str) -> None:
    plain = Database(database_url)
    async with plain.write() as tx:
        member = await factories.member(tx, await factories.workspace(tx))
        kept = await factories.commitment(tx, member, "e:p: looks like a mark")
    await plain.close()
    keyed = Database(database_url, FernetCipher((Fernet.generate_key().decode(),)))
    async with keyed.read() as tx:
        assert (await tx.commitments.get(kept.id)).text == "e:p: looks like a mark"
    await keyed.close()
