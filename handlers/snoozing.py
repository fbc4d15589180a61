"""Later: a check-in put off by a choice in its message, or to a day and a time."""

from datetime import datetime, timedelta

from bot.domain.calendar import local, local_date, to_utc
from bot.domain.members import Member
from bot.domain.snoozing import Snooze
from bot.rendering.ids import Action, Callback
from bot.rendering.snoozing import AT_A_TIME, DAY, NOT_TODAY, ROUGH_WEEK, TIME, snooze_view
from bot.services.snoozing import FURTHEST
from bot.services.work import Refused
from handlers.desk import Desk
from handlers.payloads import Click, Submission
from handlers.reactions import Open, Reaction

SOON = timedelta(hours=1)


def register(desk: Desk) -> None:
    topic = _Snoozing(desk)
    desk.click(Action.SNOOZE, topic.choose)
    desk.click(Action.WAKE, topic.wake)
    desk.submit(Callback.SNOOZE, topic.at_a_time)


class _Snoozing:
    def __init__(self, desk: Desk) -> None:
        self._services = desk.services
        self._clock = desk.services.units.clock

    async def choose(self, click: Click, member: Member) -> Reaction:
        chosen = click.action.chosen or ""
        if chosen == AT_A_TIME:
            await self._services.snoozing.choose_a_time(member, click.number(), key=click.key)
            soon = local(self._clock.now() + SOON, await self._zone(member))
            return Open(snooze_view(click.number(), soon))
        if chosen == NOT_TODAY:
            await self._services.rests.not_today(member, key=click.key, say=True)
        elif chosen == ROUGH_WEEK:
            await self._services.rests.rough_week(member, key=click.key, say=True)
        else:
            await self._services.snoozing.snooze(member, click.number(), Snooze(chosen), key=click.key)
        return None

    async def at_a_time(self, submission: Submission, member: Member) -> None:
        """Raises Refused for what is behind us, and for what nobody would remember."""
        day, at = submission.of(DAY).selected_date, submission.of(TIME).selected_time
        if day is None:
            raise Refused("Pick a day.", DAY)
        if at is None:
            raise Refused("Pick a time.", TIME)
        now, zone = self._clock.now(), await self._zone(member)
        today = local_date(now, zone)
        if day < today:
            raise Refused("That's behind us. Pick today or a later day.", DAY)
        if day - today > FURTHEST:
            raise Refused("Pick a day within the next two months.", DAY)
        instant = to_utc(datetime.combine(day, at), zone)
        if instant <= now:
            raise Refused("That's behind us. Pick a later time.", TIME)
        check_in = int(submission.view.private_metadata)
        await self._services.snoozing.snooze_until(member, check_in, instant, key=submission.key)

    async def wake(self, click: Click, member: Member) -> None:
        await self._services.snoozing.wake(member, click.number(), key=click.key)

    async def _zone(self, member: Member) -> str:
        terms, _ = await self._services.agreements.read(member)
        return terms.cadence.zone
