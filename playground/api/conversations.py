"""conversations.*"""

import base64
from bisect import bisect_left, bisect_right

from playground.api.registry import CHANNEL, PAGING, Argument, Call, method
from playground.errors import SlackError
from playground.membership import join
from playground.payloads import HISTORY_SCOPE, READ_SCOPE, channel_json, message_json
from playground.workspace import Channel, Json

TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
SPAN = (
    *PAGING,
    Argument("oldest"),
    Argument("latest"),
    Argument("inclusive", bool),
    Argument("include_all_metadata", bool),
)


@method("conversations.open", Argument("channel"), Argument("users"), Argument("return_im", bool))
def open_(call: Call) -> Json:
    call.need("im:write")
    workspace = call.workspace
    if call["channel"]:
        channel = call.backend.visible_channel(call["channel"])
        if channel.kind != "im":
            raise SlackError("method_not_supported_for_channel_type")
        already = True
    elif call["users"]:
        wanted = [user for user in str(call["users"]).split(",") if user]
        if len(wanted) > 1:
            raise SlackError("missing_scope", needed="mpim:write", provided=",".join(sorted(call.backend.app.scopes)))
        user = workspace.users.get(wanted[0])
        if user is None or user.is_bot:
            raise SlackError("user_not_found")
        if user.deleted:
            raise SlackError("user_disabled")
        already = user.id in workspace.ims
        channel = workspace.open_im(user.id)
    else:
        raise SlackError("users_list_not_supplied")
    answer: Json = {"channel": channel_json(workspace, channel) if call["return_im"] else {"id": channel.id}}
    return answer | ({"no_op": True, "already_open": True} if already else {})


@method("conversations.info", CHANNEL, Argument("include_locale", bool), Argument("include_num_members", bool))
def info(call: Call) -> Json:
    channel = readable(call)
    body = channel_json(call.workspace, channel, num_members=bool(call["include_num_members"]))
    if call["include_locale"]:
        body["locale"] = "en-US"
    return {"channel": body}


@method("conversations.list", Argument("types"), Argument("exclude_archived", bool), Argument("team_id"), *PAGING)
def list_(call: Call) -> Json:
    page, metadata = call.page(listed(call))
    channels = [channel_json(call.workspace, channel, num_members=True) for channel in page]
    return {"channels": channels, "response_metadata": metadata}


@method(
    "users.conversations",
    Argument("user"),
    Argument("types"),
    Argument("exclude_archived", bool),
    Argument("team_id"),
    *PAGING,
)
def of_user(call: Call) -> Json:
    channels = listed(call)
    user = call["user"] or call.backend.app.user_id
    if user not in call.workspace.users:
        raise SlackError("user_not_found")
    page, metadata = call.page([channel for channel in channels if user in channel.members])
    return {"channels": [channel_json(call.workspace, channel) for channel in page], "response_metadata": metadata}


def listed(call: Call) -> list[Channel]:
    """Those of the wanted types that the app may know of. Raises invalid_types, missing_scope."""
    names = (call["types"] or "public_channel").replace(" ", "").split(",")
    if not set(names) <= set(TYPES):
        raise SlackError("invalid_types")
    kinds = {TYPES[name] for name in names}
    call.need(*sorted(READ_SCOPE[kind] for kind in kinds))
    app_user = call.backend.app.user_id
    return [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or app_user in channel.members)
        and not (call["exclude_archived"] and channel.is_archived)
    ]


@method("conversations.members", CHANNEL, *PAGING)
def members(call: Call) -> Json:
    page, metadata = call.page(sorted(readable(call).members))
    return {"members": page, "response_metadata": metadata}


@method("conversations.join", CHANNEL, scopes=["channels:join"])
def join_(call: Call) -> Json:
    channel = call.backend.visible_channel(call["channel"])
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    answer: Json = {}
    if call.backend.app.user_id in channel.members:
        answer = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    else:
        join(call.backend, channel, call.backend.app.user_id)
    return {"channel": channel_json(call.workspace, channel)} | answer


@method("conversations.history", CHANNEL, *SPAN)
def history(call: Call) -> Json:
    channel = readable(call, history=True)
    newest_first, more = _span(call, channel.timeline)
    metadata = bool(call["include_all_metadata"])
    messages = [message_json(call.workspace, channel.messages[ts], metadata=metadata) for ts in newest_first]
    answer: Json = {"messages": messages, "has_more": more, "pin_count": 0, "channel_actions_ts": None}
    if more:
        answer["response_metadata"] = {"next_cursor": _cursor(newest_first[-1])}
    return answer | {"channel_actions_count": 0}


@method("conversations.replies", CHANNEL, Argument("ts", required=True), *SPAN)
def replies(call: Call) -> Json:
    channel = readable(call, history=True)
    asked = channel.messages.get(call["ts"])
    if asked is None:
        raise SlackError("thread_not_found")
    parent = channel.messages[asked.thread_ts] if asked.thread_ts else asked
    chosen, more = _span(call, parent.replies, oldest_first=True)
    metadata = bool(call["include_all_metadata"])
    thread = [message_json(call.workspace, channel.messages[ts], metadata=metadata) for ts in (parent.ts, *chosen)]
    answer: Json = {"messages": thread, "has_more": more}
    if more:
        answer["response_metadata"] = {"next_cursor": _cursor(chosen[-1])}
    return answer


def readable(call: Call, *, history: bool = False) -> Channel:
    """Raises channel_not_found, missing_scope and, for its history, not_in_channel."""
    channel = call.backend.visible_channel(call["channel"])
    call.need((HISTORY_SCOPE if history else READ_SCOPE)[channel.kind])
    if history and call.backend.app.user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _span(call: Call, ascending: list[str], *, oldest_first: bool = False) -> tuple[list[str], bool]:
    """The page of ts that `oldest`, `latest`, `inclusive`, `cursor` and `limit` ask for, and whether there is more."""
    limit = call["limit"] or 100
    if not 1 <= limit <= 999:
        raise SlackError("invalid_limit")
    start, end = 0, len(ascending)
    inclusive = bool(call["inclusive"])
    if call["oldest"]:
        oldest = _moment(call["oldest"], "invalid_ts_oldest")
        start = bisect_left(ascending, oldest) if inclusive else bisect_right(ascending, oldest)
    if call["latest"]:
        latest = _moment(call["latest"], "invalid_ts_latest")
        end = bisect_right(ascending, latest) if inclusive else bisect_left(ascending, latest)
    if call["cursor"]:
        seen = _seen(call["cursor"])
        if oldest_first:
            start = max(start, bisect_right(ascending, seen))
        else:
            end = min(end, bisect_left(ascending, seen))
    if oldest_first:
        return ascending[start : min(end, start + limit)], start + limit < end
    first = max(start, end - limit)
    return ascending[first:end][::-1], first > start


def _moment(text: str, otherwise: str) -> str:
    """Any number of seconds as a ts, so that it compares with one."""
    try:
        return f"{float(text):.6f}".zfill(17)
    except ValueError:
        raise SlackError(otherwise) from None


def _cursor(ts: str) -> str:
    return base64.b64encode(f"seen_ts:{ts}".encode()).decode()


def _seen(cursor: str) -> str:
    try:
        return base64.b64decode(cursor, validate=True).decode().removeprefix("seen_ts:")
    except ValueError:
        raise SlackError("invalid_cursor") from None
