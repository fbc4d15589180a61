"""People first: what can wait gives way, and not for ever."""

import asyncio

import pytest

from bot.services import courtesy as module
from bot.services.courtesy import Courtesy


async def test_what_can_wait_goes_on_when_the_last_one_is_served() -> None:
    courtesy, steps = Courtesy(), list[str]()

    async def step() -> None:
        await courtesy.give_way()
        steps.append("a step")

    with courtesy.serving():
        with courtesy.serving():
            waiting = asyncio.create_task(step())
            await asyncio.sleep(0)
        steps.append("one is served")
    steps.append("both are")
    await waiting
    assert steps == ["one is served", "both are", "a step"]


async def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.001)
    courtesy = Courtesy()
    with courtesy.serving():
        await courtesy.give_way()


async def test_nobody_waits_nothing_gives_way() -> None:
    courtesy = Courtesy()
    with pytest.raises(ZeroDivisionError), courtesy.serving():
        _ = 1 / 0
    await asyncio.wait_for(courtesy.give_way(), 0.001)
