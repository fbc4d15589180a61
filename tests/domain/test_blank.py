"""What looks empty, whatever stands in it."""

import pytest

from bot.domain.blank import is_blank


@pytest.mark.parametrize("text", ["", "  \n", "\u200b", "\u2060\ufeff ", "\u202e", "\ufe0f"])
def test_nothing_to_be_read_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "1", "?", "👍", "\u202eשלום", "読む"])
def test_a_single_sign_is_something(text: str) -> None:
    assert not is_blank(text)
