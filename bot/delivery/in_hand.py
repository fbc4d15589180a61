"""What this process is sending at this moment."""

import asyncio

from bot.domain.deliveries import Delivery


class InHand:
    """Shared by all who send. A clock that jumps can make a claim look lapsed whose call is under way: what is in hand
    here is not taken up a second time.
    """

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._lanes: dict[str, asyncio.Event] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, row: Delivery) -> bool:
        return row.id in self._ids

    def take(self, row: Delivery) -> None:
        self._ids.add(row.id)

    def begin(self, row: Delivery) -> None:
        """The same, and others of its lane may wait for it."""
        self.take(row)
        self._lanes[row.lane] = asyncio.Event()

    def end(self, row: Delivery) -> None:
        """What came of it is written down."""
        self._ids.discard(row.id)
        over = self._lanes.pop(row.lane, None)
        if over is not None:
            over.set()

    def let_go(self, row: Delivery) -> None:
        self._ids.discard(row.id)

    async def wait_for(self, lane: str) -> bool:
        """Returns when what is begun in a lane is over; False, at once, when nothing is."""
        begun = self._lanes.get(lane)
        if begun is None:
            return False
        await begun.wait()
        return True
