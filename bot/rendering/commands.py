"""What can be typed, with the names as they are installed here, and buttons that do the same."""

from difflib import get_close_matches
from typing import Final

from bot.rendering.blocks import Block, actions, button, context, section, words
from bot.rendering.copy import WHO_SEES_THIS
from bot.rendering.ids import Action

SHORT: Final = ("commit", "checkin", "win")
"""Commands that exist by themselves too; other apps may have taken their names, so they can be renamed."""

COMMANDS: Final = {
    "commit": ("what, by when", "Say what you want to do, and when to be asked about it"),
    "checkin": ("", "Check in now"),
    "win": ("what went well", "Keep something that went well, and share it if you like"),
    "list": ("", "What you're on, and what you finished or let go"),
    "days": ("", "When I ask: days, times, time zone"),
    "rules": ("", "The ground rules: tone, reminders, what I may send"),
    "off": ("today", "Time off: quiet hours, days off, holidays"),
    "rough": ("", "A rough week: quiet until Monday"),
    "pause": ("until when", "Quiet for a while"),
    "resume": ("", "Not quiet any more"),
    "settings": ("", "For admins: the wins channel, whom to talk to"),
    "privacy": ("", "Who sees what"),
    "export": ("", "All your data as a file"),
    "stop": ("", "No more check-ins; then export or delete everything, if you like"),
    "help": ("", "This"),
}
"""By name: what may follow, and what it does."""

LEAD: Final = "I keep you company on what you want to do. Only you see what you write to me."


def help_text(unknown: str = "") -> str:
    return did_you_mean(unknown) if unknown else LEAD


def help_blocks(prefix: str, unknown: str = "") -> list[Block]:
    """`prefix` is what the short commands were renamed with; `unknown` is a word that is no command."""
    lines = [f"`{_usage(name, hint)}`  {about}" for name, (hint, about) in COMMANDS.items()]
    short = ", ".join(f"`{_short(name, prefix)}`" for name in SHORT)
    buttons = [
        button("Make a commitment", Action.OPEN_COMMIT),
        button("Check in now", Action.OPEN_CHECK_IN),
        button("Log a win", Action.OPEN_WIN),
        button("Your list", Action.OPEN_LIST),
        button(WHO_SEES_THIS, Action.OPEN_PRIVACY),
    ]
    return [section(help_text(unknown)), section("\n".join(lines)), context(f"Shorter: {short}"), actions(buttons)]


def did_you_mean(unknown: str) -> str:
    """The command nearest to an unknown word, if one is near."""
    close = get_close_matches(unknown.lower(), COMMANDS, n=1, cutoff=0.5)
    guess = f" Did you mean `/buddy {close[0]}`?" if close else ""
    return f"I don't know “{words(unknown[:40])}”.{guess}"


def _usage(name: str, hint: str) -> str:
    return f"/buddy {name}" + (f" [{hint}]" if hint else "")


def _short(name: str, prefix: str) -> str:
    return f"/{prefix}-{name}" if prefix else f"/{name}"
