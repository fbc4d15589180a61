"""A month in which everything happens at once: no day brings more than one message that nobody typed a time for."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from bot.domain.budget import TYPED, UNPROMPTED
from bot.domain.calendar import local_date
from bot.domain.deliveries import Method, Says
from bot.storage import tables
from tests.journeys.steps import commit
from tests.world import World, world

WINS = "#wins"
MONTH = [date(2027, 1, 4) + timedelta(days=n) for n in range(35)]


async def share_a_win(here: World) -> None:
    await here.maya.command("/buddy", "settings")
    await here.maya.wait_for(lambda state: state.modal)
    channel = (await here.maya.wait_for(lambda state: state.channel(WINS)))["id"]
    await here.maya.submit({"Where do shared wins go?": channel})
    await here.maya.command("/win", "The report is out")
    await here.maya.sees("it looks like this")
    await here.maya.click("Share in #wins")
    await here.jonas.sees("The report is out", WINS)


async def said_unasked(here: World) -> list[tuple[date, Says]]:
    """What the buddy posted to Maya by itself, with the day it came, on the agreed clock."""
    statement = select(tables.deliveries).where(
        tables.deliveries.c.method == Method.POST,
        tables.deliveries.c.says.in_(UNPROMPTED),
        tables.deliveries.c.ts != "",
    )
    async with here.buddy.units.database.read() as tx:
        rows = (await tx.connection.execute(statement)).mappings()
        return [(_day(row), Says(row["says"])) for row in rows if not row["is_reply"]]


def _day(row: Any) -> date:
    return local_date(datetime.fromtimestamp(float(row["ts"]), UTC), "Europe/Berlin")


async def test_a_month_of_everything_at_once_keeps_the_budget(sqlite_url: str) -> None:
    seen: set[tuple[date, Says]] = set()
    reflected: set[datetime] = set()
    async with world(sqlite_url) as here:
        await commit(here, "Finish the report by 13 January")
        await commit(here, "Stretch on Mondays")
        await share_a_win(here)
        for number, day in enumerate(MONTH):
            await here.move_to(f"{day}T08:00")
            if number == 1:
                await here.maya.profile(tz="Europe/Lisbon")
                await here.jonas.click("👏", where=WINS)
            if number == 3:
                await here.priya.click("🎉", where=WINS)
            if number == 8:
                await here.maya.command("/buddy", "pause until 15 January")
            if number == 15:
                await here.maya.profile(tz="America/New_York")
            for hour in ("10:00", "12:30", "15:00", "17:00", "21:00"):
                await here.move_to(f"{day}T{hour}")
                await here.settle()
                if number == 1 and hour == "12:30":
                    await here.maya.click("Moving")
                    await here.settle()
            seen |= set(await said_unasked(here))
            async with here.buddy.units.database.read() as tx:
                (maya,) = await tx.members.all()
                reflected |= {maya.reflected_at} if maya.reflected_at else set()
        calls = await here.slack.calls()
        assert calls["refused"] == []
        assert calls["unacked"] == []

    kinds = {says for _, says in seen}
    everything = {Says.CHECK_IN, Says.REMINDER, Says.CHEERS, Says.ZONE, Says.WELCOME_BACK, Says.SILENCE}
    assert everything <= kinds, kinds
    a_day = Counter(day for day, says in seen if says not in TYPED)
    assert max(a_day.values()) == 1
    with_check_in = {day for day, says in seen if says is Says.CHECK_IN}
    assert not with_check_in & set(a_day)
    in_order = sorted(reflected)
    assert all(later - earlier >= timedelta(days=6) for earlier, later in pairwise(in_order))
