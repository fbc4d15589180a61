"""Every click in the message after silence."""

from bot.domain.members import Member
from bot.domain.silence import Reason, Way
from bot.rendering.ids import Action
from handlers.desk import Desk
from handlers.payloads import Click


def register(desk: Desk) -> None:
    topic = _Silence(desk)
    desk.click(Action.AFTER_SILENCE, topic.answer)
    desk.click(Action.OPEN_PERSON, topic.name_someone)
    desk.click(Action.SILENCE_REASON, topic.look_into)
    desk.click(Action.ASK_LESS, topic.ask_less)
    desk.click(Action.ASK_AS_BEFORE, topic.ask_as_before)


class _Silence:
    def __init__(self, desk: Desk) -> None:
        self._silence = desk.services.silence

    async def answer(self, click: Click, member: Member) -> None:
        await self._silence.answer(member, Way(click.word()), key=click.key, ts=click.ts)

    async def name_someone(self, click: Click, member: Member) -> None:
        await self._silence.name_someone(member, key=click.key)

    async def look_into(self, click: Click, member: Member) -> None:
        about = click.number(1) if len(click.about) > 1 else None
        await self._silence.look_into(member, Reason(click.word()), about, key=click.key, ts=click.ts)

    async def ask_less(self, click: Click, member: Member) -> None:
        await self._silence.ask_less(member, click.number(), key=click.key, ts=click.ts)

    async def ask_as_before(self, click: Click, member: Member) -> None:
        await self._silence.ask_as_before(member, click.number(), key=click.key, ts=click.ts)
