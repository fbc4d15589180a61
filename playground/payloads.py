"""The JSON that Slack makes of what is in the workspace."""

import base64
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from playground.workspace import TEAM_DOMAIN, TEAM_ID, Channel, File, Json, Message, User, View, Workspace

READ_SCOPE = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
HISTORY_SCOPE = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


def user_json(workspace: Workspace, user: User, *, locale: bool = False) -> Json:
    moment = workspace.clock.now().astimezone(ZoneInfo(user.tz))
    first, _, last = user.real_name.partition(" ")
    profile: Json = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": "" if user.is_bot else first,
        "display_name_normalized": "" if user.is_bot else first,
        "first_name": first,
        "last_name": last,
        "fields": None,
        **_status(workspace, user),
        "avatar_hash": "g" + user.id.lower(),
        "team": TEAM_ID,
    }
    if user.id == workspace.app.user_id:
        profile |= {"api_app_id": workspace.app.id, "bot_id": workspace.app.bot_id, "always_active": False}
    body: Json = {"id": user.id, "team_id": TEAM_ID, "name": user.name, "deleted": user.deleted, "profile": profile}
    if not user.deleted:
        body |= {
            "color": "9f69e7",
            "real_name": user.real_name,
            "tz": user.tz,
            "tz_label": tz_label(moment, moment.tzinfo),
            "tz_offset": int((moment.utcoffset() or moment - moment).total_seconds()),
            "is_admin": user.is_admin,
            "is_owner": user.is_admin,
            "is_primary_owner": user.is_admin,
            "is_restricted": False,
            "is_ultra_restricted": False,
        }
    body |= {
        "is_bot": user.id == workspace.app.user_id,
        "is_app_user": False,
        "updated": user.updated,
        "is_email_confirmed": True,
    }
    if locale and not user.deleted:
        body["locale"] = user.locale
    return body


def _status(workspace: Workspace, user: User) -> Json:
    """What is left of it: Slack clears a status when its time is over."""
    is_over = 0 < user.status_expiration <= workspace.clock.unix()
    return {
        "status_text": "" if is_over else user.status_text,
        "status_emoji": "" if is_over else user.status_emoji,
        "status_emoji_display_info": [],
        "status_expiration": 0 if is_over else user.status_expiration,
    }


def tz_label(moment: datetime, zone: tzinfo | None) -> str:
    names = {
        "CET": "Central European Time",
        "CEST": "Central European Summer Time",
        "EST": "Eastern Standard Time",
        "EDT": "Eastern Daylight Time",
        "PST": "Pacific Standard Time",
        "PDT": "Pacific Daylight Time",
    }
    short = moment.tzname() or str(zone)
    return names.get(short, short)


def channel_json(workspace: Workspace, channel: Channel, *, num_members: bool = False) -> Json:
    if channel.kind == "im":
        other = next((member for member in channel.members if member != workspace.app.user_id), "")
        return {
            "id": channel.id,
            "created": channel.created,
            "is_archived": False,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": TEAM_ID,
            "updated": channel.created * 1000,
            "user": other,
            "is_user_deleted": bool(other and workspace.users[other].deleted),
            "is_open": True,
            "priority": 0,
        }
    body: Json = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_general": channel.is_general,
        "is_archived": channel.is_archived,
        "is_member": workspace.app.user_id in channel.members,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "parent_conversation": None,
        "context_team_id": TEAM_ID,
        "shared_team_ids": [TEAM_ID, *(["T0ELSEWHER"] if channel.is_ext_shared else [])],
        "created": channel.created,
        "updated": channel.created * 1000,
        "creator": channel.creator,
        "unlinked": 0,
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": channel.created},
        "purpose": {"value": channel.purpose, "creator": channel.creator, "last_set": channel.created},
        "previous_names": [],
    }
    if num_members:
        body["num_members"] = len(channel.members - {workspace.app.user_id})
    return body


def bot_profile(workspace: Workspace) -> Json:
    app = workspace.app
    return {
        "id": app.bot_id,
        "app_id": app.id,
        "user_id": app.user_id,
        "name": app.name,
        "icons": {},
        "deleted": False,
        "updated": workspace.users[app.user_id].updated,
        "team_id": TEAM_ID,
    }


def message_json(workspace: Workspace, message: Message, *, metadata: bool = False) -> Json:
    """A message as conversations.history and the payload of a click have it."""
    body: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    if message.subtype is not None:
        body["subtype"] = message.subtype
    if message.is_bot:
        body |= {"bot_id": workspace.app.bot_id, "app_id": workspace.app.id, "bot_profile": bot_profile(workspace)}
        if message.username:
            body["username"] = message.username
        if message.icon_emoji:
            body["icons"] = {"emoji": message.icon_emoji}
    if message.client_msg_id is not None:
        body["client_msg_id"] = message.client_msg_id
    body["team"] = TEAM_ID
    if message.blocks is not None:
        body["blocks"] = message.blocks
    if message.attachments:
        body["attachments"] = message.attachments
    if message.files:
        body["files"] = [file_json(workspace, workspace.files[file]) for file in message.files]
        body["upload"] = False
    if message.edited_ts is not None:
        body["edited"] = {"user": message.edited_by, "ts": message.edited_ts}
    body |= _thread_json(workspace, message)
    if message.reactions:
        body["reactions"] = reactions_json(message)
    if metadata and message.metadata is not None:
        body["metadata"] = message.metadata
    return body


def _thread_json(workspace: Workspace, message: Message) -> Json:
    """What being a reply, or having some, adds."""
    messages = workspace.channels[message.channel].messages
    if message.thread_ts is not None:
        parent = messages.get(message.thread_ts)
        return {"thread_ts": message.thread_ts, "parent_user_id": parent.user if parent else message.user}
    if not message.replies:
        return {}
    users = list(dict.fromkeys(messages[ts].user for ts in message.replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(message.replies),
        "reply_users_count": len(users),
        "latest_reply": message.replies[-1],
        "reply_users": users,
        "is_locked": False,
        "subscribed": False,
    }


def reactions_json(message: Message) -> list[Json]:
    return [{"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()]


def file_json(workspace: Workspace, file: File) -> Json:
    extension = file.name.rpartition(".")[2].lower() if "." in file.name else "text"
    body: Json = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": extension,
        "pretty_type": extension.upper(),
        "user": file.user,
        "user_team": TEAM_ID,
        "size": len(file.data),
        "mode": "hosted",
        "is_external": False,
        "is_public": any(workspace.channels[channel].kind == "channel" for channel in file.channels),
        "url_private": f"{workspace.url}/files-pri/{TEAM_ID}-{file.id}/{file.name}",
        "url_private_download": f"{workspace.url}/files-pri/{TEAM_ID}-{file.id}/download/{file.name}",
        "permalink": f"{workspace.url}/files/{file.user}/{file.id}/{file.name}",
    }
    if file.mimetype.startswith("text/"):
        body["preview"] = file.data[:1000].decode("utf-8", "replace")
    for key, kind in (("channels", "channel"), ("groups", "group"), ("ims", "im")):
        body[key] = [channel for channel in file.channels if workspace.channels[channel].kind == kind]
    return body


def view_json(workspace: Workspace, view: View, *, values: Json | None = None) -> Json:
    """A view as views.open answers it and interaction payloads carry it. `values`: the whole state.values."""
    body = view.body
    app = workspace.app
    return {
        "id": view.id,
        "team_id": TEAM_ID,
        "type": view.type,
        "blocks": body.get("blocks", []),
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": values or {}},
        "hash": view.hash,
        "title": body.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": app.id,
        "external_id": body.get("external_id", ""),
        "app_installed_team_id": TEAM_ID,
        "bot_id": app.bot_id,
    }


def actor(workspace: Workspace, user: str) -> Json:
    """The `user` of an interaction payload."""
    name = workspace.users[user].name
    return {"id": user, "username": name, "name": name, "team_id": TEAM_ID}


def team() -> Json:
    return {"id": TEAM_ID, "domain": TEAM_DOMAIN}


def channel_name(channel: Channel) -> str:
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)


def rich_text(text: str) -> list[Json]:
    """The blocks Slack makes of what a person types."""
    section: dict[str, Any] = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [
        {
            "type": "rich_text",
            "block_id": "rt" + base64.b32encode(text.encode()[:2]).decode()[:4],
            "elements": [section],
        }
    ]
