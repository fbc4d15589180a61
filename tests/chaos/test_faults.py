"""One call in five goes wrong, in four ways: everybody gets exactly one check-in all the same."""

from typing import Any

from tests.chaos.chaos import chaos
from tests.chaos.conftest import Ground
from tests.chaos.crowd import each_heard_once

SHARE = 0.2
KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("ratelimited", {"retry_after": 1}),
    ("http_500", {}),
    ("timeout_after_accept", {"seconds": 0.0}),
    ("timeout_after_accept", {"seconds": 3.0}),
    ("drop_connection", {}),
)
TOO_LONG = 1.9
"""Seconds: almost twice what the fleet gives a call."""
METHODS = ("chat.postMessage", "conversations.open", "conversations.history", "views.publish")


async def test_one_call_in_five_goes_wrong(ground: Ground) -> None:
    async with chaos(ground) as here:
        await here.start()
        for nth, method in enumerate(METHODS):
            for number, (trouble, more) in enumerate(KINDS):
                share = SHARE / len(KINDS)
                by_chance = share / (1 - number * share)  # of those whom the faults before it spared
                here.town.fault(
                    method=method,
                    kind=trouble,
                    times=None,
                    probability=by_chance,
                    seed=ground.seed + 1000 * number + 10_000 * nth,
                    **more,
                )
        here.at()
        await here.until_all_is_said()
        await here.fleet.stop()
        here.tell()
        await each_heard_once(here.town, here.database)
        went_wrong = [call for call in here.town.calls("chat.postMessage") if not call["ok"]]
        assert went_wrong, "there was trouble"


async def test_slack_takes_a_message_after_we_gave_up_waiting(ground: Ground) -> None:
    """Nothing is looked for before Slack has had as long again as the call was given."""
    async with chaos(ground) as here:
        await here.start()
        here.town.fault(
            method="chat.postMessage", kind="slow", times=None, probability=SHARE, seed=ground.seed, seconds=TOO_LONG
        )
        here.at()
        await here.until_all_is_said()
        await here.fleet.stop()
        here.tell()
        await each_heard_once(here.town, here.database)
