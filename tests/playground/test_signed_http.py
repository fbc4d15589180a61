"""Signed HTTP as Slack sends it: signatures, retry headers, what counts as an answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from playground.client import PlaygroundClient
from playground.server import Playground
from tests.playground.tiny_app import over_http, running

SECRET = "shh"
Answer = Callable[[], web.Response]


class Receiver:
    """Keeps every request it gets and answers the next thing it was told to."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], str]] = []
        self.answers: list[Answer] = []
        self.arrivals = asyncio.Semaphore(0)

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.headers), await request.text()))
        self.arrivals.release()
        return self.answers.pop(0)() if self.answers else web.Response()


@asynccontextmanager
async def receiving(receiver: Receiver) -> AsyncIterator[tuple[Playground, PlaygroundClient]]:
    app = web.Application()
    app.router.add_post("/slack/events", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        async with (
            running(request_url=url, signing_secret=SECRET, retry_after_seconds=(0, 0, 0)) as playground,
            PlaygroundClient(playground.url) as slack,
        ):
            yield playground, slack
    finally:
        await runner.cleanup()


@pytest.fixture
async def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def slack(receiver: Receiver) -> AsyncIterator[PlaygroundClient]:
    async with receiving(receiver) as (_, client):
        yield client


async def test_every_kind_of_request_is_signed(slack: PlaygroundClient, receiver: Receiver) -> None:
    maya = slack.person("UMAYA0001")
    await maya.say("hello")
    await slack.settle()
    await maya.command("/tiny", "a b")
    await maya.shortcut("begin")
    verifier = SignatureVerifier(SECRET)
    for headers, body in receiver.requests:
        assert verifier.is_valid_request(body, headers)
    event, command, shortcut = (body for _, body in receiver.requests)
    assert json.loads(event)["event"]["text"] == "hello"
    assert parse_qs(command)["text"] == ["a b"]
    assert json.loads(parse_qs(shortcut)["payload"][0])["callback_id"] == "begin"


async def test_signatures_stay_on_real_time_when_the_clock_is_moved(
    slack: PlaygroundClient, receiver: Receiver
) -> None:
    await slack.forward(7 * 86400)
    await slack.person("UMAYA0001").say("hello")
    await slack.settle()
    headers, body = receiver.requests[0]
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    assert json.loads(body)["event_time"] - int(headers["X-Slack-Request-Timestamp"]) >= 7 * 86400 - 1


async def test_an_event_that_meets_an_error_comes_again_with_its_number_and_reason(receiver: Receiver) -> None:
    receiver.answers = [lambda: web.Response(status=500), lambda: web.Response(status=503), web.Response]
    async with receiving(receiver) as (_, slack):
        await slack.person("UMAYA0001").say("hello")
        for _ in range(3):
            await asyncio.wait_for(receiver.arrivals.acquire(), 5)
    numbers = [headers.get("X-Slack-Retry-Num") for headers, _ in receiver.requests]
    reasons = [headers.get("X-Slack-Retry-Reason") for headers, _ in receiver.requests]
    assert numbers == [None, "1", "2"]
    assert reasons == [None, "http_error", "http_error"]


async def test_a_request_url_is_verified_by_its_answer_to_a_challenge(
    slack: PlaygroundClient, receiver: Receiver
) -> None:
    assert not await slack.verify()
    async with over_http() as (playground, _), PlaygroundClient(playground.url) as bolt:
        assert await bolt.verify()


async def test_no_retry_is_honoured(slack: PlaygroundClient, receiver: Receiver) -> None:
    receiver.answers = [lambda: web.Response(status=500, headers={"X-Slack-No-Retry": "1"})]
    maya = slack.person("UMAYA0001")
    await maya.say("one")
    await slack.settle()
    await maya.say("two")
    await slack.settle()
    assert [json.loads(body)["event"]["text"] for _, body in receiver.requests] == ["one", "two"]


async def test_a_command_that_meets_an_error_is_shown_as_one(slack: PlaygroundClient, receiver: Receiver) -> None:
    receiver.answers = [lambda: web.Response(status=500)]
    answer = await slack.person("UMAYA0001").command("/tiny", may_fail=True)
    assert answer["error"] == "http_service_error"


@pytest.mark.parametrize(
    "answer", [lambda: web.Response(text="Plain"), lambda: web.json_response({"text": "Plain"})], ids=["text", "json"]
)
async def test_a_command_may_be_answered_in_text_or_json(
    slack: PlaygroundClient, receiver: Receiver, answer: Answer
) -> None:
    receiver.answers = [answer]
    maya = slack.person("UMAYA0001")
    await maya.command("/tiny")
    assert [message["text"] for message in await maya.ephemerals()] == ["Plain"]
