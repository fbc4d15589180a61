"""views.*: triggers, stacks, hashes."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground.client import Person, PlaygroundClient
from playground.server import Playground
from tests.playground.conftest import refused, web_client
from tests.playground.listener import Listener, listening
from tests.playground.tiny_app import buttons, manifest, modal, over_sockets, running, section

HOME = {"type": "home", "blocks": [section("Home"), buttons("Later")]}


async def trigger(app: Listener, person: Person) -> str:
    """A fresh trigger id."""
    clicked = asyncio.create_task(person.shortcut("begin"))
    envelope = await app.envelope()
    await clicked
    return str(envelope["payload"]["trigger_id"])


async def test_open_answers_the_view_as_slack_does(app: Listener, maya: Person, web: AsyncWebClient) -> None:
    view = (await web.views_open(trigger_id=await trigger(app, maya), view=modal()))["view"]
    assert view["id"] == view["root_view_id"]
    assert view["previous_view_id"] is None
    assert view["state"]["values"]["what"]["text"] == {"type": "plain_text_input", "value": None}
    assert view["hash"]
    assert (await maya.modal() or {})["id"] == view["id"]


async def test_a_trigger_works_once(app: Listener, maya: Person, web: AsyncWebClient) -> None:
    used = await trigger(app, maya)
    await web.views_open(trigger_id=used, view=modal())
    assert (await refused(web.views_open(trigger_id=used, view=modal())))["error"] == "exchanged_trigger_id"
    assert (await refused(web.views_open(trigger_id="1.2.x", view=modal())))["error"] == "invalid_trigger_id"
    assert (await refused(web.api_call("views.open", json={"view": modal()})))["error"] == "invalid_arguments"


async def test_a_trigger_dies_of_age() -> None:
    async with (
        running(trigger_seconds=0.0) as playground,
        listening(playground) as app,
        PlaygroundClient(playground.url) as slack,
    ):
        old = await trigger(app, slack.person("UMAYA0001"))
        answer = await refused(web_client(playground).views_open(trigger_id=old, view=modal()))
    assert answer["error"] == "expired_trigger_id"


async def test_a_refused_view_names_every_objection(app: Listener, maya: Person, web: AsyncWebClient) -> None:
    bad = modal("A title that is much too long for Slack")
    answer = await refused(web.views_open(trigger_id=await trigger(app, maya), view=bad))
    assert answer["error"] == "invalid_arguments"
    assert "json-pointer:/view/title" in answer["response_metadata"]["messages"][0]
    assert await maya.modal() is None


async def test_three_is_the_height_of_a_stack(app: Listener, maya: Person, web: AsyncWebClient) -> None:
    root = (await web.views_open(trigger_id=await trigger(app, maya), view=modal("One")))["view"]
    second = (await web.views_push(trigger_id=await trigger(app, maya), view=modal("Two")))["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (root["id"], root["id"])
    await web.views_push(trigger_id=await trigger(app, maya), view=modal("Three"))
    answer = await refused(web.views_push(trigger_id=await trigger(app, maya), view=modal("Four")))
    assert answer["error"] == "push_limit_reached"
    await maya.close()
    assert [one["title"]["text"] for one in (await maya.state()).modals] == ["One", "Two"]
    await maya.close(everything=True)
    assert await maya.modal() is None


async def test_push_needs_something_to_push_upon(app: Listener, maya: Person, web: AsyncWebClient) -> None:
    answer = await refused(web.views_push(trigger_id=await trigger(app, maya), view=modal()))
    assert answer["error"] == "not_found"


async def test_update_keeps_what_was_typed_in_inputs_that_stay(
    app: Listener, maya: Person, web: AsyncWebClient
) -> None:
    view = (await web.views_open(trigger_id=await trigger(app, maya), view=modal()))["view"]
    await maya.fill("What", "kept")
    updated = (await web.views_update(view_id=view["id"], hash=view["hash"], view=modal("New")))["view"]
    assert updated["state"]["values"]["what"]["text"]["value"] == "kept"
    other = modal(blocks=[{**modal()["blocks"][0], "block_id": "other"}])
    emptied = (await web.views_update(view_id=view["id"], view=other))["view"]
    assert emptied["state"]["values"] == {"other": {"text": {"type": "plain_text_input", "value": None}}}


async def test_update_refuses_an_old_hash_and_a_view_that_is_gone(
    app: Listener, maya: Person, web: AsyncWebClient
) -> None:
    view = (await web.views_open(trigger_id=await trigger(app, maya), view=modal()))["view"]
    await web.views_update(view_id=view["id"], view=modal("New"))
    stale = web.views_update(view_id=view["id"], hash=view["hash"], view=modal("Late"))
    assert (await refused(stale))["error"] == "hash_conflict"
    await maya.close()
    assert (await refused(web.views_update(view_id=view["id"], view=modal())))["error"] == "not_found"


async def test_external_ids_are_unique_and_name_a_view(app: Listener, maya: Person, web: AsyncWebClient) -> None:
    await web.views_open(trigger_id=await trigger(app, maya), view=modal(external_id="mine"))
    again = web.views_push(trigger_id=await trigger(app, maya), view=modal(external_id="mine"))
    assert (await refused(again))["error"] == "duplicate_external_id"
    updated = await web.views_update(external_id="mine", view=modal("Found", external_id="mine"))
    assert updated["view"]["title"]["text"] == "Found"


async def test_publish_replaces_home_and_heeds_the_hash(web: AsyncWebClient, maya: Person) -> None:
    first = (await web.views_publish(user_id="UMAYA0001", view=HOME))["view"]
    second = (await web.views_publish(user_id="UMAYA0001", view=HOME, hash=first["hash"]))["view"]
    assert first["id"] == second["id"]
    late = web.views_publish(user_id="UMAYA0001", view=HOME, hash=first["hash"])
    assert (await refused(late))["error"] == "hash_conflict"
    assert (await refused(web.views_publish(user_id="UMAYA0001", view=modal())))["error"] == "invalid_arguments"
    assert (await refused(web.views_publish(user_id="U0NOBODY", view=HOME)))["error"] == "invalid_arguments"


async def test_publish_needs_the_home_tab() -> None:
    own = manifest()
    own["features"]["app_home"]["home_tab_enabled"] = False
    async with running(manifest=own) as playground:
        answer = await refused(web_client(playground).views_publish(user_id="UMAYA0001", view=HOME))
    assert answer["error"] == "not_enabled"


def suggestion_modal() -> dict[str, Any]:
    select = {"type": "external_select", "action_id": "city", "min_query_length": 1}
    block = {"type": "input", "block_id": "where", "label": {"type": "plain_text", "text": "Where"}, "element": select}
    return modal(blocks=[block])


async def test_options_are_asked_for_and_checked(playground: Playground, maya: Person, web: AsyncWebClient) -> None:
    async with listening(playground) as app:
        await web.views_open(trigger_id=await trigger(app, maya), view=suggestion_modal())
    async with over_sockets(playground) as tiny:
        berlin, _ = await maya.options("Where", "Ber")
        assert tiny.of("block_suggestion")[-1]["value"] == "Ber"
        await maya.fill("Where", berlin)
        values = (await maya.modal() or {})["state"]["values"]
        assert values["where"]["city"]["selected_option"] == berlin
        with pytest.raises(Exception, match="invalid_options"):
            await maya.options("Where", "nonsense")
