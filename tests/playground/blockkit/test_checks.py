"""What Slack accepts is accepted; what Slack refuses is refused, with its code and at its place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.blockkit import check_message, check_options, check_view

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Hello") -> Block:
    return {"type": "section", "text": mrkdwn(text)}


def button(action_id: str = "go", **more: Any) -> Block:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(value: str = "a", text: str = "A") -> Block:
    return {"text": plain(text), "value": value}


def select(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "pick", "options": [option("a"), option("b", "B")], **more}


def field(element: Block, **more: Any) -> Block:
    return {"type": "input", "block_id": "b", "label": plain("Label"), "element": element, **more}


def text_input(**more: Any) -> Block:
    return {"type": "plain_text_input", "action_id": "typed", **more}


def modal(*blocks: Block, **more: Any) -> Block:
    return {"type": "modal", "title": plain("Title"), "submit": plain("Save"), "blocks": list(blocks), **more}


def home(*blocks: Block) -> Block:
    return {"type": "home", "blocks": list(blocks)}


def refused(blocks: object, text: str | None = "said aloud") -> list[tuple[str, str, str]]:
    return [(p.code, p.message, p.pointer) for p in check_message(blocks=blocks, text=text)]


def refused_view(view: object) -> list[tuple[str, str, str]]:
    return [(p.code, p.message, p.pointer) for p in check_view(view)]


def element_in_actions(element: Block) -> list[tuple[str, str]]:
    return [
        (message, pointer.removeprefix("/blocks/0/elements/0")) for _, message, pointer in refused([actions(element)])
    ]


def test_a_problem_reads_like_slacks() -> None:
    [problem] = check_message(blocks=[{"type": "header", "text": plain("x" * 151)}], text="x")
    assert str(problem) == "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert problem.code == "invalid_blocks"


@pytest.mark.parametrize(
    ("block", "message", "pointer"),
    [
        (section(""), "must be more than 0 characters", "/text/text"),
        (section("x" * 3001), "must be less than 3001 characters", "/text/text"),
        ({"type": "section"}, "must have one of: text, fields", ""),
        ({"type": "section", "fields": [mrkdwn("x")] * 11}, "no more than 10 items allowed", "/fields"),
        ({"type": "section", "fields": [mrkdwn("x" * 2001)]}, "must be less than 2001 characters", "/fields/0/text"),
        ({**section(), "surprise": 1}, "invalid additional property: surprise", ""),
        ({**section(), "block_id": "x" * 256}, "must be less than 256 characters", "/block_id"),
        ({**section(), "accessory": text_input()}, "unsupported type: plain_text_input", "/accessory/type"),
        ({"type": "sections"}, "unsupported type: sections", "/type"),
        ({"text": plain("x")}, "missing required field: type", ""),
        ("text", "must provide an object", ""),
        ({"type": "header", "text": mrkdwn("x")}, "must be a valid enum value", "/text/type"),
        ({"type": "header"}, "missing required field: text", ""),
        (field(text_input()), "unsupported type: input", "/type"),
        ({"type": "alert", "text": plain("x")}, "unsupported type: alert", "/type"),
        ({"type": "context", "elements": [mrkdwn("x")] * 11}, "no more than 10 items allowed", "/elements"),
        ({"type": "context", "elements": []}, "no fewer than 1 items allowed", "/elements"),
        ({"type": "context", "elements": [button()]}, "unsupported type: button", "/elements/0/type"),
        (actions(), "no fewer than 1 items allowed", "/elements"),
        (actions(*[button(str(n)) for n in range(26)]), "no more than 25 items allowed", "/elements"),
        (actions(text_input()), "unsupported type: plain_text_input", "/elements/0/type"),
        ({"type": "image", "image_url": "https://a.b/c.png"}, "missing required field: alt_text", ""),
        ({"type": "image", "alt_text": "x"}, "must have exactly one of: image_url, slack_file", ""),
        ({"type": "image", "alt_text": "x", "image_url": "c.png"}, "must be a valid URL", "/image_url"),
        ({"type": "markdown", "text": "x" * 12001}, "must be less than 12001 characters", "/text"),
        ({"type": "card"}, "must have one of: hero_image, title, actions, body", ""),
        ({"type": "card", "body": plain("x" * 201)}, "must be less than 201 characters", "/body/text"),
        ({"type": "card", "actions": [button(str(n)) for n in range(4)]}, "no more than 3 items allowed", "/actions"),
        (
            {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]},
            "no more than 20 items allowed",
            "/rows/0",
        ),
        (
            {"type": "container", "title": plain("x"), "child_blocks": [{"type": "markdown", "text": "x"}]},
            "unsupported type: markdown",
            "/child_blocks/0/type",
        ),
        (
            {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "txt"}]}]},
            "unsupported type: txt",
            "/elements/0/elements/0/type",
        ),
    ],
)
def test_blocks_that_slack_refuses(block: object, message: str, pointer: str) -> None:
    assert ("invalid_blocks", message, f"/blocks/0{pointer}") in refused([block])


@pytest.mark.parametrize(
    ("element", "message", "pointer"),
    [
        (button(text=plain("x" * 76)), "must be less than 76 characters", "/text/text"),
        (button(text=mrkdwn("x")), "must be a valid enum value", "/text/type"),
        (button(value="x" * 2001), "must be less than 2001 characters", "/value"),
        (button(value=""), "must be more than 0 characters", "/value"),
        (button(style="default"), "must be a valid enum value", "/style"),
        (button(url="x" * 10), "must be a valid URL", "/url"),
        (button(action_id="x" * 256), "must be less than 256 characters", "/action_id"),
        (button(confirm={"title": plain("x")}), "missing required field: text", "/confirm"),
        (
            button(confirm={"title": plain("x" * 101), "text": plain("x"), "confirm": plain("x"), "deny": plain("x")}),
            "must be less than 101 characters",
            "/confirm/title/text",
        ),
        (select(options=[option("x" * 151)]), "must be less than 151 characters", "/options/0/value"),
        (select(options=[option("a", "x" * 76)]), "must be less than 76 characters", "/options/0/text/text"),
        (select(options=[option()] * 101), "no more than 100 items allowed", "/options"),
        (select(options=[]), "no fewer than 1 items allowed", "/options"),
        (select(option_groups=[]), "must have exactly one of: options, option_groups", ""),
        (
            select(initial_option=option("c", "C")),
            "initial option was not found in the provided options",
            "/initial_option",
        ),
        ({"type": "overflow", "action_id": "o", "options": [option()] * 6}, "no more than 5 items allowed", "/options"),
        ({"type": "overflow", "action_id": "o", "options": []}, "no fewer than 1 items allowed", "/options"),
        ({"type": "checkboxes", "options": [option()] * 11}, "no more than 10 items allowed", "/options"),
        ({"type": "radio_buttons"}, "missing required field: options", ""),
        ({"type": "datepicker", "initial_date": "01.12.2026"}, "must be in the format YYYY-MM-DD", "/initial_date"),
        ({"type": "datepicker", "initial_date": "2026-02-30"}, "must be a valid date", "/initial_date"),
        ({"type": "timepicker", "initial_time": "24:00"}, "must be in the format HH:mm", "/initial_time"),
        ({"type": "datetimepicker", "initial_date_time": "now"}, "must provide an integer", "/initial_date_time"),
        ({"type": "users_select", "initial_user": "maya"}, "must be a valid id", "/initial_user"),
        (
            {"type": "multi_users_select", "initial_users": ["U1", "U2"], "max_selected_items": 1},
            "no more than 1 items allowed",
            "/initial_users",
        ),
    ],
)
def test_elements_that_slack_refuses(element: Block, message: str, pointer: str) -> None:
    assert (message, pointer) in element_in_actions(element)


def test_messages_need_text_even_beside_blocks() -> None:
    assert refused([section()], None) == [("no_text", "missing required field: text", "/text")]
    assert refused(None, "") == [("no_text", "missing required field: text", "/text")]
    assert refused(None, "x" * 40_001)[0][0] == "msg_too_long"


def test_a_message_holds_50_blocks_and_about_13200_characters() -> None:
    assert refused([section()] * 50) == []
    assert refused([section()] * 51) == [("invalid_blocks", "no more than 50 items allowed", "/blocks")]
    assert refused([section("x" * 3000)] * 4) == []
    assert refused([section("x" * 3000)] * 5)[0][0] == "msg_blocks_too_long"


def test_blocks_must_be_an_array() -> None:
    assert refused({"type": "section"}) == [("invalid_blocks", "must provide an array", "/blocks")]


def test_ids_are_unique() -> None:
    twice = [{**section(), "block_id": "a"}, {**section(), "block_id": "a"}]
    assert refused(twice) == [("invalid_blocks", '`block_id` "a" already exists', "/blocks/1/block_id")]
    assert refused([actions(button(), button())])[0][2] == "/blocks/0/elements/1/action_id"
    assert refused([actions(button()), actions(button())]) == []
    assert refused_view(home(actions(button()), actions(button())))[0][2] == "/view/blocks/1/elements/0/action_id"


def test_charts_and_tables_are_counted() -> None:
    chart = {
        "type": "data_visualization",
        "title": "Ready",
        "chart": {
            "type": "line",
            "series": [{"name": "ruler", "data": [{"label": "Mon", "value": 4}, {"label": "Tue", "value": 6.5}]}],
            "axis_config": {"categories": ["Mon", "Tue"]},
        },
    }
    assert refused([chart, chart]) == []
    assert "no more than 2" in refused([chart, chart, chart])[0][1]
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert refused([table]) == []
    assert refused([table, table])[0][1] == "only_one_table_allowed"
    wrong: Any = {**chart, "chart": {**chart["chart"], "axis_config": {"categories": ["Mon"]}}}  # type: ignore[dict-item]
    assert refused([wrong])[0][1] == "labels must match the axis categories"


@pytest.mark.parametrize(
    ("view", "message", "pointer"),
    [
        (modal(section(), title=plain("x" * 25)), "must be less than 25 characters", "/title/text"),
        (modal(section(), submit=plain("x" * 25)), "must be less than 25 characters", "/submit/text"),
        (modal(section(), close=plain("x" * 25)), "must be less than 25 characters", "/close/text"),
        (modal(section(), private_metadata="x" * 3001), "must be less than 3001 characters", "/private_metadata"),
        (modal(section(), callback_id="x" * 256), "must be less than 256 characters", "/callback_id"),
        (modal(*[section()] * 101), "no more than 100 items allowed", "/blocks"),
        (modal(), "no fewer than 1 items allowed", "/blocks"),
        (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown", "/blocks/0/type"),
        ({"type": "modal", "blocks": [section()]}, "missing required field: title", ""),
        ({**home(section()), "submit": plain("x")}, "invalid additional property: submit", ""),
        ({"type": "page", "blocks": []}, "must be a valid enum value", "/type"),
        ([], "must provide an object", ""),
        (
            {"type": "modal", "title": plain("T"), "blocks": [field(text_input())]},
            "missing required field: submit",
            "",
        ),
        (modal(field(button())), "unsupported type: button", "/blocks/0/element/type"),
        (
            modal(field(text_input(max_length=3001))),
            "must be less than or equal to 3000",
            "/blocks/0/element/max_length",
        ),
        (
            modal(field(text_input(min_length=9, max_length=3))),
            "must not be more than max_length",
            "/blocks/0/element/min_length",
        ),
        (
            modal(field(text_input(max_length=3, initial_value="long"))),
            "must be less than 4 characters",
            "/blocks/0/element/initial_value",
        ),
        (
            modal(field(text_input(dispatch_action_config={"trigger_actions_on": ["on_blur"]}))),
            "must be a valid enum value",
            "/blocks/0/element/dispatch_action_config/trigger_actions_on/0",
        ),
        (modal(field({"type": "number_input"})), "missing required field: is_decimal_allowed", "/blocks/0/element"),
        (
            modal(field({"type": "number_input", "is_decimal_allowed": False, "min_value": "9", "max_value": "1"})),
            "must not be more than max_value",
            "/blocks/0/element/min_value",
        ),
        (
            modal(field(text_input(focus_on_load=True)), {**field(select(focus_on_load=True)), "block_id": "c"}),
            "only one element can have focus_on_load",
            "/blocks",
        ),
        (home(field({"type": "file_input"})), "file_input is only available in modals", "/blocks/0/element"),
        (home({"type": "alert", "text": plain("x")}), "unsupported type: alert", "/blocks/0/type"),
    ],
)
def test_views_that_slack_refuses(view: object, message: str, pointer: str) -> None:
    assert ("invalid_arguments", message, f"/view{pointer}") in refused_view(view)


def test_a_view_of_more_than_250_kilobytes_is_too_large() -> None:
    huge = [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 10} for _ in range(20)]
    assert refused_view(home(*huge))[-1][0] == "view_too_large"


def test_a_whole_modal_is_accepted() -> None:
    view = modal(
        field(text_input(multiline=True, focus_on_load=True, placeholder=plain("Say it"))),
        {**field(select(initial_option=option("b", "B"))), "block_id": "c", "optional": True, "hint": plain("A hint")},
        {"type": "alert", "text": mrkdwn("Careful"), "level": "warning"},
        private_metadata="",
        notify_on_close=True,
        close=plain("Not now"),
    )
    assert refused_view(view) == []


def test_answers_to_an_external_select() -> None:
    assert check_options({"options": []}) == []
    assert check_options({"options": [option()]}) == []
    assert check_options({"options": [option("x" * 151)]}) != []
    assert check_options({}) != []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "elements", "blocks", "element", "options", "accessory", "chart", "rows", "zip"]
            ),
            inner
            | st.sampled_from(["section", "actions", "modal", "button", "static_select", "rich_text", "container"]),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_nonsense_is_refused_and_never_breaks_the_checks(nonsense: object) -> None:
    check_message(blocks=[nonsense], text="x")
    check_view(nonsense)
    assert refused([{"type": "actions", "elements": nonsense}]) != []
