"""A cue on the screen: the member's words and a menu, no question; and the button under a plan that names a time."""

from datetime import UTC, datetime, time

from bot.domain.calendar import EVERY_DAY, WORKDAYS
from bot.domain.commitments import Kind
from bot.domain.cues import Cue, cue_at
from bot.rendering.cues import PlanCue, plan_cue_button, plan_cue_note, told, when_told
from tests import records
from tests.rendering.accepting import accepted

NOON = datetime(2027, 1, 4, 11, tzinfo=UTC)
WALK = records.commitment(
    "Walk <!channel> *at* lunch", id=7, kind=Kind.HABIT, habit_days=EVERY_DAY, cue=cue_at(time(12))
)


def test_a_cue_is_ones_own_words_harmless_and_no_question() -> None:
    text, blocks = told([WALK])
    accepted((text, blocks))
    assert text.startswith("“Walk &lt;!channel&gt;")
    assert "?" not in text
    menu = blocks[0]["accessory"]["options"]
    assert [each["text"]["text"] for each in menu] == ["Change", "Stop these"]


def test_it_tells_the_plan_where_there_is_one() -> None:
    text, _ = told([WALK.model_copy(update={"plan": "If it is 12:30, then I walk"})])
    assert text == "“If it is 12:30, then I walk”"


def test_once_stopped_it_says_so_with_the_way_back() -> None:
    read = WALK.model_copy(update={"id": 8, "text": "Read"})
    text, blocks = told([WALK.model_copy(update={"cue": None}), read])
    accepted((text, blocks))
    assert blocks[0]["accessory"]["text"]["text"] == "Change"
    assert "Stopped" in blocks[1]["elements"][0]["text"]
    assert blocks[2]["accessory"]["action_id"].endswith(":8:7-8"), "the other one goes on"
    assert len(blocks) == 3


def test_under_a_plan_it_is_offered_and_can_be_taken_back() -> None:
    offer = PlanCue(commitment_id=7, sitting_id=3, at=time(7, 30))
    assert plan_cue_button(offer)["text"]["text"] == "Remind me at 7:30"
    assert plan_cue_button(offer)["action_id"].endswith(":7:3:0730")
    assert plan_cue_note(offer) == []
    taken = offer.model_copy(update={"cue": cue_at(time(7, 30), WORKDAYS)})
    assert plan_cue_button(taken)["text"]["text"] == "Don't remind me"
    assert plan_cue_note(taken)[0]["elements"][0]["text"] == "I'll say it back to you Monday to Friday at 7:30."


def test_when_it_is_told_in_words() -> None:
    assert when_told(Cue(times=(time(8), time(13), time(20)))) == "every day at 8:00, 13:00 and 20:00"
