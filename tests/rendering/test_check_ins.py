"""The check-in as it stands: a "not yet" is met as agreed, and what is over is not spoken of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.agreements import AfterNotYet, Tone, default_terms
from bot.domain.check_ins import Answer, FollowUp, Occasion
from bot.domain.commitments import State
from bot.rendering.check_ins import Line, Picture, check_in_blocks, check_in_text
from tests import records
from tests.rendering.accepting import accepted

FRIDAY = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tone", "due", "said"),
    [
        (Tone.GENTLE, None, "Thanks for saying so."),
        (Tone.DIRECT, None, "It's open. What now?"),
        (Tone.DIRECT, date(2027, 1, 7), "It was for Thursday 7 January and it's open. What now?"),
        (Tone.DIRECT, date(2027, 1, 8), "It's for Friday 8 January. What now?"),
        (Tone.QUESTIONS, None, "“Read”: *Not yet*"),
    ],
)
def test_the_tone_is_the_agreed_one(tone: Tone, due: date | None, said: str) -> None:
    picture = pictured(Answer.NOT_YET, tone=tone, due=due)
    blocks = check_in_blocks(picture)
    accepted(("How did it go?", blocks))
    assert blocks[0]["text"]["text"].split("\n")[-1] == said
    assert [element["text"]["text"] for element in blocks[1]["elements"]] == ["Leave it there", "Look at it"]


@pytest.mark.parametrize("answer", [None, Answer.MOVING])
def test_the_eleventh_is_spoken_of_while_something_is_open(answer: Answer | None) -> None:
    blocks = check_in_blocks(pictured(answer, lines=11))
    accepted(("How did it go?", blocks))
    assert ("1 more" in str(blocks)) is (answer is None)


def test_as_lines_are_answered_those_behind_them_come_up() -> None:
    picture = pictured(None, lines=12)
    assert "check_in.answer:11:done" not in str(check_in_blocks(picture))
    first, *others = picture.lines
    done = replace(first, item=first.item.model_copy(update={"answer": Answer.MOVING}))
    blocks = check_in_blocks(replace(picture, lines=(done, *others)))
    assert "check_in.answer:11:done" in str(blocks)
    assert "1 more" in str(blocks)


def test_what_is_read_aloud_asks_only_while_something_is_open() -> None:
    assert check_in_text(pictured(None, lines=2)) == "“Read” and 1 more: how did it go?"
    assert check_in_text(pictured(Answer.DONE)) == "“Read”: Done ✓"
    assert check_in_text(pictured(Answer.MOVING, lines=3)) == "“Read”: Moving and 2 more"
    put_off = pictured(None)
    snoozed = put_off.check_in.model_copy(update={"snoozed": True, "remind_at": FRIDAY + timedelta(days=1)})
    assert check_in_text(replace(put_off, check_in=snoozed)) == "“Read”: I'll ask again tomorrow at 10:00."


def test_two_notes_do_not_run_together() -> None:
    picture = pictured(None)
    (line,) = picture.lines
    noted = replace(line, item=line.item.model_copy(update={"note": "half done\n\nSam was ill"}))
    assert "your note: “half done / Sam was ill”" in str(check_in_blocks(replace(picture, lines=(noted,))))


@pytest.mark.parametrize("answer", [None, *Answer])
def test_any_number_of_lines_fits_into_a_message(answer: Answer | None) -> None:
    blocks = check_in_blocks(pictured(answer, lines=60, due=date(2027, 1, 9)))
    accepted(("How did it go?", blocks))


def pictured(answer: Answer | None, *, tone: Tone = Tone.GENTLE, due: date | None = None, lines: int = 1) -> Picture:
    return Picture(
        check_in=records.check_in(FRIDAY),
        lines=tuple(
            Line(
                item=records.item(id=number, commitment_id=number, position=number, answer=answer),
                commitment=records.commitment(id=number, due_day=due),
                times_not_yet=1,
            )
            for number in range(1, lines + 1)
        ),
        terms=default_terms("Europe/Berlin", FRIDAY.date()).model_copy(update={"tone": tone}),
        zone="Europe/Berlin",
        now=FRIDAY,
    )


def test_a_plan_is_shown_whether_a_try_is_open_or_not() -> None:
    """That it is seen again was said when it was kept."""
    picture = pictured(None)
    (line,) = picture.lines
    planned = line.commitment.model_copy(update={"plan": "If it rains, then I read"})
    for trying in (None, "Ten pages"):
        tried = replace(line, commitment=planned, item=line.item.model_copy(update={"trying": trying}))
        assert "your plan: “If it rains, then I read”" in str(check_in_blocks(replace(picture, lines=(tried,))))


def test_days_of_a_habit_are_ticked_or_not_yet() -> None:
    days = (date(2027, 1, 5), date(2027, 1, 6), date(2027, 1, 7))
    (line,) = pictured(None).lines
    habit = replace(line, days=days)
    blocks = check_in_blocks(replace(pictured(None), lines=(habit,)))
    labels = [one["text"]["text"] for one in blocks[-1]["elements"] if one["type"] == "button"]
    assert labels == ["Every day", "The ticked ones", "Not yet"]
    for ticked, said in (((), "*Not yet*"), (days[:1], "*1 of 3 days*")):
        answered = line.item.model_copy(update={"answer": Answer.DAYS, "days": ticked})
        shown = check_in_blocks(replace(pictured(None), lines=(replace(habit, item=answered),)))
        assert said in shown[0]["text"]["text"]


def test_signs_that_format_meet_none_of_ours() -> None:
    (line,) = pictured(None).lines
    assert check_in_blocks(pictured(None))[0]["text"]["text"] == "*“Read”*: how did it go?"
    signed = replace(line, commitment=line.commitment.model_copy(update={"text": "important* thing"}))
    blocks = check_in_blocks(replace(pictured(None), lines=(signed,)))
    assert blocks[0]["text"]["text"] == "“important*\u2060 thing”: how did it go?"


def labels(picture: Picture) -> list[str]:
    """What can be clicked in it."""
    rows = [block["elements"] for block in check_in_blocks(picture) if block["type"] == "actions"]
    return [one["text"]["text"] for row in rows for one in row if one["type"] == "button"]


def with_terms(picture: Picture, **values: object) -> Picture:
    return replace(picture, terms=picture.terms.model_copy(update=values))


def test_after_a_not_yet_no_look_is_offered_to_who_agreed_on_none() -> None:
    picture = pictured(Answer.NOT_YET)
    left_alone = with_terms(picture, after_not_yet=AfterNotYet.LEAVE_IT)
    assert labels(picture) == ["Leave it there", "Look at it"]
    assert labels(left_alone) == []
    assert check_in_blocks(left_alone)[0]["text"]["text"] == "“Read”: *Not yet*. Thanks for saying so."


@pytest.mark.parametrize(
    ("follow_up", "tone", "said"),
    [
        (FollowUp.LEFT, Tone.GENTLE, "“Read”: *Not yet*. Thanks for saying so."),
        (FollowUp.LEFT, Tone.DIRECT, "“Read”: *Not yet*"),
        (FollowUp.LOOKED, Tone.GENTLE, "“Read”: *Not yet*"),
    ],
)
def test_once_it_was_left_or_looked_at_nothing_is_offered_any_more(follow_up: FollowUp, tone: Tone, said: str) -> None:
    picture = pictured(Answer.NOT_YET, tone=tone)
    (line,) = picture.lines
    followed = replace(line, item=line.item.model_copy(update={"follow_up": follow_up}))
    picture = replace(picture, lines=(followed,))
    assert labels(picture) == []
    assert check_in_blocks(picture)[0]["text"]["text"] == said


def test_sharing_is_offered_at_an_occasion_to_who_wants_to_be_offered_it() -> None:
    picture = pictured(Answer.DONE)
    (line,) = picture.lines
    finished = replace(picture, lines=(replace(line, occasion=Occasion.FINISH),))
    assert labels(finished) == ["Share it…"]
    assert labels(with_terms(finished, offer_sharing=False)) == []
    assert labels(picture) == []


def test_a_note_stays_beside_its_answer() -> None:
    picture = pictured(Answer.MOVING)
    (line,) = picture.lines
    noted = replace(line, item=line.item.model_copy(update={"note": "<!here> half done"}))
    (block,) = check_in_blocks(replace(picture, lines=(noted,)))
    assert block["text"]["text"] == "“Read”: *Moving* · your note: “&lt;!here&gt; half done”"


@pytest.mark.parametrize(("trying", "whole"), [(None, False), ("Ten pages", True)])
def test_of_a_try_all_can_be_done_at_once(trying: str | None, *, whole: bool) -> None:
    picture = pictured(None)
    (line,) = picture.lines
    tried = replace(line, item=line.item.model_copy(update={"trying": trying}))
    menu = check_in_blocks(replace(picture, lines=(tried,)))[-1]["elements"][-1]
    shown = [one["text"]["text"] for one in menu["options"]]
    assert ("All of it is done" in shown) is whole
    assert [one for one in shown if one != "All of it is done"] == ["Not today", "Change", "Pause", "Let go"]


@pytest.mark.parametrize(("state", "back"), [(State.PAUSED, "Resume"), (State.LET_GO, "Undo"), (State.DONE, "Undo")])
def test_what_was_paused_or_closed_from_its_line_can_be_brought_back(state: State, back: str) -> None:
    picture = pictured(None)
    (line,) = picture.lines
    closed = replace(line, commitment=line.commitment.model_copy(update={"state": state}))
    (block,) = check_in_blocks(replace(picture, lines=(closed,)))
    assert block["accessory"]["text"]["text"] == back
