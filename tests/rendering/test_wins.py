"""Every view and message about wins is one that Slack takes, whatever was typed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.wins import Cheered, CheerKind, Trouble, Win, WinState
from bot.domain.workspaces import Workspace
from bot.rendering.blocks import Message
from bot.rendering.settings import settings_view
from bot.rendering.wins import (
    NOT_YOURS,
    cheers_told,
    doubt,
    names,
    notice_view,
    post,
    preview,
    quoted,
    whisper,
    win_edit_view,
    win_view,
)
from playground.blockkit import check_message
from tests.rendering.accepting import accepted, accepted_view

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
WORKSPACE = Workspace(
    id=1,
    team_id="T1",
    name="Testers",
    bot_token="xoxb-1",
    bot_user_id="UBOT",
    wins_channel_id="C0WINS",
    wins_channel_name="wins",
    installed_at=NOON,
)
NO_CHANNEL = WORKSPACE.model_copy(update={"wins_channel_id": None, "wins_channel_name": None})
NASTY = [
    "Shipped it",
    "<!channel> @here <@U1> & *bold* `code`\n>quote\n\n```",
    "&" * 1000,
    "\n" * 1000,
    "💪" * 1000,
    "*",
]


def win(text: str = "Shipped it", state: WinState = WinState.DRAFT, **values: Any) -> Win:
    return Win(
        id=7, workspace_id=1, member_id=2, text=text, state=state, channel_id="C0WINS", created_at=NOON, **values
    )


def read_for_signs(said: Message) -> str:
    """Everything in which Slack would see a mention: all but quotations, which are plain text."""
    accepted(said)
    text, blocks = said
    return accepted((text, [block for block in blocks if block.get("text", {}).get("type") != "plain_text"]))


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("state", list(WinState))
def test_previews_and_posts_are_accepted_and_ping_nobody(text: str, state: WinState) -> None:
    one = win(text, state)
    for workspace in (WORKSPACE, NO_CHANNEL):
        for trouble in (None, *Trouble):
            for unfolded in (True, False):
                shown = read_for_signs(preview(one, "UMAYA", workspace, trouble=trouble, unfolded=unfolded))
                assert "<!" not in shown
                assert "<@U1>" not in shown
    shown = read_for_signs(post(one, "UMAYA", {CheerKind.CLAP: 3}))
    assert "<!" not in shown
    assert "<@U1>" not in shown


@pytest.mark.parametrize("text", NASTY)
def test_a_post_shows_every_word(text: str) -> None:
    _, blocks = post(win(text), "UMAYA", {})
    (quotation,) = [block["text"] for block in blocks if block.get("text", {}).get("type") == "plain_text"]
    assert quotation == {"type": "plain_text", "text": text, "emoji": True}


def test_a_quotation_of_any_length_is_whole() -> None:
    text = "&<!channel>" * 900
    pieces = [block["text"]["text"] for block in quoted(text)]
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= 3000


def test_a_draft_names_the_channel_it_would_go_to() -> None:
    shown = accepted(preview(win(), "UMAYA", WORKSPACE))
    assert "<#C0WINS>" in shown
    assert "Share in #wins" in shown
    assert "win.share:7:C0WINS" in shown
    private = WORKSPACE.model_copy(update={"wins_channel_name": None})
    assert "Share in the wins channel" in accepted(preview(win(), "UMAYA", private))
    assert "'win.share:7'" in accepted(preview(win(), "UMAYA", NO_CHANNEL))


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (WinState.DRAFT, ["Share in #wins", "Keep for myself", "Edit"]),
        (WinState.KEPT, ["Share…", "Edit"]),
        (WinState.SHARED, ["Edit", "Take back"]),
        (WinState.TAKEN_BACK, ["Share…", "Edit"]),
    ],
)
def test_what_is_offered_follows_from_the_state(state: WinState, offered: list[str]) -> None:
    _, blocks = preview(win(state=state), "UMAYA", WORKSPACE)
    (buttons,) = [block["elements"] for block in blocks if block["type"] == "actions"]
    assert [button["text"]["text"] for button in buttons] == offered
    assert ("primary" in [button.get("style") for button in buttons]) is (state is WinState.DRAFT)


def test_the_count_stands_beside_the_sign_and_the_first_post_introduces() -> None:
    _, blocks = post(win(introduces=True), "UMAYA", {CheerKind.PARTY: 2})
    buttons = next(block["elements"] for block in blocks if block["type"] == "actions")
    assert [button["text"]["text"] for button in buttons] == ["👏", "🎉 2", "💪"]
    notes = [element["text"] for element in blocks[-1]["elements"]]
    assert notes == ["Only wins that people chose to share appear here.", "Cheering tells <@UMAYA> your name."]
    assert "Only wins" not in accepted(post(win(), "UMAYA", {}))


@pytest.mark.parametrize("state", [WinState.UNSURE, WinState.SHARED, WinState.KEPT])
def test_the_doubt_is_asked_and_folds(state: WinState) -> None:
    shown = accepted(doubt(win(state=state), is_answer=state is not WinState.UNSURE))
    assert ("Post again" in shown) is (state is WinState.UNSURE)


def test_who_cheered_is_told_by_name_without_totals() -> None:
    text, blocks = cheers_told([(win("Shipped it"), ["U1", "U2", "U1"]), (win("*"), ["U3"])])
    accepted((text, blocks))
    lines = [block["text"]["text"] for block in blocks]
    assert lines == ["Cheered since you last heard:", "“Shipped it”: <@U1>, <@U2>", "“*\u2060”: <@U3>"]
    accepted(cheers_told([(win("&" * 1000), [f"U{number:010}" for number in range(500)])] * 60))
    assert names([f"U{number}" for number in range(100)]).endswith(" and others")


@pytest.mark.parametrize("how", list(Cheered))
def test_a_whisper_is_one_plain_sentence_or_two(how: Cheered) -> None:
    assert check_message(text=whisper(how, "UMAYA")) == []


@pytest.mark.parametrize("text", ["", *NASTY, "x" * 1001, "x" * 3000, "&" * 4500, "\n" * 12_000])
def test_the_modal_takes_whatever_was_typed_and_loses_nothing(text: str) -> None:
    view = win_view(text, metadata="here")
    accepted_view(view)
    block = next(block for block in view["blocks"] if block["type"] == "input")
    assert block["element"].get("initial_value", "") == text[:3000]
    assert "only you until you share it" in block["label"]["text"]
    assert ("has room for 1,000" in str(view)) is (len(text) > 1000)
    assert ("didn't fit" in str(view)) is (len(text) > 3000)


def test_editing_says_who_sees_it() -> None:
    assert "everyone in the channel" in accepted_view(win_edit_view(win(state=WinState.SHARED)))
    assert "only you" in accepted_view(win_edit_view(win(state=WinState.KEPT)))
    accepted_view(notice_view(NOT_YOURS))


def test_settings_are_for_admins_to_change_and_for_all_to_read() -> None:
    for workspace in (WORKSPACE, NO_CHANNEL):
        read_only = settings_view(workspace, is_admin=False)
        accepted_view(read_only)
        assert "submit" not in read_only
        for trouble in Trouble:
            view = settings_view(workspace, is_admin=True, chosen="C0NEW", trouble=trouble, share=7)
            accepted_view(view)
            assert view["private_metadata"] == "7"
            assert view["submit"]["text"] == "Save and share"
    assert "<#C0WINS>" in str(settings_view(WORKSPACE, is_admin=False))
    select = settings_view(WORKSPACE, is_admin=True)["blocks"][0]["element"]
    assert select["initial_conversation"] == "C0WINS"
    assert select["filter"]["exclude_external_shared_channels"]
