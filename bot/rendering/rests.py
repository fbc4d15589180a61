"""Time off: the modal for quiet hours, days off, holidays and what holds a check-in; and that someone rests."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.agreements import QuietHours, Terms
from bot.domain.calendar import clock_label, listing
from bot.domain.rests import Rest, RestKind
from bot.rendering.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    checkboxes,
    context,
    date_picker,
    field,
    modal,
    option,
    section,
    sentence,
    text_input,
    time_picker,
    weekday_select,
)
from bot.rendering.dates import at, day
from bot.rendering.ids import Action, Callback, act

QUIET_FROM: Final = "quiet_from"
QUIET_TO: Final = "quiet_to"
DAYS_OFF: Final = "days_off"
FIRST_DAY: Final = "first_day"
LAST_DAY: Final = "last_day"
HOLDS: Final = "holds"
STATUSES: Final = "statuses"

IN_DND: Final = "in_dnd"

SHOWN: Final = 20
"""Rests in a modal of at most a hundred blocks."""

EITHER_WAY: Final = "These days don't count, either way."
NAMES: Final = {
    RestKind.HOLIDAY: "Holiday",
    RestKind.ROUGH_WEEK: "Rough week",
    RestKind.NOT_TODAY: "Quiet today",
    RestKind.HELD: "Check-in left out",
}


def time_off_view(
    terms: Terms, rests: Sequence[Rest], today: date, note: str = "", *, first: date | None = None
) -> View:
    """Everything on one screen. `rests` are those that are not over; `note` says what has just happened; `first`: the
    first day of a holiday that was typed."""
    quiet = terms.quiet_hours
    in_dnd = [option("Outside my notification schedule in Slack", IN_DND)]
    blocks: list[Block] = [context(note)] if note else []
    blocks += [
        *_now(rests, today),
        *_known(rests, today),
        field(
            "Quiet hours: from",
            time_picker("from", quiet.begins if quiet else None),
            block_id=QUIET_FROM,
            optional=True,
        ),
        field(
            "Quiet hours: to",
            time_picker("to", quiet.ends if quiet else None),
            block_id=QUIET_TO,
            optional=True,
            hint="Only what you set with “Remind me at” comes in between. A check-in due then comes afterwards.",
        ),
        field(
            "Days off, every week",
            weekday_select("days_off", terms.days_off),
            block_id=DAYS_OFF,
            optional=True,
            hint="Nothing is asked on them or about them.",
        ),
        field(
            "A holiday: first day",
            date_picker("first", first),
            block_id=FIRST_DAY,
            optional=True,
        ),
        field("Its last day", date_picker("last"), block_id=LAST_DAY, optional=True, hint="Leave empty for one day."),
        field(
            "Hold check-ins, that day only",
            checkboxes("holds", in_dnd, [IN_DND] if terms.hold_in_dnd else []),
            block_id=HOLDS,
            optional=True,
        ),
        field(
            "Or when my status is",
            text_input(
                "statuses",
                initial=" ".join(f":{name}:" for name in terms.hold_statuses),
                placeholder=":palm_tree: :face_with_thermometer:",
                most=300,
            ),
            block_id=STATUSES,
            optional=True,
            hint="If it lasts all day, that day's check-in is left out.",
        ),
    ]
    return modal(Callback.TIME_OFF, "Time off", blocks, submit="Save", close="Not now")


def _now(rests: Sequence[Rest], today: date) -> list[Block]:
    """What can begin at once, unless it has."""
    if any(rest.covers(today) and rest.is_wished for rest in rests):
        return []
    return [
        actions([button("Quiet today", Action.REST_TODAY), button("Rough week", Action.REST_WEEK)]),
        context(f"Quiet for the rest of today, or until Monday. {EITHER_WAY}"),
    ]


def _known(rests: Sequence[Rest], today: date) -> list[Block]:
    blocks = [
        section(
            f"{NAMES[rest.kind]}: {span(rest, today)}",
            accessory=button(
                "Remove", act(Action.UNDO_REST, rest.id), says=f"Remove: {NAMES[rest.kind]} {span(rest, today)}"
            ),
        )
        for rest in rests[:SHOWN]
    ]
    left = len(rests) - SHOWN
    return [*blocks, context(f"{left} more")] if left > 0 else blocks


def span(rest: Rest, today: date) -> str:
    """ "Monday 4 January", or "Monday 4 January to Friday 8 January"."""
    first = day(rest.first_day, today)
    return first if rest.days == 1 else f"{first} to {day(rest.last_day, today)}"


def resting(rest: Rest) -> str:
    """What is said back when it begins, and what Home says while it lasts."""
    match rest.kind:
        case RestKind.NOT_TODAY:
            return "Quiet for the rest of today. It doesn't count, either way."
        case RestKind.HELD:
            return "Today's check-in was left out. It doesn't count, either way."
        case RestKind.ROUGH_WEEK:
            return f"Quiet until Monday. {EITHER_WAY}"
    return f"Quiet until {day(rest.last_day + timedelta(days=1), rest.first_day)}. {EITHER_WAY}"


def resting_said(rest: Rest) -> Message:
    text = resting(rest)
    return text, [section(text, accessory=button("Undo", act(Action.UNDO_REST, rest.id)))]


def resting_undone(next_at: datetime | None, zone: str) -> Message:
    """What takes its place once it was taken back."""
    text = "Not quiet any more." + (f" The next check-in: {at(next_at, zone)}." if next_at else "")
    return text, [section(text)]


def time_off_kept(terms: Terms, holiday: Rest | None, today: date) -> Message:
    """What the modal answers: what holds now, and the holiday that was added to it."""
    said = [] if holiday and not _times_off(terms) else [f"{time_off_in_words(terms)}."]
    if holiday is not None:
        said.append(f"Holiday: {span(holiday, today)}. {EITHER_WAY}")
    text = " ".join(["Kept.", *said])
    return text, [section(text, accessory=button("Change", Action.OPEN_TIME_OFF, says="Change your time off"))]


def time_off_in_words(terms: Terms) -> str:
    """Quiet hours and days off in one line, for the ground rules."""
    return sentence("; ".join(_times_off(terms)) or "no quiet hours, no days off")


def _times_off(terms: Terms) -> list[str]:
    said = []
    if terms.quiet_hours is not None:
        said.append(f"quiet from {hours_in_words(terms.quiet_hours)}")
    if terms.days_off:
        said.append(f"{listing(one.label for one in terms.days_off)} off")
    if terms.hold_in_dnd or terms.hold_statuses:
        said.append("check-ins wait while Slack says you're away")
    return said


def hours_in_words(hours: QuietHours) -> str:
    """ "21:00 to 7:00"."""
    return f"{clock_label(hours.begins)} to {clock_label(hours.ends)}"
