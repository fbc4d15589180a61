"""The dates that passed while someone was away: let go, or brought back. Moving one opens its modal, as everywhere."""

from bot.domain.members import Member
from bot.rendering.ids import Action
from handlers.desk import Desk
from handlers.payloads import Click


def register(desk: Desk) -> None:
    topic = _Returning(desk)
    desk.click(Action.LET_PASSED_GO, topic.let_go)
    desk.click(Action.BRING_PASSED_BACK, topic.bring_back)


class _Returning:
    def __init__(self, desk: Desk) -> None:
        self._commitments = desk.services.commitments

    async def let_go(self, click: Click, member: Member) -> None:
        await self._commitments.let_go(member, click.number(), key=click.key)

    async def bring_back(self, click: Click, member: Member) -> None:
        await self._commitments.resume(member, click.number(), key=click.key)
