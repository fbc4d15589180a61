"""response_url: five uses, thirty minutes, into the place where it was given."""

import asyncio
from typing import Any

import aiohttp

from playground.client import Person, PlaygroundClient
from playground.server import Playground
from tests.playground.listener import listening
from tests.playground.tiny_app import buttons, over_sockets, running, section

MAYA = "UMAYA0001"


async def url_of_command(playground: Playground, person: Person, channel: str = "app") -> str:
    async with listening(playground) as app:
        said = asyncio.create_task(person.command("/tiny", channel=channel))
        envelope = await app.envelope()
        await said
    return str(envelope["payload"]["response_url"])


async def post(url: str, body: dict[str, Any]) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status, await response.text()


async def test_five_uses_and_no_more(playground: Playground, maya: Person) -> None:
    url = await url_of_command(playground, maya)
    for number in range(5):
        assert await post(url, {"text": str(number)}) == (200, "ok")
    status, text = await post(url, {"text": "6"})
    assert (status, "used_url" in text) == (404, True)
    assert [m["text"] for m in await maya.ephemerals()] == ["0", "1", "2", "3", "4"]


async def test_an_old_url_is_refused() -> None:
    async with running(response_url_seconds=0.0) as playground, PlaygroundClient(playground.url) as slack:
        url = await url_of_command(playground, slack.person(MAYA))
        assert "expired_url" in (await post(url, {"text": "late"}))[1]


async def test_unknown_urls_and_wrong_bodies(playground: Playground, maya: Person, slack: PlaygroundClient) -> None:
    assert "no_url" in (await post(f"{playground.url}/commands/T0PLAYGRND/1/x", {"text": "x"}))[1]
    url = await url_of_command(playground, maya)
    assert "invalid_blocks" in (await post(url, {"text": "x", "blocks": [{"type": "nonsense"}]}))[1]
    assert "no_text" in (await post(url, {}))[1]
    assert [call["error"] for call in (await slack.calls())["refused"]] == ["no_url", "invalid_blocks", "no_text"]


async def test_it_may_speak_to_all_where_the_app_is_not(playground: Playground, maya: Person, jonas: Person) -> None:
    url = await url_of_command(playground, maya, "#general")
    await post(url, {"text": "For all", "response_type": "in_channel"})
    await post(url, {"text": "For Maya", "blocks": [section("For Maya")]})
    assert [m["text"] for m in await jonas.messages("#general")] == ["For all"]
    assert [m["text"] for m in await maya.messages("#general")] == ["For all", "For Maya"]


async def test_a_click_can_replace_and_delete_its_message_ephemeral_ones_too(
    playground: Playground, maya: Person
) -> None:
    async with over_sockets(playground) as app:
        await app.client.chat_postEphemeral(channel="C0WINS001", user=MAYA, text="Psst", blocks=[buttons("Done")])
        await maya.click("Done", where="#wins")
        await maya.wait_for(lambda state: not state.ephemerals("#wins"))
        clicked = app.of("block_actions")[-1]
        assert clicked["container"]["is_ephemeral"] is True
        assert "message" not in clicked
