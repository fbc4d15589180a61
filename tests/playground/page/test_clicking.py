"""Buttons, menus and modals in a real browser, answered by a small Bolt app."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import expect

from tests.playground.page.conftest import Toy
from tests.playground.page.kit import Json, actions, button, field, modal, mrkdwn, options, plain, say


async def test_a_commitment_by_keyboard_alone(toy: Toy) -> None:
    seen: list[Json] = []

    @toy.app.command("/commit")
    async def commit(ack: Any, body: Json, client: Any) -> None:
        await ack()
        what = field("what", {"type": "plain_text_input", "initial_value": body["text"]}, hint=plain("Only you"))
        await client.views_open(trigger_id=body["trigger_id"], view=modal(what))

    @toy.app.view("form")
    async def save(ack: Any, body: Json, view: Json, client: Any) -> None:
        seen.append(view["state"]["values"])
        if view["state"]["values"]["what"]["what_it"]["value"] == "x":
            await ack(response_action="errors", errors={"what": "A little more?"})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text="Noted.")

    page = await toy.open("/?tab=messages")
    await page.locator("#composer textarea").focus()
    await page.keyboard.type("/co")
    await expect(page.locator("#completions")).to_contain_text("[what, by when]")
    await page.keyboard.press("Tab")
    await page.keyboard.type("x")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog#modal")).to_contain_text("Only you")
    await expect(page.get_by_label("What")).to_be_focused()
    for _ in range(8):
        await page.keyboard.press("Tab")
        inside = "() => document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        assert await page.evaluate(inside)
    await page.get_by_label("What").press("Enter")
    await expect(page.locator(".field.wrong .error")).to_have_text("A little more?")
    await expect(page.get_by_label("What")).to_be_focused()
    await page.keyboard.press("Control+A")
    await page.keyboard.type("Finish the report")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog#modal")).to_be_hidden()
    await expect(page.locator("article .words")).to_have_text("Noted.")
    assert [answers["what"]["what_it"]["value"] for answers in seen] == ["x", "Finish the report"]


async def test_a_button_works_until_it_is_acked(toy: Toy) -> None:
    gate = asyncio.Event()

    @toy.app.action("go")
    async def go(ack: Any, respond: Any) -> None:
        await gate.wait()
        await ack()
        await respond(text="Done.", replace_original=True)

    await toy.dm(blocks=[actions(button("go", "Go"))])
    page = await toy.open()
    await page.get_by_role("button", name="Go", exact=True).click()
    await expect(page.get_by_role("button", name="Go", exact=True)).to_have_attribute("aria-busy", "true")
    gate.set()
    await expect(page.locator("article .words")).to_have_text("Done.")


async def test_an_unanswered_button_and_command_say_so(toy: Toy) -> None:
    await toy.dm(blocks=[actions(button("nobody", "Go"))])
    page = await toy.open()
    await page.get_by_role("button", name="Go", exact=True).click()
    await expect(page.locator("article .error")).to_contain_text("did not answer")
    await say(page, "/win")
    await expect(page.locator(".only-you")).to_contain_text('/win failed with the error "')
    await expect(page.locator(".only-you")).to_contain_text("Only visible to you")


async def test_confirm_overflow_and_select_send_what_was_chosen(toy: Toy) -> None:
    chosen: asyncio.Queue[Json] = asyncio.Queue()

    @toy.app.action(re.compile(".*"))
    async def any_action(ack: Any, body: Json) -> None:
        await ack()
        chosen.put_nowait(body["actions"][0])

    confirm = {"title": plain("Sure?"), "text": plain("It is gone then."), "confirm": plain("Yes"), "deny": plain("No")}
    await toy.dm(
        blocks=[
            actions(
                button("delete", "Delete", style="danger", confirm=confirm),
                {"type": "overflow", "action_id": "more", "options": options("pause", "stop")},
                {"type": "static_select", "action_id": "pick", "options": options("one", "two")},
                {"type": "checkboxes", "action_id": "days", "options": options("mon", "tue")},
                {"type": "datepicker", "action_id": "day"},
            )
        ]
    )
    page = await toy.open()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await page.get_by_role("button", name="No", exact=True).click()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await page.get_by_role("button", name="Yes", exact=True).click()
    assert (await chosen.get())["action_id"] == "delete"
    await page.locator(".is-actions summary").click()
    await page.get_by_role("menuitem", name="Stop").click()
    assert (await chosen.get())["selected_option"]["value"] == "stop"
    await page.locator(".is-actions select").select_option("two")
    assert (await chosen.get())["selected_option"]["value"] == "two"
    await page.get_by_label("Tue").check()
    assert [one["value"] for one in (await chosen.get())["selected_options"]] == ["tue"]
    await page.locator("input[type=date]").fill("2026-12-01")
    assert (await chosen.get())["selected_date"] == "2026-12-01"
    assert chosen.empty()


async def test_every_input_of_a_modal_arrives_as_slack_sends_it(toy: Toy) -> None:
    submitted: asyncio.Queue[Json] = asyncio.Queue()
    inputs: dict[str, Json] = {
        "text": {"type": "plain_text_input"},
        "long": {"type": "plain_text_input", "multiline": True},
        "number": {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "10"},
        "mail": {"type": "email_text_input"},
        "link": {"type": "url_text_input"},
        "day": {"type": "datepicker"},
        "time": {"type": "timepicker"},
        "instant": {"type": "datetimepicker"},
        "one": {"type": "static_select", "options": options("a", "b")},
        "radio": {"type": "radio_buttons", "options": options("c", "d")},
        "boxes": {"type": "checkboxes", "options": options("e", "f", "g")},
        "many": {"type": "multi_static_select", "options": options("h", "i", "j")},
        "person": {"type": "users_select"},
        "channel": {"type": "channels_select"},
        "asked": {"type": "external_select", "min_query_length": 1},
    }

    @toy.app.shortcut("make")
    async def make(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(
            trigger_id=body["trigger_id"], view=modal(*(field(name, element) for name, element in inputs.items()))
        )

    @toy.app.options("asked_it")
    async def offer(ack: Any, payload: Json) -> None:
        await ack(options=options(payload["value"], payload["value"] + "2"))

    @toy.app.view("form")
    async def save(ack: Any, view: Json) -> None:
        await ack()
        submitted.put_nowait(view["state"]["values"])

    page = await toy.open("/?tab=messages")
    await page.get_by_label("Shortcuts").click()
    await page.get_by_role("menuitem", name="Make a commitment").click()
    form = page.locator("dialog#modal")
    for label, typed in {
        "Text": "words", "Long": "more\nwords", "Number": "7", "Mail": "maya@example.com", "Link": "https://example.com",
        "Day": "2026-12-01", "Time": "09:30", "Instant": "2026-12-01T09:30",
    }.items():  # fmt: skip
        await form.get_by_label(label, exact=True).fill(typed)
    await form.get_by_label("One", exact=True).select_option("b")
    await form.get_by_label("D", exact=True).check()
    await form.get_by_label("E", exact=True).check()
    await form.get_by_label("G", exact=True).check()
    await form.locator("summary[aria-labelledby$=many-label]").click()
    await form.get_by_label("H", exact=True).check()
    await form.get_by_label("J", exact=True).check()
    await form.get_by_label("Person", exact=True).select_option("UJONAS001")
    await form.get_by_label("Channel", exact=True).select_option("C0WINS001")
    await form.locator("summary[aria-labelledby$=asked-label]").click()
    await form.get_by_label("Search").fill("ab")
    await form.get_by_label("Ab2").check()
    await form.get_by_role("button", name="Save").click()
    values = {name: answer[f"{name}_it"] for name, answer in (await submitted.get()).items()}
    await expect(form).to_be_hidden()
    assert {name: values[name]["value"] for name in ("text", "long", "number", "mail", "link")} == {
        "text": "words", "long": "more\nwords", "number": "7", "mail": "maya@example.com", "link": "https://example.com",
    }  # fmt: skip
    assert (values["day"]["selected_date"], values["time"]["selected_time"]) == ("2026-12-01", "09:30")
    # Half past nine in Berlin, whatever zone the browser itself is in.
    assert values["instant"]["selected_date_time"] == datetime(2026, 12, 1, 8, 30, tzinfo=UTC).timestamp()
    assert [values[name]["selected_option"]["value"] for name in ("one", "radio", "asked")] == ["b", "d", "ab2"]
    assert [one["value"] for one in values["boxes"]["selected_options"]] == ["e", "g"]
    assert [one["value"] for one in values["many"]["selected_options"]] == ["h", "j"]
    assert (values["person"]["selected_user"], values["channel"]["selected_channel"]) == ("UJONAS001", "C0WINS001")


async def test_modals_stack_keep_what_was_typed_and_close_with_escape(toy: Toy) -> None:
    closed: asyncio.Queue[str] = asyncio.Queue()
    name = field("name", {"type": "plain_text_input"})

    @toy.app.shortcut("make")
    async def make(ack: Any, body: Json, client: Any) -> None:
        await ack()
        view = modal(name, actions(button("more", "More"), button("next", "Next")), notify_on_close=True)
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @toy.app.action("more")
    async def more(ack: Any, body: Json, client: Any) -> None:
        await ack()
        update = modal(name, mrkdwn("A line more"), actions(button("next", "Next")), notify_on_close=True)
        await client.views_update(view_id=body["view"]["id"], view=update)

    @toy.app.action("next")
    async def following(ack: Any, body: Json, client: Any) -> None:
        await ack()
        view = modal(mrkdwn("The second"), title=plain("Second"), callback_id="second", notify_on_close=True)
        await client.views_push(trigger_id=body["trigger_id"], view=view)

    @toy.app.view_closed(re.compile(".*"))
    async def gone(ack: Any, view: Json) -> None:
        await ack()
        closed.put_nowait(view["callback_id"])

    page = await toy.open("/?tab=messages")
    await page.get_by_label("Shortcuts").click()
    await page.get_by_role("menuitem", name="Make a commitment").click()
    await page.get_by_label("Name").fill("typed before")
    await page.get_by_role("button", name="More", exact=True).click()
    await expect(page.locator("dialog#modal")).to_contain_text("A line more")
    await expect(page.get_by_label("Name")).to_have_value("typed before")
    await page.get_by_role("button", name="Next", exact=True).click()
    await expect(page.locator("#modal-title")).to_have_text("Second")
    await page.keyboard.press("Escape")
    await expect(page.locator("#modal-title")).to_have_text("A form")
    await expect(page.get_by_label("Name")).to_have_value("typed before")
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog#modal")).to_be_hidden()
    assert [await closed.get(), await closed.get()] == ["second", "form"]


async def test_an_input_that_dispatches_tells_at_enter_and_the_form_stays(toy: Toy) -> None:
    told: asyncio.Queue[Json] = asyncio.Queue()

    @toy.app.shortcut("make")
    async def make(ack: Any, body: Json, client: Any) -> None:
        await ack()
        name = field("name", {"type": "plain_text_input"}, dispatch_action=True)
        await client.views_open(trigger_id=body["trigger_id"], view=modal(name))

    @toy.app.action("name_it")
    async def typed(ack: Any, body: Json, client: Any) -> None:
        await ack()
        told.put_nowait(body["actions"][0])
        view = modal(*body["view"]["blocks"], mrkdwn(f"Hello {body['actions'][0]['value']}"))
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    page = await toy.open("/?tab=messages")
    await page.get_by_label("Shortcuts").click()
    await page.get_by_role("menuitem", name="Make a commitment").click()
    await page.get_by_label("Name").fill("Maya")
    await page.get_by_label("Name").press("Enter")
    await expect(page.locator("dialog#modal")).to_contain_text("Hello Maya")
    await expect(page.get_by_label("Name")).to_have_value("Maya")
    assert (await told.get())["value"] == "Maya"
    assert told.empty()
