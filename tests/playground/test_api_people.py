"""users.*, dnd.info, team.info, auth.test, reactions.*, files.*, api.test and what does not exist."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground.client import Person
from playground.server import Playground
from tests.playground.conftest import refused, web_client
from tests.playground.tiny_app import running

WINS = "C0WINS001"
MAYA = "UMAYA0001"


async def test_auth_test_says_who_the_app_is(web: AsyncWebClient) -> None:
    answer = await web.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0PLAYGRND", "U0BUDDY001", "B0BUDDY001")
    assert (answer["app_id"], answer["is_enterprise_install"]) == ("A0BUDDY001", False)
    assert "chat:write" in answer.headers["x-oauth-scopes"]


async def test_api_test_echoes(web: AsyncWebClient) -> None:
    assert (await web.api_test())["ok"]
    assert (await refused(web.api_test(error="my_error")))["error"] == "my_error"


async def test_methods_that_do_not_exist_say_so(web: AsyncWebClient) -> None:
    assert (await refused(web.api_call("chat.shout")))["error"] == "unknown_method"


async def test_a_body_that_is_no_json(playground: Playground) -> None:
    headers = {"Authorization": "Bearer xoxb-playground", "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session:
        for body, error in ((b"{", "invalid_json"), (b"[]", "json_not_object")):
            async with session.post(playground.api_url + "auth.test", data=body, headers=headers) as response:
                assert (await response.json())["error"] == error


async def test_users_have_zones_and_locales_and_follow_daylight_saving(
    playground: Playground, web: AsyncWebClient, maya: Person
) -> None:
    await maya.act("profile", tz="America/New_York")
    user = (await web.users_info(user=MAYA, include_locale=True))["user"]
    assert (user["tz"], user["locale"], user["is_admin"]) == ("America/New_York", "en-GB", True)
    offsets = set()
    for _ in range(2):
        offsets.add((await web.users_info(user=MAYA))["user"]["tz_offset"])
        playground.clock.move_to(playground.clock.offset + 182 * 86400)
    assert offsets == {-18000, -14400}
    assert "locale" not in (await web.users_info(user=MAYA))["user"]
    assert (await refused(web.users_info(user="U0NOBODY")))["error"] == "user_not_found"


async def test_a_status_ends_by_itself(playground: Playground, web: AsyncWebClient, maya: Person) -> None:
    until = int(playground.clock.unix()) + 60
    await maya.profile(status_emoji=":palm_tree:", status_expiration=until)
    profile = (await web.users_info(user=MAYA))["user"]["profile"]
    assert (profile["status_emoji"], profile["status_expiration"]) == (":palm_tree:", until)
    playground.clock.move_to(61)
    profile = (await web.users_info(user=MAYA))["user"]["profile"]
    assert (profile["status_emoji"], profile["status_expiration"]) == ("", 0)


async def test_users_list_has_everyone_slackbot_too(web: AsyncWebClient) -> None:
    members = (await web.users_list())["members"]
    assert {user["id"] for user in members} >= {MAYA, "UJONAS001", "UPRIYA001", "USLACKBOT", "U0BUDDY001"}
    assert [user["id"] for user in members if user["is_bot"]] == ["U0BUDDY001"]


async def test_a_crowd_is_there_from_the_first_day() -> None:
    async with running(crowd=2) as playground:
        members = (await web_client(playground).users_list())["members"]
        assert [user["id"] for user in members if "CROWD" in user["id"]] == ["UCROWD00001", "UCROWD00002"]
        assert (await web_client(playground).conversations_open(users="UCROWD00002"))["channel"]["id"]


async def test_dnd_and_team(playground: Playground, web: AsyncWebClient, maya: Person) -> None:
    assert (await web.dnd_info(user=MAYA))["dnd_enabled"] is False
    assert (await web.dnd_info())["snooze_enabled"] is False
    now = int(playground.clock.unix())
    await maya.profile(dnd_from=now + 10, dnd_until=now + 60, snoozed_until=now + 60)
    session = await web.dnd_info(user=MAYA)
    assert (session["dnd_enabled"], session["next_dnd_start_ts"]) == (True, now + 10)
    assert session["next_dnd_end_ts"] == now + 60
    assert "snooze_enabled" not in session.data, "nobody else's business"
    playground.clock.move_to(61)
    assert (await web.dnd_info(user=MAYA))["dnd_enabled"] is False
    assert (await refused(web.dnd_info(user="U0NOBODY")))["error"] == "user_not_found"
    assert (await web.team_info())["team"]["name"] == "The Playground"
    assert (await refused(web.team_info(team="T0OTHER")))["error"] == "team_not_found"


async def test_reactions(web: AsyncWebClient) -> None:
    ts = (await web.chat_postMessage(channel=WINS, text="x"))["ts"]
    await web.reactions_add(channel=WINS, name="tada", timestamp=ts)
    message = (await web.reactions_get(channel=WINS, timestamp=ts))["message"]
    assert message["reactions"] == [{"name": "tada", "users": ["U0BUDDY001"], "count": 1}]
    again = web.reactions_add(channel=WINS, name="tada", timestamp=ts)
    assert (await refused(again))["error"] == "already_reacted"
    await web.reactions_remove(channel=WINS, name="tada", timestamp=ts)
    gone = web.reactions_remove(channel=WINS, name="tada", timestamp=ts)
    assert (await refused(gone))["error"] == "no_reaction"
    nowhere = web.reactions_add(channel=WINS, name="tada", timestamp="1.000000")
    assert (await refused(nowhere))["error"] == "message_not_found"
    strange = web.reactions_add(channel=WINS, name="no such!", timestamp=ts)
    assert (await refused(strange))["error"] == "invalid_name"
    outside = web.reactions_add(channel="C0GENERAL", name="tada", timestamp=ts)
    assert (await refused(outside))["error"] == "not_in_channel"


async def test_a_file_of_the_sdk_appears_where_it_was_sent(web: AsyncWebClient, maya: Person) -> None:
    dm = (await web.conversations_open(users=MAYA))["channel"]["id"]
    uploaded = await web.files_upload_v2(channel=dm, filename="data.json", content='{"a": 1}', initial_comment="Yours")
    (message,) = await maya.messages()
    assert message["text"] == "Yours"
    assert message["files"][0]["name"] == "data.json"
    async with aiohttp.ClientSession() as session:
        url = message["files"][0]["url_private"]
        async with session.get(url) as closed:
            assert closed.status == 403
        async with session.get(url, headers={"Authorization": f"Bearer {web.token}"}) as opened:
            assert await opened.json() == {"a": 1}
    assert (await web.files_info(file=uploaded["file"]["id"]))["content"] == '{"a": 1}'


async def test_files_refuse(web: AsyncWebClient) -> None:
    empty = web.files_getUploadURLExternal(filename="x.txt", length=0)
    assert (await refused(empty))["error"] == "file_upload_size_restricted"
    unknown = web.files_completeUploadExternal(files=[{"id": "F0NOTHING"}], channel_id=WINS)
    assert (await refused(unknown))["error"] == "file_not_found"
    pending = (await web.files_getUploadURLExternal(filename="x.txt", length=3))["file_id"]
    unsent = web.files_completeUploadExternal(files=[{"id": pending}], channel_id=WINS)
    assert (await refused(unsent))["error"] == "file_not_found"
    assert (await refused(web.files_info(file=pending)))["error"] == "file_not_found"


@pytest.mark.parametrize("length", ["three", [1]])
async def test_arguments_of_the_wrong_type_are_named(web: AsyncWebClient, length: object) -> None:
    answer = await refused(web.api_call("files.getUploadURLExternal", json={"filename": "x", "length": length}))
    assert answer["response_metadata"]["messages"] == ["[ERROR] must be of type integer [json-pointer:/length]"]
