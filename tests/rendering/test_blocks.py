"""A member's words among ours."""

import pytest

from bot.rendering.blocks import button, quote, words


@pytest.mark.parametrize("turns", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_no_words_turn_ours_around(turns: str) -> None:
    assert words(f"read {turns}it") == "read it"
    assert quote(f"read {turns}it") == "“read it”"
    assert button(f"{turns}Read", "read")["text"]["text"] == "Read"
