"""The methods there are: name, arguments, scopes and the function that answers."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from playground.backend import Backend
from playground.errors import SlackError
from playground.wire import read_json
from playground.workspace import Json, JsonValue, Workspace

MOST_A_PAGE = 1000

Answer = Callable[["Call"], Json]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Argument:
    """`kind`: str, int, float, bool, list or dict, as which JSON and form values are read."""

    name: str
    kind: type = str
    required: bool = False


@dataclass(frozen=True)
class Method:
    name: str
    answer: Answer
    arguments: tuple[Argument, ...]
    scopes: tuple[str, ...]
    """All of them are needed. Methods whose scope depends on the conversation ask by Call.need()."""
    app_token: bool
    """Wants the app-level token instead of the bot's."""


METHODS: dict[str, Method] = {}


def method(
    name: str, *arguments: Argument, scopes: Sequence[str] = (), app_token: bool = False
) -> Callable[[Answer], Answer]:
    def register(answer: Answer) -> Answer:
        METHODS[name] = Method(name, answer, arguments, tuple(scopes), app_token)
        return answer

    return register


@dataclass
class Call:
    """One call of a method, its arguments read and checked."""

    backend: Backend
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        return self.backend.workspace

    def __getitem__(self, name: str) -> JsonValue:
        return self.arguments.get(name)

    def need(self, *scopes: str) -> None:
        """Raises missing_scope unless the manifest grants all of `scopes`."""
        granted = self.backend.app.scopes
        if not granted.issuperset(scopes):
            raise SlackError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(granted)))

    def page(self, items: Sequence[Item], default: int = 100) -> tuple[Sequence[Item], Json]:
        """One page by `cursor` and `limit`, and its response_metadata. Raises invalid_cursor, invalid_limit."""
        limit = self["limit"] or default
        if not 1 <= limit <= MOST_A_PAGE:
            raise SlackError("invalid_limit")
        start = 0
        if self["cursor"]:
            try:
                start = int(base64.b64decode(self["cursor"], validate=True).decode().removeprefix("offset:"))
            except ValueError:
                raise SlackError("invalid_cursor") from None
        end = start + limit
        cursor = base64.b64encode(f"offset:{end}".encode()).decode() if end < len(items) else ""
        return items[start:end], {"next_cursor": cursor}


def read_arguments(method: Method, given: Json) -> dict[str, Any]:
    """Raises SlackError invalid_arguments, naming what is missing or of the wrong type.

    Unknown arguments are ignored, as by Slack.
    """
    arguments: dict[str, Any] = {}
    complaints: list[str] = []
    for argument in method.arguments:
        value = given.get(argument.name)
        if value is None or value == "":
            if argument.required:
                complaints.append(f"[ERROR] missing required field: {argument.name}")
            elif value == "" and argument.kind is str:
                arguments[argument.name] = ""
            continue
        try:
            arguments[argument.name] = _read(argument.kind, value)
        except (ValueError, TypeError):
            if argument.name == "blocks":
                raise SlackError("invalid_blocks_format") from None
            complaints.append(f"[ERROR] must be of type {_JSON_NAMES[argument.kind]} [json-pointer:/{argument.name}]")
    if complaints:
        raise SlackError("invalid_arguments", *complaints)
    return arguments


_JSON_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}


def _read(kind: type, value: JsonValue) -> JsonValue:
    if kind is bool:
        return _read_bool(value)
    if kind in (list, dict):
        if isinstance(value, str):
            value = read_json(value)
        if not isinstance(value, kind):
            raise TypeError
        return value
    if isinstance(value, (bool, list, dict)):
        raise TypeError
    return kind(value)


def _read_bool(value: JsonValue) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "1", 1):
        return True
    if value in ("false", "0", 0):
        return False
    raise ValueError


CHANNEL = Argument("channel", required=True)
PAGING = (Argument("cursor"), Argument("limit", int))
