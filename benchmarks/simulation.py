"""A day of a million members in ten thousand workspaces, in seconds: how late is the latest message, and why.

No network and no database, only the rules of pace: a bucket for each workspace; a process's speed as `make bench` last
measured it, or as it is given; connections, and leases.
"""

import argparse
import json
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from benchmarks.measures.bench import rate
from benchmarks.population import World, world
from benchmarks.table import REPORT, median_of
from bot.delivery.dispatcher import CONNECTIONS, MOST_LEASES
from bot.delivery.limits import Limits
from bot.delivery.shares import IN_FLIGHT

BINDS: Final = {
    "pace": "the pace of their workspace",
    "speed": "the processes' speed",
    "leases": "a process that takes their workspace",
}
PROCESSES: Final = (1, 2, 4, 10)


@dataclass(frozen=True)
class Rules:
    """`a_second`: messages of a workspace; `burst`: of them at once after a pause; `speed`: messages of all processes
    together; `leases`: workspaces that they hold at once."""

    a_second: float
    burst: int
    speed: float
    leases: int


@dataclass
class Queue:
    """One workspace: what is due, the earliest first, as [due second, messages], and `length` messages in all."""

    tokens: float
    counted: int = 0
    length: int = 0
    waiting: deque[list[int]] = field(default_factory=deque)

    def add(self, due: int, count: int) -> None:
        self.waiting.append([due, count])
        self.length += count

    def allowed(self, now: int, rules: Rules) -> int:
        """Messages that its pace lets pass in this second."""
        self.tokens = min(rules.burst, self.tokens + (now - self.counted) * rules.a_second)
        self.counted = now
        return min(int(self.tokens), self.length)

    def send(self, count: int) -> Iterator[tuple[int, int]]:
        """Takes so many; when they were due."""
        self.tokens -= count
        self.length -= count
        while count:
            due, there = self.waiting[0]
            taken = min(there, count)
            count -= taken
            self.waiting[0][1] -= taken
            if not self.waiting[0][1]:
                self.waiting.popleft()
            yield due, taken


@dataclass
class Day:
    """`late`: messages by the seconds they were late. `held_up`: message-seconds of waiting by what they waited for."""

    late: Counter[int] = field(default_factory=Counter)
    held_up: Counter[str] = field(default_factory=Counter)

    def percentile(self, share: float) -> int:
        """The seconds within which this share of messages left."""
        wanted, seen = share * self.late.total(), 0
        for seconds in sorted(self.late):
            seen += self.late[seconds]
            if seen >= wanted:
                return seconds
        return 0

    @property
    def latest(self) -> int:
        return max(self.late)

    @property
    def binds(self) -> str:
        """What most of the waiting was for."""
        name, most = self.held_up.most_common(1)[0]
        return f"{BINDS[name]} ({most / self.held_up.total():.0%})" if most else "nothing"


def live(people: World, rules: Rules) -> Day:
    """One day, second by second; it goes on into the night until everything is sent."""
    day, queues = Day(), [Queue(rules.burst) for _ in people.sizes]
    leased: dict[int, Queue] = {}
    unleased: deque[int] = deque()
    seconds = sorted(people.due)
    now = seconds[0]
    while True:
        for workspace, count in people.due.get(now, {}).items():
            if not queues[workspace].length:
                unleased.append(workspace)
            queues[workspace].add(now, count)
        while unleased and len(leased) < rules.leases:
            leased[workspace] = queues[workspace := unleased.popleft()]
        _second(day, leased, now, rules)
        day.held_up["leases"] += sum(queues[workspace].length for workspace in unleased)
        for workspace in [workspace for workspace, queue in leased.items() if not queue.length]:
            del leased[workspace]
        if leased or unleased:
            now += 1
        elif now < seconds[-1]:
            now = next(second for second in seconds if second > now)
        else:
            return day


def _second(day: Day, leased: dict[int, Queue], now: int, rules: Rules) -> None:
    """Every workspace in turn gets as much as its pace and a fair part of the speed allow."""
    room = int((now + 1) * rules.speed) - int(now * rules.speed)
    allowed = {workspace: queue.allowed(now, rules) for workspace, queue in leased.items()}
    able = [workspace for workspace, count in allowed.items() if count]
    while able and room:
        part = max(room // len(able), 1)
        for workspace in able:
            count = min(allowed[workspace], part, room)
            for due, taken in leased[workspace].send(count):
                day.late[now - due] += taken
            allowed[workspace] -= count
            room -= count
        able = [workspace for workspace in able if allowed[workspace]]
    left = sum(allowed.values())
    day.held_up["speed"] += left
    day.held_up["pace"] += sum(queue.length for queue in leased.values()) - left


def _measured() -> float:
    """What one process on PostgreSQL sent a second, when it was last measured. Raises SystemExit when it was not."""
    if REPORT.exists():
        readings = json.loads(REPORT.read_text())["readings"].get("1 PostgreSQL: ours")
        if readings:
            return median_of(readings, rate)
    raise SystemExit("Run `make bench ONLY=1` first, or give a --rate.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulation")
    parser.add_argument("--rate", type=float, help="messages a second of one process")
    parser.add_argument("--lost", type=float, default=0.15, help="share lost to coordination of several")
    parser.add_argument("--latency", type=float, default=0.15, help="seconds that Slack takes for a call")
    parser.add_argument("--workspaces", type=int, default=10_000)
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.rate = given.rate or _measured()
    people, limits = world(given.workspaces, given.members, given.seed), Limits()
    sizes = sorted(people.sizes)
    print(
        f"{len(sizes):,} workspaces, {sum(sizes):,} members (half of the workspaces have {sizes[len(sizes) // 2]} or "
        f"fewer, the largest has {sizes[-1]:,}), {people.messages:,} messages a day; Slack takes {given.latency:g} s; "
        f"{limits.a_minute:g} messages a minute to a workspace; {given.rate:,.0f} a second from a process\n"
    )
    heads = f"{'processes':>9}  {'on time':>8}  {'p50':>6}  {'p99':>7}  {'p99.9':>7}  {'latest':>7}"
    print(f"{heads}  most of the waiting is for")
    for count in PROCESSES:
        one = min(given.rate, CONNECTIONS / given.latency)
        speed = count * one * (1 - given.lost if count > 1 else 1)
        day = live(people, Rules(limits.a_minute / 60, IN_FLIGHT, speed, count * MOST_LEASES))
        on_time = sum(messages for late, messages in day.late.items() if late <= 60) / day.late.total()
        figures = [day.percentile(share) for share in (0.5, 0.99, 0.999)] + [day.latest]
        print(
            f"{count:>9}  {on_time:>8.1%}  {figures[0]:>4} s  {figures[1]:>5} s  {figures[2]:>5} s  {figures[3]:>5} s  "
            f"{day.binds}"
        )


if __name__ == "__main__":
    main()
