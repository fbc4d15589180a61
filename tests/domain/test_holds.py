"""What in Slack holds a check-in, and for how long."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.agreements import QuietHours, Terms, default_terms
from bot.domain.holds import LOOK_AGAIN, Absence, Hold, Statuses, held, wants_holds

NOON = datetime(2027, 1, 5, 11, tzinfo=UTC)
"""In Berlin."""
AN_HOUR = timedelta(hours=1)
BERLIN = default_terms("Europe/Berlin", date(2027, 1, 4))
IN_DND = BERLIN.model_copy(update={"hold_in_dnd": True})
WHEN_AWAY = BERLIN.model_copy(update={"hold_statuses": ("palm_tree", "face_with_thermometer")})


@pytest.mark.parametrize(
    ("terms", "absence", "expected"),
    [
        (BERLIN, Absence(dnd_until=NOON + AN_HOUR, status="palm_tree"), None),
        (IN_DND, Absence(), None),
        (IN_DND, Absence(status="palm_tree"), None),
        (IN_DND, Absence(dnd_until=NOON - AN_HOUR), None),
        (IN_DND, Absence(dnd_until=NOON + AN_HOUR), NOON + AN_HOUR),
        (IN_DND, Absence(dnd_until=NOON + 12 * AN_HOUR), Hold.LET_PASS),
        (WHEN_AWAY, Absence(dnd_until=NOON + AN_HOUR), None),
        (WHEN_AWAY, Absence(status="coffee"), None),
        (WHEN_AWAY, Absence(status="palm_tree", status_until=NOON), None),
        (WHEN_AWAY, Absence(status="palm_tree", status_until=NOON + 2 * AN_HOUR), NOON + 2 * AN_HOUR),
        (WHEN_AWAY, Absence(status="palm_tree", status_until=NOON + 48 * AN_HOUR), Hold.LET_PASS),
        (WHEN_AWAY, Absence(status="face_with_thermometer"), NOON + LOOK_AGAIN),
    ],
)
def test_it_is_held_by_what_its_member_chose_and_that_day_only(
    terms: Terms, absence: Absence, expected: datetime | Hold | None
) -> None:
    assert held(absence, terms, NOON) == expected


def test_both_are_waited_for_and_quiet_hours_too() -> None:
    both = IN_DND.model_copy(update={"hold_statuses": ("palm_tree",)})
    away = Absence(dnd_until=NOON + AN_HOUR, status="palm_tree", status_until=NOON + 3 * AN_HOUR)
    assert held(away, both, NOON) == NOON + 3 * AN_HOUR
    siesta = both.model_copy(update={"quiet_hours": QuietHours(begins=time(14), ends=time(16))})
    assert held(away, siesta, NOON) == NOON + 4 * AN_HOUR
    night = both.model_copy(update={"quiet_hours": QuietHours(begins=time(14), ends=time(7))})
    assert held(away, night, NOON) is Hold.LET_PASS


def test_whether_slack_is_asked_at_all() -> None:
    assert [wants_holds(terms) for terms in (BERLIN, IN_DND, WHEN_AWAY)] == [False, True, True]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ()),
        (":palm_tree: :face_with_thermometer:", ("palm_tree", "face_with_thermometer")),
        (":palm_tree::+1:, :Palm_Tree:", ("palm_tree", "+1")),
        (":wave::skin-tone-3:", ("wave",)),
    ],
)
def test_statuses_are_read_as_they_are_typed(typed: str, names: tuple[str, ...]) -> None:
    assert Statuses.validate_python(typed) == names


@pytest.mark.parametrize(
    "typed",
    [
        "on holiday",
        ":palm_tree: and so on",
        "🌴",
        ":a!b:",
        ":" + "a" * 101 + ":",
        "".join(f":e{n}:" for n in range(11)),
    ],
)
def test_what_names_no_emoji_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Statuses.validate_python(typed)
