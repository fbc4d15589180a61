"""Clicks that two processes get at once, and processes that die between a click and its reply."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.domain.check_ins import Answer
from bot.storage.database import Database
from playground.client import PATIENCE_SECONDS, text_of
from playground.line import Ack, Parcel
from playground.seen import Control, State
from playground.visible import state_json
from playground.workspace import Json
from tests.chaos.chaos import Chaos, chaos, until
from tests.chaos.conftest import Ground
from tests.chaos.mischief import Killer
from tests.hostile.invariants import click_on

ANSWER = "Moving"
AT_ONCE = 8
"""Of them: as many as answer within Slack's three seconds on a machine that has little else to do."""


async def test_two_processes_get_every_click(on_postgresql: Ground) -> None:
    """Slack sends one click to both, or a finger clicks twice: there is one answer, and one reply to it."""
    async with chaos(on_postgresql, workspaces=1) as here:
        here.town.playground.settings.ack_seconds = PATIENCE_SECONDS  # a lost click would spoil the race
        before = await _asked(here)
        once, *others = here.town.places[0].crowd
        await _clicked(here, _click(here, once))

        async def twice(user: str) -> None:
            click = _click(here, user)
            again = click if others.index(user) % 2 else _click(here, user)
            acks = await asyncio.gather(_clicked(here, click), _clicked(here, again))
            assert [ack.error for ack in acks] == [None, None]

        await _some_at_a_time(twice, others)
        await _everybody_sees_the_same(here, before)
        await here.fleet.stop()
        here.tell()
        assert not here.fleet.errors()


async def test_processes_die_between_a_click_and_its_reply(ground: Ground) -> None:
    """What was acked is kept, and its reply comes; who saw that nothing came of a click clicks again."""
    scale = ground.scale
    async with chaos(ground, workspaces=1) as here:
        before = await _asked(here)
        killer = Killer(here.fleet, here.town, ground.random, scale.kills, among=scale.crowd)

        async def answer(user: str) -> None:
            while (click := _click(here, user)) is not None and (await _clicked(here, click)).error is not None:
                await asyncio.sleep(0)  # a socket that has just died is there until others have had the loop
                await until(here.is_connected, scale.patience)

        await _some_at_a_time(answer, here.town.places[0].crowd)
        await here.until_all_is_said(killer)
        await _everybody_sees_the_same(here, before)
        await here.fleet.stop()
        here.tell()
        assert here.fleet.kills == scale.kills


async def _some_at_a_time(act: Callable[[str], Awaitable[None]], crowd: Sequence[str]) -> None:
    room = asyncio.Semaphore(AT_ONCE)

    async def one(user: str) -> None:
        async with room:
            await act(user)

    async with asyncio.TaskGroup() as group:
        for user in crowd:
            group.create_task(one(user))


async def _asked(here: Chaos) -> list[str]:
    """What each of them is asked."""
    await here.start()
    here.at()
    await here.until_all_is_said()
    return _words(_seen(here, here.town.places[0].crowd[0]).messages())


def _click(here: Chaos, user: str) -> Parcel | None:
    """On the answer, in the check-in as it stands; None when that shows the answer: it was kept, and nobody told."""
    backend = here.town.places[0].backend
    state = _seen(here, user)
    [check_in] = [message for message in state.messages() if "Finish report" in text_of(message)][:1]
    control = next((one for one in state.controls(check_in) if _label(one) == ANSWER), None)
    return click_on(backend, user, check_in, control) if control else None


async def _clicked(here: Chaos, click: Parcel | None) -> Ack:
    assert click is not None
    return await here.town.places[0].backend.events.ask("block_actions", click)


async def _everybody_sees_the_same(here: Chaos, before: list[str]) -> None:
    """As many messages, with the same words, for each: whoever was raced for, or served by the dying."""
    await here.until_all_is_said()
    crowd = here.town.places[0].crowd
    seen = {user: _words(_seen(here, user).messages()) for user in crowd}
    usual = seen[crowd[0]]
    assert usual[0] not in before, "the check-in shows the answer"
    assert len(usual) == 2, f"a question follows: {usual}"
    others = {user: words for user, words in seen.items() if words != usual}
    assert not others, f"{len(others)} saw something else than {usual}: {dict(list(others.items())[:3])}"
    await _each_answered_once(here.database, len(crowd))


async def _each_answered_once(database: Database, people: int) -> None:
    async with database.read() as tx:
        answers = [item.answer for item in await tx.items.all()]
    assert answers == [Answer.MOVING] * people


def _seen(here: Chaos, user: str) -> State:
    return State(state_json(here.town.places[0].backend, user))


def _words(messages: list[Json]) -> list[str]:
    """Without what differs from one to the next."""
    return ["".join(one for one in text_of(message) if not one.isdigit()) for message in messages]


def _label(control: Control) -> str:
    return str((control.element.get("text") or {}).get("text"))
