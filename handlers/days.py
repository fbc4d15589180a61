"""The modal for check-in days: previewed, handed over as a calendar file, and kept."""

from bot.domain.agreements import Initiative, Terms
from bot.domain.calendar import Cadence
from bot.domain.deliveries import Says
from bot.domain.members import Member
from bot.rendering.agreements import WHO_STARTS, rules_view
from bot.rendering.blocks import View
from bot.rendering.days import ZONE, Days, days_view
from bot.rendering.ids import Action, Callback
from bot.services.work import Refused
from handlers import rhythms
from handlers.desk import Desk
from handlers.payloads import Click, CommandCall, State, Submission
from handlers.reactions import Open, Reaction, Update, in_place, on_top

FILE_COMES = "check-ins.ics is in our messages."


def register(desk: Desk) -> None:
    topic = _Days(desk)
    desk.click(Action.OPEN_DAYS, topic.open)
    desk.click(Action.PREVIEW_DAYS, topic.preview)
    desk.click(Action.CALENDAR_FILE, topic.send_file)
    desk.submit(Callback.DAYS, topic.save)


async def open_days(desk: Desk, _call: CommandCall, member: Member) -> Reaction:
    return Open(await _Days(desk).saved(member))


class _Days:
    def __init__(self, desk: Desk) -> None:
        self._agreements = desk.services.agreements
        self._calendars = desk.services.calendars
        self._clock = desk.services.units.clock

    async def open(self, click: Click, member: Member) -> Reaction:
        return on_top(click.view, await self.saved(member))

    async def saved(self, member: Member) -> View:
        """The modal with what holds now."""
        terms, _ = await self._agreements.read(member)
        days = Days.of(terms, self._clock.now())
        return await self._view(member, days, terms.cadence, terms)

    async def preview(self, click: Click, member: Member) -> Reaction:
        """What the choice so far leads to, while nothing is kept."""
        if click.view is None:
            return None
        terms, _ = await self._agreements.read(member)
        days = self._typed(click.view.state, terms)
        return in_place(
            click.view, await self._view(member, days, days.cadence(terms.cadence, self._clock.now()), terms)
        )

    async def send_file(self, click: Click, member: Member) -> Reaction:
        """The check-ins of the choice so far, for a calendar."""
        if click.view is None:
            return None
        terms, _ = await self._agreements.read(member)
        days = self._typed(click.view.state, terms)
        cadence = days.cadence(terms.cadence, self._clock.now())
        if cadence is None:
            return in_place(click.view, await self._view(member, days, None, terms))
        await self._calendars.send(member, cadence, key=click.key)
        return in_place(click.view, await self._view(member, days, cadence, terms, note=FILE_COMES))

    async def save(self, submission: Submission, member: Member) -> Reaction:
        terms, _ = await self._agreements.read(member)
        days = self._typed(submission.view.state, terms)
        rhythms.check(days.rhythm)
        cadence = days.cadence(terms.cadence, self._clock.now())
        if cadence is None:
            raise Refused("Choose at least one day and a time.")
        if days.initiative is Initiative.ASK_ME:
            rhythms.check_that_it_happens(cadence, terms, self._clock.now())
        changes = {"cadence": cadence, "initiative": days.initiative}
        rules = submission.view.below(Callback.RULES)
        await self._agreements.change(member, changes, key=submission.key, says=Says.DAYS if rules is None else None)
        return Update(rules_view(*await self._agreements.read(member)), rules) if rules is not None else None

    async def _view(self, member: Member, days: Days, cadence: Cadence | None, terms: Terms, note: str = "") -> View:
        excused = await self._calendars.excused(member)
        return days_view(days, cadence, terms, excused, home_zone=member.zone, now=self._clock.now(), note=note)

    def _typed(self, state: State, terms: Terms) -> Days:
        """What stands in the modal. Raises ValueError for what it does not offer."""
        before = Days.of(terms, self._clock.now())
        return Days(
            rhythm=rhythms.typed(state, before.rhythm),
            zone=state.of(ZONE).chosen or before.zone,
            initiative=Initiative(state.of(WHO_STARTS).chosen or before.initiative),
        )
