"""What Slack would say to a whole message or a whole view."""

import json
from collections import Counter
from collections.abc import Iterator

from playground.blockkit.blocks import BLOCK, HOME, MODAL
from playground.blockkit.elements import OPTION, OPTION_GROUP
from playground.blockkit.rules import Items, Json, Place, Problem, Report, Shape, exactly_one

MESSAGE_BLOCKS = 50
MESSAGE_TEXT = 40_000
# Slack publishes no number; this is where messages begin to be refused.
MESSAGE_BLOCKS_TEXT = 13_200
MARKDOWN_TEXT = 12_000
VIEW_BYTES = 250_000
CHARTS_IN_MESSAGE = 2


def check_message(*, blocks: object = None, text: str | None = None, attachments: object = None) -> list[Problem]:
    """Everything for which chat.postMessage, chat.update, chat.postEphemeral or a response_url would refuse this.

    `blocks` and `attachments` are decoded JSON. A message with blocks must bring a `text` too: notifications and screen
    readers read only that. The first problem's `code` is the answer's `error`.
    """
    report = Report("message", "invalid_blocks")
    root = Place(report, "")
    if not text and not attachments:
        root.at("text").refuse("missing required field: text", code="no_text")
    if text is not None and len(text) > MESSAGE_TEXT:
        root.at("text").refuse(f"must be less than {MESSAGE_TEXT + 1} characters", code="msg_too_long")
    if blocks is not None:
        _check_message_blocks(blocks, root.at("blocks"))
    for index, attachment in enumerate(attachments if isinstance(attachments, list) else ()):
        if isinstance(attachment, dict) and "blocks" in attachment:
            _check_message_blocks(attachment["blocks"], root.at("attachments").at(index).at("blocks"))
    return report.problems


def check_view(view: object) -> list[Problem]:
    """Everything for which views.open, push, update and publish, or a response_action, would refuse this."""
    kind = view.get("type") if isinstance(view, dict) else None
    report = Report("home" if kind == "home" else "modal", "invalid_arguments")
    place = Place(report, "/view")
    if not isinstance(view, dict):
        place.refuse("must provide an object")
        return report.problems
    if kind not in ("modal", "home"):
        place.at("type").refuse("must be a valid enum value")
        return report.problems
    (HOME if kind == "home" else MODAL).check(view, place)
    blocks = [block for _, block in _walk(view.get("blocks"), place.at("blocks"))]
    if kind == "modal" and "submit" not in view and any(block.get("type") == "input" for block in blocks):
        place.refuse("missing required field: submit")
    _check_ids(view.get("blocks"), place.at("blocks"), across_blocks=True)
    if sum(_focused(block) for block in blocks) > 1:
        place.at("blocks").refuse("only one element can have focus_on_load")
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        place.refuse(f"must be less than {VIEW_BYTES} bytes", code="view_too_large")
    return report.problems


def check_options(payload: object) -> list[Problem]:
    """What Slack would say to an app's answer to a block_suggestion: options or option_groups, at most 100."""
    report = Report("modal", "invalid_options")
    Shape(
        {"options": Items(OPTION, 100, least=0), "option_groups": Items(OPTION_GROUP, 100, least=0)},
        together=(exactly_one("options", "option_groups"),),
    ).check(payload, Place(report, ""))
    return report.problems


def _check_message_blocks(blocks: object, place: Place) -> None:
    Items(BLOCK, MESSAGE_BLOCKS, least=0).check(blocks, place)
    _check_ids(blocks, place, across_blocks=False)
    walked = [block for _, block in _walk(blocks, place)]
    kinds = Counter(str(block.get("type")) for block in walked)
    if kinds["table"] > 1:
        place.refuse("only_one_table_allowed")
    if kinds["data_visualization"] > CHARTS_IN_MESSAGE:
        place.refuse(f"no more than {CHARTS_IN_MESSAGE} data_visualization blocks allowed")
    markdown = sum(len(str(block.get("text", ""))) for block in walked if block.get("type") == "markdown")
    if markdown > MARKDOWN_TEXT:
        place.refuse(f"markdown blocks must be less than {MARKDOWN_TEXT + 1} characters in total")
    if _text_length(blocks) > MESSAGE_BLOCKS_TEXT:
        place.refuse(f"must be less than {MESSAGE_BLOCKS_TEXT + 1} characters in total", code="msg_blocks_too_long")


def _walk(blocks: object, place: Place) -> Iterator[tuple[Place, Json]]:
    """Every block with its place, those inside containers and carousels too."""
    for index, block in enumerate(blocks if isinstance(blocks, list) else ()):
        if isinstance(block, dict):
            here = place.at(index)
            yield here, block
            yield from _walk(block.get("child_blocks"), here.at("child_blocks"))
            if block.get("type") == "carousel":
                yield from _walk(block.get("elements"), here.at("elements"))


def _elements(block: Json, place: Place) -> Iterator[tuple[Place, Json]]:
    """The interactive elements directly in one block."""
    for key in ("accessory", "element"):
        element = block.get(key)
        if isinstance(element, dict):
            yield place.at(key), element
    several = "actions" if block.get("type") == "card" else "elements"
    elements = block.get(several)
    for index, element in enumerate(elements if isinstance(elements, list) else ()):
        if isinstance(element, dict):
            yield place.at(several).at(index), element


def _check_ids(blocks: object, place: Place, *, across_blocks: bool) -> None:
    """No block_id twice; no action_id twice in a block, or `across_blocks` in the whole view."""
    block_ids: set[object] = set()
    action_ids: set[object] = set()
    for here, block in _walk(blocks, place):
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in block_ids:
                here.at("block_id").refuse(f'`block_id` "{block_id}" already exists')
            block_ids.add(block_id)
        if not across_blocks:
            action_ids = set()
        for spot, element in _elements(block, here):
            action_id = element.get("action_id")
            if isinstance(action_id, str):
                if action_id in action_ids:
                    spot.at("action_id").refuse(f'`action_id` "{action_id}" already exists')
                action_ids.add(action_id)


def _focused(block: Json) -> int:
    return sum(element.get("focus_on_load") is True for _, element in _elements(block, Place(Report("", ""), "")))


def _text_length(value: object) -> int:
    """All characters that a reader of these blocks would see."""
    if isinstance(value, list):
        return sum(map(_text_length, value))
    if not isinstance(value, dict):
        return 0
    own = value.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(map(_text_length, value.values()))
