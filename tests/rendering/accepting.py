"""What Slack takes: by the playground's rules and by those in Slack's own SDK."""

from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View as SdkView

from bot.rendering.blocks import Message, View
from playground.blockkit import check_message, check_view
from playground.client import text_of


def accepted(said: Message) -> str:
    """The whole of a message, once Slack has nothing to say against it."""
    text, blocks = said
    assert check_message(blocks=blocks, text=text) == []
    parsed = SdkBlock.parse_all(blocks)
    assert len(parsed) == len(blocks)
    for block in parsed:
        block.validate_json()
    return "\n".join([text, *map(str, blocks)])


def accepted_view(view: View) -> str:
    """What is read in a view, once Slack has nothing to say against it."""
    assert check_view(view) == []
    SdkView(**view).validate_json()
    return text_of(view)
