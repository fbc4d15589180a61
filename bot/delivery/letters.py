"""Rows rendered in a transaction of their own, so that what is wrong with one never keeps another."""

from collections.abc import Mapping, Sequence

from bot.delivery.content import Letter
from bot.delivery.contents import Contents
from bot.domain.deliveries import Delivery
from bot.storage.database import OUTAGE, Database

Letters = Mapping[int, Letter | Exception]


async def letters_of(database: Database, contents: Contents, rows: Sequence[Delivery]) -> Letters:
    """By the id of each row its letter, or what kept it from being one. Raises OUTAGE when there is no database."""
    try:
        async with database.read() as tx:
            return await contents.of_many(tx, rows)
    except OUTAGE:
        raise
    except Exception as error:  # noqa: BLE001  # told to whoever asked, who knows what becomes of the row
        if len(rows) == 1:
            return {rows[0].id: error}
    alone = [await letters_of(database, contents, [row]) for row in rows]
    return {row_id: letter for letters in alone for row_id, letter in letters.items()}
