"""What looks empty."""

from typing import Final
from unicodedata import category

UNSEEN: Final = frozenset({"Cc", "Cf", "Mn", "Zs", "Zl", "Zp"})
"""Spaces, marks that stand on nothing, and characters of no width."""


def is_blank(text: str) -> bool:
    """Whether nobody could read anything in it."""
    return all(category(character) in UNSEEN for character in text)
