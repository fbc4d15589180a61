"""/buddy and its help, in the whole product over Socket Mode."""

from handlers.buddy import ROUTES
from tests.handlers.steps import close, modal, whispered
from tests.world import World


async def test_help_and_near_misses(here: World) -> None:
    await here.maya.command("/buddy", "")
    assert "`/buddy commit [what, by when]`" in await whispered(here)
    await here.maya.command("/buddy", "comit something")
    assert "Did you mean `/buddy commit`?" in await whispered(here)


async def test_every_word_of_the_help_is_answered(here: World) -> None:
    titles = {
        "commit": "A commitment",
        "list": "Your list",
        "days": "Check-in days",
        "rules": "Ground rules",
        "off": "Time off",
        "pause": "Pause",
        "privacy": "Privacy",
        "stop": "Stop",
        "settings": "Settings",
    }
    assert set(titles) | {"checkin", "win", "rough", "resume", "export", "help"} == set(ROUTES)
    for name, title in titles.items():
        await here.maya.command("/buddy", name.upper())
        await modal(here, title)
        await close(here)
