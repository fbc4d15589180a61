"""What people do in more than one of these tests."""

from typing import Any

from playground.client import State, text_of
from tests.world import World


async def commit(here: World, text: str, **values: Any) -> None:
    await here.maya.command("/buddy", f"commit {text}")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit(values or None)
    await here.maya.sees("Noted: ")
    await here.settle()


async def home(here: World) -> str:
    """What she sees when she opens it."""
    await here.maya.home()
    await here.settle()
    return text_of(await here.maya.home_view() or {})


async def modal(here: World, title: str) -> str:
    """What the modal of that title shows, once it is on top."""

    def shown(state: State) -> str | None:
        return text_of(state.modal) if state.modal and state.modal["title"]["text"] == title else None

    return await here.maya.wait_for(shown)


async def top_shows(here: World, part: str) -> str:
    """All of the one modal that is open, once it shows `part`."""

    def shown(state: State) -> str | None:
        text = text_of(state.modal or {})
        return text if part in text else None

    return await here.maya.wait_for(shown)


async def close(here: World) -> None:
    await here.maya.act("close", view_id=((await here.maya.state()).modal or {})["id"])
    await closed(here)


async def closed(here: World) -> None:
    await here.maya.wait_for(lambda state: not state.modals)
    await here.settle()


async def whispered(here: World) -> str:
    return text_of((await here.maya.ephemerals())[-1])
