"""The menu of a cue, and the button under a plan that names a time."""

from datetime import time

from bot.domain.cues import MOST_TOGETHER
from bot.domain.members import Member
from bot.rendering.cues import CueDeed
from bot.rendering.ids import Action
from handlers.desk import Desk
from handlers.lists import open_change
from handlers.payloads import Click
from handlers.reactions import Reaction


def register(desk: Desk) -> None:
    topic = _Cues(desk)
    desk.click(Action.CUE_MENU, topic.menu)
    desk.click(Action.REMIND_AT, topic.remind_at)
    desk.click(Action.STOP_CUE, topic.stop)


class _Cues:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._cues = desk.services.cues

    async def menu(self, click: Click, member: Member) -> Reaction:
        if CueDeed(click.action.chosen or "") is CueDeed.CHANGE:
            return await open_change(self._desk, click, member)
        told_with = [int(each) for each in click.about[1].split("-")] if len(click.about) > 1 else []
        await self._cues.stop(member, click.number(), key=click.key, ts=click.ts, told_with=told_with[:MOST_TOGETHER])
        return None

    async def remind_at(self, click: Click, member: Member) -> None:
        """The hour and minute stand in the button's name."""
        clock = f"{click.number(2):04}"
        at = time(int(clock[:-2]), int(clock[-2:]))
        await self._cues.remind_at(member, click.number(), click.number(1), at, key=click.key)

    async def stop(self, click: Click, member: Member) -> None:
        await self._cues.stop(member, click.number(), key=click.key, sitting_id=click.number(1))
