"""Quiet until a date, or until they say so: for everything, or for one commitment."""

from datetime import date, datetime, time
from typing import Final

from bot.domain.calendar import local, local_date
from bot.domain.commitments import Commitment
from bot.domain.members import Member
from bot.rendering.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    date_picker,
    field,
    modal,
    quote,
    section,
)
from bot.rendering.dates import at, day
from bot.rendering.ids import Action, Callback, act

UNTIL: Final = "until"

SAID: Final = "said"
"""Stands in the Resume button of a message that can be brought up to date."""

HOME: Final = "home"
"""What a pause's modal lies on when Home, which shows the pause, is below it."""


def pause_view(commitment: Commitment | None = None, note: str = "") -> View:
    """One field. `note`: why what was typed is not taken."""
    about = f"check-ins about {quote(commitment.text)}" if commitment else "check-ins or reminders"
    blocks: list[Block] = []
    if note:
        blocks.append(context(note))
    blocks += [
        section(f"No {about} from now on."),
        field(
            "Until",
            date_picker("until"),
            block_id=UNTIL,
            optional=True,
            hint="That day's check-in is the first one again. Without a date: until you say so.",
        ),
    ]
    metadata = str(commitment.id) if commitment else ""
    return modal(Callback.PAUSE, "Pause", blocks, submit="Pause", close="Not now", metadata=metadata)


def quiet(until: datetime | None, zone: str, today: date) -> str:
    """What is said when everything is paused."""
    return f"Quiet until {until_day(until, zone, today)}." if until else "Quiet until you say so."


def until_day(until: datetime, zone: str, today: date) -> str:
    """The day when it's over; its hour only when that is not the day's first."""
    wall = local(until, zone)
    return day(wall.date(), today) if wall.time() == time() else at(until, zone)


def quiet_blocks(until: datetime | None, zone: str, today: date, resume: str = Action.RESUME) -> list[Block]:
    return [section(quiet(until, zone, today)), actions([button("Resume", resume)])]


def quiet_said(member: Member, next_at: datetime | None, zone: str, now: datetime) -> Message:
    """The same as a message, and once the pause has ended what holds instead."""
    if member.is_paused(now):
        until, today = member.paused_until, local_date(now, zone)
        return quiet(until, zone, today), quiet_blocks(until, zone, today, act(Action.RESUME, SAID))
    return resumed_said(next_at, zone)


def resumed_said(next_at: datetime | None, zone: str) -> Message:
    line = resumed(next_at, zone)
    return line, [section(line)]


def resumed(next_at: datetime | None, zone: str) -> str:
    if next_at is None:
        return "Not paused. No check-in is planned."
    return f"Not paused. The next check-in: {at(next_at, zone)}."
