"""Short messages that are clear by themselves, and long ones that are not."""

import pytest

from bot.domain.small_talk import Talk, small_talk


@pytest.mark.parametrize(
    "text",
    ["thanks", "Thanks!", "Thank you so much", "ty", "Danke schön!", "vielen Dank", "merci beaucoup", "¡Gracias!",
     "ありがとうございます", "谢谢", "спасибо", "👍", "👍🏽", ":+1:", ":pray::skin-tone-3:", "thanks :tada:", "❤️",
     "thanks :slightly_smiling_face:"],
)  # fmt: skip
def test_thanks_in_many_languages(text: str) -> None:
    assert small_talk(text) is Talk.THANKS


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("help", Talk.HELP),
        ("?", Talk.HELP),
        ("Hello!", Talk.HELP),
        ("hallo", Talk.HELP),
        ("Any ideas?", Talk.IDEAS),
        ("STOP", Talk.STOP),
        ("please stop.", Talk.STOP),
        ("pause", Talk.PAUSE),
        ("skip", Talk.SKIP),
        ("skip :sweat_smile:", Talk.SKIP),
        ("Later!", Talk.LATER),
        ("go back", Talk.BACK),
        ("Leave it there.", Talk.LEAVE),
        ("No.", Talk.NOTHING),
        ("I don't know", Talk.NOTHING),
        ("look at it", Talk.LOOK),
        ("Who sees this?", Talk.PRIVACY),
        ("delete everything, please", Talk.DATA),
        ("I can't do this any more...", Talk.HARD),
        ("Too much", Talk.TOO_MUCH),
        ("some days I just want to die", Talk.DANGER),
    ],
)
def test_a_wish(text: str, talk: Talk) -> None:
    assert small_talk(text) is talk


@pytest.mark.parametrize(
    "text",
    ["", "   ", "!!!", "thanks, but I did not write it", "I want to stop smoking", "my boss could help me",
     "Pause the emails after seven", "🍕", ":pizza:", ":blush:", "you", "I'll do it later today", "a lot",
     "Leave it there until Friday", "write the page on suicide prevention", "I can't do this on Mondays"],
)  # fmt: skip
def test_everything_else_may_be_an_answer(text: str) -> None:
    assert small_talk(text) is None
