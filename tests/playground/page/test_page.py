"""The page in a real browser: a person reads, writes, clicks and moves the clock; a small Bolt app answers."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Page, expect

from tests.playground.page.conftest import Toy

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action_id: str, text: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": "1", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "acts", "elements": list(elements)}


def field(block_id: str, element: Json, **more: Any) -> Json:
    labelled = {"type": "input", "block_id": block_id, "label": plain(block_id.title()), **more}
    return labelled | {"element": {"action_id": f"{block_id}_it", **element}}


def modal(*blocks: Json, **more: Any) -> Json:
    view = {"type": "modal", "callback_id": "form", "title": plain("A form"), "submit": plain("Save")}
    return view | {"blocks": list(blocks), **more}


def options(*names: str) -> list[Json]:
    return [{"text": plain(name.title()), "value": name} for name in names]


async def say(page: Page, text: str) -> None:
    box = page.locator("#composer textarea")
    await box.fill(text)
    await box.press("Enter")


async def test_the_first_screen_is_maya_at_home_and_says_what_to_do(toy: Toy) -> None:
    @toy.app.event("app_home_opened")
    async def opened(event: Json, client: Any) -> None:
        view = {"type": "home", "blocks": [mrkdwn("Tell me *one* thing you want to do.")]}
        await client.views_publish(user_id=event["user"], view=view)

    page = await toy.open()
    await expect(page.locator("#home")).to_contain_text("Tell me one thing you want to do.")
    await expect(page.locator(".first-hint")).to_contain_text("Or type /commit and what you want to do.")
    await expect(page.locator(".person[aria-current]")).to_contain_text("Maya Okafor")
    await expect(page.locator(".person[aria-current]")).to_contain_text("Europe/Berlin")
    for landmark in ("main", "banner", "navigation", "complementary"):
        assert await page.get_by_role(landmark).count() >= 1, landmark
    # Nothing is fetched from anywhere else, and the page's own policy allows all that it does.
    assert all(url.startswith(toy.playground.url) for url in toy.requested)
    assert toy.complaints == []


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


async def test_talking_editing_reacting_threads_and_message_shortcuts(toy: Toy) -> None:
    kept: asyncio.Queue[str] = asyncio.Queue()

    @toy.app.shortcut("keep")
    async def keep(ack: Any, body: Json) -> None:
        await ack()
        kept.put_nowait(body["message"]["text"])

    page = await toy.open("/?at=C0WINS001")
    await say(page, "<img src=x onerror=alert(1)> *bold* :tada:")
    message = page.locator("article").first
    await expect(message.locator(".words")).to_have_text("<img src=x onerror=alert(1)> bold 🎉")
    await expect(message.locator("strong")).to_have_text("bold")
    await message.hover()
    await message.get_by_label("More message actions").click()
    await page.get_by_role("menuitem", name="Keep as a win").click()
    assert "*bold*" in await kept.get()
    await message.hover()
    await message.get_by_label("Edit message").click()
    await page.locator(".editing textarea").fill("Better")
    await page.locator(".editing textarea").press("Enter")
    await expect(message.locator(".words")).to_have_text("Better")
    await expect(message.locator(".edited")).to_have_text("(edited)")
    await message.hover()
    await message.get_by_label("Add a reaction").click()
    await message.get_by_label("tada").click()
    await expect(message.locator(".reaction.mine")).to_contain_text("🎉 1")
    await message.hover()
    await message.get_by_label("Reply in thread").click()
    await page.locator("#thread textarea").fill("In a thread")
    await page.locator("#thread textarea").press("Enter")
    await expect(page.locator("#thread article").nth(1)).to_contain_text("In a thread")
    await expect(message.locator(".replies")).to_contain_text("1 reply")
    await expect(page.locator("#content article")).to_have_count(1)


async def test_deleting_asks_first(toy: Toy) -> None:
    page = await toy.open("/?at=C0GENERAL")
    await say(page, "Never mind")
    message = page.locator("article")
    await message.hover()
    await message.get_by_label("Delete message").click()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await expect(message).to_have_count(0)


async def test_the_page_lives_and_tells(toy: Toy) -> None:
    page = await toy.open("/?at=C0WINS001")
    ts = await toy.dm(text="First words")
    room = page.locator(".room", has_text="Toy")
    await expect(room.locator(".count")).to_have_text("1")
    await room.click()
    await expect(page.locator("article .words")).to_have_text("First words")
    await expect(room.locator(".count")).to_have_count(0)
    im = toy.playground.workspace.ims["UMAYA0001"]
    await toy.client.chat_update(channel=im, ts=ts, text="Other words")
    await expect(page.locator("article .words")).to_have_text("Other words")
    await toy.dm(text="Second words")
    await expect(page.locator("#live")).to_have_text("Toy: Second words")


async def test_being_someone_else_shows_their_side_and_their_time(toy: Toy) -> None:
    at = int(datetime(2030, 1, 15, 15, 0, tzinfo=UTC).timestamp())
    for user in ("UMAYA0001", "UPRIYA001"):
        await toy.dm(user, text=f"At <!date^{at}^{{time}}|then>")
    await toy.client.chat_postEphemeral(channel="C0WINS001", user="UMAYA0001", text="For Maya")
    page = await toy.open("/?at=C0WINS001")
    await expect(page.locator(".only-you")).to_contain_text("For Maya")
    await page.locator(".room", has_text="Toy").click()
    await expect(page.locator("article .words")).to_have_text("At 16:00")
    await page.locator(".person", has_text="Priya").click()
    await expect(page.locator("article .words")).to_have_text("At 10:00 AM")
    await page.locator(".room", has_text="wins").click()
    await expect(page.locator(".beginning")).to_be_visible()
    await expect(page.locator(".only-you")).to_have_count(0)
    await page.go_back()
    await expect(page.locator("article .words")).to_have_text("At 10:00 AM")


async def test_the_clock_goes_where_it_is_sent(toy: Toy) -> None:
    clock = toy.playground.clock
    await toy.dm(text="Hello")
    page = await toy.open()
    started = clock.unix()
    await page.get_by_role("button", name="+1 hour").click()
    await expect(page.locator("#toast")).to_be_hidden()
    assert 3600 <= clock.unix() - started < 3660
    await page.get_by_role("button", name="Tomorrow 09:00").click()
    await expect(page.locator("#now")).to_contain_text("09:00")
    await page.get_by_role("button", name="Next check-in").click()
    await expect(page.locator("#toast")).to_be_visible()
    due = int(clock.unix()) + 3 * 86_400
    await toy.dm(text=f"I’ll ask <!date^{due}^{{date_short_pretty}} at {{time}}|later>")
    await expect(page.locator("article time[data-unix]")).to_be_visible()
    await page.get_by_role("button", name="Next check-in").click()
    await expect(page.locator("article time[data-unix]")).to_contain_text("today at")
    assert abs(clock.unix() - due) < 60


async def test_starting_over_asks_then_clears(toy: Toy) -> None:
    await toy.dm(text="Old words")
    page = await toy.open()
    await expect(page.locator("article")).to_have_count(1)
    await page.get_by_role("button", name="Start over").click()
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.locator("article")).to_have_count(1)
    await page.get_by_role("button", name="Start over").click()
    await page.locator("#confirm").get_by_role("button", name="Start over").click()
    await expect(page.locator("article")).to_have_count(0)
    await expect(page.locator("#tab-home")).to_have_attribute("aria-selected", "true")


async def test_dark_and_narrow(toy: Toy) -> None:
    page = await toy.open("/?tab=messages", color_scheme="dark", viewport={"width": 390, "height": 700})
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", ground))) < 150
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await expect(page.locator("#sidebar")).to_be_hidden()
    await page.get_by_label("Channels and people").click()
    await expect(page.locator("#sidebar")).to_be_visible()
    await page.locator(".room", has_text="wins").click()
    await expect(page.locator("#header")).to_contain_text("wins")
    await expect(page.locator("#sidebar")).to_be_hidden()


async def test_the_about_tab_lists_what_the_app_can_do(toy: Toy) -> None:
    page = await toy.open("/?tab=about")
    await expect(page.locator(".about")).to_contain_text("/commit [what, by when]")
    await expect(page.locator(".about")).to_contain_text("Keep as a win")
