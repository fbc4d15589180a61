"""Sentences that stand alone, by name. Those with a member's words in them live beside the blocks that show them."""

from collections.abc import Mapping
from typing import Final

WHO_SEES_THIS: Final = "Who sees this?"

PRIVACY: Final = (
    "No colleague or manager. I'm automatic; nobody reads along. "
    "Whoever runs this server, or a company's Slack export, could."
)

GROUND_RULES: Final = "asked gently, once more in the afternoon if nothing is heard, nobody else sees it"

GONE: Final = "That one isn't there any more, so there's nothing to do."
NOT_SAVED: Final = "That could not be saved just now. Nothing is lost: try once more."
NOT_INSTALLED: Final = "I'm not installed in your workspace, so there's nothing I can do here."

CHECK_IN_IS: Final = "Your check-in is"
EXPORT_IS: Final = "Your file is on its way, to be found"
PREVIEW_IS: Final = "Kept, only for you so far. How it would look is"

PHRASES: Final[Mapping[str, str]] = {
    "note_dropped": "Then it's forgotten.",
    "nothing_to_ask": "Nothing is active, so there's nothing to ask about. `/buddy commit` starts something.",
    "everything_deleted": (
        "Everything is deleted. What stands here is in Slack's hands; I keep none of it, and I won't write again "
        "unless you start. Take care."
    ),
    "any_time": "Any time.",
    "all_right": "All right.",
    "left_there": "All right, we'll leave it here.",
    "once_more": "Taken back. Here's the question once more.",
    "erased": "Forgotten.",
    "kept_after_all": "It stays with your answers (only you).",
    "gone": GONE,
    "file": "Thanks. I can't open files, so tell me in a line what's in it, if you like.",
    "file_and_words": "I can't open files, so I go by your words.",
}
