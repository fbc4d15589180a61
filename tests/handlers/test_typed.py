"""A message's text as its author typed it."""

import pytest

from handlers.typed import as_typed


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Shipped it", "Shipped it"),
        (" a &amp; b &lt;3 ", "a & b <3"),
        ("thanks <@U1|maya>", "thanks @maya"),
        ("thanks <@U1>", "thanks @someone"),
        ("in <#C1|general> and <#C2>", "in #general and #channel"),
        ("<!here> <!subteam^S1|@team> <!date^1^{date}|today>", "@here @team today"),
        ("<https://example.org|see> <https://example.org>", "https://example.org https://example.org"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        (
            "see <http://notes.md|notes.md>, <http://example.org/a?b=1&amp;c|example.org/a?b=1&amp;c>",
            "see notes.md, example.org/a?b=1&c",
        ),
        ("<http://example.org/|example.org>", "example.org"),
        ("call <tel:+15550100|+1 555-0100>", "call +1 555-0100"),
        ("&amp;lt;", "&lt;"),
        ("a\0b \ud83d c", "ab ? c"),
        ("", ""),
    ],
)
def test_text_is_read_as_typed(text: str, typed: str) -> None:
    assert as_typed(text) == typed
