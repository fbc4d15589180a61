"""What a person typed, out of what Slack makes of it in a message's text."""

import re
from typing import Final

REFERENCE: Final = re.compile(r"<([^<>]*)>")
OF_ITSELF: Final = ("http://", "https://", "mailto:")
"""What Slack puts before an address that was typed without it."""
FALLBACKS: Final = {"@": "@someone", "#": "#channel"}


def as_typed(text: str) -> str:
    """Plain words: links and mentions as they read, nothing escaped. What is made of it pings nobody."""
    plain = REFERENCE.sub(_readable, keepable(text))
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def keepable(text: str) -> str:
    """Without NUL, which PostgreSQL does not take, and with "?" for half a surrogate pair, which no UTF-8 carries."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _readable(found: re.Match[str]) -> str:
    """<@U1|maya> is @maya, <https://x|here> is https://x, <!here> is @here, <!date^..|today> is today.

    What Slack makes a link of by itself reads as it was typed: <http://notes.md|notes.md> is notes.md.
    """
    target, _, label = found[1].partition("|")
    sign, rest = target[:1], target[1:]
    if sign in FALLBACKS:
        return f"{sign}{label.lstrip(sign)}" if label else FALLBACKS[sign]
    if sign == "!":
        return label or f"@{rest}"
    is_as_typed = any(target in {f"{prefix}{label}", f"{prefix}{label}/"} for prefix in OF_ITSELF)
    return label if label and (is_as_typed or target.startswith("tel:")) else target.removeprefix("mailto:")
