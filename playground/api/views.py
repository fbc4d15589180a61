"""views.*"""

from playground.api.registry import Argument, Call, method
from playground.errors import SlackError
from playground.workspace import Json

VIEW = Argument("view", dict, required=True)
TRIGGER = (Argument("trigger_id"), Argument("interactivity_pointer"))


@method("views.open", VIEW, *TRIGGER)
def open_(call: Call) -> Json:
    views = call.backend.views
    return {"view": views.json(views.open(_person(call), call["view"]))}


@method("views.push", VIEW, *TRIGGER)
def push(call: Call) -> Json:
    views = call.backend.views
    return {"view": views.json(views.push(_person(call), call["view"]))}


@method("views.update", VIEW, Argument("view_id"), Argument("external_id"), Argument("hash"))
def update(call: Call) -> Json:
    if not call["view_id"] and not call["external_id"]:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: view_id")
    views = call.backend.views
    view = views.named(call["view_id"], call["external_id"])
    return {"view": views.json(views.update(view, call["view"], call["hash"]))}


@method("views.publish", Argument("user_id", required=True), VIEW, Argument("hash"))
def publish(call: Call) -> Json:
    home = call.backend.app.features.get("app_home") or {}
    if not home.get("home_tab_enabled"):
        raise SlackError("not_enabled")
    user = call.workspace.users.get(call["user_id"])
    if user is None or user.is_bot:
        raise SlackError(
            "invalid_arguments", "[ERROR] user_id is not a member of this workspace [json-pointer:/user_id]"
        )
    views = call.backend.views
    return {"view": views.json(views.publish(user.id, call["view"], call["hash"]))}


def _person(call: Call) -> str:
    trigger = call["trigger_id"] or call["interactivity_pointer"]
    if not trigger:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: trigger_id")
    return call.backend.triggers.exchange(trigger)
