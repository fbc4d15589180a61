"""Check-in days as they were kept, and as a file for a calendar: how they are rendered when they are sent."""

from collections.abc import Mapping
from typing import Final

from pydantic import TypeAdapter

from bot.delivery.content import Content
from bot.delivery.telling import Render, Telling
from bot.domain.calendar import Cadence
from bot.domain.deliveries import Says
from bot.rendering.calendar_file import COMES, NAME, calendar_file
from bot.rendering.days import days_kept

CADENCE: Final[TypeAdapter[Cadence]] = TypeAdapter(Cadence)


async def _calendar(telling: Telling) -> Content:
    cadence = CADENCE.validate_json(telling.word("cadence"))
    terms = telling.terms.model_copy(update={"cadence": cadence})
    owner = f"{telling.member.slack_id}.{telling.workspace.team_id}".lower()
    return Content(text=COMES, file=(NAME, calendar_file(terms, telling.excused, telling.now, owner)))


async def _days(telling: Telling) -> Content:
    return telling.message(days_kept(telling.terms))


RENDER: Mapping[Says, Render] = {Says.CALENDAR: _calendar, Says.DAYS: _days}
