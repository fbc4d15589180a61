"""The page in a real browser: a person reads, writes and moves the clock."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import FilePayload, expect

from tests.playground.page.conftest import Toy
from tests.playground.page.kit import Json, actions, button, mrkdwn, options, say


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
    async with page.expect_response(lambda response: response.request.method == "POST"):
        await page.get_by_role("button", name="+1 hour").click()
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


async def test_files_are_attached_and_menus_work_by_arrow_keys(toy: Toy) -> None:
    page = await toy.open("/?at=C0WINS001")
    picked = FilePayload(name="plan.txt", mimeType="text/plain", buffer=b"one, two")
    await page.locator("#composer input[type=file]").set_input_files(picked)
    await expect(page.locator("article .file")).to_contain_text("plan.txt")
    await page.get_by_label("Shortcuts").press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="/commit")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#composer textarea")).to_have_value("/commit ")


NAMELESS = """() => [...document.querySelectorAll("button, a, input, select, textarea, summary, [role=img], dialog")]
  .filter((one) => one.checkVisibility())
  .filter((one) => !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby"))
  .filter((one) => !one.textContent.trim() && !one.closest("label")?.textContent.trim())
  .map((one) => one.outerHTML.slice(0, 120))"""
REPEATED = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}"""


async def test_everything_has_a_name_and_an_id_of_its_own(toy: Toy) -> None:
    select = {"type": "multi_static_select", "action_id": "many", "options": options("a", "b")}
    ts = await toy.dm(blocks=[mrkdwn("Here :tada:"), actions(button("go", "Go"), select)])
    im = toy.playground.workspace.ims["UMAYA0001"]
    await toy.client.chat_postMessage(channel=im, thread_ts=ts, text="A reply", blocks=[actions(button("go", "Go"))])
    page = await toy.open(f"/?tab=messages&thread={ts}")
    await expect(page.locator("#thread article")).to_have_count(2)
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(REPEATED) == []
