"""What each element of Block Kit sends when it is used."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground.client import Person, RefusedError, text_of
from tests.playground.listener import Listener
from tests.playground.tiny_app import modal, option, plain, section

WINS = "C0WINS001"
OPTIONS = [option("One"), option("Two")]


def actions(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


async def used(app: Listener, act: Any) -> dict[str, Any]:
    """The interaction that an act brings about."""
    doing = asyncio.create_task(act)
    while (envelope := await app.envelope())["type"] != "interactive":
        pass  # the app's own message comes back as an event
    await doing
    payload: dict[str, Any] = envelope["payload"]
    return payload


@pytest.mark.parametrize(
    ("element", "value", "sent"),
    [
        ({"type": "button", "text": plain("Go"), "value": "v"}, None, {"value": "v"}),
        ({"type": "button", "text": plain("Go"), "url": "https://example.com"}, None, {}),
        ({"type": "static_select", "placeholder": plain("?"), "options": OPTIONS}, "Two",
         {"selected_option": option("Two")}),
        ({"type": "overflow", "options": OPTIONS}, "one", {"selected_option": option("One")}),
        ({"type": "radio_buttons", "options": OPTIONS, "initial_option": option("One")}, "Two",
         {"selected_option": option("Two"), "initial_option": option("One")}),
        ({"type": "checkboxes", "options": OPTIONS}, ["One", "Two"], {"selected_options": OPTIONS}),
        ({"type": "datepicker", "initial_date": "2027-01-01"}, "2027-01-04",
         {"selected_date": "2027-01-04", "initial_date": "2027-01-01"}),
        ({"type": "timepicker", "timezone": "Europe/Berlin"}, "10:00",
         {"selected_time": "10:00", "timezone": "Europe/Berlin"}),
        ({"type": "datetimepicker"}, 1795350420, {"selected_date_time": 1795350420}),
        ({"type": "users_select", "placeholder": plain("?")}, "UJONAS001", {"selected_user": "UJONAS001"}),
        ({"type": "channels_select", "placeholder": plain("?")}, WINS, {"selected_channel": WINS}),
        ({"type": "conversations_select", "placeholder": plain("?")}, WINS, {"selected_conversation": WINS}),
        ({"type": "multi_static_select", "placeholder": plain("?"), "options": OPTIONS}, ["Two"],
         {"selected_options": [option("Two")]}),
        ({"type": "multi_users_select", "placeholder": plain("?")}, ["UJONAS001"], {"selected_users": ["UJONAS001"]}),
    ],
)  # fmt: skip
async def test_every_element_sends_what_slack_sends(
    app: Listener, maya: Person, web: AsyncWebClient, *, element: dict[str, Any], value: Any, sent: dict[str, Any]
) -> None:
    own = {**element, "action_id": "use"}
    row = [section("Pick", block_id="row", accessory=own)] if "multi" in element["type"] else actions(own)
    ts = (await web.chat_postMessage(channel=WINS, text="x", blocks=row))["ts"]
    payload = await used(app, maya.click("use", where="#wins", value=value))
    (action,) = payload["actions"]
    assert action["type"] == element["type"]
    assert (action["block_id"], action["action_id"]) == ("row", "use")
    assert float(action["action_ts"])
    assert sent.items() <= action.items()
    assert payload["container"] == {"type": "message", "message_ts": ts, "channel_id": WINS, "is_ephemeral": False}
    assert payload["message"]["ts"] == ts
    assert payload["channel"] == {"id": WINS, "name": "wins"}
    assert payload["user"]["id"] == "UMAYA0001"
    assert payload["response_url"].startswith("http")
    assert payload["trigger_id"]


async def test_a_messages_choices_come_along_with_its_button(app: Listener, maya: Person, web: AsyncWebClient) -> None:
    boxes = {"type": "checkboxes", "action_id": "days", "options": OPTIONS}
    button = {"type": "button", "action_id": "save", "text": plain("Save")}
    await web.chat_postMessage(channel=WINS, text="x", blocks=actions(boxes, button))
    await used(app, maya.click("One", where="#wins"))
    payload = await used(app, maya.click("Two", where="#wins"))
    assert payload["actions"][0]["selected_options"] == OPTIONS
    payload = await used(app, maya.click("One", where="#wins"))
    assert payload["actions"][0]["selected_options"] == [option("Two")]
    payload = await used(app, maya.click("Save", where="#wins"))
    assert payload["state"]["values"]["row"]["days"]["selected_options"] == [option("Two")]


async def test_what_one_person_chooses_is_not_anothers(
    app: Listener, maya: Person, jonas: Person, web: AsyncWebClient
) -> None:
    boxes = {"type": "checkboxes", "action_id": "days", "options": OPTIONS}
    await web.chat_postMessage(channel=WINS, text="x", blocks=actions(boxes))
    await used(app, maya.click("One", where="#wins"))
    payload = await used(app, jonas.click("Two", where="#wins"))
    assert payload["state"]["values"]["row"]["days"]["selected_options"] == [option("Two")]


def field(block_id: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    label = plain(block_id.title())
    return {
        "type": "input",
        "block_id": block_id,
        "label": label,
        "element": {**element, "action_id": block_id + "_a"},
        **more,
    }


async def opened(app: Listener, maya: Person, web: AsyncWebClient, *blocks: dict[str, Any]) -> None:
    trigger = (await used(app, maya.shortcut("begin")))["trigger_id"]
    await web.views_open(trigger_id=trigger, view=modal(blocks=list(blocks)))


@pytest.mark.parametrize(
    ("element", "value", "complaint"),
    [
        ({"type": "plain_text_input"}, "", "required"),
        ({"type": "plain_text_input", "max_length": 3}, "four", "no more than 3"),
        ({"type": "plain_text_input", "min_length": 3}, "x", "at least 3"),
        ({"type": "number_input", "is_decimal_allowed": False}, "two", "number"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole"),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "2"}, "1", "at least 2"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "2"}, "2.5", "at most 2"),
        ({"type": "checkboxes", "options": OPTIONS}, [], "required"),
        ({"type": "multi_static_select", "options": OPTIONS, "max_selected_items": 1}, ["One", "Two"],
         "no more than 1"),
    ],
)  # fmt: skip
async def test_slacks_own_client_refuses_before_the_app_hears_of_it(
    app: Listener, maya: Person, web: AsyncWebClient, *, element: dict[str, Any], value: Any, complaint: str
) -> None:
    await opened(app, maya, web, field("it", element))
    answer = await maya.submit({"It": value})
    assert complaint in answer["errors"]["it"]


@pytest.mark.parametrize(
    ("kind", "value"), [("datepicker", "tomorrow"), ("timepicker", "noon"), ("datetimepicker", "later")]
)
async def test_pickers_take_only_what_they_offer(
    app: Listener, maya: Person, web: AsyncWebClient, kind: str, value: str
) -> None:
    await opened(app, maya, web, field("it", {"type": kind}))
    with pytest.raises(RefusedError, match=value):
        await maya.submit({"It": value})


async def test_optional_inputs_may_stay_empty_and_arrive_as_null(
    app: Listener, maya: Person, web: AsyncWebClient
) -> None:
    date = field("date", {"type": "datepicker"}, optional=True)
    rich = field("rich", {"type": "rich_text_input"})
    await opened(app, maya, web, date, rich)
    payload = await used(app, maya.submit({"Rich": "words"}))
    values = payload["view"]["state"]["values"]
    assert values["date"]["date_a"] == {"type": "datepicker", "selected_date": None}
    assert values["rich"]["rich_a"]["rich_text_value"]["type"] == "rich_text"


async def test_an_input_that_dispatches_tells_the_app_at_once(app: Listener, maya: Person, web: AsyncWebClient) -> None:
    select = {"type": "static_select", "options": OPTIONS}
    await opened(
        app, maya, web, field("pick", select, dispatch_action=True), field("text", {"type": "plain_text_input"})
    )
    await maya.fill("Text", "typed so far")
    payload = await used(app, maya.fill("Pick", "Two"))
    values = payload["view"]["state"]["values"]
    assert payload["type"] == "block_actions"
    assert payload["actions"][0]["selected_option"] == option("Two")
    assert values["text"]["text_a"]["value"] == "typed so far"
    assert values["pick"]["pick_a"]["selected_option"] == option("Two")


async def test_only_the_modal_on_top_can_be_used(app: Listener, maya: Person, web: AsyncWebClient) -> None:
    await opened(app, maya, web, field("one", {"type": "plain_text_input"}))
    below = (await maya.modal() or {})["id"]
    trigger = (await used(app, maya.shortcut("begin")))["trigger_id"]
    await web.views_push(trigger_id=trigger, view=modal("Top"))
    with pytest.raises(LookupError):
        await maya.fill("One", "x")
    with pytest.raises(RefusedError, match="on top"):
        await maya.act("submit", view_id=below)


async def test_a_reader_sees_texts_not_json(maya: Person, web: AsyncWebClient) -> None:
    row = {"type": "button", "action_id": "go", "text": plain("Go"), "value": "hidden"}
    await web.chat_postMessage(channel=WINS, text="unseen", blocks=[section("Shown"), *actions(row)])
    assert text_of((await maya.messages("#wins"))[-1]) == "Shown\nGo"
