"""Somebody waits for an ack: what is asked of the database before it is counted, so that it does not grow unseen."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from sqlalchemy import event

from tests.world import World, world

COMMIT: Final = 2
"""Who acts where; their ground rules."""
CLICK: Final = 14
"""Of which seven open the question that follows the last answer, once a week; on PostgreSQL it is one less."""


@pytest.fixture
async def here(database_url: str) -> AsyncIterator[World]:
    async with world(database_url, http=True) as made:
        yield made


@contextmanager
def _counting(here: World) -> Iterator[dict[str, list[str]]]:
    """What each task asks of the database. Only to begin and to end a transaction counts for nothing."""
    asked: dict[str, list[str]] = {}

    def remember(_connection: object, _cursor: object, statement: str, *_: Any) -> None:
        task = asyncio.current_task()
        if task is not None and not statement.startswith("BEGIN"):
            asked.setdefault(task.get_name(), []).append(statement)

    engine = here.buddy.units.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", remember)
    yield asked
    event.remove(engine, "before_cursor_execute", remember)


def _one_with(asked: dict[str, list[str]], words: str) -> list[str]:
    """What the task asked that said this."""
    return next(statements for statements in asked.values() if any(words in one for one in statements))


async def test_a_command_and_a_click(here: World) -> None:
    await here.maya.command("/commit", "Finish the report")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit()
    await here.maya.sees("Noted: “Finish the report”")
    await here.maya.click("On it")
    await here.settle()

    await here.move_to("2027-01-05T10:00")
    check_in = await here.maya.sees("how did it go?")
    await here.maya.command("/buddy", "help")  # the day's first act looks her up in Slack
    await here.settle()

    with _counting(here) as asked:
        await here.maya.command("/commit", "Call the dentist")
        await here.maya.wait_for(lambda state: state.modal)
    assert len(_one_with(asked, "FROM agreements")) <= COMMIT

    await here.settle()
    with _counting(here) as asked:
        await here.maya.click("Moving", in_message=check_in)
        await here.settle()
    statements = _one_with(asked, "INSERT INTO acts")
    assert any("INSERT INTO conversations" in one for one in statements), "a question follows"
    assert len(statements) <= CLICK
