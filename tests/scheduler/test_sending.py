"""Whatever Slack does, a message arrives once; and a conversation's messages arrive in order."""

import pytest

from playground.client import text_of
from tests.world import World, world

POST = "chat.postMessage"


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("ratelimited", {"retry_after": 1}),
        ("http_500", {}),
        ("timeout_after_accept", {}),
        ("drop_connection", {}),
    ],
)
async def test_a_check_in_arrives_once_whatever_happens(sqlite_url: str, kind: str, more: dict[str, float]) -> None:
    async with world(sqlite_url) as here:
        await _commit(here)
        await here.slack.fault(POST, kind, 1, **more)
        await here.move_to("2027-01-05T10:00")
        await here.maya.sees("how did it go?", seconds=15)
        await here.settle()
        assert len(_asking(await here.maya.messages())) == 1


async def test_a_crash_after_slack_took_the_message_sends_it_once(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await _commit(here)
        await here.slack.fault(POST, "timeout_after_accept", 1)
        await here.slack.move_to("2027-01-05T10:00")
        await here.maya.sees("how did it go?")
        await here.restart()
        await here.settle()
        assert len(_asking(await here.maya.messages())) == 1


async def test_replies_keep_their_order_when_one_has_to_wait(sqlite_url: str) -> None:
    async with world(sqlite_url) as here:
        await here.slack.fault(POST, "http_500", 2)
        for number in range(3):
            await here.maya.say(f"thanks {number}")
        await here.maya.wait_for(lambda state: len(state.from_app()) == 3, seconds=20)
        calls = (await here.slack.calls())["calls"]
        sent = [call for call in calls if call["name"] == POST]
        assert len(sent) >= 5


def _asking(messages: list[dict[str, object]]) -> list[dict[str, object]]:
    return [message for message in messages if "how did it go?" in text_of(message)]


async def _commit(here: World) -> None:
    await here.maya.command("/commit", "Finish the report")
    await here.maya.wait_for(lambda state: state.modal)
    await here.maya.submit()
    await here.maya.sees("Noted")
    await here.settle()
