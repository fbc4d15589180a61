"""With keys set, nothing that people wrote can be read in the database's files, nor in what was logged."""

import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

from bot import logs
from bot.app import Buddy
from playground.client import text_of
from tests.world import World, world

COMMITMENT = "practise the zither"
REVISED = "practise the balalaika"
DONE_LOOKS_LIKE = "a whole waltz"
WEIGHED_UP = ("My daughter calls it caterwauling", "Neighbours complain", "Half a tune on Thursday")
NOTE = "the marmalade got in between"
NOTE_EDITED = "the gooseberries got in between"
WIN = "Played a polonaise for grandma"
WIN_EDITED = "Played a mazurka for grandma"
HALF_TYPED = "something about rhubarb"
UNDERSTOOD_AS = ("zither", "balalaika", "waltz", "caterwauling", "Neighbours", "tune", "marmalade", "gooseberries")
WORDS = (*UNDERSTOOD_AS, "polonaise", "mazurka", "grandma", "rhubarb", "xoxb-")


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """Everything that would be printed at the most talkative level."""
    root, stream = logging.getLogger(), StringIO()
    handlers, level = root.handlers, root.level
    logs.configure("DEBUG", stream)
    yield stream
    root.handlers = handlers
    root.setLevel(level)


async def test_no_word_is_found_in_the_files_or_the_log(sqlite_url: str, logged: StringIO) -> None:
    async with world(sqlite_url, keys=Fernet.generate_key().decode()) as here:
        await _live(here)
        await here.settle()
        log = logged.getvalue()
        # While everything is there: what was deleted may still lie in a file.
        path = Path(make_url(sqlite_url).database or "")
        files = {file.name: file.read_bytes() for file in path.parent.glob(f"{path.name}*")}
        assert len(files) > 1, "the write-ahead log among them"
        assert b"UMAYA0001" in b"".join(files.values()), "it is the right file"
        for word in WORDS:
            for name, content in files.items():
                assert word.casefold().encode() not in content.lower(), f"{word} in {name}"
            assert word.casefold() not in log.casefold(), f"{word} in the log"
        assert await _kept(here.buddy) >= {REVISED, WIN_EDITED, *WEIGHED_UP}, "it was there to be found"


async def _live(here: World) -> None:
    """A journey through every place where words are typed."""
    maya = here.maya
    await maya.command("/commit", COMMITMENT)
    await maya.wait_for(lambda state: state.modal)
    await maya.submit()
    await maya.sees("Noted")
    await maya.click("Weighing it up")
    for number, words in enumerate(WEIGHED_UP, start=1):
        await maya.sees(f"{number} of 3")
        await maya.say(words)
    await maya.sees("Kept as a try")
    await here.settle()

    await maya.home()
    await here.settle()
    await maya.click("Revise", where="home")
    await maya.wait_for(lambda state: state.modal)
    await maya.submit(
        {"What do you want to do? (only you)": REVISED, "What does done look like? (only you)": DONE_LOOKS_LIKE}
    )
    await here.settle()

    await here.move_to("2027-01-08T10:00")
    await maya.sees("how did it go?")
    ts = await maya.say(NOTE)
    await maya.sees("Kept as a note")
    await maya.edit(ts, NOTE_EDITED)
    await here.settle()

    await maya.command("/win", WIN)
    preview = await maya.sees("polonaise")
    assert WIN in text_of(preview)
    await maya.click("Edit", in_message=preview)
    await maya.wait_for(lambda state: state.modal)
    await maya.submit({"What went well? (only you until you share it)": WIN_EDITED})
    await maya.sees("mazurka")
    await here.slack.fault("chat.postMessage", "http_500", 1)
    await maya.say(HALF_TYPED)
    await maya.sees("Kept as a note")


async def _kept(buddy: Buddy) -> set[str]:
    async with buddy.units.database.read() as tx:
        commitments = [one.text for one in await tx.commitments.all()]
        return {*commitments, *(win.text for win in await tx.wins.all()), *(one.text for one in await tx.answers.all())}
