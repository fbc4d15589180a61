"""What is offered to someone who typed something that is no answer: never silence, always a button."""

from collections.abc import Mapping
from typing import Final

from bot.rendering.blocks import Element, Message, actions, button, section
from bot.rendering.ids import Action, act

SENTENCES: Final[Mapping[str, str]] = {
    "lost": "I wasn't asking anything just now, so that isn't kept. What would you like?",
    "help": "I ask about what you want to do, when you choose. What would you like?",
    "ideas": "Three to choose from, or none: something smaller, a single try to see, or someone who has done it.",
    "pause": "Quiet until you say so, or until a day you choose?",
    "stop": "A pause, fewer check-ins, or stop altogether? Each is one click, and needs no reason.",
}

BUTTONS: Final[Mapping[str, tuple[tuple[str, Action], ...]]] = {
    "lost": (
        ("Log a win", Action.OPEN_WIN),
        ("Check in", Action.OPEN_CHECK_IN),
        ("Make a commitment", Action.OPEN_COMMIT),
        ("Talk to a person", Action.OPEN_PERSON),
    ),
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
}


def help_reply(kind: str, ts: str) -> Message:
    """`ts` is the message that was typed: a win or a commitment can begin with its words. Raises KeyError for a kind
    that is none."""
    text = SENTENCES[kind]
    return text, [section(text), actions([_button(kind, label, action, ts) for label, action in BUTTONS[kind]])]


def _button(kind: str, label: str, action: Action, ts: str) -> Element:
    begins_with_it = kind == "lost" and action in {Action.OPEN_WIN, Action.OPEN_COMMIT}
    return button(label, act(action, ts) if begins_with_it else act(action))
