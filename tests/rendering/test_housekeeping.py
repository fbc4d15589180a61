"""Every view about one's list, rules, days, pause, privacy and Home is one that Slack takes, whatever was typed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.agreements import Agreement, Terms, default_terms
from bot.domain.calendar import EVERY_DAY, Weekday, zone_names
from bot.domain.commitments import Commitment, Kind, Revision, State
from bot.domain.habits import Tally
from bot.domain.overview import Overview, Standing
from bot.domain.readiness import LABELS, Stage
from bot.domain.wins import Win, WinState
from bot.rendering.agreements import SWITCHES, rules_view
from bot.rendering.blocks import Element, View
from bot.rendering.commands import COMMANDS, did_you_mean, help_blocks, help_text
from bot.rendering.commitments import When
from bot.rendering.copy import PRIVACY
from bot.rendering.dates import not_taken
from bot.rendering.home import INVITATION, home_view
from bot.rendering.ids import Action
from bot.rendering.lists import Change, change_view, let_go_view, list_view, ruler_history
from bot.rendering.pauses import pause_view, quiet, quiet_blocks, quiet_said, resumed
from bot.rendering.privacy import erased_view, privacy_view, stop_view, stopped_view
from bot.rendering.zones import COMMON, zone_label, zone_options
from tests import records
from tests.rendering.accepting import accepted, accepted_view

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
TERMS = default_terms("Europe/Berlin", NOON.date())
MAYA = records.member()
STOPPED = records.member(stopped_at=NOON)
NASTY = ["Shipped it", "<!channel> @here <@U1> & *bold* `code`\n>quote\n\n```", "&" * 500, "\n" * 500, "💪" * 500, "*"]


def commitment(number: int = 7, text: str = "Finish the report", **values: Any) -> Commitment:
    return records.commitment(text, id=number, created_at=NOON, **values)


def overview(*standings: Standing, **values: Any) -> Overview:
    given = {"member": MAYA, "now": NOON, "terms": TERMS, "agreed_at": NOON, "standings": standings}
    return Overview(**(given | values))


def elements(view: View) -> list[Element]:
    found = [element for block in view["blocks"] for element in block.get("elements", [])]
    return found + [block["accessory"] for block in view["blocks"] if "accessory" in block]


def buttons(view: View) -> list[str]:
    """The labels of everything that can be clicked."""
    return [element["text"]["text"] for element in elements(view) if element["type"] == "button"]


def menu(view: View) -> list[str]:
    found = [block["accessory"] for block in view["blocks"] if block.get("accessory", {}).get("type") == "overflow"]
    return [option["text"]["text"] for one in found for option in one["options"]]


# Home


def test_the_first_visit_is_one_sentence_and_one_button() -> None:
    view = home_view(overview(agreed_at=None))
    assert INVITATION in accepted_view(view)
    assert buttons(view) == ["Make a commitment"]
    assert len(view["blocks"]) == 2


def test_home_has_everything_one_click_away_and_the_next_thing_first() -> None:
    habit = commitment(8, "Stretch", kind=Kind.HABIT, habit_days=EVERY_DAY, stage=Stage.ACTION)
    standings = (
        Standing(commitment=commitment(due_day=date(2027, 1, 4), next_due_at=NOON + timedelta(days=1))),
        Standing(commitment=habit, tally=Tally(done=18, of=21), readiness=(4, 6, 8)),
    )
    wins = (
        Win(id=1, workspace_id=1, member_id=1, text="Called her", state=WinState.KEPT, created_at=NOON),
        Win(
            id=2,
            workspace_id=1,
            member_id=1,
            text="Shipped",
            state=WinState.SHARED,
            channel_id="C1",
            ts="1.1",
            created_at=NOON,
        ),
    )
    view = home_view(overview(*standings, wins=wins, next_at=NOON + timedelta(days=1)))
    shown = accepted_view(view)
    for words in ("18 of the last 21", "On it", "▃▅▆ 4, 6, 8", "only you", "shared in", "Agreed on Monday 4 January."):
        assert words in shown
    assert shown.index("Today: “Finish the report”") < shown.index("Commitments")
    for label in (
        "New commitment",
        "Check in now",
        "Log a win",
        "Days",
        "Ground rules",
        "Pause",
        "Who sees this?",
        "Stop",
    ):
        assert label in buttons(view)
    assert "Settings" not in buttons(view)
    assert menu(view)[:4] == ["Done", "Revise", "Pause", "Let go"]
    assert {"How ready am I?", "Remind me why"} <= set(buttons(view))


def test_until_they_are_agreed_on_home_says_that_the_ground_rules_hold() -> None:
    shown = accepted_view(home_view(overview(Standing(commitment=commitment()), agreed_at=None)))
    assert "These hold until you change them." in shown


@pytest.mark.parametrize(
    ("done", "of", "told"), [(1, 1, False), (0, 4, False), (1, 4, False), (2, 4, True), (4, 4, True)]
)
def test_a_habit_is_counted_once_it_holds_and_what_was_not_done_never(done: int, of: int, told: bool) -> None:
    habit = commitment(8, "Stretch", kind=Kind.HABIT, habit_days=EVERY_DAY)
    shown = accepted_view(home_view(overview(Standing(commitment=habit, tally=Tally(done=done, of=of)))))
    assert (f"{done} of the last {of}" in shown) is told


def test_a_check_in_that_stands_above_is_not_said_again() -> None:
    tomorrow, later = NOON + timedelta(days=1), NOON + timedelta(days=9)
    same, own = (
        Standing(commitment=commitment(next_due_at=tomorrow)),
        Standing(commitment=commitment(8, next_due_at=later)),
    )
    assert accepted_view(home_view(overview(same, next_at=tomorrow))).count("<!date^") == 1
    assert "next check-in" in accepted_view(home_view(overview(same, own, next_at=tomorrow)))


def test_what_its_owner_wrote_about_a_commitment_is_seen_without_waiting_for_a_check_in() -> None:
    one = commitment(
        trying="One evening", next_step="Call Ana", plan="If it rains, then stairs", done_looks_like="It's in her inbox"
    )
    for view in (home_view(overview(Standing(commitment=one))), list_view(overview(Standing(commitment=one)))):
        assert (
            "to try: “One evening” · next: “Call Ana” · your plan: “If it rains, then stairs” · "
            "done looks like: “It's in her inbox”"
        ) in accepted_view(view)


def test_only_admins_have_settings_in_home() -> None:
    admin = MAYA.model_copy(update={"is_admin": True})
    assert "Settings" in buttons(home_view(overview(Standing(commitment=commitment()), member=admin)))


def test_a_full_life_still_fits() -> None:
    standings = [Standing(commitment=commitment(number, "&" * 500), readiness=(1, 10)) for number in range(1, 200)]
    wins = tuple(
        Win(id=number, workspace_id=1, member_id=1, text="&" * 1000, state=WinState.KEPT, created_at=NOON)
        for number in range(5)
    )
    closed = tuple(commitment(number, state=State.DONE, closed_at=NOON) for number in range(300, 400))
    view = home_view(overview(*standings, wins=wins, closed=closed))
    accepted_view(view)
    assert "179 more" in buttons(view)
    assert "209 more" in accepted_view(list_view(overview(*standings, closed=closed)))


def test_a_pause_and_a_stop_are_shown_with_the_way_back() -> None:
    paused = MAYA.model_copy(update={"paused_at": NOON, "paused_until": NOON + timedelta(days=3)})
    view = home_view(overview(Standing(commitment=commitment()), member=paused))
    assert "Quiet until" in accepted_view(view)
    assert "Resume" in buttons(view)
    stopped = home_view(overview(member=STOPPED))
    accepted_view(stopped)
    assert buttons(stopped) == ["Start again", "Export my data", "Delete everything"]


@pytest.mark.parametrize("text", NASTY)
def test_whatever_was_typed_is_shown_and_pings_nobody(text: str) -> None:
    before = Revision(id=1, commitment_id=7, text=text, due_day=date(2027, 1, 8), due_time=time(17), revised_at=NOON)
    one = commitment(text=text, done_looks_like=text)
    standing = Standing(commitment=one, revisions=(before,))
    win = Win(id=1, workspace_id=1, member_id=1, text=text, state=WinState.KEPT, created_at=NOON)
    seen = overview(standing, closed=(commitment(8, text, state=State.LET_GO, closed_at=NOON),), wins=(win,))
    views = [
        home_view(seen),
        list_view(seen),
        change_view(one, Change.of(one, TERMS.cadence, NOON.date()), TERMS, [before]),
        let_go_view(one),
        pause_view(one, not_taken(text, None, NOON.date())),
    ]
    for view in views:
        accepted_view(view)
        mrkdwn = [value for value in _texts(view) if value.get("type") == "mrkdwn"]
        assert all("<!channel>" not in value["text"] and "<@U1>" not in value["text"] for value in mrkdwn)
    unknown = text[:40]
    accepted((help_text(unknown), help_blocks("", unknown)))


def _texts(value: object) -> list[Mapping[str, Any]]:
    if isinstance(value, list):
        return [found for one in value for found in _texts(one)]
    if not isinstance(value, dict):
        return []
    return [value, *(found for one in value.values() for found in _texts(one))]


# The list


def test_the_list_tells_active_paused_and_closed_apart() -> None:
    standings = (
        Standing(commitment=commitment(1, "One")),
        Standing(commitment=commitment(2, "Two", state=State.PAUSED, paused_until=NOON + timedelta(days=9))),
    )
    closed = (
        commitment(3, "Three", state=State.DONE, closed_at=NOON),
        commitment(4, "Four", state=State.LET_GO, closed_at=NOON),
    )
    view = list_view(overview(*standings, closed=closed))
    shown = accepted_view(view)
    assert shown.index("Active") < shown.index("One") < shown.index("Paused") < shown.index("Two")
    assert "paused until Wednesday 13 January" in shown
    assert "✓ done on Monday 4 January" in shown
    assert "let go on Monday 4 January" in shown
    assert buttons(view).count("Bring back") == 2


def test_nothing_active_says_that_there_are_no_check_ins() -> None:
    assert "no check-ins" in accepted_view(list_view(overview()))


def test_old_words_are_shown_with_their_date() -> None:
    before = Revision(id=1, commitment_id=7, text="Write all of it", due_day=date(2027, 1, 8), revised_at=NOON)
    shown = accepted_view(list_view(overview(Standing(commitment=commitment(), revisions=(before,)))))
    assert "before Monday 4 January:" in shown
    assert "“Write all of it”, by Friday 8 January" in shown


def test_a_commitment_can_lose_its_date_and_have_days_of_its_own() -> None:
    one = commitment(due_day=date(2027, 1, 8), due_time=time(17), cadence=TERMS.cadence)
    with_date = change_view(one, Change.of(one, TERMS.cadence, NOON.date()), TERMS)
    assert {"Which day?", "At what time?"} <= labels(with_date)
    without = change_view(
        one, Change.of(one, TERMS.cadence, NOON.date()).model_copy(update={"by_when": When.NO_DATE}), TERMS
    )
    assert "Which day?" not in labels(without)
    for view in (with_date, without):
        assert "(only you)" in accepted_view(view)
        assert buttons(view) == ["Ground rules", "Pause", "Let go"]


def labels(view: View) -> set[str]:
    return {block["label"]["text"] for block in view["blocks"] if block["type"] == "input"}


@pytest.mark.parametrize("stage", [None, *Stage])
def test_where_someone_is_with_it_can_be_changed(stage: Stage | None) -> None:
    one = commitment(stage=stage)
    view = change_view(one, Change.of(one, TERMS.cadence, NOON.date()), TERMS)
    accepted_view(view)
    select = next(block["element"] for block in view["blocks"] if block.get("block_id") == "stage")
    assert [each["text"]["text"] for each in select["options"]] == [*LABELS.values(), "Leave it there"]
    assert select.get("initial_option", {}).get("value") == stage


def test_a_habit_has_days_instead_of_a_date() -> None:
    habit = commitment(kind=Kind.HABIT, habit_days=(Weekday.MONDAY,), state=State.PAUSED)
    view = change_view(habit, Change.of(habit, TERMS.cadence, NOON.date()), TERMS)
    accepted_view(view)
    assert "On which days?" in labels(view)
    assert "By when?" not in labels(view)
    assert "Resume" in buttons(view)


def test_the_ruler_is_drawn_from_its_lowest_to_its_highest() -> None:
    assert ruler_history([1, 10]) == "▁█ 1, 10"
    assert ruler_history(range(1, 11)).endswith("3, 4, 5, 6, 7, 8, 9, 10")


def test_quiet_is_one_sentence_with_the_way_back_and_folds_afterwards() -> None:
    until = NOON + timedelta(days=7)
    text, blocks = quiet_said(MAYA.model_copy(update={"paused_at": NOON, "paused_until": until}), None, MAYA.zone, NOON)
    accepted((text, blocks))
    assert buttons({"blocks": blocks}) == ["Resume"]
    text, blocks = quiet_said(MAYA, None, MAYA.zone, NOON)
    accepted((text, blocks))
    assert (text, buttons({"blocks": blocks})) == ("Not paused. No check-in is planned.", [])


# Rules


def test_the_rules_are_whole_on_one_screen() -> None:
    agreement = Agreement(id=1, workspace_id=1, member_id=1, version=3, terms=TERMS, agreed_at=NOON)
    view = rules_view(TERMS, agreement)
    shown = accepted_view(view)
    assert "Agreed on Monday 4 January" in shown
    assert PRIVACY in shown
    assert "Tuesday and Friday at 10:00" in shown
    for label in ("Gentle", "Direct", "Questions only", "Ask me", "I'll start", "Remind me once", "Leave it there"):
        assert label in shown or label in str(view)
    accepted_view(rules_view(TERMS, None))


def test_every_switch_of_the_terms_is_on_the_screen() -> None:
    of_messages = {name for name, field in Terms.model_fields.items() if field.annotation is bool} - {"hold_in_dnd"}
    assert {name for name, _, _ in SWITCHES} == of_messages - {"remind"}


def test_ones_own_zones_lead_and_each_is_there_once() -> None:
    options = zone_options(("Asia/Kathmandu", "America/Argentina/Ushuaia"), NOON)
    values = [option["value"] for option in options]
    assert values[:2] == ["Asia/Kathmandu", "America/Argentina/Ushuaia"]
    assert len(set(values)) == len(values) <= 100
    assert set(COMMON) <= zone_names()
    assert zone_label("America/New_York", NOON) == "New York (America), 7:00 now"


# Quiet, leaving, help


@pytest.mark.parametrize("view", [stop_view(), stopped_view(), erased_view(), privacy_view(), pause_view()])
def test_these_are_accepted(view: View) -> None:
    accepted_view(view)


@pytest.mark.parametrize("view", [stopped_view(), privacy_view(), home_view(overview(member=STOPPED))])
def test_deleting_asks_once_more_wherever_it_is_offered(view: View) -> None:
    (delete,) = [one for one in elements(view) if one.get("action_id") == Action.DELETE]
    assert delete["confirm"]["confirm"]["text"] == "Delete"
    assert "can't be undone" in delete["confirm"]["text"]["text"]


def test_privacy_is_said_in_full() -> None:
    shown = accepted_view(privacy_view())
    assert PRIVACY in shown
    assert "until you delete them" in shown


def test_what_is_said_of_a_pause() -> None:
    assert quiet(None, "UTC", NOON.date()) == "Quiet until you say so."
    accepted((quiet(NOON, "UTC", NOON.date()), quiet_blocks(NOON, "UTC", NOON.date())))
    assert "Monday at 12:00" in resumed(NOON, "UTC")
    assert "No check-in is planned" in resumed(None, "UTC")


def test_help_shows_the_names_that_are_installed() -> None:
    blocks = help_blocks("team")
    accepted((help_text(), blocks))
    assert "`/team-commit`, `/team-checkin`, `/team-win`" in str(blocks)
    assert "`/commit`" in str(help_blocks(""))
    assert all(f"/buddy {name}" in str(blocks) for name in COMMANDS)


@pytest.mark.parametrize(("typed", "meant"), [("comit", "commit"), ("LIST", "list"), ("setings", "settings")])
def test_a_slip_of_the_finger_is_understood(typed: str, meant: str) -> None:
    assert f"Did you mean `/buddy {meant}`?" in did_you_mean(typed)


def test_a_word_that_is_near_none_gets_no_guess() -> None:
    assert did_you_mean("zzzzzz") == "I don't know “zzzzzz”."
