"""A world of workspaces: how large they are, where they are, and when their members want to be asked."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

DAY: Final = date(2027, 1, 5)
"""A Tuesday: everybody who keeps the default days is asked."""

SPREAD: Final = 1.5
"""Of the logarithm of a workspace's size: half of them have some thirty members, the largest has thousands."""

AT_HOME: Final = 0.8
"""The share of a workspace's members who live where it is; the others live anywhere."""

MILLIONS: Final[Mapping[str, int]] = {
    "Asia/Kolkata": 1430,
    "Asia/Shanghai": 1530,
    "Africa/Lagos": 500,
    "Europe/Berlin": 420,
    "Asia/Bangkok": 370,
    "Africa/Johannesburg": 350,
    "Africa/Nairobi": 330,
    "America/Sao_Paulo": 265,
    "Asia/Karachi": 245,
    "Europe/Moscow": 210,
    "America/New_York": 200,
    "Africa/Abidjan": 200,
    "Asia/Tokyo": 177,
    "Asia/Dhaka": 175,
    "Africa/Cairo": 115,
    "America/Chicago": 110,
    "America/Mexico_City": 110,
    "America/Bogota": 100,
    "Asia/Tehran": 88,
    "Europe/London": 75,
    "Asia/Tashkent": 75,
    "America/Los_Angeles": 55,
    "Asia/Yangon": 54,
    "Asia/Kathmandu": 30,
    "Asia/Dubai": 25,
    "America/Denver": 25,
    "Australia/Sydney": 22,
    "Pacific/Auckland": 5,
}
"""Who lives by which clock, roughly."""

TIMES: Final[Mapping[time, int]] = {
    time(7, 30): 2,
    time(8, 0): 6,
    time(8, 30): 6,
    time(9, 0): 22,
    time(9, 15): 3,
    time(9, 30): 10,
    time(9, 45): 2,
    time(10, 0): 34,
    time(10, 30): 3,
    time(11, 0): 3,
    time(13, 0): 2,
    time(16, 0): 3,
    time(17, 0): 4,
}
"""Out of a hundred: most keep the default hour or the one before it; nobody picks 9:37."""

REMINDED: Final = 0.35
REMIND_AT: Final = time(15, 0)
"""Who did not answer by then is reminded once."""


@dataclass(frozen=True)
class World:
    """`due`: by second of the day in UTC, how many messages fall due in which workspace."""

    sizes: tuple[int, ...]
    due: Mapping[int, Mapping[int, int]]

    @property
    def messages(self) -> int:
        return sum(sum(batch.values()) for batch in self.due.values())


def world(workspaces: int, members: int, seed: int) -> World:
    """So many workspaces with about so many members in all."""
    chance = random.Random(seed)
    drawn = [chance.lognormvariate(0, SPREAD) for _ in range(workspaces)]
    sizes = tuple(max(1, round(size * members / sum(drawn))) for size in drawn)
    seconds = {(zone, at): _utc_second(zone, at) for zone in MILLIONS for at in (*TIMES, REMIND_AT)}
    zones, weights = list(MILLIONS), list(MILLIONS.values())
    times, likes = list(TIMES), list(TIMES.values())
    due: dict[int, Counter[int]] = {}
    for workspace, size in enumerate(sizes):
        home = chance.choices(zones, weights)[0]
        places = [home if chance.random() < AT_HOME else None for _ in range(size)]
        wanted = chance.choices(times, likes, k=size)
        for place, at in zip(places, wanted, strict=True):
            zone = place or chance.choices(zones, weights)[0]
            due.setdefault(seconds[zone, at], Counter())[workspace] += 1
            if at < REMIND_AT and chance.random() < REMINDED:
                due.setdefault(seconds[zone, REMIND_AT], Counter())[workspace] += 1
    return World(sizes, due)


def _utc_second(zone: str, at: time) -> int:
    """Of the UTC day; what belongs to the day before or after counts as this one's, since all days are alike."""
    instant = datetime.combine(DAY, at, ZoneInfo(zone)).astimezone(UTC)
    return instant.hour * 3600 + instant.minute * 60
