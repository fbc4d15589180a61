"""files.*: get an upload URL, send the bytes there, complete."""

import secrets

from playground.api.chat import channel_to_write
from playground.api.registry import Argument, Call, method
from playground.errors import SlackError
from playground.payloads import file_json
from playground.workspace import Json

LARGEST = 1_000_000_000


@method(
    "files.getUploadURLExternal",
    Argument("filename", required=True),
    Argument("length", int, required=True),
    Argument("alt_txt"),
    Argument("snippet_type"),
    scopes=["files:write"],
)
def get_upload_url(call: Call) -> Json:
    if not 0 < call["length"] <= LARGEST:
        raise SlackError("file_upload_size_restricted")
    file = call.workspace.add_file(str(call["filename"]), call.backend.app.user_id)
    ticket = secrets.token_urlsafe(18)
    call.workspace.uploads[ticket] = file.id
    return {"upload_url": f"{call.workspace.url}/upload/v1/{ticket}", "file_id": file.id}


@method(
    "files.completeUploadExternal",
    Argument("files", list, required=True),
    Argument("channel_id"),
    Argument("channels"),
    Argument("initial_comment"),
    Argument("thread_ts"),
    Argument("blocks", list),
    scopes=["files:write"],
)
def complete_upload(call: Call) -> Json:
    workspace = call.workspace
    files = [workspace.files.get(str(entry.get("id"))) for entry in call["files"] if isinstance(entry, dict)]
    found = [file for file in files if file is not None and file.data and not file.complete]
    if not found or len(found) != len(call["files"]):
        raise SlackError("file_not_found")
    targets = [channel for channel in (call["channel_id"] or call["channels"] or "").split(",") if channel]
    channels = [channel_to_write(call, target) for target in targets]
    for file, entry in zip(found, call["files"], strict=True):
        file.title = entry.get("title") or file.name
        file.complete = True
    for channel in channels:
        for number, file in enumerate(found):
            text = (call["initial_comment"] or "") if number == 0 else ""
            thread = call["thread_ts"] if call["thread_ts"] in channel.messages else None
            call.backend.messages.share_file(
                channel, file.id, call.backend.app.user_id, text, is_bot=True, thread_ts=thread, blocks=call["blocks"]
            )
    return {"files": [file_json(workspace, file) for file in found]}


@method("files.info", Argument("file", required=True), scopes=["files:read"])
def info(call: Call) -> Json:
    file = call.workspace.files.get(call["file"])
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    return {"file": file_json(call.workspace, file), "content": file.data.decode("utf-8", "replace")}
