"""Which events the app gets, and that they look like Slack's."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground.client import Person, PlaygroundClient
from tests.playground.listener import Listener, listening
from tests.playground.tiny_app import manifest, running

WINS = "C0WINS001"
GENERAL = "C0GENERAL"


async def test_a_dm(app: Listener, maya: Person) -> None:
    ts = await maya.say("a <!channel> & @jonas in #wins: https://example.com/x.")
    event = await app.event()
    assert event["type"] == "message"
    assert event["channel_type"] == "im"
    assert event["ts"] == event["event_ts"] == ts
    assert event["user"] == "UMAYA0001"
    assert event["client_msg_id"]
    assert event["text"] == ("a &lt;!channel&gt; &amp; <@UJONAS001> in <#C0WINS001|wins>: <https://example.com/x>.")


async def test_what_people_type_comes_in_slacks_spelling(app: Listener, maya: Person) -> None:
    """An emoji by its name, however it was typed; an address without https as a link that Slack made."""
    await maya.say("Done 🎉 ❤️ 👍🏽 :) see notes.md or a@example.org, not 3.5 or e.g. that")
    assert (await app.event())["text"] == (
        "Done :tada: :heart: :+1::skin-tone-4: :slightly_smiling_face: see <http://notes.md|notes.md> or "
        "<mailto:a@example.org|a@example.org>, not 3.5 or e.g. that"
    )


async def test_the_envelope_says_whose_it_is(app: Listener, maya: Person) -> None:
    await maya.say("x")
    payload = (await app.envelope())["payload"]
    assert payload["type"] == "event_callback"
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["user_id"] == "U0BUDDY001"
    assert payload["authorizations"][0]["is_bot"] is True


async def test_an_edit_carries_both_versions_and_a_deletion_the_last(app: Listener, maya: Person) -> None:
    ts = await maya.say("one")
    await maya.edit(ts, "two")
    await maya.delete(ts)
    await app.event()
    changed, deleted = await app.event(), await app.event()
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("two", "one")
    assert changed["message"]["edited"]["user"] == "UMAYA0001"
    assert changed["message"]["ts"] == ts < changed["ts"]
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)
    assert deleted["previous_message"]["text"] == "two"


async def test_an_unfurl_changes_a_message_but_not_its_text(app: Listener, maya: Person) -> None:
    ts = await maya.say("https://example.com/x")
    await maya.act("unfurl", channel="app", ts=ts)
    await app.event()
    event = await app.event()
    assert event["message"]["text"] == event["previous_message"]["text"]
    assert event["message"]["attachments"]


async def test_the_app_hears_its_own_messages_and_changes(app: Listener, web: AsyncWebClient) -> None:
    ts = (await web.chat_postMessage(channel="UMAYA0001", text="one"))["ts"]
    channel = (await web.conversations_open(users="UMAYA0001"))["channel"]["id"]
    await web.chat_update(channel=channel, ts=ts, text="two")
    said, changed = await app.event(), await app.event()
    assert (said["bot_id"], said["user"]) == ("B0BUDDY001", "U0BUDDY001")
    assert changed["message"]["bot_id"] == "B0BUDDY001"
    assert changed["subtype"] == "message_changed"


async def test_a_file_is_a_message_of_its_own_subtype(app: Listener, maya: Person) -> None:
    await maya.upload("notes.txt", "some words")
    seen = {(await app.event())["type"]: None for _ in range(2)}
    assert set(seen) == {"message", "file_shared"}


async def test_a_thread_reply_names_its_parent(app: Listener, maya: Person) -> None:
    parent = await maya.say("parent")
    await maya.say("reply", thread=parent)
    await app.event()
    assert (await app.event())["thread_ts"] == parent


async def test_channels_the_app_is_not_in_are_none_of_its_business(app: Listener, maya: Person) -> None:
    await maya.say("secret", channel=GENERAL)
    await maya.say("open", channel=WINS)
    event = await app.event()
    assert (event["text"], event["channel_type"]) == ("open", "channel")


async def test_coming_and_going(app: Listener, maya: Person) -> None:
    await maya.act("invite", channel=GENERAL, invitee="app")
    joined = [await app.event(), await app.event()]
    assert [event["type"] for event in joined] == ["message", "member_joined_channel"]
    assert (joined[1]["user"], joined[1]["inviter"]) == ("U0BUDDY001", "UMAYA0001")
    await maya.act("remove", channel=GENERAL, member="UJONAS001")
    left = await app.event()
    assert (left["type"], left["user"]) == ("member_left_channel", "UJONAS001")
    await maya.act("archive", channel=GENERAL)
    assert (await app.event())["type"] == "channel_archive"


async def test_a_changed_profile_brings_the_whole_user(app: Listener, maya: Person) -> None:
    await maya.profile(tz="America/New_York", status_text="Away")
    user = (await app.event())["user"]
    assert (user["tz"], user["profile"]["status_text"]) == ("America/New_York", "Away")
    await maya.profile(deleted=True)
    user = (await app.event())["user"]
    assert user["deleted"] is True
    assert "tz" not in user


async def test_a_reaction(app: Listener, maya: Person, web: AsyncWebClient) -> None:
    ts = (await web.chat_postMessage(channel=WINS, text="x"))["ts"]
    await maya.react(ts, "tada", WINS)
    await app.event()
    event = await app.event()
    assert (event["type"], event["reaction"], event["item"]["ts"]) == ("reaction_added", "tada", ts)


async def test_home_and_messages_tabs(app: Listener, maya: Person) -> None:
    await maya.home()
    await maya.messages_tab()
    opened = [await app.event(), await app.event()]
    assert [event["tab"] for event in opened] == ["home", "messages"]
    assert "view" not in opened[0]


async def test_an_uninstalled_app_is_told_and_then_shut_out(app: Listener, maya: Person, web: AsyncWebClient) -> None:
    await maya.act("uninstall")
    assert {(await app.event())["type"], (await app.event())["type"]} == {"tokens_revoked", "app_uninstalled"}
    with pytest.raises(Exception, match="account_inactive"):
        await web.auth_test()
    await maya.act("install")
    assert (await web.auth_test())["ok"]


async def test_nothing_is_sent_that_was_not_subscribed_to_or_is_out_of_scope() -> None:
    own = manifest()
    own["settings"]["event_subscriptions"]["bot_events"] = ["message.im", "user_change", "app_home_opened"]
    own["oauth_config"]["scopes"]["bot"] = ["im:history"]
    async with running(manifest=own) as playground, PlaygroundClient(playground.url) as slack:
        maya = slack.person("UMAYA0001")
        async with listening(playground) as app:
            await maya.say("in a channel", channel=WINS)
            await maya.profile(status_text="out of scope")
            await maya.home()
            assert (await app.event())["type"] == "app_home_opened"


async def test_an_app_mention() -> None:
    own = manifest()
    own["settings"]["event_subscriptions"]["bot_events"] = ["app_mention"]
    own["oauth_config"]["scopes"]["bot"] = ["app_mentions:read"]
    async with (
        running(manifest=own) as playground,
        PlaygroundClient(playground.url) as slack,
        listening(playground) as app,
    ):
        await slack.person("UMAYA0001").say("thanks @tiny", channel=WINS)
        event = await app.event()
    assert (event["type"], event["text"]) == ("app_mention", "thanks <@U0BUDDY001>")
