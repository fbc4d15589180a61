"""Payloads in the shapes that Slack's own SDKs are tested with, told again with our people."""

from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from bot.rendering.ids import Callback
from playground.workspace import GENERAL, TEAM_ID

Json = dict[str, Any]

ELSEWHERE: Final = "T0ELSEWHER"
ORGANISATION: Final = {"id": "E0ORGANISA", "name": "An organisation"}
TS: Final = "1799046000.013600"
EARLIER: Final = "1799045900.901939"
TRIGGER: Final = "13345224609.738474920.8088930838d88f008e0"

NUMBERS = count(1)

RICH: Final = [
    {
        "type": "rich_text",
        "block_id": "xwvU3",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hello"}]}],
    }
]
FILE: Final = {
    "id": "F0PICTURE1",
    "created": 1799046000,
    "name": "whiteboard.png",
    "mimetype": "image/png",
    "filetype": "png",
    "user": "UJONAS001",
    "size": 92582,
    "mode": "hosted",
    "url_private": "https://files.example.com/F0PICTURE1/whiteboard.png",
    "has_rich_preview": False,
}
OTHER_BOT: Final = {
    "bot_id": "B0OTHERBOT",
    "user": "UOTHERBOT1",
    "bot_profile": {"id": "B0OTHERBOT", "deleted": False, "name": "other-app", "app_id": "A0OTHERAPP", "icons": {}},
}


def event(body: Mapping[str, Any], **outside: Any) -> Json:
    """An Events API body; `outside`: what is different around the event."""
    return {
        "token": "a-verification-token",
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": "A0BUDDY001",
        "event": dict(body),
        "type": "event_callback",
        "event_id": f"Ev0PAYLOAD{next(NUMBERS)}",
        "event_time": 1799049600,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": "UBUDDY",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-message",
        **outside,
    }


def message(**fields: Any) -> Json:
    """A message in Jonas's direct messages with us."""
    return {
        "type": "message",
        "user": "UJONAS001",
        "text": "hello",
        "ts": TS,
        "team": TEAM_ID,
        "channel": "D0JONAS001",
        "event_ts": TS,
        "channel_type": "im",
        **fields,
    }


def was(**fields: Any) -> Json:
    """A message inside another: as it stands now, or stood."""
    return {"type": "message", "user": "UJONAS001", "text": "hello", "team": TEAM_ID, "ts": EARLIER, **fields}


IN_CHANNEL: Final = {"channel": GENERAL, "channel_type": "channel"}
ORG_WIDE: Final = {
    "enterprise_id": ORGANISATION["id"],
    "authorizations": [
        {
            "enterprise_id": ORGANISATION["id"],
            "team_id": None,
            "user_id": "UBUDDY",
            "is_bot": True,
            "is_enterprise_install": True,
        }
    ],
}

NOBODY_IS_ANSWERED: Final = {
    "a word in a channel": event(message(**IN_CHANNEL, blocks=RICH)),
    "a word in a group": event(message(channel="G0MPIM0001", channel_type="mpim")),
    "a word without a kind of channel": event(
        {key: value for key, value in message().items() if key != "channel_type"}
    ),
    "someone joined": event(message(**IN_CHANNEL, subtype="channel_join", inviter="UMAYA0001")),
    "an old bot": event(message(subtype="bot_message", bot_id="B0OTHERBOT", user=None, username="classic", icons={})),
    "an old bot without user": event(
        {key: value for key, value in message(subtype="bot_message", bot_id="B0OTHERBOT").items() if key != "user"}
    ),
    "another app": event(message(**OTHER_BOT)),
    "another app with a file": event(message(**OTHER_BOT, subtype="file_share", files=[FILE])),
    "our own words, unfurled": event(
        message(
            subtype="message_changed",
            hidden=True,
            message=was(**OTHER_BOT, attachments=[{"id": 1, "fallback": "A page"}]),
            previous_message=was(**OTHER_BOT),
        )
    ),
    "a link unfurled": event(
        message(
            subtype="message_changed",
            hidden=True,
            message=was(attachments=[{"id": 1, "fallback": "A page"}]),
            previous_message=was(),
        )
    ),
    "an edit of what was no answer": event(
        message(
            subtype="message_changed",
            hidden=True,
            message=was(text="other words", edited={"user": "UJONAS001", "ts": TS}, blocks=RICH),
            previous_message=was(blocks=RICH),
        )
    ),
    "an edit without a ts, in a channel": event(
        message(
            **IN_CHANNEL,
            subtype="message_changed",
            message={key: value for key, value in was(text="other").items() if key != "ts"},
            previous_message=was(user="UMAYA0001"),
        )
    ),
    "an edit without what was": event(message(subtype="message_changed", message=was(text="other"))),
    "an edit without anything": event(message(subtype="message_changed", user=None, text=None)),
    "a message gone that was no answer": event(
        message(subtype="message_deleted", hidden=True, deleted_ts=EARLIER, previous_message=was())
    ),
    "a message gone without what it was": event(message(subtype="message_deleted", hidden=True, deleted_ts=EARLIER)),
    "a thread's root gone": event(
        message(
            subtype="message_changed",
            message=was(subtype="tombstone", user="USLACKBOT", text="This message was deleted.", hidden=True),
            previous_message=was(reply_count=1, thread_ts=EARLIER),
        )
    ),
    "a reply told by its root": event(
        message(subtype="message_replied", hidden=True, message=was(thread_ts=EARLIER, reply_count=1))
    ),
    "a reply told by its root, without its subtype": event(
        {"type": "message", "hidden": True, "message": was(reply_count=1), "channel": "D0JONAS001", "ts": TS}
        | {"channel_type": "im", "event_ts": TS}
    ),
    "a reply also sent to a channel": event(
        message(
            **IN_CHANNEL, subtype="thread_broadcast", thread_ts=EARLIER, root=was(thread_ts=EARLIER, reply_count=17)
        )
    ),
    "a pin": event(message(subtype="pinned_item", item_type="C")),
    "words an organisation's keys hide": event(message(subtype="ekm_access_denied", user="UREVOKED01", text="")),
    "Home": event({"type": "app_home_opened", "user": "UJONAS001", "channel": "D0JONAS001", "tab": "home"}),
    "Home with its view": event(
        {
            "type": "app_home_opened",
            "user": "UJONAS001",
            "channel": "D0JONAS001",
            "tab": "home",
            "event_ts": TS,
            "view": {"id": "V0HOME0001", "team_id": TEAM_ID, "type": "home", "blocks": [], "state": {"values": {}}},
        }
    ),
    "the Messages tab": event(
        {"type": "app_home_opened", "user": "UJONAS001", "channel": "D0JONAS001", "tab": "messages"}
    ),
    "Home of an organisation": event(
        {"type": "app_home_opened", "user": "UJONAS001", "channel": "D0JONAS001", "tab": "messages"}, **ORG_WIDE
    ),
    "Home without its tab": event({"type": "app_home_opened", "user": "UJONAS001", "channel": "D0JONAS001"}),
    "an organisation's grant": {
        key: value
        for key, value in event({"type": "team_access_granted", "team_ids": [TEAM_ID], "event_ts": TS}).items()
        if key not in {"team_id", "authorizations"}
    },
    "a word to an app that a whole organisation installed, which we do not offer": event(message(), **ORG_WIDE),
    "people's tokens": event({"type": "tokens_revoked", "tokens": {"oauth": ["UJONAS001"]}}),
    "tokens of an organisation we do not know": {
        key: value
        for key, value in event({"type": "tokens_revoked", "tokens": {"bot": ["UBUDDY"]}}, enterprise_id="E1").items()
        if key not in {"team_id", "authorizations"}
    },
    "another workspace's removal": event({"type": "app_uninstalled"}, team_id=ELSEWHERE, authorizations=[]),
}

JONAS_IS_ANSWERED: Final = {
    "a word": event(message(blocks=RICH, client_msg_id="968c94da-c271-4f2a-8ec9-12a9985e5df4")),
    "a word from an older Slack": {key: value for key, value in event(message()).items() if key != "authorizations"}
    | {"authed_users": ["UBUDDY"]},
    "a word of another team's event": event(message(), team_id=ELSEWHERE),
    "a picture with words": event(message(subtype="file_share", files=[FILE], upload=False)),
    "a picture without": event(message(subtype="file_share", files=[FILE], text="", upload=False)),
    "a picture being checked": event(
        message(subtype="file_share", text="", files=[{"id": "F0PICTURE2", "mode": "file_access"}])
    ),
    "/me": event(message(subtype="me_message")),
    "a word with unknown fields": event(message(assistant_thread={"x": 1}, metadata=None, edited=None)),
}


# Interactions


def interaction(kind: str, **fields: Any) -> Json:
    return {
        "type": kind,
        "team": {"id": TEAM_ID, "domain": "playground"},
        "user": {"id": "UJONAS001", "username": "jonas", "name": "jonas", "team_id": TEAM_ID},
        "api_app_id": "A0BUDDY001",
        "token": "a-verification-token",
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": TRIGGER,
        **fields,
    }


def click(on: Json, action_id: str, **fields: Any) -> Json:
    """A button of a message, seen by the person it was sent to."""
    return interaction(
        "block_actions",
        container={"type": "message", "message_ts": on["ts"], "channel_id": on["channel"], "is_ephemeral": False},
        channel={"id": on["channel"], "name": "directmessage"},
        message={key: on[key] for key in ("type", "user", "bot_id", "ts", "text", "team", "blocks")},
        state={"values": {}},
        actions=[
            {
                "action_id": action_id,
                "block_id": "5ar+",
                "text": {"type": "plain_text", "text": "Button", "emoji": True},
                "type": "button",
                "action_ts": f"1799046000.{next(NUMBERS):06}",
            }
        ],
        **fields,
    )


def view(callback: str = Callback.COMMIT, **fields: Any) -> Json:
    return {
        "id": "V0MODAL001",
        "team_id": TEAM_ID,
        "type": "modal",
        "blocks": [],
        "private_metadata": "",
        "callback_id": callback,
        "state": {"values": {}},
        "hash": "1799046000.3wRYuk3R",
        "title": {"type": "plain_text", "text": "A modal"},
        "clear_on_close": False,
        "notify_on_close": False,
        "close": None,
        "submit": None,
        "previous_view_id": None,
        "root_view_id": "V0MODAL001",
        "app_id": "A0BUDDY001",
        "external_id": "",
        "app_installed_team_id": TEAM_ID,
        "bot_id": "B0BUDDY001",
        **fields,
    }
