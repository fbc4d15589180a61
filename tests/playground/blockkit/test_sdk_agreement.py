"""What slack_sdk's own models build and call valid passes here too, and every type it knows is in our tables."""

from collections.abc import Iterator

import pytest
from slack_sdk.models import blocks as sdk
from slack_sdk.models.blocks import block_elements as sdk_elements
from slack_sdk.models.views import View

from playground.blockkit import check_message, check_view
from playground.blockkit.blocks import BLOCKS
from playground.blockkit.elements import ELEMENTS

OPTIONS = [sdk.Option(value="a", label="A"), sdk.Option(value="b", label="B", description="second")]
CONFIRM = sdk.ConfirmObject(title="Sure?", text="It cannot be undone.", confirm="Yes", deny="No", style="danger")

FOR_ACTIONS: list[sdk.InteractiveElement] = [
    sdk.ButtonElement(action_id="a", text="Go", value="1", style="primary", confirm=CONFIRM),
    sdk.LinkButtonElement(action_id="a", text="Docs", url="https://example.com/x"),
    sdk.StaticSelectElement(action_id="a", placeholder="Pick", options=OPTIONS, initial_option=OPTIONS[1]),
    sdk.StaticSelectElement(action_id="a", option_groups=[sdk.OptionGroup(label="G", options=OPTIONS)]),
    sdk.StaticMultiSelectElement(action_id="a", options=OPTIONS, initial_options=[OPTIONS[0]], max_selected_items=2),
    sdk.ExternalDataSelectElement(action_id="a", min_query_length=0),
    sdk.ExternalDataMultiSelectElement(action_id="a"),
    sdk.UserSelectElement(action_id="a", initial_user="U012345"),
    sdk.UserMultiSelectElement(action_id="a", initial_users=["U012345"]),
    sdk.ConversationSelectElement(action_id="a", filter=sdk.ConversationFilter(include=["public"])),
    sdk.ConversationMultiSelectElement(action_id="a", default_to_current_conversation=True),
    sdk.ChannelSelectElement(action_id="a", initial_channel="C012345"),
    sdk.ChannelMultiSelectElement(action_id="a"),
    sdk.DatePickerElement(action_id="a", initial_date="2026-11-22"),
    sdk.TimePickerElement(action_id="a", initial_time="09:05", timezone="Europe/Berlin"),
    sdk.DateTimePickerElement(action_id="a", initial_date_time=1_790_000_000),
    sdk.CheckboxesElement(action_id="a", options=OPTIONS, initial_options=[OPTIONS[0]]),
    sdk.RadioButtonsElement(action_id="a", options=OPTIONS),
    sdk.OverflowMenuElement(action_id="a", options=OPTIONS, confirm=CONFIRM),
]
FOR_INPUTS: list[sdk.InputInteractiveElement] = [
    sdk.PlainTextInputElement(action_id="a", multiline=True, min_length=1, max_length=3000, initial_value="x"),
    sdk.EmailInputElement(action_id="a", initial_value="maya@example.com"),
    sdk.UrlInputElement(action_id="a", placeholder="https://"),
    sdk.NumberInputElement(action_id="a", is_decimal_allowed=False, min_value=1, max_value=10, initial_value=5),
    sdk.RichTextInputElement(action_id="a"),
    sdk_elements.FileInputElement(action_id="a", filetypes=["png"], max_files=2),
    *[element for element in FOR_ACTIONS if isinstance(element, sdk.InputInteractiveElement)],
]
PARTS = sdk_elements.RichTextElementParts
SECTION = sdk.RichTextSectionElement(
    elements=[
        PARTS.Text(text="Hello ", style=PARTS.TextStyle(bold=True)),
        PARTS.User(user_id="U012345"),
        PARTS.Emoji(name="tada"),
        PARTS.Link(url="https://example.com", text="there"),
        PARTS.Broadcast(range="here"),
        PARTS.Date(timestamp=1_790_000_000, format="{date_pretty}", fallback="soon"),
    ]
)
FOR_MESSAGES: list[sdk.Block] = [
    sdk.SectionBlock(text="Hello", fields=["*a*", "b"], accessory=sdk.ButtonElement(action_id="b", text="Go")),
    sdk.SectionBlock(text=sdk.PlainTextObject(text="Hello", emoji=True)),
    sdk.DividerBlock(),
    sdk.HeaderBlock(text="Title"),
    sdk.ImageBlock(image_url="https://example.com/a.png", alt_text="a", title="A"),
    sdk.ContextBlock(
        elements=[sdk.MarkdownTextObject(text="x"), sdk.ImageElement(image_url="https://a.b", alt_text="a")]
    ),
    sdk.MarkdownBlock(text="**bold**"),
    sdk.RichTextBlock(
        elements=[
            SECTION,
            sdk.RichTextListElement(style="ordered", elements=[SECTION], indent=1),
            sdk.RichTextPreformattedElement(elements=[PARTS.Text(text="x = 1")]),
            sdk.RichTextQuoteElement(elements=[PARTS.Text(text="so")]),
        ]
    ),
    sdk.TableBlock(rows=[[{"type": "raw_text", "text": "a"}, {"type": "raw_number", "value": 1, "text": "1"}]]),
    sdk.CardBlock(title="T", body="B", actions=[sdk.ButtonElement(action_id="c", text="Go")]),
    sdk.CarouselBlock(elements=[sdk.CardBlock(title="T")]),
    sdk.ContainerBlock(title="T", child_blocks=[sdk.SectionBlock(text="x")], is_collapsible=True),
    sdk.PlanBlock(title="P", tasks=[sdk.TaskCardBlock(task_id="1", title="T", status="pending")]),
    sdk.VideoBlock(title="V", alt_text="v", video_url="https://a.b/v", thumbnail_url="https://a.b/t"),
    sdk.FileBlock(external_id="x"),
    sdk.ContextActionsBlock(
        elements=[
            sdk.FeedbackButtonsElement(
                action_id="f",
                positive_button=sdk.FeedbackButtonObject(text="Yes", value="y"),
                negative_button=sdk.FeedbackButtonObject(text="No", value="n"),
            ),
            sdk.IconButtonElement(action_id="i", icon="trash", text="Delete"),
        ]
    ),
]


def described(element: object) -> str:
    return type(element).__name__


@pytest.mark.parametrize("element", FOR_ACTIONS, ids=described)
def test_elements_in_an_actions_block(element: sdk.InteractiveElement) -> None:
    block = sdk.ActionsBlock(elements=[element]).to_dict()
    assert list(map(str, check_message(blocks=[block], text="x"))) == []
    assert list(map(str, check_view({"type": "home", "blocks": [block]}))) == []


@pytest.mark.parametrize("element", FOR_INPUTS, ids=described)
def test_elements_in_an_input_block(element: sdk.InputInteractiveElement) -> None:
    block = sdk.InputBlock(label="L", element=element, hint="H", optional=True, dispatch_action=True)
    view = View(type="modal", title="T", submit="S", close="C", blocks=[block], private_metadata="{}", callback_id="x")
    assert list(map(str, check_view(view.to_dict()))) == []


@pytest.mark.parametrize("block", FOR_MESSAGES, ids=described)
def test_blocks_in_a_message(block: sdk.Block) -> None:
    assert list(map(str, check_message(blocks=[block.to_dict()], text="x"))) == []


def classes(base: type[object]) -> Iterator[type[object]]:
    children: list[type[object]] = base.__subclasses__()
    for child in children:
        yield child
        yield from classes(child)


# Old or bound to products that no playground shows; Slack would refuse them from an ordinary app too.
ELSEWHERE = {"call", "auth_provider", "url"}


def test_every_type_of_the_sdk_is_in_the_tables() -> None:
    block_types = {str(vars(cls)["type"]) for cls in classes(sdk.Block) if isinstance(vars(cls).get("type"), str)}
    assert block_types - ELSEWHERE <= set(BLOCKS)
    elements = {
        str(vars(cls)["type"])
        for cls in classes(sdk.BlockElement)
        if isinstance(vars(cls).get("type"), str) and not issubclass(cls, sdk.RichTextElement)
    }
    assert {name for name in elements if "rich_text_" not in name or name == "rich_text_input"} - ELSEWHERE <= set(
        ELEMENTS
    )
