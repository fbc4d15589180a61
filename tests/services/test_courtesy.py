"""People first: what can wait gives way, and not for ever; in small steps while people are around."""

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


def test_steps_are_small_while_people_are_around(monkeypatch: pytest.MonkeyPatch) -> None:
    courtesy = Courtesy()
    assert courtesy.at_a_time(200) == 200
    with courtesy.serving():
        assert courtesy.at_a_time(200) == 25
    assert courtesy.at_a_time(200) == 25, "more is to be expected of them"
    monkeypatch.setattr(module, "AROUND", 0.0)
    assert courtesy.at_a_time(200) == 200


@pytest.mark.parametrize("people", [False, True])
async def test_steps_come_one_by_one_while_people_are_around(*, people: bool) -> None:
    courtesy, at_once = Courtesy(), list[int]()
    under_way = 0

    async def step() -> None:
        nonlocal under_way
        async with courtesy.step():
            under_way += 1
            at_once.append(under_way)
            await asyncio.sleep(0)
            under_way -= 1

    if people:
        with courtesy.serving():
            pass
    await asyncio.gather(*(step() for _ in range(3)))
    assert at_once == ([1, 1, 1] if people else [1, 2, 3])


async def test_a_step_waits_for_who_is_being_served() -> None:
    courtesy, steps = Courtesy(), list[str]()

    async def step() -> None:
        async with courtesy.step():
            steps.append("a step")

    with courtesy.serving():
        waiting = asyncio.create_task(step())
        await asyncio.sleep(0)
        steps.append("somebody is served")
    await waiting
    assert steps == ["somebody is served", "a step"]
