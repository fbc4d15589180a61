"""A monkey with a seed: three people who click and type nastily at whatever they see, while the clock jumps and the bot
restarts. Bounded here; `MONKEY_ACTS=5000 MONKEY_SEED=7` lets it play longer, or the same game again."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from typing import Any, Final

import pytest

from playground.client import AppFailedError, Person, RefusedError, State
from playground.inputs import options_of
from playground.seen import Control
from playground.workspace import GENERAL, WINS
from tests.hostile.invariants import no_errors_logged, nothing_went_wrong, people
from tests.world import World, world

ACTS: Final = int(os.environ.get("MONKEY_ACTS", "250"))
SEEDS: Final = tuple(map(int, os.environ.get("MONKEY_SEED", "1").split(",")))
LOOK_EVERY: Final = 25
"""Acts between two looks at everything that must hold."""

COMMANDS: Final = ("/commit", "/checkin", "/win", "/buddy")
SAID: Final = (
    "{own}",
    "{own} by Friday 5pm",
    "{own} every weekday",
    "<!channel> {own} <@UJONAS001> *_~`",
    "{own} 😀👩‍👩‍👧 \u202e &lt;&amp;",
    "{own} " + "lang " * 900,
    "thanks",
    "skip",
    "later",
    "back",
    "help",
    "stop",
    "\u200b",
    "if {own} then I {{next_check_in}}",
)
AFTER_BUDDY: Final = (
    "",
    "list",
    "days",
    "rules",
    "pause",
    "pause tomorrow",
    "resume",
    "settings",
    "help",
    "export",
    "nonsense {own}",
)
FORWARD: Final = (timedelta(minutes=3), timedelta(hours=2), timedelta(hours=9), timedelta(days=1), timedelta(days=4))
MEANT: Final = frozenset({"ratelimited", "http_500"})
LETHAL: Final = ("Delete everything",)
"""Clicked now and then only: a monkey that deletes all the time plays with nothing."""


class Monkey:
    """Each act is one of `acts`, by weight. What it wrote as whom is remembered, to be looked for elsewhere."""

    def __init__(self, here: World, seed: int) -> None:
        self._here = here
        self._dice = random.Random(seed)
        self._numbers = count(1)
        self.done: list[str] = []
        acts: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self.click, 50),
            (self.click_twice, 8),
            (self.type, 20),
            (self.command, 12),
            (self.submit, 14),
            (self.close, 3),
            (self.rewrite, 6),
            (self.move_clock, 9),
            (self.other, 5),
            (self.trouble, 2),
            (self.restart, 1),
        ]
        self._acts = [act for act, weight in acts for _ in range(weight)]

    async def act(self) -> None:
        act = self._dice.choice(self._acts)
        try:
            await act()
        except (RefusedError, LookupError):  # Slack's client would not have let them
            self._note("-")

    def _note(self, what: str) -> None:
        self.done.append(what)

    def _person(self) -> Person:
        return self._dice.choice(people(self._here))

    def _words(self, person: Person) -> str:
        """With a mark that tells whose they are."""
        return self._dice.choice(SAID).format(own=f"{mark(person)}{next(self._numbers)}")

    async def click(self) -> None:
        person = self._person()
        control = self._some(await person.state())
        if control is not None:
            await self._use(person, control)

    async def click_twice(self) -> None:
        person = self._person()
        control = self._some(await person.state())
        if control is not None:
            found = await asyncio.gather(*(self._use(person, control) for _ in range(2)), return_exceptions=True)
            for error in found:
                if isinstance(error, BaseException) and not isinstance(error, RefusedError):
                    raise error

    def _some(self, state: State) -> Control | None:
        """Mostly what is newest; sometimes anything that can be seen at all."""
        controls = [one for one in state.controls() if one.element["type"] != "button" or "url" not in one.element]
        controls = [one for one in controls if self._spares(one)]
        if not controls:
            return None
        near = controls[: self._dice.choice((4, 12, len(controls)))]
        return self._dice.choice(near)

    def _spares(self, control: Control) -> bool:
        label = (control.element.get("text") or {}).get("text")
        return label not in LETHAL or self._dice.random() < 0.05

    async def _use(self, person: Person, control: Control) -> None:
        self._note(f"{person.user} {control.element['action_id']}")
        await person.click(
            control.element["action_id"], in_message=None, where=None, value=self._value(person, control)
        )

    def _value(self, person: Person, control: Control) -> Any:
        element = control.element
        options = options_of(element)
        match element["type"]:
            case "button":
                return None
            case "checkboxes":
                return [one for one in options if self._dice.random() < 0.5]
            case "plain_text_input":
                return self._words(person)[: element.get("max_length", 3000)]
            case "datepicker":
                return self._dice.choice(("2027-01-06", "2026-01-01", "2027-12-24", "2400-02-29"))
            case "timepicker":
                return self._dice.choice(("00:00", "10:00", "23:59"))
            case "channels_select" | "conversations_select":
                return self._dice.choice((WINS, WINS, GENERAL))
        return self._dice.choice(options) if options else None

    async def type(self) -> None:
        person = self._person()
        if await person.modal():
            return
        threads = [one["ts"] for one in await person.messages() if not one["ephemeral"]]
        thread = self._dice.choice(threads) if threads and self._dice.random() < 0.15 else None
        self._note(f"{person.user} types")
        for _ in range(self._dice.choice((1, 1, 1, 3))):
            await person.say(self._words(person), thread=thread)

    async def command(self) -> None:
        person = self._person()
        name = self._dice.choice(COMMANDS)
        text = self._words(person)[:3000]
        if name == "/buddy":
            text = self._dice.choice(AFTER_BUDDY).format(own=mark(person))
        elif self._dice.random() < 0.3:
            text = ""
        self._note(f"{person.user} {name}")
        await person.command(name, text, self._dice.choice(("app", "app", GENERAL)))

    async def submit(self) -> None:
        """With some of the fields filled in, in whatever way."""
        person = self._person()
        state = await person.state()
        if state.modal is None:
            return
        inputs = [one for one in state.controls("modal") if one.block["type"] == "input"]
        values = {one.block["block_id"]: self._value(person, one) for one in inputs if self._dice.random() < 0.6}
        self._note(f"{person.user} submits {state.modal['callback_id']}")
        await person.submit(values)

    async def close(self) -> None:
        person = self._person()
        if await person.modal():
            self._note(f"{person.user} closes")
            await person.close(everything=self._dice.random() < 0.7)

    async def rewrite(self) -> None:
        """An edit, or a deletion, of something they typed."""
        person = self._person()
        own = [one["ts"] for one in await person.messages() if one["user"] == person.user]
        if not own:
            return
        ts = self._dice.choice(own[-6:])
        self._note(f"{person.user} rewrites")
        if self._dice.random() < 0.6:
            await person.edit(ts, self._words(person))
        else:
            await person.delete(ts)

    async def move_clock(self) -> None:
        forward = self._dice.choice(FORWARD)
        if self._dice.random() < 0.1:
            forward = -forward
        self._note(f"clock {forward}")
        if self._dice.random() < 0.3:
            await self._person().next_check_in()
        else:
            await self._here.slack.forward(forward.total_seconds())
        await self._here.buddy.settle()

    async def other(self) -> None:
        person = self._person()
        self._note(f"{person.user} elsewhere")
        match self._dice.randrange(4):
            case 0:
                await person.home()
            case 1:
                await person.upload("notes.txt", mark(person))
            case 2:
                await person.shortcut("shortcut.commit")
            case 3:
                own = [one for one in await person.messages(GENERAL) if one["user"] == person.user]
                if own:
                    await person.shortcut("shortcut.keep_as_win", own[-1])
                else:
                    await person.say(f"{mark(person)} said in public", GENERAL)

    async def trouble(self) -> None:
        method = self._dice.choice(("chat.postMessage", "chat.update", "views.publish", "users.info"))
        self._note(f"trouble {method}")
        await self._here.slack.fault(method, self._dice.choice(("ratelimited", "http_500")), 1, retry_after=0)

    async def restart(self) -> None:
        """What the bot still says while it leaves is told to nobody, so only what came before counts."""
        self._note("restart")
        await nothing_went_wrong(self._here, meant=MEANT)
        await self._here.restart()
        await self._here.slack.request("DELETE", "/control/calls")


def mark(person: Person) -> str:
    return f"secret-of-{person.user[1:5].lower()}-"


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_monkey_breaks_nothing(sqlite_url: str, caplog: pytest.LogCaptureFixture, seed: int) -> None:
    async with world(sqlite_url) as here:
        monkey = Monkey(here, seed)
        try:
            for number in range(1, ACTS + 1):
                await monkey.act()
                if number % LOOK_EVERY == 0:
                    await look(here, caplog)
            await look(here, caplog)
        except (AssertionError, AppFailedError, TimeoutError):
            print(*monkey.done[-30:], sep="\n")  # noqa: T201  # how it came to that
            raise
        acted = {one.split(" ", 1)[-1].split(":")[0] for one in monkey.done}
        assert len(acted) > 30 or ACTS < 250, "it saw more than a few things"


async def look(here: World, caplog: pytest.LogCaptureFixture) -> None:
    await here.slack.clear_faults()
    await nothing_went_wrong(here, meant=MEANT)
    no_errors_logged(caplog.records)
    for person in people(here):
        await nothing_private_elsewhere(here, person)


async def nothing_private_elsewhere(here: World, owner: Person) -> None:
    """What they wrote is seen by others only where they shared it, or said it themselves in a channel."""
    for person in people(here):
        if person.user == owner.user:
            continue
        state = await person.state()
        private = [*state.messages(), *state.modals, *([state.home] if state.home else []), *state.ephemerals(GENERAL)]
        shared = [one for one in state.from_app(WINS) if f"<@{owner.user}> shares a win" not in str(one)]
        public = [*state.from_app(GENERAL), *shared]
        assert mark(owner) not in str([private, public]), f"{person.user} sees what {owner.user} wrote"
