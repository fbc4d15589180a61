"""The modal for check-in days: rhythm, zone, who starts, and the next five check-ins before anything is kept."""

from datetime import datetime
from itertools import islice
from typing import Final

from bot.domain.agreements import Initiative, QuietHours, Terms
from bot.domain.calendar import Cadence, local_date
from bot.domain.planning import heard
from bot.domain.quiet import is_quiet
from bot.domain.records import Record
from bot.domain.rests import Excused
from bot.rendering.agreements import STARTS, WHO_STARTS, described
from bot.rendering.blocks import Block, Message, View, button, context, field, modal, radio_buttons, section, select
from bot.rendering.ids import Action, Callback, act
from bot.rendering.rests import hours_in_words
from bot.rendering.rhythms import Rhythm, moment, rhythm_fields
from bot.rendering.zones import place, zone_options

ZONE: Final = "zone"

NEXT_SHOWN: Final = 5


class Days(Record):
    """What the modal is filled with."""

    rhythm: Rhythm
    zone: str
    initiative: Initiative = Initiative.ASK_ME

    @classmethod
    def of(cls, terms: Terms, now: datetime) -> "Days":
        zone = terms.cadence.zone
        return cls(rhythm=Rhythm.of(terms.cadence, local_date(now, zone)), zone=zone, initiative=terms.initiative)

    def cadence(self, agreed: Cadence, now: datetime) -> Cadence | None:
        """What it comes to; None while a day or a time is missing. Raises ValueError for what makes none."""
        return self.rhythm.cadence(agreed, self.zone, now)


def days_view(
    days: Days,
    cadence: Cadence | None,
    terms: Terms,
    excused: Excused,
    *,
    home_zone: str,
    now: datetime,
    note: str = "",
) -> View:
    """The fields, and what comes of them by the rest of the ground rules. `home_zone` is what Slack says; `note` what
    has just happened."""
    zones = zone_options((home_zone, days.zone), now)
    blocks = [
        *rhythm_fields(days.rhythm, _preview),
        field("On which clock?", select(_preview(ZONE), zones, days.zone), block_id=ZONE, dispatch=True),
        _coming(days, cadence, terms, excused, now),
        *([context(note)] if note else []),
        field(
            "Who starts?",
            radio_buttons(_preview(WHO_STARTS), described(STARTS), days.initiative),
            block_id=WHO_STARTS,
            dispatch=True,
        ),
    ]
    return modal(Callback.DAYS, "Check-in days", blocks, submit="Save", close="Not now")


def days_kept(terms: Terms) -> Message:
    """What the modal answers: what holds now."""
    asks = f"Check-ins {terms.cadence.describe()}, {place(terms.cadence.zone)} time."
    text = f"Kept. {asks if terms.initiative is Initiative.ASK_ME else 'You start check-ins.'}"
    return text, [section(text, accessory=button("Change", Action.OPEN_DAYS, says="Change your check-in days"))]


def _coming(days: Days, cadence: Cadence | None, terms: Terms, excused: Excused, now: datetime) -> Block:
    """When the next check-ins will be, on the chosen clock."""
    if days.initiative is Initiative.I_START:
        return context("I won't ask by myself. “Check in now” in Home starts one.")
    if cadence is None:
        return context("Choose at least one day and a time.")
    chosen = terms.model_copy(update={"cadence": cadence})
    coming = [moment(instant, cadence.zone) for instant in islice(heard(cadence, now, chosen, excused), NEXT_SHOWN)]
    if not coming:
        return context("Those are days off, so there would be no check-in.")
    lines = ["*Next check-ins*", *coming, *_moved(cadence, terms.quiet_hours)]
    return section("\n".join(lines), button("Calendar file", Action.CALENDAR_FILE))


def _moved(cadence: Cadence, hours: QuietHours | None) -> list[str]:
    """Why the times are not those that were chosen."""
    if hours is None or not any(is_quiet(at, hours) for at in cadence.times):
        return []
    return [f"Your quiet hours, {hours_in_words(hours)}, are left alone: I ask when they are over."]


def _preview(name: str) -> str:
    return act(Action.PREVIEW_DAYS, name)
