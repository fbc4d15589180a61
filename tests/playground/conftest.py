"""A playground on a free port, and people in it."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground.client import Person, PlaygroundClient
from playground.server import Playground
from tests.playground.listener import Listener, listening
from tests.playground.tiny_app import running


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    async with running() as playground:
        yield playground


@pytest.fixture
async def slack(playground: Playground) -> AsyncIterator[PlaygroundClient]:
    async with PlaygroundClient(playground.url) as client:
        yield client


@pytest.fixture
async def app(playground: Playground) -> AsyncIterator[Listener]:
    async with listening(playground) as listener:
        yield listener


@pytest.fixture
def maya(slack: PlaygroundClient) -> Person:
    return slack.person("UMAYA0001")


@pytest.fixture
def jonas(slack: PlaygroundClient) -> Person:
    return slack.person("UJONAS001")


@pytest.fixture
def web(playground: Playground) -> AsyncWebClient:
    return web_client(playground)


def web_client(playground: Playground) -> AsyncWebClient:
    """It tries once only: by default the SDK repeats a call whose connection was cut, accepted or not."""
    return AsyncWebClient(token=playground.settings.bot_token, base_url=playground.api_url, retry_handlers=[])


async def refused(call: Awaitable[Any]) -> dict[str, Any]:
    """The answer of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return dict(caught.value.response.data)
