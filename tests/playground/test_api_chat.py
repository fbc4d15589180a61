"""chat.*: what may be said, changed and taken back, and what Slack refuses."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground.client import Person, PlaygroundClient, RefusedError
from playground.server import Playground
from tests.playground.conftest import refused, web_client
from tests.playground.tiny_app import SCOPES, buttons, manifest, running, section

WINS = "C0WINS001"
GENERAL = "C0GENERAL"
MAYA = "UMAYA0001"


async def dm(web: AsyncWebClient, user: str = MAYA) -> str:
    return str((await web.conversations_open(users=user))["channel"]["id"])


async def test_post_message_answers_the_message_with_ids_filled_in(web: AsyncWebClient) -> None:
    posted = await web.chat_postMessage(channel=WINS, text="Hi", blocks=[section("Hi"), buttons("Done")])
    message = posted["message"]
    assert posted["channel"] == WINS
    assert posted["ts"] == message["ts"]
    assert message["bot_id"] == "B0BUDDY001"
    assert all(block["block_id"] for block in message["blocks"])


async def test_a_message_to_a_person_arrives_in_their_dm(web: AsyncWebClient, maya: Person) -> None:
    posted = await web.chat_postMessage(channel=MAYA, text="Hi")
    assert posted["channel"] == await dm(web)
    assert [m["text"] for m in await maya.messages()] == ["Hi"]


async def test_ts_are_unique_and_increase_even_when_the_clock_goes_back(
    playground: Playground, web: AsyncWebClient
) -> None:
    playground.clock.move_to(10_000)
    first = (await web.chat_postMessage(channel=WINS, text="1"))["ts"]
    playground.clock.move_to(0)
    second = (await web.chat_postMessage(channel=WINS, text="2"))["ts"]
    assert first < second


async def test_form_bodies_and_json_bodies_are_both_read(playground: Playground) -> None:
    client = WebClient(token=playground.settings.bot_token, base_url=playground.api_url)
    blocks = [section("Hi")]
    posted = await asyncio.to_thread(
        client.api_call,
        "chat.postMessage",
        data={"channel": WINS, "text": "Hi", "blocks": str(blocks).replace("'", '"')},
    )
    assert posted["message"]["blocks"][0]["text"]["text"] == "Hi"
    assert (await asyncio.to_thread(client.chat_postMessage, channel=WINS, text="Hi"))["ok"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": GENERAL, "text": "Hi"}, "not_in_channel"),
        ({"channel": "C0NOWHERE", "text": "Hi"}, "channel_not_found"),
        ({"channel": "USLACKBOT", "text": "Hi"}, "channel_not_found"),
        ({"channel": WINS}, "no_text"),
        ({"channel": WINS, "blocks": [section("Hi")]}, "no_text"),
        ({"text": "Hi"}, "invalid_arguments"),
        ({"channel": WINS, "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": WINS, "text": "x", "blocks": [section("x")] * 51}, "invalid_blocks"),
        ({"channel": WINS, "text": "x", "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"channel": WINS, "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel": WINS, "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"channel": WINS, "text": "x", "metadata": {"event_type": "x", "event_payload": {"x": "y" * 17_000}}},
         "metadata_too_large"),
    ],
)  # fmt: skip
async def test_post_message_refuses(web: AsyncWebClient, arguments: dict[str, Any], error: str) -> None:
    assert (await refused(web.api_call("chat.postMessage", json=arguments)))["error"] == error


async def test_an_archived_channel_takes_no_messages(web: AsyncWebClient, maya: Person) -> None:
    await maya.act("archive", channel=WINS)
    assert (await refused(web.chat_postMessage(channel=WINS, text="x")))["error"] == "is_archived"


async def test_a_missing_scope_is_named() -> None:
    async with running_without("chat:write") as playground:
        answer = await refused(web_client(playground).chat_postMessage(channel=WINS, text="x"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
    assert "chat:write" not in answer["provided"].split(",")


def running_without(scope: str) -> Any:
    own = manifest()
    own["oauth_config"]["scopes"]["bot"] = [one for one in SCOPES if one != scope]
    return running(manifest=own)


async def test_another_name_needs_its_scope() -> None:
    async with running_without("chat:write.customize") as playground:
        answer = await refused(web_client(playground).chat_postMessage(channel=WINS, text="x", username="Someone"))
    assert "chat:write.customize" in answer["needed"]


async def test_a_closed_messages_tab_takes_no_messages() -> None:
    own = manifest()
    own["features"]["app_home"]["messages_tab_enabled"] = False
    async with running(manifest=own) as playground, PlaygroundClient(playground.url) as slack:
        answer = await refused(web_client(playground).chat_postMessage(channel=MAYA, text="x"))
        assert answer["error"] == "messages_tab_disabled"
        with pytest.raises(RefusedError, match="turned off"):
            await slack.person(MAYA).say("x")


async def test_update_changes_in_place_and_marks_as_edited(web: AsyncWebClient, maya: Person) -> None:
    posted = await web.chat_postMessage(channel=WINS, text="One", blocks=[section("One")])
    await web.chat_update(channel=WINS, ts=posted["ts"], text="Two", blocks=[])
    (message,) = await maya.messages("#wins")
    assert (message["text"], message["blocks"]) == ("Two", [])
    assert message["edited"]["user"] == "U0BUDDY001"


async def test_update_and_delete_touch_only_ones_own_lasting_messages(web: AsyncWebClient, maya: Person) -> None:
    theirs = await maya.say("Mine", channel=WINS)
    ephemeral = (await web.chat_postEphemeral(channel=WINS, user=MAYA, text="Psst"))["message_ts"]
    calls: list[tuple[Callable[..., Coroutine[Any, Any, Any]], dict[str, Any], str]] = [
        (web.chat_update, {"ts": theirs, "text": "x"}, "cant_update_message"),
        (web.chat_update, {"ts": ephemeral, "text": "x"}, "message_not_found"),
        (web.chat_update, {"ts": "1.000000", "text": "x"}, "message_not_found"),
        (web.chat_delete, {"ts": theirs}, "cant_delete_message"),
        (web.chat_delete, {"ts": ephemeral}, "message_not_found"),
    ]
    for call, arguments, error in calls:
        assert (await refused(call(channel=WINS, **arguments)))["error"] == error


async def test_update_is_held_to_four_thousand_characters(web: AsyncWebClient) -> None:
    ts = (await web.chat_postMessage(channel=WINS, text="x"))["ts"]
    assert (await refused(web.chat_update(channel=WINS, ts=ts, text="x" * 4001)))["error"] == "msg_too_long"
    assert (await refused(web.api_call("chat.update", json={"channel": WINS, "ts": ts})))["error"] == "no_text"


async def test_delete_takes_the_message_away_but_a_thread_keeps_its_place(web: AsyncWebClient, maya: Person) -> None:
    alone = (await web.chat_postMessage(channel=WINS, text="alone"))["ts"]
    parent = (await web.chat_postMessage(channel=WINS, text="parent"))["ts"]
    await web.chat_postMessage(channel=WINS, text="reply", thread_ts=parent)
    await web.chat_delete(channel=WINS, ts=alone)
    await web.chat_delete(channel=WINS, ts=parent)
    (left,) = await maya.messages("#wins")
    assert (left["ts"], left["subtype"]) == (parent, "tombstone")


async def test_an_ephemeral_message_is_seen_by_one_and_kept_by_nobody(
    web: AsyncWebClient, maya: Person, jonas: Person
) -> None:
    await web.chat_postEphemeral(channel=WINS, user=MAYA, text="Psst")
    assert [m["text"] for m in await maya.ephemerals("#wins")] == ["Psst"]
    assert await jonas.messages("#wins") == []
    assert (await web.conversations_history(channel=WINS))["messages"] == []


async def test_ephemerals_need_both_in_the_channel(web: AsyncWebClient, maya: Person) -> None:
    await maya.act("remove", channel=WINS, member="UJONAS001")
    answer = await refused(web.chat_postEphemeral(channel=WINS, user="UJONAS001", text="x"))
    assert answer["error"] == "user_not_in_channel"
    assert (await refused(web.chat_postEphemeral(channel=GENERAL, user=MAYA, text="x")))["error"] == "not_in_channel"


async def test_permalink(web: AsyncWebClient) -> None:
    ts = (await web.chat_postMessage(channel=WINS, text="x"))["ts"]
    link = (await web.chat_getPermalink(channel=WINS, message_ts=ts))["permalink"]
    assert link.endswith(f"/archives/{WINS}/p{ts.replace('.', '')}")
    answer = await refused(web.chat_getPermalink(channel=WINS, message_ts="1.000000"))
    assert answer["error"] == "message_not_found"


async def test_a_scheduled_message_is_said_when_product_time_gets_there(
    playground: Playground, web: AsyncWebClient, maya: Person
) -> None:
    at = int(playground.clock.unix()) + 3600
    later = await web.chat_scheduleMessage(channel=MAYA, text="Later", post_at=at)
    listed = (await web.chat_scheduledMessages_list())["scheduled_messages"]
    assert [one["id"] for one in listed] == [later["scheduled_message_id"]]
    playground.clock.move_to(3601)
    assert float((await maya.sees("Later"))["ts"]) >= at
    assert (await web.chat_scheduledMessages_list())["scheduled_messages"] == []


async def test_a_scheduled_message_with_metadata_is_never_said(
    playground: Playground, web: AsyncWebClient, maya: Person
) -> None:
    """As Slack is known to do."""
    at = int(playground.clock.unix()) + 60
    await web.chat_scheduleMessage(
        channel=MAYA, text="Lost", post_at=at, metadata={"event_type": "x", "event_payload": {}}
    )
    await web.chat_scheduleMessage(channel=MAYA, text="Said", post_at=at + 1)
    playground.clock.move_to(120)
    await maya.sees("Said")
    assert [m["text"] for m in await maya.messages()] == ["Said"]


async def test_scheduling_refuses_the_past_and_the_far_future_and_crowds(
    playground: Playground, web: AsyncWebClient
) -> None:
    now = int(playground.clock.unix())
    for at, error in ((now - 1, "time_in_past"), (now + 121 * 86400, "time_too_far")):
        assert (await refused(web.chat_scheduleMessage(channel=WINS, text="x", post_at=at)))["error"] == error
    for _ in range(30):
        await web.chat_scheduleMessage(channel=WINS, text="x", post_at=now + 3600)
    answer = await refused(web.chat_scheduleMessage(channel=WINS, text="x", post_at=now + 3600))
    assert answer["error"] == "restricted_too_many"


async def test_what_was_scheduled_can_be_taken_back(playground: Playground, web: AsyncWebClient) -> None:
    at = int(playground.clock.unix()) + 3600
    later = (await web.chat_scheduleMessage(channel=WINS, text="x", post_at=at))["scheduled_message_id"]
    await web.chat_deleteScheduledMessage(channel=WINS, scheduled_message_id=later)
    with pytest.raises(SlackApiError, match="invalid_scheduled_message_id"):
        await web.chat_deleteScheduledMessage(channel=WINS, scheduled_message_id=later)
