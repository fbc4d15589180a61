"""Takes the pictures of the documentation: `make pictures`.

The real product, as `buddy run` puts it together (tests/world.py), lives a week that is told by date. What people do
goes over the playground's control API, what is seen is its page in a headless Chromium.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.async_api import Browser, Page, ViewportSize

from bot.config import SQLITE
from bot.storage import migrate
from playground.client import Person
from playground.workspace import Json
from tests.browser import browser
from tests.world import World, world

HERE: Final = Path(__file__).parent
WIDE: Final[ViewportSize] = {"width": 1000, "height": 740}
NARROW: Final[ViewportSize] = {"width": 400, "height": 760}
WINS: Final = "#wins"


class Camera:
    """`take` photographs what a person sees at a place: a channel's id, or "app" with one of its tabs."""

    def __init__(self, here: World, chromium: Browser) -> None:
        self._here = here
        self._chromium = chromium

    async def take(
        self,
        name: str,
        person: Person,
        tab: str = "messages",
        *,
        at: str = "app",
        narrow: bool = False,
        dark: bool = False,
    ) -> None:
        async with self._page(f"/?user={person.user}&at={at}&tab={tab}", narrow=narrow, dark=dark) as page:
            await page.screenshot(path=HERE / f"{name}.png", animations="disabled", caret="hide")

    @asynccontextmanager
    async def _page(self, address: str, *, narrow: bool, dark: bool) -> AsyncIterator[Page]:
        await self._here.settle()
        page = await self._chromium.new_page(
            viewport=NARROW if narrow else WIDE,
            device_scale_factor=1.5,
            color_scheme="dark" if dark else "light",
            locale="en-GB",
        )
        try:
            await page.goto(self._here.playground.url + address)
            await page.wait_for_selector("html[data-ready]")
            await page.evaluate("document.fonts.ready")
            yield page
        finally:
            await page.close()


async def main() -> None:
    with TemporaryDirectory() as folder:
        database_url = f"{SQLITE}{folder}/buddy.db"
        await asyncio.to_thread(migrate.upgrade, database_url)
        async with world(database_url) as here, browser() as chromium:
            await a_week(here, Camera(here, chromium))


async def a_week(here: World, camera: Camera) -> None:
    maya, jonas = here.maya, here.jonas

    # Monday, 4 January: what she wants to do. The form is photographed before she saves it.
    await maya.home()
    await maya.command("/commit", "finish the report by Friday 5pm")
    await maya.wait_for(lambda state: state.modal)
    await camera.take("commit", maya)
    await maya.submit()
    await maya.sees("Noted: “finish the report”")
    await _commit(maya, "walk at lunch every weekday", "walk at lunch")
    await _commit(maya, "stop answering email after 7", "stop answering email after 7")

    # She is weighing the last one up.
    await maya.click("Weighing it up")
    await maya.sees("1 of 3")
    await maya.say("My son has dinner with the back of my laptop")
    await maya.sees("2 of 3")
    await maya.say("Clients like it. I look keen")
    await maya.sees("3 of 3")
    await camera.take("conversation", maya)
    await maya.say("Phone in the hall, Thursday")
    await maya.sees("Kept as a try, not a promise")

    # Tuesday at 10: one message about everything.
    await here.move_to("2027-01-05T10:00")
    asked = await maya.sees("How did it go?")
    await maya.click("Moving", in_message=asked)
    await camera.take("check-in", maya)
    await camera.take("check-in-narrow-dark", maya, narrow=True, dark=True)

    # Friday at 10, with no answer since: the report is done; with the phone it is not yet, and she looks at it.
    await here.move_to("2027-01-08T10:00")
    asked = await maya.sees("How did it go?")
    await maya.click("Done", in_message=asked)
    await maya.sees("Done ✓")
    await maya.click("Not yet", in_message=await _as_it_is_now(maya, asked))
    await maya.sees("Thanks for saying so.")
    await maya.click("Look at it")
    await maya.sees("1 of ")
    await maya.say("A client wrote at 18:58")
    await maya.sees("2 of ")
    await camera.take("if-then", maya)
    await maya.say("If a client writes late, then I send “tomorrow, first thing” and put the phone down")
    await maya.sees("Kept, word for word")

    # She tells the team of the report; before that, being an admin, where such things go.
    await maya.command("/buddy", "settings")
    await maya.wait_for(lambda state: state.modal)
    channel = (await maya.wait_for(lambda state: state.channel(WINS)))["id"]
    await maya.submit({"Where do shared wins go?": channel})
    await maya.command("/win", "The report is out, on the day. Thank you, Priya, for the numbers")
    await maya.sees("it looks like this")
    await camera.take("preview", maya)
    await maya.click("Share in #wins")
    await jonas.sees("The report is out", WINS)
    await jonas.click("👏", where=WINS)
    await jonas.sees("will see your name", WINS)
    await camera.take("win", jonas, at=channel)

    # What is left, at a glance.
    await maya.home()
    await camera.take("home", maya, "home")


async def _as_it_is_now(person: Person, message: Json) -> Json:
    return next(one for one in await person.messages() if one["ts"] == message["ts"])


async def _commit(person: Person, text: str, what: str) -> None:
    await person.command("/commit", text)
    await person.wait_for(lambda state: state.modal)
    await person.submit()
    await person.sees(f"Noted: “{what}”")


if __name__ == "__main__":
    asyncio.run(main())
    sys.stdout.write(f"The pictures are in {HERE}.\n")
