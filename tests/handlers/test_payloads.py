"""Payloads as Slack's own SDKs are tested with: each is acked, none is an error of ours, and nothing is said to anyone
whom it does not concern."""

import logging
from collections.abc import AsyncIterator, Mapping
from typing import Final

import pytest

from bot.rendering.ids import Action, Callback, Shortcut
from playground.client import Person, text_of
from playground.workspace import GENERAL, TEAM_ID, WINS
from tests.handlers.slack_http import Answer, SlackHttp
from tests.handlers.slack_shapes import (
    EARLIER,
    ELSEWHERE,
    JONAS_IS_ANSWERED,
    NOBODY_IS_ANSWERED,
    NUMBERS,
    ORGANISATION,
    RICH,
    TS,
    Json,
    click,
    event,
    interaction,
    view,
    was,
)
from tests.world import World, world

MADE_UP: Final = frozenset(
    {"invalid_trigger_id", "view_not_found", "not_found", "message_not_found", "channel_not_found", "invalid_ts_oldest"}
    | {"user_not_in_channel"}
)
"""What Slack says of the triggers, views, messages and people that these payloads invent."""

NOT_OURS: Final = "slack_bolt.AsyncMultiTeamsAuthorization"
"""Says of a workspace without the app that it is without it."""


@pytest.fixture
async def here(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> AsyncIterator[World]:
    """Afterwards Slack has refused nothing, and nothing was an error of ours."""
    async with world(sqlite_url, http=True) as made:
        yield made
        await made.settle()
        refused = (await made.slack.calls())["refused"]
        assert [(call["name"], call["error"], call["detail"]) for call in refused if call["error"] not in MADE_UP] == []
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR and record.name != NOT_OURS]
    assert [record.getMessage() for record in errors] == []


async def said(here: World) -> dict[str, int]:
    """How many messages of ours each person sees, in all places."""
    await here.settle()
    found = {}
    for person in (here.maya, here.jonas, here.priya):
        state = await person.state()
        found[person.user] = sum(len(state.from_app(place["id"])) for place in state.body["channels"])
    return found


async def test_events_that_want_no_words(here: World, slack: SlackHttp) -> None:
    for name, body in NOBODY_IS_ANSWERED.items():
        assert (await slack.event(body)).status == 200, name
        assert set((await said(here)).values()) == {0}, name
    assert "Tell me one thing" in text_of(await here.jonas.home_view()), "Home was shown"


async def test_words_are_answered_to_whoever_wrote_them(here: World, slack: SlackHttp) -> None:
    for number, (name, body) in enumerate(JONAS_IS_ANSWERED.items(), start=1):
        before = await said(here)
        assert (await slack.event(body)).status == 200, name
        after = await said(here)
        assert after[here.jonas.user] > before[here.jonas.user], (name, number)
        assert after[here.maya.user] == after[here.priya.user] == 0, name


async def test_a_removed_app_says_nothing_more(here: World, slack: SlackHttp) -> None:
    await commit(here.jonas)
    before = await said(here)
    assert (await slack.event(event({"type": "tokens_revoked", "tokens": {"bot": ["UBUDDY"]}}))).status == 200
    assert (await slack.event(event({"type": "app_uninstalled"}))).status == 200
    assert (await slack.event(event({"type": "app_uninstalled"}))).status == 200
    await here.move_to("2027-01-05T10:00")
    assert await said(here) == before


async def test_a_removal_from_before_the_app_was_installed_anew_is_an_old_one(here: World, slack: SlackHttp) -> None:
    removals = [event({"type": "app_uninstalled"}), event({"type": "tokens_revoked", "tokens": {"bot": ["UBUDDY"]}})]
    await here.move_to("2027-01-04T10:00")
    for body in removals:
        assert (await slack.event(body)).status == 200
    await here.restart()
    for body in removals:
        assert (await slack.event(body)).status == 200
    await commit(here.jonas)
    assert (await slack.event(event({"type": "app_uninstalled"}, event_time=1799139600))).status == 200
    async with here.buddy.units.database.read() as tx:
        assert await tx.workspaces.installed() == []


async def commit(person: Person, text: str = "Finish the report") -> Json:
    """The message that asks where they are with it."""
    await person.command("/commit", text)
    await person.wait_for(lambda state: state.modal)
    await person.submit()
    return await person.sees("Noted")


def stage_of(asked: Json, label: str) -> str:
    found: str = next(
        element["action_id"]
        for block in asked["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button" and element["text"]["text"] == label
    )
    return found


GRID: Final[Mapping[str, Json]] = {
    "in a workspace of an organisation": {
        "team": {"id": TEAM_ID, "domain": "playground", "enterprise_id": "E0ORGANISA", "enterprise_name": "One"},
        "enterprise": ORGANISATION,
    },
    "in the whole organisation": {"team": None, "enterprise": ORGANISATION, "is_enterprise_install": True},
    "in a team without its id": {"team": {"domain": "playground"}, "enterprise": ORGANISATION},
}


@pytest.mark.parametrize("where", GRID)
async def test_a_click_is_heard(here: World, slack: SlackHttp, where: str) -> None:
    asked = await commit(here.jonas)
    clicked = click(asked, stage_of(asked, "Weighing it up")) | GRID[where]
    assert await slack.interaction(clicked) == Answer(200, "")
    await here.jonas.sees("1 of 3")
    await slack.interaction(clicked)
    assert (await said(here))[here.jonas.user] == 2, "asked once"


ODD = "Write\0 it \ud83d down"
"""With a character that PostgreSQL does not take, and half of one that UTF-8 does not."""


async def test_words_that_cannot_be_kept_as_they_are_are_kept_without_that(postgres_url: str) -> None:
    async with world(postgres_url, http=True) as here, SlackHttp(here) as slack:
        asked = await commit(here.jonas)
        await here.jonas.click("Weighing it up", in_message=asked)
        await here.settle()
        ts = f"{int(float((await here.jonas.messages())[-1]['ts'])) + 1}.000100"
        answers = [await slack.event(event(was(text=ODD, ts=ts, channel="D0JONAS001", channel_type="im")))]
        typed = {"win_text": {"text": {"type": "plain_text_input", "value": ODD}}}
        submitted = view(Callback.WIN, blocks=[{"type": "input", "block_id": "win_text"}], state={"values": typed})
        answers.append(await slack.interaction(interaction("view_submission", view=submitted, response_urls=[])))
        answers.append(await slack.command(text="Wrote\0 it"))
        assert [answer.status for answer in answers] == [200, 200, 200]
        await here.settle()
        async with here.buddy.units.database.read() as tx:
            assert [one.text for one in await tx.wins.all()] == ["Write it ? down", "Wrote it"]
            assert [one.text for one in await tx.answers.all()] == ["Write it ? down"]


async def test_a_click_of_someone_else_learns_nothing(here: World, slack: SlackHttp) -> None:
    """By a forged id, or by a person of another company whose id is the same."""
    asked = await commit(here.maya, "Leave this place")
    await here.jonas.say("hello")
    await here.jonas.wait_for(lambda state: state.from_app())
    before = await said(here)
    button = stage_of(asked, "Weighing it up")
    strangers: list[Json] = [
        {"user": {"id": "UJONAS001", "name": "jonas", "team_id": TEAM_ID}},
        {"user": {"id": "UPRIYA001", "name": "priya", "team_id": TEAM_ID}},
    ]
    for stranger in strangers:
        assert (await slack.interaction(click(asked, button) | stranger)).status == 200
    await here.settle()
    after = await said(here)
    assert after[here.maya.user] == before[here.maya.user]
    for person in (here.jonas, here.priya):
        assert not [one for one in await person.messages() if "Leave this place" in text_of(one)]


async def test_old_and_odd_clicks_are_acked(here: World, slack: SlackHttp) -> None:
    """What is not there any more is told to those we know, and is nothing to strangers."""
    asked = await commit(here.jonas)
    odd = [
        "a.button.of.long.ago",
        "toString",
        "",
        *Action,
        *(f"{action}:" for action in Action),
        *(f"{action}:x:y:z" for action in Action),
        *(f"{action}:999999:moving" for action in Action),
    ]
    meant = {Action.DELETE, Action.EXPORT}
    for action in odd:
        if action.partition(":")[0] in meant:
            continue
        assert (await slack.interaction(click(asked, action))).status == 200, action
    after = await said(here)
    assert after[here.maya.user] == after[here.priya.user] == 0


async def test_clicks_from_unusual_places_are_acked(here: World, slack: SlackHttp) -> None:
    asked = await commit(here.jonas)
    button = stage_of(asked, "On it")
    ephemeral = {"type": "message", "message_ts": TS, "channel_id": GENERAL, "is_ephemeral": True}
    whole = click(asked, button)
    unusual = [
        {key: value for key, value in whole.items() if key not in {"message", "state"}} | {"container": ephemeral},
        {key: value for key, value in whole.items() if key not in {"message", "channel"}},
        whole | {"container": {"type": "message_attachment", "message_ts": TS, "attachment_id": 1, "channel_id": "C1"}},
        whole | {"container": {"type": "view", "view_id": "V0HOME0001"}, "view": view(type="home")},
    ]
    for body in unusual:
        assert (await slack.interaction(body)).status == 200


async def test_modals_of_any_shape_are_acked(here: World, slack: SlackHttp) -> None:
    """Whether shown in a shared channel, with nothing in them, or from a version long gone."""
    await commit(here.jonas)
    for callback in [*Callback, "of.long.ago", ""]:
        for metadata in ("", "x", "999999", "999999@list", "-1", "{}", "1@@@"):
            for values in ({}, {"hspI": {"maBWU": {"type": "plain_text_input", "value": "test"}}}):
                shown = view(callback, private_metadata=metadata, state={"values": values}, hash=f"h{next(NUMBERS)}")
                if callback == Callback.STOP:
                    continue
                answer = await slack.interaction(interaction("view_submission", view=shown, response_urls=[]))
                assert answer.status == 200, (callback, metadata)
                assert answer.body == {} or "response_action" in answer.body, (callback, metadata)
        closed = await slack.interaction(interaction("view_closed", view=view(callback), is_cleared=False))
        assert closed.status == 200, callback
    after = await said(here)
    assert after[here.maya.user] == after[here.priya.user] == 0


async def test_a_modal_shown_in_another_workspace_is_ours(here: World, slack: SlackHttp) -> None:
    """Within a channel shared with another company `team` is theirs, and `app_installed_team_id` is where we are."""
    words = {"hspI": {"maBWU": {"type": "plain_text_input", "value": "Shipped it"}}}
    typed = {"type": "input", "block_id": "hspI", "element": {"type": "plain_text_input", "action_id": "maBWU"}}
    shown = view("of.long.ago", team_id=ELSEWHERE, blocks=[typed], state={"values": words})
    body = interaction("view_submission", view=shown, response_urls=[]) | {
        "team": {"id": ELSEWHERE, "domain": "other-side", "enterprise_id": "E0OTHERSID", "enterprise_name": "Other"},
        "user": {"id": "U0STRANGER", "username": "kai", "name": "kai", "team_id": ELSEWHERE},
        "enterprise": {"id": "E0OTHERSID", "name": "Other"},
    }
    answer = await slack.interaction(body)
    assert answer.status == 200
    assert answer.body["response_action"] == "errors", "what was typed stays"


async def test_a_cheer_from_another_company_counts(here: World, slack: SlackHttp) -> None:
    """In a channel shared later on: `team` is the workspace of the app, and the person's own stands with the person
    (java-slack-sdk #1041). They become no member by it."""
    await here.maya.command("/win", "Shipped it")
    await here.maya.sees("Shipped it")
    await here.maya.click("Share with the team")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit({"Where do shared wins go?": WINS})
    post = await here.jonas.sees("Shipped it", "#wins")
    cheer = next(
        element["action_id"]
        for block in post["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"].startswith(Action.CHEER)
    )
    kai = {"id": "U0STRANGER", "username": "kai", "name": "kai", "team_id": ELSEWHERE}
    clicked = click(post, cheer) | {"user": kai, "channel": {"id": WINS, "name": "wins"}}
    assert await slack.interaction(clicked) == Answer(200, "")
    await here.jonas.wait_for(lambda state: "👏 1" in text_of(state.says("Shipped it", "#wins")))
    async with here.buddy.units.database.read() as tx:
        assert [member.slack_id for member in await tx.members.all()] == [here.maya.user]


async def test_shortcuts_menus_and_suggestions(here: World, slack: SlackHttp) -> None:
    asked = await commit(here.jonas)
    suggestion = interaction(
        "block_suggestion",
        container={"type": "view", "view_id": "V0MODAL001"},
        action_id="es_a",
        block_id="es_b",
        value="search word",
        view=view(),
    )
    answer = await slack.interaction(suggestion)
    assert (answer.status, answer.body) == (200, {"options": []})
    for callback in ("of.long.ago", ""):
        body = interaction("shortcut", callback_id=callback, action_ts=TS)
        assert (await slack.interaction(body)).status == 200
    of_someone_else = interaction(
        "message_action",
        callback_id="of.long.ago",
        action_ts=TS,
        message_ts=EARLIER,
        message=was(user="UMAYA0001", blocks=RICH, client_msg_id="zzzz"),
        channel={"id": GENERAL, "name": "general"},
    )
    assert (await slack.interaction(of_someone_else)).status == 200
    assert (await said(here))[here.maya.user] == 0
    assert asked["ts"] in [one["ts"] for one in await here.jonas.messages()]


async def test_a_shortcut_with_a_trigger_of_long_ago_is_acked(here: World, slack: SlackHttp) -> None:
    """Slack then refuses the modal, which is nobody's fault."""
    body = interaction("shortcut", callback_id=Shortcut.COMMIT, action_ts=TS, trigger_id="1.2.3")
    assert (await slack.interaction(body)).status == 200
    await here.settle()
    await here.slack.request("DELETE", "/control/calls")
