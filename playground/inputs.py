"""What people enter: Slack's state.values, from what a person typed or chose and what the app preselected."""

import secrets
from collections.abc import Callable, Iterator
from datetime import date, time
from typing import Any

from playground.workspace import Json, JsonValue

SINGLE = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
}
SEVERAL = {
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "checkboxes": "selected_options",
    "file_input": "files",
}
KEPT = {**SINGLE, **SEVERAL}
"""Type of a stateful element -> the key of its value."""
INITIAL = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_user": "initial_user",
    "selected_conversation": "initial_conversation",
    "selected_channel": "initial_channel",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "selected_options": "initial_options",
    "selected_users": "initial_users",
    "selected_conversations": "initial_conversations",
    "selected_channels": "initial_channels",
}
INTERACTIVE = {*KEPT, "button", "workflow_button", "icon_button", "feedback_buttons"}
SHAPES: dict[str, Callable[[JsonValue], object]] = {
    "selected_date": date.fromisoformat,
    "selected_time": time.fromisoformat,
    "selected_date_time": int,
}
REQUIRED = "Please complete this required field."


class WrongInputError(Exception):
    """A value that Slack's own client would not let a person enter."""


def elements(block: Json) -> Iterator[Json]:
    """The interactive elements of one block, those of cards and other containers too."""
    for key in ("accessory", "element"):
        if "action_id" in (block.get(key) or {}):
            yield block[key]
    for key in ("elements", "actions", "child_blocks"):
        for inner in block.get(key) or ():
            if not isinstance(inner, dict):
                continue
            if "action_id" in inner:
                yield inner
            if key == "child_blocks" or inner.get("type") == "card":
                yield from elements(inner)


def blocks_within(blocks: list[Json] | None) -> Iterator[Json]:
    """Every block, those inside containers and carousels too."""
    for block in blocks or ():
        yield block
        yield from blocks_within(block.get("child_blocks"))
        if block.get("type") == "carousel":
            yield from blocks_within(block.get("elements"))


def find_element(blocks: list[Json] | None, block_id: str | None, action_id: str) -> tuple[Json, Json] | None:
    """The (block, element) with these ids."""
    for block in blocks_within(blocks):
        if block_id is None or block.get("block_id") == block_id:
            for element in elements(block):
                if element.get("action_id") == action_id:
                    return block, element
    return None


def with_ids(blocks: list[Json] | None) -> list[Json] | None:
    """Fills in the block ids and action ids that the app left out, as Slack does; in place."""
    for block in blocks_within(blocks):
        block.setdefault("block_id", short_id())
        inner = [
            block.get("accessory"),
            block.get("element"),
            *(block.get("elements") or ()),
            *(block.get("actions") or ()),
        ]
        for element in inner:
            if isinstance(element, dict) and element.get("type") in INTERACTIVE:
                element.setdefault("action_id", short_id())
    return blocks


def short_id() -> str:
    return secrets.token_urlsafe(4)[:5]


def state_values(blocks: list[Json] | None, typed: Json) -> Json:
    """state.values: what was typed, else what the app preselected, else Slack's empty value."""
    values: Json = {}
    for block in blocks_within(blocks):
        for element in elements(block):
            kind = element["type"]
            if kind not in KEPT or kind == "overflow":
                continue
            block_id, action_id = block["block_id"], element["action_id"]
            answer = typed.get(block_id, {}).get(action_id)
            values.setdefault(block_id, {})[action_id] = answer or initial_answer(element)
    return values


def initial_answer(element: Json) -> Json:
    kind = element["type"]
    key = KEPT[kind]
    initial = element.get(INITIAL.get(key, ""))
    answer: Json = {"type": kind, key: [] if initial is None and kind in SEVERAL else initial}
    if kind == "timepicker" and element.get("timezone"):
        answer["timezone"] = element["timezone"]
    return answer


def answer_of(element: Json, value: JsonValue) -> Json:
    """Slack's answer object, from itself or a plain value: a text, an option's value or label, an id, a list of those.

    Raises WrongInputError when the element does not offer it.
    """
    kind = element["type"]
    key = KEPT[kind]
    if isinstance(value, dict) and key in value:
        value = value[key]
    if kind in SEVERAL:
        many = value if isinstance(value, list) else [] if value in (None, "") else [value]
        chosen: Any = [_option(element, one) if key == "selected_options" else one for one in many]
    elif value is None or (value == "" and key != "selected_option"):
        chosen = None
    elif key == "selected_option":
        chosen = _option(element, value)
    elif key == "rich_text_value" and isinstance(value, str):
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        chosen = {"type": "rich_text", "elements": [section]}
    elif key == "value":
        chosen = str(value)
    elif key in SHAPES:
        chosen = _shaped(key, value)
    else:
        chosen = str(value)
    answer: Json = {"type": kind, key: chosen}
    if kind == "timepicker" and element.get("timezone"):
        answer["timezone"] = element["timezone"]
    return answer


def _shaped(key: str, value: JsonValue) -> JsonValue:
    """A date as YYYY-MM-DD, a time as HH:MM, a moment as whole seconds since 1970."""
    try:
        SHAPES[key](value)
    except (ValueError, TypeError):
        raise WrongInputError(f"{value!r} is no {key.removeprefix('selected_')}") from None
    return int(value) if key == "selected_date_time" else value


def options_of(element: Json) -> list[Json]:
    groups: list[Json] = element.get("option_groups") or []
    options: list[Json] = element.get("options") or []
    return [*options, *(option for group in groups for option in group["options"])]


def _option(element: Json, value: JsonValue) -> Json:
    if element["type"].endswith("external_select"):
        if isinstance(value, dict):
            return value
        raise WrongInputError("an external select is answered with one of the options it was given")
    wanted = value.get("value") if isinstance(value, dict) else value
    for option in options_of(element):
        if wanted in (option.get("value"), option["text"]["text"]):
            return option
    raise WrongInputError(f"{wanted!r} is not among the options of {element['action_id']}")


def merge(blocks: list[Json] | None, typed: Json, values: Json) -> Json:
    """`typed` with `values` over it: {block_id: {action_id: value}} or {block_id: value}. Raises WrongInputError."""
    merged = {block_id: dict(answers) for block_id, answers in typed.items()}
    for block_id, given in values.items():
        block = next((block for block in blocks_within(blocks) if block.get("block_id") == block_id), None)
        if block is None:
            continue  # Slack's client holds no values for blocks that are not there
        for element in elements(block):
            if element["type"] not in KEPT:
                continue
            action_id = element["action_id"]
            if isinstance(given, dict) and action_id in given:
                merged.setdefault(block_id, {})[action_id] = answer_of(element, given[action_id])
            elif not isinstance(given, dict):
                merged.setdefault(block_id, {})[action_id] = answer_of(element, given)
    return merged


def complaints(blocks: list[Json] | None, values: Json) -> dict[str, str]:
    """What Slack's own client says, by block id, before it submits anything."""
    found: dict[str, str] = {}
    for block in blocks_within(blocks):
        if block.get("type") != "input":
            continue
        element = block["element"]
        value = values[block["block_id"]][element["action_id"]][KEPT[element["type"]]]
        if value in (None, "", []):
            if not block.get("optional"):
                found[block["block_id"]] = REQUIRED
        elif complaint := _complaint(element, value):
            found[block["block_id"]] = complaint
    return found


def _complaint(element: Json, value: JsonValue) -> str | None:
    if element["type"] == "plain_text_input":
        if len(value) > element.get("max_length", 3000):
            return f"Please enter no more than {element.get('max_length', 3000)} characters."
        if len(value) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
    if element["type"] == "number_input":
        return _number_complaint(element, value)
    if "max_selected_items" in element and len(value) > element["max_selected_items"]:
        return f"Please choose no more than {element['max_selected_items']}."
    return None


def _number_complaint(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != int(number):
        return "Please enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None
