"""What is offered to someone who typed something that is no answer: never silence, always a button."""

from collections.abc import Mapping
from typing import Final

from bot.rendering.blocks import Element, Message, actions, button, section
from bot.rendering.copy import PRIVACY
from bot.rendering.ids import Action, act
from bot.rendering.pauses import SAID

AGAIN: Final = "again"

HARD: Final = "Thank you for saying so. Less of it, a pause, letting something go, a person to talk to: each is yours."

SENTENCES: Final[Mapping[str, str]] = {
    "lost": "That isn't kept yet, since I can't tell what it's about. What would you like?",
    "file": "I can't open files, so nothing of it is kept. What would you like?",
    "help": "I ask about what you want to do, when you choose. What would you like?",
    "ideas": "Three to choose from, or none: something smaller, a single try to see, or someone who has done it.",
    "pause": "Quiet until you say so, or until a day you choose?",
    "stop": "A pause, fewer check-ins, or stop altogether? Each is one click, and needs no reason.",
    "commit": "Say in a line what it is; by when, if you like.",
    "check_in": "About everything you're on, now?",
    "win": "What went well? Only you see it until you share it.",
    "list": "What you're on, and what you finished or let go, is behind this.",
    "rules": "How I ask, and what else I may say, is yours to set.",
    "days": "Which days, and at what time, is yours to set.",
    "time_off": "A quiet day, a rough week, a holiday: none of them counts, either way.",
    "not_today": "A quiet day, a rough week, a holiday: none of them counts, either way.",
    "resume": "It's quiet as you wanted. Shall I ask again?",
    "privacy": PRIVACY,
    "data": "All I keep can be yours as a file, or be deleted at once. Deleting asks you once more.",
    "hard": HARD,
    "too_much": HARD,
    "danger": "I'm automatic, and nobody reads along. This deserves a person; if it can't wait, an emergency number.",
}

BEGINNINGS: Final = (
    ("Log a win", Action.OPEN_WIN),
    ("Check in", Action.OPEN_CHECK_IN),
    ("Make a commitment", Action.OPEN_COMMIT),
    ("Talk to a person", Action.OPEN_PERSON),
)

LESS: Final = (
    ("Check-in days", Action.OPEN_DAYS),
    ("Pause", Action.OPEN_PAUSE),
    ("My list", Action.OPEN_LIST),
    ("Talk to a person", Action.OPEN_PERSON),
    ("Stop", Action.OPEN_STOP),
)

BUTTONS: Final[Mapping[str, tuple[tuple[str, Action], ...]]] = {
    "lost": BEGINNINGS,
    "again": BEGINNINGS,
    "file": BEGINNINGS,
    "help": (
        ("Make a commitment", Action.OPEN_COMMIT),
        ("Check in", Action.OPEN_CHECK_IN),
        ("Log a win", Action.OPEN_WIN),
        ("My list", Action.OPEN_LIST),
        ("Ground rules", Action.OPEN_RULES),
        ("Pause", Action.OPEN_PAUSE),
        ("Talk to a person", Action.OPEN_PERSON),
        ("Stop", Action.OPEN_STOP),
    ),
    "ideas": (("My list", Action.OPEN_LIST), ("Talk to a person", Action.OPEN_PERSON)),
    "pause": (("Pause", Action.OPEN_PAUSE), ("Check-in days", Action.OPEN_DAYS)),
    "stop": (("Pause", Action.OPEN_PAUSE), ("Check-in days", Action.OPEN_DAYS), ("Stop", Action.OPEN_STOP)),
    "commit": (("Make a commitment", Action.OPEN_COMMIT),),
    "check_in": (("Check in", Action.OPEN_CHECK_IN),),
    "win": (("Log a win", Action.OPEN_WIN),),
    "list": (("My list", Action.OPEN_LIST),),
    "rules": (("Ground rules", Action.OPEN_RULES), ("Check-in days", Action.OPEN_DAYS)),
    "days": (("Check-in days", Action.OPEN_DAYS), ("Ground rules", Action.OPEN_RULES)),
    "time_off": (("Time off", Action.OPEN_TIME_OFF), ("Pause", Action.OPEN_PAUSE)),
    "not_today": (("Time off", Action.OPEN_TIME_OFF), ("Pause", Action.OPEN_PAUSE)),
    "resume": (("Resume", Action.RESUME),),
    "privacy": (("Who sees what", Action.OPEN_PRIVACY),),
    "data": (("Export or delete", Action.OPEN_PRIVACY), ("Stop", Action.OPEN_STOP)),
    "hard": LESS,
    "too_much": LESS,
    "danger": (
        ("Talk to a person", Action.OPEN_PERSON),
        ("Pause", Action.OPEN_PAUSE),
        ("Stop", Action.OPEN_STOP),
    ),
}


def help_reply(kind: str, ts: str, coming: str = "") -> Message:
    """`ts` is the message that was typed: a win or a commitment can begin with its words. `coming`: when the next
    check-in is, for someone who was left in peace until now; empty when none is planned. Raises KeyError for a kind
    that is none."""
    text = _again(coming) if kind == AGAIN else SENTENCES[kind]
    return text, [section(text), actions([_button(kind, label, action, ts) for label, action in BUTTONS[kind]])]


def _again(coming: str) -> str:
    return f"I'll be here {coming}, as agreed. What would you like?" if coming else "I'm here. What would you like?"


def _button(kind: str, label: str, action: Action, ts: str) -> Element:
    if action is Action.RESUME:
        return button(label, act(action, SAID))
    begins_with_it = kind in {"lost", AGAIN} and action in {Action.OPEN_WIN, Action.OPEN_COMMIT}
    return button(label, act(action, ts) if begins_with_it else act(action))
