"""The time zones to choose from: where one is, then those that most people are in."""

from datetime import datetime
from typing import Final

from bot.domain.calendar import clock_label, local
from bot.rendering.blocks import Message, Option, actions, button, option, section
from bot.rendering.ids import Action, act

COMMON: Final = (
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Vancouver",
    "America/Phoenix",
    "America/Denver",
    "America/Chicago",
    "America/Mexico_City",
    "America/New_York",
    "America/Toronto",
    "America/Bogota",
    "America/Lima",
    "America/Halifax",
    "America/Santiago",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Atlantic/Azores",
    "Atlantic/Reykjavik",
    "UTC",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Africa/Casablanca",
    "Africa/Lagos",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Brussels",
    "Europe/Amsterdam",
    "Europe/Berlin",
    "Europe/Zurich",
    "Europe/Rome",
    "Europe/Vienna",
    "Europe/Prague",
    "Europe/Copenhagen",
    "Europe/Oslo",
    "Europe/Stockholm",
    "Europe/Warsaw",
    "Europe/Budapest",
    "Europe/Belgrade",
    "Africa/Johannesburg",
    "Africa/Cairo",
    "Europe/Athens",
    "Europe/Bucharest",
    "Europe/Sofia",
    "Europe/Helsinki",
    "Europe/Tallinn",
    "Europe/Riga",
    "Europe/Vilnius",
    "Europe/Kyiv",
    "Asia/Jerusalem",
    "Asia/Beirut",
    "Europe/Istanbul",
    "Europe/Moscow",
    "Africa/Nairobi",
    "Asia/Riyadh",
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Tbilisi",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Tashkent",
    "Asia/Kolkata",
    "Asia/Colombo",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Almaty",
    "Asia/Yangon",
    "Asia/Bangkok",
    "Asia/Ho_Chi_Minh",
    "Asia/Jakarta",
    "Asia/Singapore",
    "Asia/Kuala_Lumpur",
    "Asia/Manila",
    "Asia/Hong_Kong",
    "Asia/Shanghai",
    "Asia/Taipei",
    "Australia/Perth",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Australia/Adelaide",
    "Australia/Brisbane",
    "Australia/Sydney",
    "Australia/Melbourne",
    "Pacific/Auckland",
    "Pacific/Tongatapu",
)
MOST: Final = 100
"""Options of a select."""


def zone_options(first: tuple[str, ...], now: datetime) -> list[Option]:
    """`first` leads, whether it is a common zone or not; each is once there, with the time that it is."""
    zones = list(dict.fromkeys([*first, *COMMON]))[:MOST]
    return [option(zone_label(zone, now), zone) for zone in zones]


def zone_label(zone: str, now: datetime) -> str:
    """ "Berlin (Europe), 14:05 now": what is looked for comes first."""
    region = zone.rpartition("/")[0].replace("_", " ")
    name = f"{place(zone)} ({region})" if region else place(zone)
    return f"{name}, {clock_label(local(now, zone).time())} now"


def zone_question(agreed: str, seen: str) -> Message:
    """Asked once a zone. `agreed` is the zone of the ground rules, `seen` Slack's."""
    text = f"You seem to be on {place(seen)} time now. Check-ins are on {place(agreed)} time. Keep that, or move them?"
    ways = [
        button(f"Keep {place(agreed)}", act(Action.KEEP_ZONE)),
        button(f"Move to {place(seen)}", act(Action.MOVE_ZONE, seen)),
    ]
    return text, [section(text), actions(ways)]


def stays(agreed: str) -> Message:
    text = f"Check-ins stay on {place(agreed)} time."
    return text, [section(text)]


def moved(agreed: str, days: str, back: str) -> Message:
    """`back`: the zone they were on before."""
    text = f"Check-ins are on {place(agreed)} time now: {days}."
    undo = button(f"Back to {place(back)}", act(Action.MOVE_ZONE, back)) if back != agreed else None
    return text, [section(text, accessory=undo)]


def place(zone: str) -> str:
    """ "New York", of "America/New_York"."""
    return zone.rpartition("/")[2].replace("_", " ")
