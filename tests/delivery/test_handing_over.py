"""A file of one's own: uploaded, or in messages where a workspace allows no such file."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import manifest
from bot.delivery.content import Content
from bot.delivery.posting import Posting
from bot.domain.deliveries import Delivery, DeliveryState, Method, Says
from playground.client import Person, PlaygroundClient, text_of
from playground.rates import Rates
from playground.server import Playground
from playground.settings import PlaygroundSettings

MAYA = "UMAYA0001"
ROW = Delivery(
    id=1,
    workspace_id=1,
    member_id=1,
    key="1",
    token="1",
    lane="1",
    method=Method.FILE,
    says=Says.EXPORT,
    refs={},
    due_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
    state=DeliveryState.CLAIMED,
    attempts=0,
)
TEXT = "".join(f"line {number}: {'x' * 80}\n" for number in range(700))


class Refusing(AsyncWebClient):
    """Slack, with admins who allow no such file."""

    refusal = ""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.posted: list[dict[str, Any]] = []

    async def api_call(self, api_method: str, **args: Any) -> Any:
        if api_method == "chat.postMessage":
            self.posted.append(args["json"])
        if self.refusal and api_method == "files.getUploadURLExternal":
            answer = {"ok": False, "error": self.refusal}
            raise SlackApiError(self.refusal, SimpleNamespace(data=answer, status_code=200, headers={}))
        return await super().api_call(api_method, **args)


@pytest.fixture
async def slack() -> AsyncIterator[Playground]:
    playground = Playground(PlaygroundSettings(port=0, manifest=manifest.read(), rate_limits=True))
    await playground.start()
    yield playground
    await playground.stop()


@pytest.fixture
async def maya(slack: Playground) -> AsyncIterator[Person]:
    async with PlaygroundClient(slack.url) as client:
        yield client.person(MAYA)


def reaching(slack: Playground) -> Refusing:
    return Refusing(token=slack.settings.bot_token, base_url=slack.api_url, retry_handlers=[])


async def hand_over(client: Refusing, text: str) -> None:
    posting = Posting(SimpleNamespace(client=lambda _: client))  # type: ignore[arg-type]
    channel = (await client.conversations_open(users=MAYA))["channel"]["id"]
    content = Content(channel=channel, text="Here it is.", file=("mine.yml", text))
    await posting.call(ROW, content, SimpleNamespace(), SimpleNamespace(slack_id=MAYA))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "refusal",
    ["file_type_not_allowed", "file_uploads_except_images_disabled", "storage_limit_reached", "file_uploads_disabled",
     "file_upload_size_restricted", "posting_to_channel_denied", "missing_scope"],
)  # fmt: skip
async def test_where_no_such_file_is_allowed_it_comes_in_messages(
    slack: Playground, maya: Person, refusal: str
) -> None:
    client = reaching(slack)
    client.refusal = refusal
    await hand_over(client, "a: 1\n")
    comment, words = await maya.messages()
    assert text_of(comment) == "Here it is."
    assert "a: 1" in text_of(words)
    assert [(one["unfurl_links"], one["unfurl_media"]) for one in client.posted] == [(False, False)] * 2


async def test_a_long_text_goes_on_where_slack_wanted_to_wait(slack: Playground, maya: Person) -> None:
    client = reaching(slack)
    client.refusal = "file_uploads_disabled"
    for _ in range(2):
        with pytest.raises(SlackApiError, match="ratelimited"):
            await hand_over(client, TEXT)
        slack.backend.rates = Rates()  # the time that Slack wants has passed
    slack.backend.rates = None
    await hand_over(client, TEXT)
    messages = await maya.messages()
    assert sum("Here it is." in text_of(message) for message in messages) == 1
    shown = "".join(text_of(message) for message in messages)
    assert [shown.count(f"line {number}: ") for number in range(700)] == [1] * 700
