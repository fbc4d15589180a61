"""Every block that the rules accept is drawn, from Python alone."""

from typing import Any

import pytest

from playground.backend import Backend
from playground.clock import PlaygroundClock
from playground.page.conversation import Look
from playground.page.render import Renderer
from playground.settings import PlaygroundSettings
from playground.workspace import Message
from tests.playground.blockkit.test_sdk_agreement import FOR_ACTIONS, FOR_MESSAGES, described
from tests.playground.page.conftest import MANIFEST

Json = dict[str, Any]


class Screen:
    """Maya's messages with the app, drawn."""

    def __init__(self) -> None:
        self.workspace = Backend(PlaygroundSettings(manifest=MANIFEST), PlaygroundClock()).workspace
        self.renderer = Renderer(self.workspace, MANIFEST)

    def show(self, **message: Any) -> str:
        channel = self.workspace.open_im("UMAYA0001")
        bot = self.workspace.app.user_id
        channel.add(Message(self.workspace.next_ts(), channel.id, bot, is_bot=True, **message))
        return self.content()

    def content(self, **query: str) -> str:
        regions, _ = self.renderer.regions(Look.of(self.workspace, {"tab": "messages", **query}))
        return regions["content"]


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.mark.parametrize("block", [block.to_dict() for block in FOR_MESSAGES], ids=lambda block: block["type"])
def test_every_message_block(screen: Screen, block: Json) -> None:
    html = screen.show(blocks=[{**block, "block_id": "b1"}])
    assert f'class="block is-{block["type"]}"' in html


@pytest.mark.parametrize("element", FOR_ACTIONS, ids=described)
def test_every_element_of_an_actions_block(screen: Screen, element: Any) -> None:
    html = screen.show(blocks=[{"type": "actions", "block_id": "b1", "elements": [element.to_dict()]}])
    assert f'data-element="{element.type}"' in html
    assert 'data-block="b1"' in html


def chart(kind: str) -> Json:
    points = [{"label": "Mon", "value": -2}, {"label": "Tue <b>", "value": 6.5}]
    if kind == "pie":
        body: Json = {"type": "pie", "segments": [{"label": "All of it", "value": 3}]}
    else:
        axis = {"categories": ["Mon", "Tue <b>"]}
        body = {"type": kind, "series": [{"name": "ruler", "data": points}], "axis_config": axis}
    return {"type": "data_visualization", "block_id": "b1", "title": "How <ready>", "chart": body}


@pytest.mark.parametrize("kind", ["pie", "bar", "line", "area"])
def test_charts_are_drawn_and_told(screen: Screen, kind: str) -> None:
    html = screen.show(blocks=[chart(kind)])
    assert "<svg" in html
    assert "How &lt;ready&gt;" in html
    assert '<table class="unseen">' in html
    assert "<b>" not in html
    assert "nan" not in html


def test_whatever_the_app_says_it_adds_no_tags(screen: Screen) -> None:
    evil = '"><script>alert(1)</script>'
    confirm = {"title": evil, "text": evil}
    pick = {
        "type": "static_select",
        "action_id": evil,
        "options": [{"text": {"type": "plain_text", "text": evil}, "value": evil}],
    }
    html = screen.show(
        text=evil,
        blocks=[
            {"type": "actions", "block_id": evil, "elements": [{**pick, "confirm": confirm}]},
            {"type": "markdown", "block_id": "m", "text": evil},
            {"type": "image", "block_id": "i", "image_url": "javascript:alert(1)", "alt_text": evil},
        ],
        attachments=[{"color": "red;}", "text": evil}],
    )
    assert "<script" not in html
    assert "javascript:" not in html


def test_quoted_plain_text_is_shown_as_it_is(screen: Screen) -> None:
    piece = {"type": "text", "text": "<!channel> *bold*\nhttps://example.com <@UJONAS001>"}
    quotation = {"type": "rich_text_quote", "elements": [piece]}
    html = screen.show(text="", blocks=[{"type": "rich_text", "block_id": "r", "elements": [quotation]}])
    shown = "&lt;!channel&gt; *bold*<br>https://example.com &lt;@UJONAS001&gt;"
    assert f"<blockquote>{shown}</blockquote>" in html


def test_long_conversations_show_their_end_first(screen: Screen) -> None:
    for number in range(130):
        screen.show(text=f"number {number}.")
    assert "number 29." not in screen.content()
    assert "number 30." in screen.content()
    assert "Show earlier messages" in screen.content()
    assert "number 0." in screen.content(depth="300")
