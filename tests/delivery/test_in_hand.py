"""Who waits for what is being sent in a lane is told, whoever else begins there."""

import asyncio
from datetime import UTC, datetime

from bot.delivery.in_hand import InHand
from bot.domain.deliveries import Delivery, DeliveryState, Method, Says

LANE = "dm:1"


def _row(number: int) -> Delivery:
    return Delivery(
        id=number,
        workspace_id=1,
        key=str(number),
        token=str(number),
        lane=LANE,
        method=Method.POST,
        says=Says.PHRASE,
        refs={},
        due_at=datetime(2027, 1, 4, 9, tzinfo=UTC),
        state=DeliveryState.CLAIMED,
    )


async def test_another_that_begins_leaves_nobody_waiting_for_ever() -> None:
    in_hand, first, second = InHand(), _row(1), _row(2)
    in_hand.begin(first)
    waiting = asyncio.create_task(in_hand.wait_for(LANE))
    await asyncio.sleep(0)
    in_hand.begin(second)
    in_hand.end(first)
    assert await asyncio.wait_for(waiting, 1)
    assert first not in in_hand
    assert second in in_hand
    again = asyncio.create_task(in_hand.wait_for(LANE))
    await asyncio.sleep(0)
    in_hand.end(second)
    assert await asyncio.wait_for(again, 1)
    assert not await in_hand.wait_for(LANE)
