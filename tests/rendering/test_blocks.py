"""A member's words among ours."""

import pytest

from bot.rendering.blocks import button, quote, shorten, strong, words


@pytest.mark.parametrize("turns", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_no_words_turn_ours_around(turns: str) -> None:
    assert words(f"read {turns}it") == "read it"
    assert quote(f"read {turns}it") == "“read it”"
    assert button(f"{turns}Read", "read")["text"]["text"] == "Read"


def test_an_emoji_stays_one() -> None:
    assert words("Done :white_check_mark: *really*") == "Done :white_check_mark: *\u2060really*\u2060"
    assert words("_a_ :_b_: _c_").count("\u2060") == 6
    assert strong("Done :white_check_mark:") == "*“Done :white_check_mark:”*"


@pytest.mark.parametrize(
    ("most", "shown"), [(22, "Done…"), (24, "Done :white_check_mark:…"), (27, "Done :white_check_mark: ok")]
)
def test_an_emoji_is_shown_whole_or_not_at_all(most: int, shown: str) -> None:
    assert shorten("Done :white_check_mark: ok" + "!" * (most < 27), most) == shown
