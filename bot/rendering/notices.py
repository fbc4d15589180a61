"""Sentences for when something did not work, and what to do then."""

from typing import Final

GONE: Final = "That one isn't there any more, so there's nothing to do."
NOT_SAVED: Final = "That could not be saved just now. Nothing is lost: try once more."
NOT_INSTALLED: Final = "I'm not installed in your workspace, so there's nothing I can do here."
