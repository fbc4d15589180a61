"""Layout blocks: their fields and limits, and the surfaces that show them."""

from collections.abc import Mapping

from playground.blockkit.elements import BUTTON, ELEMENTS, IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION, SLACK_FILE
from playground.blockkit.rich_text import PARTS
from playground.blockkit.rules import (
    Choice,
    Flag,
    Items,
    Json,
    Number,
    OneOf,
    Place,
    Rule,
    Shape,
    String,
    Text,
    either,
    exactly_one,
    plain,
    url,
)

BASE: dict[str, Rule] = {"type": String(), "block_id": String(255)}


def _block(fields: Mapping[str, Rule], *required: str) -> Shape:
    return Shape({**BASE, **fields}, ("type", *required))


class _ContextPiece:
    """A context block mixes text objects and images."""

    def check(self, value: object, place: Place) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind == "image":
            IMAGE.check(value, place)
        elif kind in ("plain_text", "mrkdwn"):
            Text(2000).check(value, place)
        else:
            place.at("type").refuse(f"unsupported type: {kind}")


def _input_surfaces(value: Json, place: Place) -> None:
    element = value.get("element")
    kind = element.get("type") if isinstance(element, dict) else None
    if kind == "file_input" and place.report.surface != "modal":
        place.at("element").refuse("file_input is only available in modals")
    if isinstance(element, dict) and element.get("response_url_enabled") and place.report.surface != "modal":
        place.at("element").refuse("response_url_enabled is only available in modals")


def _divided_or_collapsible(value: Json, place: Place) -> None:
    if value.get("is_collapsible") is True and value.get("has_header_divider") is True:
        place.at("has_header_divider").refuse("cannot be set when is_collapsible is true")
    if value.get("default_collapsed") is True and value.get("is_collapsible") is not True:
        place.at("default_collapsed").refuse("requires is_collapsible to be true")


def _points_match_categories(value: Json, place: Place) -> None:
    axis, series = value.get("axis_config"), value.get("series")
    categories = axis.get("categories") if isinstance(axis, dict) else None
    if not isinstance(categories, list) or not isinstance(series, list):
        return
    names = [line.get("name") for line in series if isinstance(line, dict)]
    if len(set(map(str, names))) < len(names):
        place.at("series").refuse("series names must be unique")
    for index, line in enumerate(series):
        data = line.get("data") if isinstance(line, dict) else None
        labels = [point.get("label") for point in data if isinstance(point, dict)] if isinstance(data, list) else []
        if sorted(map(str, labels)) != sorted(map(str, categories)):
            place.at("series").at(index).at("data").refuse("labels must match the axis categories")


def _shares(most: int, fields: Mapping[str, Rule]) -> Items:
    return Items(Shape(fields, tuple(fields)), most)


_POINT: dict[str, Rule] = {"label": String(20), "value": Number(whole=False)}
_AXIS = Shape(
    {"categories": Items(String(20), 20), "x_label": String(50), "y_label": String(50)},
    ("categories",),
)
_PLOT = Shape(
    {
        "type": String(),
        "series": _shares(6, {"name": String(20), "data": _shares(20, _POINT)}),
        "axis_config": _AXIS,
    },
    ("type", "series", "axis_config"),
    (_points_match_categories,),
)
_SLICE: dict[str, Rule] = {"label": String(20), "value": Number(0, whole=False)}
CHARTS: Mapping[str, Shape] = {
    "pie": Shape({"type": String(), "segments": _shares(6, _SLICE)}, ("type", "segments")),
    "bar": _PLOT,
    "line": _PLOT,
    "area": _PLOT,
}

_RICH_TEXT = _block({"elements": Items(OneOf(lambda: PARTS))}, "elements")
_CELLS: Mapping[str, Shape] = {
    "raw_text": Shape({"type": String(), "text": String()}, ("type", "text")),
    "raw_number": Shape({"type": String(), "value": Number(whole=False), "text": String()}, ("type", "value")),
    "rich_text": _RICH_TEXT,
}
_COLUMN = Shape({"align": Choice(("left", "center", "right")), "is_wrapped": Flag()})
_ACTION_CELL = Shape({"type": String(), "element": OneOf(lambda: {"button": BUTTON})}, ("type", "element"))
_SOURCE = Shape({"type": Choice(("url",)), "url": url(), "text": String()}, ("type", "url", "text"))
_TASK = _block(
    {
        "task_id": String(),
        "title": String(),
        "status": Choice(("pending", "in_progress", "complete", "error")),
        "details": OneOf(lambda: {"rich_text": _RICH_TEXT}),
        "output": OneOf(lambda: {"rich_text": _RICH_TEXT}),
        "sources": Items(_SOURCE),
    },
    "task_id",
    "title",
    "status",
)
_CARD = Shape(
    {
        **BASE,
        "hero_image": OneOf(lambda: {"image": IMAGE}),
        "icon": OneOf(lambda: {"image": IMAGE}),
        "title": Text(150),
        "subtitle": Text(150),
        "body": Text(200),
        "actions": Items(OneOf(lambda: {"button": BUTTON}), 3),
    },
    ("type",),
    (either("hero_image", "title", "actions", "body"),),
)
IN_CONTAINER = frozenset(
    {"actions", "context", "divider", "file", "header", "image", "input", "rich_text", "section", "table", "video"}
)

BLOCKS: Mapping[str, Shape] = {
    "section": Shape(
        {
            **BASE,
            "text": Text(3000),
            "fields": Items(Text(2000), 10),
            "accessory": OneOf(lambda: ELEMENTS, IN_SECTION),
            "expand": Flag(),
        },
        ("type",),
        (either("text", "fields"),),
    ),
    "header": _block({"text": plain(150)}, "text"),
    "divider": _block({}),
    "image": Shape(
        {
            **BASE,
            "image_url": url(),
            "slack_file": SLACK_FILE,
            "alt_text": String(2000, least=0),
            "title": plain(2000),
        },
        ("type", "alt_text"),
        (exactly_one("image_url", "slack_file"),),
    ),
    "context": _block({"elements": Items(_ContextPiece(), 10)}, "elements"),
    "actions": _block({"elements": Items(OneOf(lambda: ELEMENTS, IN_ACTIONS), 25)}, "elements"),
    "context_actions": _block(
        {"elements": Items(OneOf(lambda: ELEMENTS, frozenset({"feedback_buttons", "icon_button"})), 5)}, "elements"
    ),
    "input": Shape(
        {
            **BASE,
            "label": plain(2000),
            "element": OneOf(lambda: ELEMENTS, IN_INPUT),
            "hint": plain(2000),
            "optional": Flag(),
            "dispatch_action": Flag(),
        },
        ("type", "label", "element"),
        (_input_surfaces,),
    ),
    "rich_text": _RICH_TEXT,
    "markdown": _block({"text": String(12_000)}, "text"),
    "video": _block(
        {
            "title": plain(199),
            "title_url": url(),
            "description": plain(200),
            "video_url": url(),
            "thumbnail_url": url(),
            "alt_text": String(2000),
            "author_name": String(49),
            "provider_name": String(),
            "provider_icon_url": url(),
        },
        "title",
        "video_url",
        "thumbnail_url",
        "alt_text",
    ),
    "file": _block({"external_id": String(), "source": Choice(("remote",))}, "external_id", "source"),
    "table": _block(
        {
            "rows": Items(Items(OneOf(lambda: _CELLS), 20), 100),
            "column_settings": Items(_COLUMN, 20),
        },
        "rows",
    ),
    "data_table": _block(
        {
            "rows": Items(Items(OneOf(lambda: {**_CELLS, "action": _ACTION_CELL}), 20), 201),
            "column_settings": Items(_COLUMN, 20),
            "caption": String(),
            "page_size": Number(1, 100),
            "row_header_column_index": Number(0, 19),
        },
        "rows",
        "caption",
    ),
    "data_visualization": _block({"title": String(50), "chart": OneOf(lambda: CHARTS)}, "title", "chart"),
    "alert": _block(
        {"text": Text(200), "level": Choice(("default", "info", "warning", "error", "success"))},
        "text",
    ),
    "card": _CARD,
    "carousel": _block({"elements": Items(OneOf(lambda: {"card": _CARD}), 10)}, "elements"),
    "container": Shape(
        {
            **BASE,
            "title": plain(150),
            "rich_text_title": OneOf(lambda: {"rich_text": _RICH_TEXT}),
            "subtitle": Text(150),
            "child_blocks": Items(OneOf(lambda: BLOCKS, lambda surface: IN_CONTAINER & allowed_on(surface)), 10),
            "width": Choice(("narrow", "standard", "wide", "full")),
            "icon": OneOf(lambda: {"image": IMAGE}),
            "is_collapsible": Flag(),
            "default_collapsed": Flag(),
            "has_header_divider": Flag(),
        },
        ("type", "child_blocks"),
        (either("title", "rich_text_title"), _divided_or_collapsible),
    ),
    "task_card": _TASK,
    "plan": _block({"title": String(), "tasks": Items(OneOf(lambda: {"task_card": _TASK}), 50)}, "title"),
}

_ONLY_MESSAGES = frozenset(
    {
        "container",
        "context_actions",
        "data_table",
        "data_visualization",
        "file",
        "markdown",
        "plan",
        "table",
        "task_card",
    }
)
_SURFACES: Mapping[str, frozenset[str]] = {
    "message": frozenset(BLOCKS) - {"input", "alert"},
    "modal": frozenset(BLOCKS) - _ONLY_MESSAGES - {"carousel"},
    "home": frozenset(BLOCKS) - _ONLY_MESSAGES - {"alert"},
}


def allowed_on(surface: str) -> frozenset[str]:
    """The block types that "message", "modal" or "home" shows."""
    return _SURFACES[surface]


BLOCK = OneOf(lambda: BLOCKS, allowed_on)
MODAL = Shape(
    {
        "type": Choice(("modal",)),
        "title": plain(24),
        "submit": plain(24),
        "close": plain(24),
        "blocks": Items(BLOCK, 100),
        "private_metadata": String(3000, least=0),
        "callback_id": String(255, least=0),
        "external_id": String(255, least=0),
        "clear_on_close": Flag(),
        "notify_on_close": Flag(),
    },
    ("type", "title", "blocks"),
)
HOME = Shape(
    {
        "type": Choice(("home",)),
        "blocks": Items(BLOCK, 100),
        "private_metadata": String(3000, least=0),
        "callback_id": String(255, least=0),
        "external_id": String(255, least=0),
    },
    ("type", "blocks"),
)
