"""What this process is sending at this moment."""

import asyncio

from bot.domain.deliveries import Delivery


class InHand:
    """Shared by all who send. A clock that jumps can make a claim look lapsed whose call is under way: what is in hand
    here is not taken up a second time.
    """

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._begun: dict[str, dict[int, asyncio.Event]] = {}

    def __contains__(self, row: Delivery) -> bool:
        return row.id in self._ids

    def take(self, row: Delivery) -> None:
        self._ids.add(row.id)

    def begin(self, row: Delivery) -> None:
        """The same, and others of its lane may wait for it."""
        self.take(row)
        self._begun.setdefault(row.lane, {})[row.id] = asyncio.Event()

    def end(self, row: Delivery) -> None:
        """What came of it is written down."""
        self._ids.discard(row.id)
        begun = self._begun.get(row.lane, {})
        if row.id in begun:
            begun.pop(row.id).set()
        if not begun:
            self._begun.pop(row.lane, None)

    def let_go(self, row: Delivery) -> None:
        self._ids.discard(row.id)

    async def wait_for(self, lane: str) -> bool:
        """Returns when something that is begun in a lane is over; False, at once, when nothing is."""
        begun = self._begun.get(lane)
        if not begun:
            return False
        await next(iter(begun.values())).wait()
        return True
