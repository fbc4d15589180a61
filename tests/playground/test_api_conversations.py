"""conversations.*, users.conversations: who is where and what was said there."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground.client import Person
from tests.playground.conftest import refused, web_client
from tests.playground.tiny_app import manifest, running

WINS = "C0WINS001"
GENERAL = "C0GENERAL"
MAYA = "UMAYA0001"


async def test_open_gives_the_same_dm_each_time(web: AsyncWebClient) -> None:
    first = await web.conversations_open(users=MAYA)
    again = await web.conversations_open(users=[MAYA], return_im=True)
    assert again["channel"]["id"] == first["channel"]["id"]
    assert again["already_open"] is True
    assert (again["channel"]["is_im"], again["channel"]["user"]) == (True, MAYA)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "users_list_not_supplied"),
        ({"users": "U0NOBODY"}, "user_not_found"),
        ({"users": "UMAYA0001,UJONAS001"}, "missing_scope"),
        ({"channel": WINS}, "method_not_supported_for_channel_type"),
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
    ],
)
async def test_open_refuses(web: AsyncWebClient, arguments: dict[str, str], error: str) -> None:
    assert (await refused(web.api_call("conversations.open", json=arguments)))["error"] == error


async def test_open_refuses_people_who_left(web: AsyncWebClient, maya: Person) -> None:
    await maya.profile(deleted=True)
    assert (await refused(web.conversations_open(users=MAYA)))["error"] == "user_disabled"


async def test_info_tells_membership_and_sharing(web: AsyncWebClient, maya: Person) -> None:
    shared = (await maya.act("create_channel", name="partners", shared=True))["channel"]
    wins = (await web.conversations_info(channel=WINS, include_num_members=True))["channel"]
    assert (wins["name"], wins["is_member"], wins["num_members"], wins["is_ext_shared"]) == ("wins", True, 3, False)
    other = (await web.conversations_info(channel=shared))["channel"]
    assert (other["is_member"], other["is_ext_shared"]) == (False, True)


async def test_private_channels_exist_only_for_those_inside(web: AsyncWebClient, maya: Person) -> None:
    private = (await maya.act("create_channel", name="secret", private=True))["channel"]
    assert (await refused(web.conversations_info(channel=private)))["error"] == "channel_not_found"
    await maya.act("invite", channel=private, invitee="app")
    assert (await web.conversations_info(channel=private))["channel"]["is_private"] is True
    names = [c["name"] for c in (await web.conversations_list(types="private_channel"))["channels"]]
    assert names == ["secret"]


async def test_list_goes_page_by_page(web: AsyncWebClient) -> None:
    first = await web.conversations_list(limit=1)
    cursor = first["response_metadata"]["next_cursor"]
    second = await web.conversations_list(limit=1, cursor=cursor)
    assert [c["name"] for c in (*first["channels"], *second["channels"])] == ["general", "wins"]
    assert second["response_metadata"]["next_cursor"] == ""
    assert (await refused(web.conversations_list(cursor="???")))["error"] == "invalid_cursor"
    assert (await refused(web.conversations_list(limit=5000)))["error"] == "invalid_limit"
    assert (await refused(web.conversations_list(types="clubs")))["error"] == "invalid_types"


async def test_members_and_users_conversations(web: AsyncWebClient) -> None:
    assert "U0BUDDY001" in (await web.conversations_members(channel=WINS))["members"]
    mine = await web.users_conversations()
    assert [c["name"] for c in mine["channels"]] == ["wins"]
    theirs = await web.users_conversations(user=MAYA)
    assert [c["name"] for c in theirs["channels"]] == ["general", "wins"]
    assert (await refused(web.users_conversations(user="U0NOBODY")))["error"] == "user_not_found"


async def test_join(web: AsyncWebClient) -> None:
    assert (await web.conversations_join(channel=GENERAL))["channel"]["is_member"] is True
    assert (await web.conversations_join(channel=GENERAL))["warning"] == "already_in_channel"


async def test_history_is_newest_first_and_pages_by_cursor(web: AsyncWebClient) -> None:
    ts = [(await web.chat_postMessage(channel=WINS, text=str(n)))["ts"] for n in range(5)]
    first = await web.conversations_history(channel=WINS, limit=2)
    assert [m["text"] for m in first["messages"]] == ["4", "3"]
    assert first["has_more"] is True
    cursor = first["response_metadata"]["next_cursor"]
    second = await web.conversations_history(channel=WINS, limit=3, cursor=cursor)
    assert [m["text"] for m in second["messages"]] == ["2", "1", "0"]
    assert second["has_more"] is False
    between = await web.conversations_history(channel=WINS, oldest=ts[1], latest=ts[3])
    assert [m["text"] for m in between["messages"]] == ["2"]
    around = await web.conversations_history(channel=WINS, oldest=ts[1], latest=ts[3], inclusive=True)
    assert [m["text"] for m in around["messages"]] == ["3", "2", "1"]
    assert (await refused(web.conversations_history(channel=WINS, oldest="x")))["error"] == "invalid_ts_oldest"
    assert (await refused(web.conversations_history(channel=WINS, latest="x")))["error"] == "invalid_ts_latest"


async def test_metadata_comes_only_when_asked_for(web: AsyncWebClient) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "1"}}
    await web.chat_postMessage(channel=WINS, text="x", metadata=metadata)
    (silent,) = (await web.conversations_history(channel=WINS))["messages"]
    (telling,) = (await web.conversations_history(channel=WINS, include_all_metadata=True))["messages"]
    assert "metadata" not in silent
    assert telling["metadata"] == metadata


async def test_replies_live_in_their_thread_only(web: AsyncWebClient) -> None:
    parent = (await web.chat_postMessage(channel=WINS, text="parent"))["ts"]
    reply = (await web.chat_postMessage(channel=WINS, text="reply", thread_ts=parent))["ts"]
    await web.chat_postMessage(channel=WINS, text="loud", thread_ts=reply, reply_broadcast=True)
    history = (await web.conversations_history(channel=WINS))["messages"]
    assert [m["text"] for m in history] == ["loud", "parent"]
    assert (history[1]["reply_count"], history[1]["thread_ts"]) == (2, parent)
    thread = (await web.conversations_replies(channel=WINS, ts=parent))["messages"]
    assert [m["text"] for m in thread] == ["parent", "reply", "loud"]
    assert thread[1]["parent_user_id"] == "U0BUDDY001"
    first = await web.conversations_replies(channel=WINS, ts=parent, limit=1)
    assert first["has_more"] is True
    assert (await refused(web.conversations_replies(channel=WINS, ts="1.000000")))["error"] == "thread_not_found"


async def test_history_needs_membership_and_the_scope_of_that_kind_of_channel(web: AsyncWebClient) -> None:
    assert (await refused(web.conversations_history(channel=GENERAL)))["error"] == "not_in_channel"
    own = manifest()
    own["oauth_config"]["scopes"]["bot"] = ["im:write", "im:history", "chat:write"]
    async with running(manifest=own) as playground:
        narrow = web_client(playground)
        dm = (await narrow.conversations_open(users=MAYA))["channel"]["id"]
        assert (await narrow.conversations_history(channel=dm))["messages"] == []
        answer = await refused(narrow.conversations_history(channel=WINS))
        assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
        assert (await refused(narrow.conversations_info(channel=dm)))["needed"] == "im:read"
        listing = await refused(narrow.conversations_list(types="public_channel,im"))
        assert listing["needed"] == "channels:read,im:read"
