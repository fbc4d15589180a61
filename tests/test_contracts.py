"""The manifest, the handlers and the code agree: what is used is declared, and what is declared is used."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from re import Pattern
from typing import Any, Final

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot import manifest
from bot.app import Buddy
from bot.clock import ManualClock
from bot.config import Settings
from bot.directory import Directory
from bot.rendering.ids import Action, Callback
from handlers.desk import Desk

ROOT: Final = Path(__file__).parent.parent
CODE: Final = ("bot", "handlers", "scheduler")
PACKAGES: Final = (*CODE, "playground")

# Read from docs.slack.dev, for the kinds of conversation that the bot uses each method in.
SCOPES: Final[dict[str, frozenset[str]]] = {
    "apps_connections_open": frozenset(),  # the app token's own
    "auth_test": frozenset(),
    "chat_delete": frozenset({"chat:write"}),
    "chat_postEphemeral": frozenset({"chat:write"}),
    "chat_postMessage": frozenset({"chat:write"}),
    "chat_update": frozenset({"chat:write"}),
    "conversations_history": frozenset({"im:history"}),
    "conversations_info": frozenset({"channels:read", "groups:read"}),
    "conversations_open": frozenset({"im:write"}),
    "conversations_replies": frozenset({"im:history"}),
    "files_upload_v2": frozenset({"files:write"}),
    "dnd_info": frozenset({"dnd:read"}),
    "users_info": frozenset({"users:read"}),
    "views_open": frozenset(),
    "views_publish": frozenset(),
    "views_push": frozenset(),
    "views_update": frozenset(),
}
EVENT_SCOPES: Final[dict[str, frozenset[str]]] = {
    "app_home_opened": frozenset(),
    "app_uninstalled": frozenset(),
    "message.im": frozenset({"im:history"}),
    "tokens_revoked": frozenset(),
    "user_change": frozenset({"users:read"}),
}
WEB_API: Final = {name for name in dir(AsyncWebClient) if name[0].islower() and "_" in name}

Constraint = str | Pattern[str] | dict[str, Any]


class Listening(AsyncApp):
    """Bolt's app, which remembers what was registered with it."""

    def __init__(self, **options: Any) -> None:
        self.registered: dict[str, list[Constraint]] = defaultdict(list)
        super().__init__(**options)

    def action(self, constraints: Any, *more: Any, **options: Any) -> Callable[..., Any]:
        return self._remember("action", constraints, super().action(constraints, *more, **options))

    def command(self, command: Any, *more: Any, **options: Any) -> Callable[..., Any]:
        return self._remember("command", command, super().command(command, *more, **options))

    def event(self, event: Any, *more: Any, **options: Any) -> Callable[..., Any]:
        return self._remember("event", event, super().event(event, *more, **options))

    def shortcut(self, constraints: Any, *more: Any, **options: Any) -> Callable[..., Any]:
        return self._remember("shortcut", constraints, super().shortcut(constraints, *more, **options))

    def view_submission(self, constraints: Any, *more: Any, **options: Any) -> Callable[..., Any]:
        return self._remember("view", constraints, super().view_submission(constraints, *more, **options))

    def view_closed(self, constraints: Any, *more: Any, **options: Any) -> Callable[..., Any]:
        return self._remember("closed", constraints, super().view_closed(constraints, *more, **options))

    def _remember(self, kind: str, constraint: Constraint, listener: Any) -> Callable[..., Any]:
        self.registered[kind].append(constraint)
        return listener  # type: ignore[no-any-return]  # Bolt's decorators are not typed


async def nobody(**_: Any) -> AuthorizeResult | None:
    return None


@pytest.fixture
async def registered(clock: ManualClock, tmp_path: Path) -> dict[str, list[Constraint]]:
    """What the handlers listen to, by kind."""
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'buddy.db'}")
    buddy = Buddy(settings, clock)
    client = AsyncWebClient(token="xoxb-nobody")
    app = Listening(client=client, authorize=nobody, signing_secret="nobody", process_before_response=True)
    directory = Directory(buddy.services.members, buddy.services.workspaces, lambda _token: client)
    handlers.register(Desk(app, buddy.services, directory))
    await buddy.stop()
    return app.registered


def matching(constraints: list[Constraint], name: str) -> list[Constraint]:
    """The constraints that `name` satisfies."""
    return [
        constraint
        for constraint in constraints
        if (constraint.search(name) if isinstance(constraint, Pattern) else constraint == name)
    ]


@pytest.mark.parametrize("prefix", ["", "x", "our-team"])
def test_each_command_has_one_listener_whatever_its_prefix(
    registered: dict[str, list[Constraint]], prefix: str
) -> None:
    listeners = registered["command"]
    declared = [command["command"] for command in manifest.read(prefix=prefix)["features"]["slash_commands"]]
    answered = [matching(listeners, command) for command in declared]
    assert [len(found) for found in answered] == [1] * len(declared)
    assert {id(found[0]) for found in answered} == {id(listener) for listener in listeners}


def test_shortcuts_are_declared_and_answered(registered: dict[str, list[Constraint]]) -> None:
    declared = {shortcut["callback_id"] for shortcut in manifest.read()["features"]["shortcuts"]}
    assert set(map(str, registered["shortcut"])) == declared


def test_events_are_subscribed_to_and_answered(registered: dict[str, list[Constraint]]) -> None:
    """Over Socket Mode an event without a listener is never acked, and comes back as retries."""
    subscribed = manifest.read()["settings"]["event_subscriptions"]["bot_events"]
    heard = {event["type"] if isinstance(event, dict) else str(event) for event in registered["event"]}
    assert heard == {event.partition(".")[0] for event in subscribed}


def test_everything_that_can_be_clicked_has_one_listener(registered: dict[str, list[Constraint]]) -> None:
    assert {action: len(matching(registered["action"], action)) for action in Action} == dict.fromkeys(Action, 1)


def test_every_modal_with_a_button_to_submit_has_one_listener(registered: dict[str, list[Constraint]]) -> None:
    known = set(map(str, Callback))
    submitted = list(map(str, registered["view"]))
    assert set(submitted) <= known
    assert len(submitted) == len(set(submitted))


def trees(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def used_methods(*packages: str) -> dict[str, set[str]]:
    """The Web API methods that the code names, and where."""
    used: dict[str, set[str]] = defaultdict(set)
    for path, tree in trees(*packages):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in WEB_API:
                used[node.attr].add(f"{path.relative_to(ROOT)}:{node.lineno}")
    used.pop("api_call", None)
    return used


def test_handlers_say_nothing_but_by_delivery_rows() -> None:
    """What a handler posted itself would be lost by a crash, or said twice by a retry."""
    allowed = {"views_open", "views_push", "views_update"}
    said = {name: places for name, places in used_methods("handlers").items() if name not in allowed}
    assert said == {}


def test_no_method_is_called_by_a_name_made_up_at_run_time() -> None:
    """Or the next two tests would not see it. The client that is ours is how names become calls."""
    made_up = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in trees(*CODE)
        if path.name != "lean_client.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "api_call"
    ]
    assert made_up == []


def test_the_scopes_of_every_method_are_known() -> None:
    assert set(used_methods(*CODE)) == set(SCOPES)


def test_every_scope_is_used_and_every_use_is_granted() -> None:
    form = manifest.read()
    events = form["settings"]["event_subscriptions"]["bot_events"]
    needed = {"commands"}.union(
        *(SCOPES[name] for name in used_methods(*CODE)), *(EVENT_SCOPES[event] for event in events)
    )
    assert needed == manifest.bot_scopes(form)


def test_what_is_read_beside_the_code_is_installed_with_it() -> None:
    """A wheel holds Python, and of the other files what pyproject.toml names."""
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    for name in PACKAGES:
        package = ROOT / name
        patterns = setuptools["package-data"].get(name, ())
        named = {file for pattern in patterns for file in package.glob(pattern)}
        others = {file for file in package.rglob("*") if file.is_file() and file.suffix not in {".py", ".pyc", ".md"}}
        assert others - named == set()
        assert f"{name}*" in setuptools["packages"]["find"]["include"]
    assert manifest.MANIFEST_FILE.is_relative_to(ROOT / "bot")
    assert manifest.MANIFEST_FILE.samefile(ROOT / "manifest.yml")
