"""Slack says that someone's profile has changed; and the answers to the question about their time zone."""

from bot.domain.members import Member
from bot.rendering.ids import Action
from handlers.desk import Desk
from handlers.payloads import Click, Event


def register(desk: Desk) -> None:
    async def changed(change: Event) -> None:
        user = change.event.get("user")
        if isinstance(user, dict):
            await desk.directory.changed(change.sent_for, user)

    topic = _Zones(desk)
    desk.event("user_change", changed)
    desk.click(Action.KEEP_ZONE, topic.keep)
    desk.click(Action.MOVE_ZONE, topic.move)


class _Zones:
    def __init__(self, desk: Desk) -> None:
        self._zones = desk.services.zones

    async def keep(self, click: Click, member: Member) -> None:
        await self._zones.keep(member, key=click.key, ts=click.ts)

    async def move(self, click: Click, member: Member) -> None:
        await self._zones.move(member, click.word(), key=click.key, ts=click.ts)
