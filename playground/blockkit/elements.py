"""Block elements and composition objects: their fields and limits, as Slack publishes them."""

from collections.abc import Mapping

from playground.blockkit.rules import (
    Choice,
    CrossCheck,
    Day,
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
    identifier,
    plain,
    url,
)

TIME = String(pattern=r"([01]\d|2[0-3]):[0-5]\d", wanted="must be in the format HH:mm")
UNIX_TIME = Number(0, 9_999_999_999)
DECIMAL = String(pattern=r"-?\d+(\.\d+)?", wanted="must be a number")
USER, CHANNEL, CONVERSATION = identifier("UW"), identifier("CG"), identifier("CDGUW")

CONFIRM = Shape(
    {
        "title": plain(100),
        "text": Text(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": Choice(("primary", "danger")),
    },
    ("title", "text", "confirm", "deny"),
)
DISPATCH = Shape({"trigger_actions_on": Items(Choice(("on_enter_pressed", "on_character_entered")), 2)})
FILTER = Shape(
    {
        "include": Items(Choice(("im", "mpim", "private", "public")), 4),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    },
    together=(either("include", "exclude_external_shared_channels", "exclude_bot_users"),),
)
SLACK_FILE = Shape({"id": identifier("F"), "url": url()}, together=(exactly_one("id", "url"),))


def _option(text: Text, *, with_url: bool = False) -> Shape:
    fields: dict[str, Rule] = {"text": text, "value": String(150), "description": Text(75)}
    return Shape(fields | ({"url": url()} if with_url else {}), ("text", "value"))


OPTION, RICH_OPTION, MENU_OPTION = _option(plain(75)), _option(Text(75)), _option(plain(75), with_url=True)
OPTION_GROUP = Shape({"label": plain(75), "options": Items(OPTION, 100)}, ("label", "options"))


def _choices(value: Json) -> list[object]:
    groups = value.get("option_groups")
    if isinstance(groups, list):
        nested = [group.get("options") for group in groups if isinstance(group, dict)]
        return [option for options in nested if isinstance(options, list) for option in options]
    options = value.get("options")
    return options if isinstance(options, list) else []


def _identity(option: object) -> tuple[object, object]:
    """Slack compares an initial option with the offered ones by text and value."""
    if not isinstance(option, dict):
        return (None, None)
    text = option.get("text")
    return (text.get("text") if isinstance(text, dict) else None, option.get("value"))


def _initial_is_offered(value: Json, place: Place) -> None:
    offered = [_identity(option) for option in _choices(value)]
    if "initial_option" in value and _identity(value["initial_option"]) not in offered:
        place.at("initial_option").refuse("initial option was not found in the provided options")
    several = value.get("initial_options")
    for index, option in enumerate(several if isinstance(several, list) else ()):
        if _identity(option) not in offered:
            place.at("initial_options").at(index).refuse("initial option was not found in the provided options")


def _not_more_than_max(value: Json, place: Place) -> None:
    most = value.get("max_selected_items")
    for key in ("initial_options", "initial_users", "initial_channels", "initial_conversations"):
        chosen = value.get(key)
        if isinstance(most, int) and isinstance(chosen, list) and len(chosen) > most:
            place.at(key).refuse(f"no more than {most} items allowed")


def _ordered(low: str, high: str) -> CrossCheck:
    def check(value: Json, place: Place) -> None:
        try:
            first, last = float(str(value[low])), float(str(value[high]))
        except (KeyError, ValueError):
            return
        if first > last:
            place.at(low).refuse(f"must not be more than {high}")

    return check


def _starts_in_range(value: Json, place: Place) -> None:
    try:
        initial = float(str(value["initial_value"]))
        least = float(str(value.get("min_value", initial)))
        most = float(str(value.get("max_value", initial)))
    except (KeyError, ValueError):
        return
    if not least <= initial <= most:
        place.at("initial_value").refuse("must be between min_value and max_value")


def _whole_unless_decimal(value: Json, place: Place) -> None:
    for key in ("initial_value", "min_value", "max_value"):
        if value.get("is_decimal_allowed") is False and "." in str(value.get(key, "")):
            place.at(key).refuse("must be a whole number")


def _initial_text_fits(value: Json, place: Place) -> None:
    text, most = value.get("initial_value"), value.get("max_length")
    if isinstance(text, str) and isinstance(most, int) and len(text) > most:
        place.at("initial_value").refuse(f"must be less than {most + 1} characters")


ACTION_ID: dict[str, Rule] = {"type": String(), "action_id": String(255)}
FOCUS: dict[str, Rule] = {**ACTION_ID, "focus_on_load": Flag()}
FIELD: dict[str, Rule] = {**FOCUS, "placeholder": plain(150)}
TYPED: dict[str, Rule] = {**FIELD, "dispatch_action_config": DISPATCH}
MENU: dict[str, Rule] = {**FIELD, "confirm": CONFIRM}
SEVERAL: dict[str, Rule] = {**MENU, "max_selected_items": Number(1)}
OFFERS: dict[str, Rule] = {"options": Items(OPTION, 100), "option_groups": Items(OPTION_GROUP, 100)}
ONE_SOURCE = exactly_one("options", "option_groups")
QUERY: dict[str, Rule] = {"min_query_length": Number(0)}


def _select(fields: Mapping[str, Rule], *together: CrossCheck) -> Shape:
    return Shape(fields, ("type",), together)


IMAGE = Shape(
    {"type": String(), "image_url": url(), "slack_file": SLACK_FILE, "alt_text": String(2000, least=0)},
    ("type", "alt_text"),
    (exactly_one("image_url", "slack_file"),),
)
BUTTON = Shape(
    {
        **ACTION_ID,
        "text": plain(75),
        "url": url(),
        "value": String(2000),
        "style": Choice(("primary", "danger")),
        "confirm": CONFIRM,
        "accessibility_label": String(75),
        "agent_prompt": String(4000),
    },
    ("type", "text"),
)
_FEEDBACK = Shape({"text": plain(75), "value": String(2000), "accessibility_label": String(75)}, ("text", "value"))
_PARAMETER = Shape({"name": String(), "value": String()}, ("name", "value"))
_TRIGGER = Shape({"url": url(), "customizable_input_parameters": Items(_PARAMETER)}, ("url",))

ELEMENTS: Mapping[str, Shape] = {
    "button": BUTTON,
    "image": IMAGE,
    "checkboxes": Shape(
        {**FOCUS, "options": Items(RICH_OPTION, 10), "initial_options": Items(RICH_OPTION, 10), "confirm": CONFIRM},
        ("type", "options"),
        (_initial_is_offered,),
    ),
    "radio_buttons": Shape(
        {**FOCUS, "options": Items(RICH_OPTION, 10), "initial_option": RICH_OPTION, "confirm": CONFIRM},
        ("type", "options"),
        (_initial_is_offered,),
    ),
    "overflow": Shape({**ACTION_ID, "options": Items(MENU_OPTION, 5), "confirm": CONFIRM}, ("type", "options")),
    "datepicker": _select({**MENU, "initial_date": Day()}),
    "timepicker": _select({**MENU, "initial_time": TIME, "timezone": String()}),
    "datetimepicker": _select({**FOCUS, "confirm": CONFIRM, "initial_date_time": UNIX_TIME}),
    "static_select": _select({**MENU, **OFFERS, "initial_option": OPTION}, ONE_SOURCE, _initial_is_offered),
    "external_select": _select({**MENU, **QUERY, "initial_option": OPTION}),
    "users_select": _select({**MENU, "initial_user": USER}),
    "conversations_select": _select(
        {
            **MENU,
            "initial_conversation": CONVERSATION,
            "default_to_current_conversation": Flag(),
            "response_url_enabled": Flag(),
            "filter": FILTER,
        }
    ),
    "channels_select": _select({**MENU, "initial_channel": CHANNEL, "response_url_enabled": Flag()}),
    "multi_static_select": _select(
        {**SEVERAL, **OFFERS, "initial_options": Items(OPTION, 100)},
        ONE_SOURCE,
        _initial_is_offered,
        _not_more_than_max,
    ),
    "multi_external_select": _select({**SEVERAL, **QUERY, "initial_options": Items(OPTION, 100)}, _not_more_than_max),
    "multi_users_select": _select({**SEVERAL, "initial_users": Items(USER)}, _not_more_than_max),
    "multi_conversations_select": _select(
        {
            **SEVERAL,
            "initial_conversations": Items(CONVERSATION),
            "default_to_current_conversation": Flag(),
            "filter": FILTER,
        },
        _not_more_than_max,
    ),
    "multi_channels_select": _select({**SEVERAL, "initial_channels": Items(CHANNEL)}, _not_more_than_max),
    "plain_text_input": _select(
        {
            **TYPED,
            "initial_value": String(3000, least=0),
            "multiline": Flag(),
            "min_length": Number(0, 3000),
            "max_length": Number(1, 3000),
        },
        _ordered("min_length", "max_length"),
        _initial_text_fits,
    ),
    "email_text_input": _select({**TYPED, "initial_value": String(3000, least=0)}),
    "url_text_input": _select({**TYPED, "initial_value": String(3000, least=0)}),
    "number_input": Shape(
        {**TYPED, "is_decimal_allowed": Flag(), "initial_value": DECIMAL, "min_value": DECIMAL, "max_value": DECIMAL},
        ("type", "is_decimal_allowed"),
        (_ordered("min_value", "max_value"), _starts_in_range, _whole_unless_decimal),
    ),
    "rich_text_input": _select({**TYPED, "initial_value": OneOf(lambda: {**_rich_text()})}),
    "file_input": _select({**ACTION_ID, "filetypes": Items(String()), "max_files": Number(1, 10)}),
    "workflow_button": Shape(
        {
            **ACTION_ID,
            "text": plain(75),
            "workflow": Shape({"trigger": _TRIGGER}, ("trigger",)),
            "style": Choice(("primary", "danger")),
            "accessibility_label": String(75),
        },
        ("type", "text", "workflow"),
    ),
    "feedback_buttons": Shape(
        {**ACTION_ID, "positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
        ("type", "positive_button", "negative_button"),
    ),
    "icon_button": Shape(
        {
            **ACTION_ID,
            "icon": Choice(("trash",)),
            "text": plain(75),
            "accessibility_label": String(75),
            "value": String(2000),
            "visible_to_user_ids": Items(USER),
            "confirm": CONFIRM,
        },
        ("type", "icon", "text"),
    ),
}


def _rich_text() -> Mapping[str, Shape]:
    from playground.blockkit.blocks import BLOCKS  # noqa: PLC0415 -- blocks.py is built from the elements above

    return {"rich_text": BLOCKS["rich_text"]}


PICKERS = frozenset(
    name for name in ELEMENTS if "select" in name or name in {"datepicker", "timepicker", "checkboxes", "radio_buttons"}
)
IN_SECTION = PICKERS | {"button", "image", "overflow", "workflow_button"}
IN_ACTIONS = PICKERS | {"button", "overflow", "workflow_button", "datetimepicker", "rich_text_input"}
IN_INPUT = PICKERS | {
    "datetimepicker",
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
}
