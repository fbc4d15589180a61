"""What goes into a column comes out of it, and private text is not readable from outside."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from bot.storage.database import Database
from bot.storage.sealed import A_PORTION
from bot.storage.types import FernetCipher, WrongKeys
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


async def test_what_is_sealed_anew_needs_no_old_key_and_is_what_it_was(database_url: str) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    plain = Database(database_url)
    async with plain.write() as tx:
        member = await factories.member(tx, await factories.workspace(tx, contacts="Ada"))
        kept = await factories.commitment(tx, member, "from before there was a key", plan="if, then")
    await plain.close()
    first = Database(database_url, FernetCipher((old,)))
    async with first.write() as tx:
        for number in range(A_PORTION):
            await factories.commitment(tx, member, f"number {number}")
    await first.close()
    both = Database(database_url, FernetCipher((new, old)))
    async with both.read() as tx:
        before = await tx.commitments.all()
    await both.reseal()
    await both.close()
    only = Database(database_url, FernetCipher((new,)))
    await only.try_keys()
    async with only.read() as tx:
        assert await tx.commitments.all() == before
        assert (await tx.commitments.get(kept.id)).plan == "if, then"
        raw = (await tx.connection.execute(text("SELECT text FROM commitments"))).scalars().all()
    assert not [one for one in raw if not one.startswith("e:")]
    await only.close()


async def test_of_keys_that_followed_each_other_each_is_missed(database_url: str) -> None:
    """Words from before there was a key stand before what was sealed."""
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    member = None
    for keys in ((), (old,), (new, old)):
        database = Database(database_url, FernetCipher(keys))
        async with database.write() as tx:
            member = member or await factories.member(tx, await factories.workspace(tx, bot_token=None))
            await factories.commitment(tx, member)
        await database.try_keys()
        await database.close()
    for keys in ((), (old,), (new,)):
        database = Database(database_url, FernetCipher(keys))
        with pytest.raises(WrongKeys):
            await database.try_keys()
        await database.close()


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
