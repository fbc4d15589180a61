"""A member's words among ours."""

import pytest

from bot.rendering.blocks import button, quote, shorten, strong, words


@pytest.mark.parametrize("turns", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_no_words_turn_ours_around(turns: str) -> None:
    assert words(f"read {turns}it") == "read it"
    assert quote(f"read {turns}it") == "“read it”"
    assert button(f"{turns}Read", "read")["text"]["text"] == "Read"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<!channel> <@U1> a > b", "&lt;!channel&gt; &lt;@U1&gt; a &gt; b"),
        ("R&D", "R&amp;D"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
    ],
)
def test_what_slack_would_read_as_its_own_is_shown_as_it_was_typed(typed: str, shown: str) -> None:
    assert words(typed) == shown
    assert quote(typed) == f"“{shown}”"
    assert strong(typed) == f"*“{shown}”*"


def test_an_emoji_stays_one() -> None:
    assert words("Done :white_check_mark: *really*") == "Done :white_check_mark: *\u2060really*\u2060"
    assert words("_a_ :_b_: _c_").count("\u2060") == 6
    assert strong("Done :white_check_mark:") == "*“Done :white_check_mark:”*"


@pytest.mark.parametrize(
    ("most", "shown"), [(22, "Done…"), (24, "Done :white_check_mark:…"), (27, "Done :white_check_mark: ok")]
)
def test_an_emoji_is_shown_whole_or_not_at_all(most: int, shown: str) -> None:
    assert shorten("Done :white_check_mark: ok" + "!" * (most < 27), most) == shown
