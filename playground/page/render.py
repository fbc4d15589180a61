"""Templates and what they may call. One environment serves everyone; each rendering brings its reader."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from playground.inputs import options_of, state_values
from playground.page import charts, markdown, mrkdwn
from playground.page.conversation import (
    APP,
    TABS,
    Look,
    choices,
    earlier,
    has_talked,
    newest,
    reader,
    shown_channel,
    sidebar,
    thread,
    timeline,
)
from playground.page.emoji import PALETTE, shown
from playground.page.mrkdwn import Reader
from playground.workspace import TEAM_NAME, File, Json, Workspace

TEMPLATES = Path(__file__).parent.parent / "templates"
REGIONS = ("clock", "sidebar", "header", "content", "composer", "thread", "modal")
"""The parts of the page that are drawn anew when something changes; each is a template of this name."""


def _reader(context: Context) -> Reader:
    seen_by: Reader = context["reader"]
    return seen_by


@pass_context
def _mrkdwn(context: Context, text: str) -> Markup:
    return mrkdwn.html(text, _reader(context))


@pass_context
def _text(context: Context, text: Json) -> Markup:
    """A text object."""
    return mrkdwn.html(text["text"], _reader(context)) if text["type"] == "mrkdwn" else mrkdwn.plain(text["text"])


def _plain_lines(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))


def _rich_link(piece: Json) -> Markup:
    return Markup(mrkdwn.link(piece["url"], piece.get("text")))  # noqa: S704 - link() escapes


@pass_context
def _rich_date(context: Context, piece: Json) -> Markup:
    shown_date = mrkdwn.date(piece["timestamp"], piece["format"], piece.get("url"), _reader(context))
    return Markup(shown_date)  # noqa: S704 - date() escapes


def _rich_words(rich: Json) -> str:
    """The words of a rich text, for the plain field that stands for Slack's rich editor."""
    pieces = (piece for part in rich["elements"] for piece in part.get("elements", ()))
    return "".join(str(piece.get("text", "")) for piece in pieces)


@pass_context
def _local_input(context: Context, unix: float | None) -> str:
    return "" if unix is None else _reader(context).dates.local(unix).strftime("%Y-%m-%dT%H:%M")


@pass_context
def _picture(context: Context, image: Json) -> str:
    if "image_url" in image:
        return mrkdwn.safe_url(str(image["image_url"])) or ""
    files: dict[str, File] = context["workspace"].files
    own = image["slack_file"]
    file = files.get(str(own.get("id")))
    return _file_url(file) if file is not None else mrkdwn.safe_url(str(own.get("url", ""))) or ""


def _file_url(file: File) -> str:
    return f"/control/files/{file.id}"


@pass_context
def _offered(context: Context, element: Json) -> list[tuple[str, str]]:
    return choices(context["workspace"], element)


def _pairs(options: list[Json]) -> list[tuple[str, Markup]]:
    return [(option["value"], mrkdwn.plain(option["text"]["text"])) for option in options]


def _bar(attachment: Json) -> str:
    colour = str(attachment.get("color", ""))
    named = {"good": "#2e9e6b", "warning": "#d9a514", "danger": "#cf4a4a"}
    digits = colour.removeprefix("#")
    return named.get(colour) or (f"#{digits}" if digits.isalnum() and len(digits) in (3, 6) else "var(--line)")


def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    made.filters |= {
        "bar": _bar,
        "chart": charts.svg,
        "emoji": shown,
        "every_option": options_of,
        "file_url": _file_url,
        "local_input": _local_input,
        "markdown": markdown.html,
        "mrkdwn": _mrkdwn,
        "offered": _offered,
        "pairs": _pairs,
        "picture": _picture,
        "plain": mrkdwn.plain,
        "plain_lines": _plain_lines,
        "rich_date": _rich_date,
        "rich_link": _rich_link,
        "rich_words": _rich_words,
        "text": _text,
    }
    return made


class Renderer:
    """Draws the page for one person at a time. Reads the workspace, changes nothing."""

    def __init__(self, workspace: Workspace, manifest: Json) -> None:
        self._workspace = workspace
        self._manifest = manifest
        self._environment = environment()

    def regions(self, look: Look) -> tuple[dict[str, str], Json | None]:
        """The HTML of every region, and the newest message for screen readers."""
        values = self._values(look)
        drawn = {name: self._environment.get_template(f"{name}.html").render(values).strip() for name in REGIONS}
        return drawn, newest(values["rows"])

    def title(self, look: Look) -> str:
        place = self._workspace.app.name if look.at == APP else f"#{self._workspace.channels[look.at].name}"
        return f"{place} · {TEAM_NAME}"

    def page(self, look: Look) -> str:
        regions, _ = self.regions(look)
        commands = list(self._workspace.app.commands.values())
        return self._environment.get_template("page.html").render(
            title=self.title(look), regions=regions, commands=commands
        )

    def _values(self, look: Look) -> dict[str, Any]:
        workspace = self._workspace
        app = workspace.app
        modal, home = workspace.top_modal(look.user.id), workspace.home(look.user.id)
        view = modal or home
        commands = list(app.commands.values())
        return {
            "workspace": workspace,
            "look": look,
            "team": TEAM_NAME,
            "tabs": [tab for tab in TABS if self._has_tab(tab)],
            "app": app,
            "description": self._description(),
            "commands": commands,
            "first_command": commands[0]["command"] if commands else "/help",
            "global_shortcuts": [(key, one) for key, one in app.shortcuts.items() if one["type"] == "global"],
            "message_shortcuts": [(key, one) for key, one in app.shortcuts.items() if one["type"] == "message"],
            "palette": PALETTE,
            "sidebar": sidebar(workspace, look),
            "first_visit": not has_talked(workspace, look.user),
            "rows": timeline(workspace, look),
            "earlier": earlier(workspace, look),
            "thread": thread(workspace, look),
            "home": home,
            "modal": modal,
            "depth": len(workspace.modals.get(look.user.id) or ()),
            # The dialog covers Home, so only one of the two is ever asked for its answers.
            "answers": state_values(view.body.get("blocks"), view.typed) if view else {},
            **self._clock(look),
            **self._room(look, commands),
        }

    def _has_tab(self, tab: str) -> bool:
        tabs = self._workspace.app.features.get("app_home") or {}
        return bool(tabs.get(f"{tab}_tab_enabled", True))

    def _description(self) -> str:
        shown_information = self._manifest.get("display_information") or {}
        return str(shown_information.get("long_description") or shown_information.get("description") or "")

    def _clock(self, look: Look) -> Json:
        seen_by = reader(self._workspace, look.user)
        dates = seen_by.dates
        local = dates.local(self._workspace.clock.unix())
        return {
            "reader": seen_by,
            "names": seen_by.names,
            "unix": round(self._workspace.clock.unix(), 3),
            "now": f"{local.strftime('%a')} {dates.date(local, '%b')}, {dates.time(local)}",
            "today": local.strftime("%Y-%m-%dT%H:%M"),
            "tomorrow": f"{dates.local(self._workspace.clock.unix() + 86_400):%Y-%m-%d}T09:00",
        }

    def _room(self, look: Look, commands: list[Json]) -> Json:
        workspace = self._workspace
        if look.at == APP:
            first = commands[0]["command"] if commands else None
            hint = f"Type {first} and what you want to do" if first else f"Message {workspace.app.name}"
            return {
                "channel": shown_channel(workspace, look),
                "placeholder": hint,
                "label": f"Message {workspace.app.name}",
            }
        channel = workspace.channels[look.at]
        people = len(channel.members - {workspace.app.user_id})
        present = workspace.app.user_id in channel.members
        members = f"{people} people" + (f" and {workspace.app.name}" if present else "")
        label = f"Message #{channel.name}"
        return {"channel": channel, "members": members, "placeholder": label, "label": label}
