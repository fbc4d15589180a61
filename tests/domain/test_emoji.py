"""Emoji by their names, as Slack hands over what was typed."""

import pytest

from bot.domain.emoji import without_emoji


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("call mom :slightly_smiling_face:", "call mom"),
        (":+1::skin-tone-4: :-1: :100:", ""),
        (":flag-de: :woman-running: :o: :e-mail: :größe:", ""),
        ("at 10:30:15 or 9:30: then", "at 10:30:15 or 9:30: then"),
        (":_: :_a_: : a : ::", ":_: :_a_: : a : ::"),
    ],
)
def test_names_between_colons_are_no_words(text: str, words: str) -> None:
    assert without_emoji(text).strip() == words
