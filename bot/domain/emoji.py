"""Emoji in what people type. Slack hands over ":tada:", whether its author took a picture, typed one, or wrote ":)"."""

import re
from typing import Final

EMOJI: Final = re.compile(r":(?:[+-]1|100|(?=[\w+'-]*[^\W\d_])[^\W_][\w+'-]*(?<!_)):")
"""A name between colons. ":30:" within "10:30:15" is none, and a skin tone is a second one."""


def without_emoji(text: str) -> str:
    """The words beside them."""
    return EMOJI.sub(" ", text) if ":" in text else text
