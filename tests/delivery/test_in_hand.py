"""Who waits for what is being sent in a lane is told, whoever else begins there."""

import asyncio

from bot.delivery.in_hand import InHand
from tests import records

LANE = "dm:1"


async def test_another_that_begins_leaves_nobody_waiting_for_ever() -> None:
    in_hand, first, second = InHand(), records.delivery(1, lane=LANE), records.delivery(2, lane=LANE)
    in_hand.begin(first)
    waiting = asyncio.create_task(in_hand.wait_for(LANE))
    await asyncio.sleep(0)
    in_hand.begin(second)
    await asyncio.sleep(0)
    assert not waiting.done()
    in_hand.end(first)
    assert await asyncio.wait_for(waiting, 1)
    assert first not in in_hand
    assert second in in_hand
    again = asyncio.create_task(in_hand.wait_for(LANE))
    await asyncio.sleep(0)
    in_hand.end(second)
    assert await asyncio.wait_for(again, 1)
    assert not await in_hand.wait_for(LANE)
