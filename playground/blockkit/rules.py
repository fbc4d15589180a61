"""The small vocabulary in which the tables of this package are written: one rule for one kind of value.

A rule looks at one JSON value and reports to a `Place` what Slack would say about it. Rules never raise on bad input.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for which Slack would refuse a message or a view.

    `code` is the `error` of Slack's answer; `str(problem)` is the line of its `response_metadata.messages`.
    """

    code: str
    message: str
    pointer: str

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


@dataclass(slots=True)
class Report:
    """What one check has found so far; `surface` is "message", "modal" or "home"."""

    surface: str
    code: str
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """A position in the checked JSON and the report that it belongs to."""

    report: Report
    pointer: str

    def at(self, key: str | int) -> "Place":
        return Place(self.report, f"{self.pointer}/{key}")

    def refuse(self, message: str, *, code: str | None = None) -> None:
        self.report.problems.append(Problem(code or self.report.code, message, self.pointer))


class Rule(Protocol):
    def check(self, value: object, place: Place) -> None: ...


CrossCheck = Callable[[Json, Place], None]


@dataclass(frozen=True, slots=True)
class String:
    """A string of `least` to `most` characters, matching `pattern` whole if there is one."""

    most: int | None = None
    least: int = 1
    pattern: str | None = None
    wanted: str = "must be a valid value"

    def check(self, value: object, place: Place) -> None:
        if not isinstance(value, str):
            place.refuse("must provide a string")
        elif len(value) < self.least:
            place.refuse(f"must be more than {self.least - 1} characters")
        elif self.most is not None and len(value) > self.most:
            place.refuse(f"must be less than {self.most + 1} characters")
        elif self.pattern is not None and not re.fullmatch(self.pattern, value):
            place.refuse(self.wanted)


def url(most: int = 3000) -> String:
    return String(most, pattern=r"[A-Za-z][A-Za-z0-9+.-]*:\S+", wanted="must be a valid URL")


def identifier(first_letters: str) -> String:
    return String(pattern=f"[{first_letters}][A-Z0-9]+", wanted="must be a valid id")


@dataclass(frozen=True, slots=True)
class Flag:
    def check(self, value: object, place: Place) -> None:
        if not isinstance(value, bool):
            place.refuse("must provide a boolean")


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number between `least` and `most`; `whole` refuses decimals."""

    least: float | None = None
    most: float | None = None
    whole: bool = True

    def check(self, value: object, place: Place) -> None:
        kinds = (int,) if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            place.refuse("must provide an integer" if self.whole else "must provide a number")
        elif self.least is not None and value < self.least:
            place.refuse(f"must be greater than or equal to {self.least:g}")
        elif self.most is not None and value > self.most:
            place.refuse(f"must be less than or equal to {self.most:g}")


@dataclass(frozen=True, slots=True)
class Day:
    """A real calendar day written YYYY-MM-DD."""

    def check(self, value: object, place: Place) -> None:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            place.refuse("must be in the format YYYY-MM-DD")
            return
        try:
            date.fromisoformat(value)
        except ValueError:
            place.refuse("must be a valid date")


@dataclass(frozen=True, slots=True)
class Choice:
    values: tuple[str, ...]

    def check(self, value: object, place: Place) -> None:
        if value not in self.values:
            place.refuse("must be a valid enum value")


@dataclass(frozen=True, slots=True)
class Items:
    """A list of `least` to `most` values that each obey `rule`."""

    rule: Rule
    most: int | None = None
    least: int = 1

    def check(self, value: object, place: Place) -> None:
        if not isinstance(value, list):
            place.refuse("must provide an array")
            return
        if len(value) < self.least:
            place.refuse(f"no fewer than {self.least} items allowed")
        if self.most is not None and len(value) > self.most:
            place.refuse(f"no more than {self.most} items allowed")
            return
        for index, item in enumerate(value):
            self.rule.check(item, place.at(index))


@dataclass(frozen=True, slots=True)
class Shape:
    """A JSON object: its known keys, those it must have, and what must hold between them."""

    fields: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    together: tuple[CrossCheck, ...] = ()

    def check(self, value: object, place: Place) -> None:
        if not isinstance(value, dict):
            place.refuse("must provide an object")
            return
        for key in self.required:
            if key not in value:
                place.refuse(f"missing required field: {key}")
        for key, content in value.items():
            rule = self.fields.get(key)
            if rule is None:
                place.refuse(f"invalid additional property: {key}")
            else:
                rule.check(content, place.at(key))
        for check in self.together:
            check(value, place)


@dataclass(frozen=True, slots=True)
class OneOf:
    """An object whose `type` names one of the shapes in `table()`, limited to `allowed` when that is given.

    The table is a callable because tables refer to each other (a container holds blocks).
    """

    table: Callable[[], Mapping[str, Shape]]
    allowed: frozenset[str] | Callable[[str], frozenset[str]] | None = None

    def check(self, value: object, place: Place) -> None:
        if not isinstance(value, dict):
            place.refuse("must provide an object")
            return
        kind = value.get("type")
        if kind is None:
            place.refuse("missing required field: type")
            return
        allowed = self.allowed(place.report.surface) if callable(self.allowed) else self.allowed
        shape = self.table().get(kind) if isinstance(kind, str) else None
        if shape is None or (allowed is not None and kind not in allowed):
            place.at("type").refuse(f"unsupported type: {kind}")
        else:
            shape.check(value, place)


@dataclass(frozen=True, slots=True)
class Text:
    """A text object of one of `kinds`, of `least` to `most` characters."""

    most: int = 3000
    kinds: tuple[str, ...] = ("plain_text", "mrkdwn")
    least: int = 1

    def check(self, value: object, place: Place) -> None:
        if not isinstance(value, dict):
            place.refuse("must provide an object")
            return
        kind = value.get("type")
        if kind not in self.kinds:
            place.at("type").refuse("must be a valid enum value")
            return
        own = {"emoji": Flag()} if kind == "plain_text" else {"verbatim": Flag()}
        known: dict[str, Rule] = {"type": Choice(self.kinds), "text": String(self.most, self.least), **own}
        Shape(known, ("type", "text")).check(value, place)


def plain(most: int) -> Text:
    return Text(most, ("plain_text",))


def mrkdwn(most: int) -> Text:
    return Text(most, ("mrkdwn",))


def either(*names: str) -> CrossCheck:
    """At least one of `names` is there."""

    def check(value: Json, place: Place) -> None:
        if not any(name in value for name in names):
            place.refuse(f"must have one of: {', '.join(names)}")

    return check


def exactly_one(*names: str) -> CrossCheck:
    def check(value: Json, place: Place) -> None:
        if sum(name in value for name in names) != 1:
            place.refuse(f"must have exactly one of: {', '.join(names)}")

    return check
