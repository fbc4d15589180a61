"""What people do in more than one journey."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from playground.client import Person, RefusedError, text_of
from tests.world import World

Json = dict[str, Any]

TUESDAY = "2027-01-05T10:00"
POST, UPDATE = "chat.postMessage", "chat.update"


async def commit(here: World, text: str = "Finish the report", *, by: Person | None = None) -> Json:
    """The message that says it back; Maya's, unless somebody else is named."""
    person = by or here.maya
    await person.command("/commit", text)
    await person.wait_for(lambda state: state.modal)
    await person.submit()
    await here.settle()
    return await person.sees("Noted")


async def check_in(here: World, person: Person, *texts: str, at: str = TUESDAY) -> Json:
    for text in texts or ("Finish the report",):
        await commit(here, text, by=person)
    await here.move_to(at)
    return await person.sees("how did it go?" if len(texts) < 2 else "How did it go?")


async def twice(here: World, person: Person, label: str, message: Json) -> list[str]:
    """Clicks at once, as fast as fingers can; what was posted after it."""
    before = {one["ts"] for one in await person.messages()}

    async def once() -> None:
        with suppress(RefusedError, LookupError):  # the first click was quicker: there is nothing to click any more
            await person.click(label, in_message=message)

    await asyncio.gather(*(once() for _ in range(3)))
    await here.settle()
    return [text_of(one) for one in await person.messages() if one["ts"] not in before]


async def now(person: Person, message: Json, channel: str = "app") -> Json:
    """That message as it stands."""
    return at(await person.messages(channel), message["ts"])


def at(messages: Iterable[Json], ts: object) -> Json:
    """The one with this ts."""
    return next(message for message in messages if message["ts"] == ts)
