"""Small builders of Block Kit, and one sentence typed."""

from typing import Any

from playwright.async_api import Page

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
