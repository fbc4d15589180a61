"""users.*, dnd.info, team.info, auth.test, api.test, apps.connections.open"""

from playground.api.registry import PAGING, Argument, Call, method
from playground.errors import SlackError
from playground.payloads import user_json
from playground.workspace import TEAM_DOMAIN, TEAM_ID, TEAM_NAME, Json, User


@method("api.test", Argument("error"), Argument("foo"))
def api_test(call: Call) -> Json:
    if call["error"]:
        raise SlackError(call["error"])
    return {"args": call.arguments}


@method("auth.test")
def auth_test(call: Call) -> Json:
    app = call.backend.app
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": TEAM_NAME,
        "user": call.workspace.users[app.user_id].name,
        "team_id": TEAM_ID,
        "user_id": app.user_id,
        "bot_id": app.bot_id,
        "app_id": app.id,
        "app_name": app.name,
        "is_enterprise_install": call.backend.settings.org_wide,
    }


@method("apps.connections.open", app_token=True)
def connections_open(call: Call) -> Json:
    address = call.workspace.url.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={call.backend.sockets.new_ticket()}&app_id={call.backend.app.id}"}


@method("users.info", Argument("user", required=True), Argument("include_locale", bool), scopes=["users:read"])
def info(call: Call) -> Json:
    return {"user": user_json(call.workspace, known(call), locale=bool(call["include_locale"]))}


@method("users.list", Argument("include_locale", bool), Argument("team_id"), *PAGING, scopes=["users:read"])
def list_(call: Call) -> Json:
    page, metadata = call.page(list(call.workspace.users.values()))
    members = [user_json(call.workspace, user, locale=bool(call["include_locale"])) for user in page]
    cache_ts = int(call.workspace.clock.unix())
    return {"members": members, "cache_ts": cache_ts, "response_metadata": metadata}


@method("dnd.info", Argument("user"), Argument("team_id"), scopes=["dnd:read"])
def dnd_info(call: Call) -> Json:
    """The schedule's present or next session. A snooze is told to nobody but its owner, and the app has none."""
    app = call.workspace.users[call.backend.app.user_id]
    user = app if call["user"] is None else known(call)
    is_set = user.dnd_until > call.workspace.clock.unix()
    schedule = {
        "dnd_enabled": is_set,
        "next_dnd_start_ts": user.dnd_from if is_set else 1,
        "next_dnd_end_ts": user.dnd_until if is_set else 1,
    }
    return schedule | ({"snooze_enabled": False} if user is app else {})


@method("team.info", Argument("team"), Argument("domain"), scopes=["team:read"])
def team_info(call: Call) -> Json:
    if call["team"] not in (None, TEAM_ID):
        raise SlackError("team_not_found")
    team = {
        "id": TEAM_ID,
        "name": TEAM_NAME,
        "domain": TEAM_DOMAIN,
        "email_domain": "",
        "icon": {"image_default": True},
    }
    return {"team": team | {"url": f"https://{TEAM_DOMAIN}.slack.com/"}}


def known(call: Call) -> User:
    """Raises user_not_found."""
    user = call.workspace.users.get(call["user"])
    if user is None:
        raise SlackError("user_not_found")
    return user
