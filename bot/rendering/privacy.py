"""Who sees what; stopping; one's own data as a file, and deleting it."""

from typing import Final

from bot.rendering.blocks import Element, View, actions, button, confirm, context, header, modal, section
from bot.rendering.copy import PRIVACY
from bot.rendering.ids import Action, Callback

EXPORT_COMES: Final = "Everything I keep about you, in one file. Any text editor opens it."
EXPORT_SENT: Final = "Your file is on its way to our direct message."
ERASED: Final = "Everything is deleted."
NOTHING_MORE: Final = (
    f"{ERASED} What stands in our direct message is in Slack's hands; I keep none of it, and I won't write again "
    "unless you start."
)

KEPT: Final = (
    "*What I keep, and for how long*\n"
    "• Your commitments, answers, wins and ground rules, with the words they had before: until you delete them.\n"
    "• Your Slack id, time zone and language, and whether you are an admin: so that I know who you are and when it's "
    "morning.\n"
    "• Days off and holidays, and whose wins you cheered: until you delete them.\n"
    "• When you last wrote or clicked something, and opened Home: so that I go quiet when you do.\n"
    "• What I sent and what was clicked, without any words: a week.\n"
    "Nothing else. A message in a channel reaches me only when someone chooses “Keep as a win” on it."
)
SEES: Final = (
    "*Who sees what*\n"
    "• What you write to me or into a form says beside it who will see it. Nearly always that is only you.\n"
    "• A win you choose to share is seen by everyone in the wins channel. You can take it back.\n"
    "• If you cheer someone's win, they see your name."
)


def privacy_view() -> View:
    blocks = [
        header("Who sees this?"),
        section(PRIVACY),
        section(SEES),
        section(KEPT),
        actions([button("Export my data", Action.EXPORT), delete_button()]),
        context("Deleting takes effect at once, and stops every check-in."),
    ]
    return modal(Callback.PRIVACY, "Privacy", blocks)


def stop_view() -> View:
    """The one confirmation. No reason is asked."""
    blocks = [section("Check-ins and reminders stop at once. What you wrote stays until you delete it.")]
    return modal(Callback.STOP, "Stop", blocks, submit="Stop", close="Not now")


def stopped_view(note: str = "Stopped. You won't hear from me.") -> View:
    """What can be done after stopping, or after exporting: nothing has to be."""
    blocks = [
        section(f"*{note}*"),
        section("What you wrote is still here, for you alone. If you like:"),
        actions([button("Export my data", Action.EXPORT), delete_button()]),
        context("“Start again” in Home, or a new commitment, brings everything back as it was."),
    ]
    return modal(Callback.STOP, "Stopped", blocks)


def erased_view() -> View:
    return modal(Callback.STOP, "Deleted", [section(NOTHING_MORE)])


def delete_button() -> Element:
    """Asks once more, by itself."""
    sure = confirm(
        "Delete everything?",
        "All you wrote is deleted at once, and wins you shared are taken down. This can't be undone.",
        "Delete",
        "Keep it",
    )
    return button("Delete everything", Action.DELETE, style="danger", confirm=sure)
