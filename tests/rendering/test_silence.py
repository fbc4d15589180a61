"""The message after silence and what it turns into: all of it Slack takes, none of it counts or blames."""

import re
from datetime import UTC, datetime

import pytest

from bot.domain.silence import Reason
from bot.rendering import silence
from bot.rendering.blocks import Message
from bot.rendering.silence import REASONS
from tests import records
from tests.rendering.accepting import accepted

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
NASTY = ["Shipped it", "<!channel> & *bold*\n>quote", "💪" * 500]


SAID: list[Message] = [
    silence.after_silence(),
    silence.heard_again("on Friday at 10:00"),
    silence.heard_again(""),
    silence.busy("on Friday at 10:00"),
    silence.busy(""),
    silence.less_offered("Tuesday and Friday at 10:00", "every Friday at 10:00", 3),
    silence.less_for_each(),
    silence.less_agreed("every Friday at 10:00", "on Friday at 10:00", 4),
    silence.less_undone("Tuesday and Friday at 10:00", ""),
    silence.something_else(),
    silence.which_one(Reason.UNSETTLES, [records.commitment(NASTY[n % 3], id=n) for n in range(60)]),
    silence.looked_into(Reason.UNSETTLES, records.commitment(NASTY[1])),
    silence.looked_into(Reason.BEING_ASKED, None),
    silence.a_person(None),
    silence.a_person("Priya in HR: priya@example.com\n<!channel>"),
]


@pytest.mark.parametrize("said", SAID)
def test_slack_takes_it_and_nobody_is_blamed(said: Message) -> None:
    text, _ = said
    accepted(said)
    assert not re.search(r"miss|fail|streak|slip|resist|unanswered|in a row|!(?!channel)|<!", text, re.IGNORECASE)


def test_the_message_is_short_and_counts_nothing() -> None:
    text, blocks = silence.after_silence()
    assert len(text) < 120
    assert not re.search(r"\d|three|four|days|week", text)
    labels = [element["text"]["text"] for element in blocks[1]["elements"]]
    assert labels == ["Just busy", "Ask less", "Pause", "Something else", "Stop"]


def test_every_reason_can_be_said_and_a_person_is_always_there() -> None:
    assert REASONS.keys() == set(Reason)
    _, blocks = silence.something_else()
    labels = [element["text"]["text"] for block in blocks[1:] for element in block["elements"]]
    assert labels == [*REASONS.values(), "I'd rather talk to a person", "Back"]
