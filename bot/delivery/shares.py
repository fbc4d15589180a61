"""Which rows go next: the workspaces whose turn this process has, each at its pace, all of them fairly."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.delivery.limits import Limits
from bot.delivery.pacing import FORGET_AT, Gaps, TokenBucket
from bot.domain.deliveries import Delivery

IN_FLIGHT: Final = 8
"""Rows of a workspace that are being sent at once: after a crash so many are looked for, at fifty look-ups a minute."""


class Share:
    """A workspace whose lease is ours until `ours_until`, with the rows that were looked at ahead.

    `is_read`: the database had no more of them when it was last looked at. `is_closed`: it was lost, or is to be left
    alone; what is in flight comes to its end.
    """

    def __init__(self, workspace_id: int, bucket: TokenBucket, ours_until: float) -> None:
        self.workspace_id = workspace_id
        self.bucket = bucket
        self.ours_until = ours_until
        self.ahead: deque[Delivery] = deque()
        self.in_flight = 0
        self.is_read = False
        self.is_closed = False

    @property
    def is_hungry(self) -> bool:
        """Whether there may be more rows than it knows of, and it has use for them."""
        return not self.is_closed and not self.is_read and len(self.ahead) < IN_FLIGHT

    @property
    def is_drained(self) -> bool:
        return not self.in_flight and (self.is_closed or (self.is_read and not self.ahead))

    def feed(self, rows: Iterable[Delivery], *, is_all: bool) -> None:
        """More rows, in the order in which they are to leave; those it knows of may be among them."""
        known = {row.id for row in self.ahead}
        self.ahead.extend(row for row in rows if row.id not in known)
        self.is_read = is_all

    def ended(self) -> None:
        """One that was in flight is not any more; the next of its lane may be free now."""
        self.in_flight -= 1
        if not self.in_flight and not self.ahead:
            self.is_read = False

    def close(self) -> None:
        self.ahead.clear()
        self.is_closed = True

    def next(self, gaps: Gaps, now: float) -> Delivery | None:
        """The row that may leave now. Those whose channel has had one just now let others pass."""
        if self.in_flight >= IN_FLIGHT or not self.ahead or self.bucket.wait(now):
            return None
        for _ in range(len(self.ahead)):
            row = self.ahead.popleft()
            if not gaps.wait(row.lane, now):
                self.bucket.take(now)
                gaps.passed(row.lane, now)
                self.in_flight += 1
                return row
            self.ahead.append(row)
        return None

    def wait(self, gaps: Gaps, now: float) -> float | None:
        """Seconds until a row may leave; None while that is not for the time to say."""
        if self.in_flight >= IN_FLIGHT or not self.ahead:
            return None
        return max(self.bucket.wait(now), min(gaps.wait(row.lane, now) for row in self.ahead))


class Shares:
    """By workspace. Instants are seconds of a monotonic clock."""

    def __init__(self, limits: Limits) -> None:
        self._a_second = limits.a_minute / 60
        self._gaps = Gaps(limits.a_second)
        self._shares: dict[int, Share] = {}
        self._buckets: dict[int, TokenBucket] = {}
        self._turn = 0

    def __len__(self) -> int:
        return len(self._shares)

    def __iter__(self) -> Iterator[Share]:
        return iter(list(self._shares.values()))

    def get(self, workspace_id: int) -> Share | None:
        return self._shares.get(workspace_id)

    def add(self, workspace_ids: Iterable[int], ours_until: float, now: float) -> None:
        """Leases that were taken. Giving one up and taking it again does not fill its bucket, nor does losing one and
        having it back end what is in flight."""
        if len(self._buckets) >= FORGET_AT:
            self._buckets = {one: bucket for one, bucket in self._buckets.items() if not bucket.is_full(now)}
        for workspace_id in workspace_ids:
            if workspace_id not in self._buckets:
                self._buckets[workspace_id] = TokenBucket(self._a_second, IN_FLIGHT, now)
            before = self._shares.get(workspace_id)
            self._shares[workspace_id] = Share(workspace_id, self._buckets[workspace_id], ours_until)
            self._shares[workspace_id].in_flight = before.in_flight if before else 0

    def remove(self, share: Share) -> None:
        del self._shares[share.workspace_id]

    def movable(self, now: float) -> int:
        """How many rows are in flight or could be, were there room: what is held up by its pace does not count."""
        able = (share for share in self._shares.values() if share.in_flight or not share.bucket.wait(now))
        return sum(min(share.in_flight + len(share.ahead), IN_FLIGHT) for share in able)

    def pick(self, room: int, now: float) -> Sequence[Delivery]:
        """Up to `room` rows, one from each workspace in turn, so that none waits for another's ten thousand."""
        picked: list[Delivery] = []
        able = deque(self._shares.values())
        able.rotate(-self._turn)
        while able and len(picked) < room:
            share = able.popleft()
            row = share.next(self._gaps, now)
            if row is not None:
                picked.append(row)
                able.append(share)
        self._turn = (self._turn + len(picked)) % max(len(self._shares), 1)
        return picked

    def wait(self, now: float) -> float | None:
        """Seconds until the pace lets a row pass; None when nothing waits for that."""
        waits = [share.wait(self._gaps, now) for share in self._shares.values()]
        return min((wait for wait in waits if wait is not None), default=None)
