"""What must hold whatever people do."""

import logging
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from bot.domain.deliveries import Delivery, Method, Says
from bot.domain.sittings import SittingStatus
from playground.backend import Backend
from playground.client import Person, State, text_of
from playground.line import Parcel
from playground.seen import Control
from tests.world import World


def people(here: World) -> tuple[Person, Person, Person]:
    return here.maya, here.jonas, here.priya


async def nothing_went_wrong(here: World, *, meant: Collection[str] = ()) -> None:
    """No unacked interaction, no error shown, no message refused. `meant`: errors that a test asked for."""
    await here.settle()
    calls = await here.slack.calls()
    refused = [call for call in calls["refused"] if call["error"] not in meant]
    assert not refused, refused
    assert not calls["unacked"], calls["unacked"]
    for person in people(here):
        shown = errors_shown(await person.state())
        assert not shown, (person.user, shown)
    await at_most_one_question(here)
    await no_check_in_twice(here)


def errors_shown(state: State) -> list[str]:
    """What a person sees go wrong: on messages, on views, from Slackbot."""
    messages = [message for place in state.body["channels"] for message in state.messages(place["id"])]
    views = [*state.modals, *([state.home] if state.home else [])]
    shown = [item["error"] for item in (*messages, *views) if item["error"]]
    return [*shown, *(text_of(one) for one in messages if "failed with the error" in text_of(one))]


def no_errors_logged(records: Iterable[logging.LogRecord]) -> None:
    """A listener that raised, a lane that broke off, a step that failed: each is an ERROR."""
    errors = [record.getMessage() for record in records if record.levelno >= logging.ERROR]
    assert not errors, errors


async def at_most_one_question(here: World) -> None:
    async with here.buddy.units.database.read() as tx:
        asking = [one.member_id for one in await tx.conversations.all() if one.status is SittingStatus.ASKING]
    assert len(asking) == len(set(asking)), "two questions at once"


async def no_check_in_twice(here: World) -> None:
    async with here.buddy.units.database.read() as tx:
        occurrences = [(one.member_id, one.occurrence) for one in await tx.check_ins.all() if one.origin == "scheduled"]
        said = [(row.member_id, row.refs.get("check_in")) for row in await tx.deliveries.all() if _is_new(row)]
    assert len(occurrences) == len(set(occurrences)), "two check-ins for one occurrence"
    assert len(said) == len(set(said)), "one check-in said twice"


def _is_new(row: Delivery) -> bool:
    return (row.says, row.method) == (Says.CHECK_IN, Method.POST)


async def nobody_else_sees(here: World, words: str, owner: Person) -> None:
    """In no message, no view, of any other person."""
    for person in people(here):
        if person.user != owner.user:
            assert words not in str((await person.state()).body), f"{person.user} sees what {owner.user} wrote"


def buttons(item: dict[str, Any]) -> list[Control]:
    """What there is to click on a message or view."""
    here = State({"channels": [], "app": {"channel": None}, "modals": [], "home": None})
    return [control for control in here.controls(item) if control.element["type"] == "button"]


async def click_as_seen(here: World, person: Person, item: dict[str, Any], control: Control) -> None:
    """A click on a message as it stood when `item` was read: what an old screen, or a slow network, brings."""
    backend = here.playground.backend
    ack = await backend.events.ask("block_actions", click_on(backend, person.user, item, control))
    assert ack.error is None


def click_on(backend: Backend, user: str, item: dict[str, Any], control: Control) -> Parcel:
    """What Slack sends of a click on a message that looks like `item`."""
    element = control.element
    action = {key: element[key] for key in ("action_id", "type", "text", "style") if key in element}
    payload: dict[str, Any] = {
        "type": "block_actions",
        "team": {"id": item["team"], "domain": "playground"},
        "user": {"id": user, "username": "x", "name": "x", "team_id": item["team"]},
        "api_app_id": backend.app.id,
        "enterprise": None,
        "is_enterprise_install": False,
        "container": {"type": "message", "message_ts": item["ts"], "channel_id": item["channel"]},
        "channel": {"id": item["channel"], "name": "directmessage"},
        "message": {key: item[key] for key in ("type", "user", "bot_id", "ts", "text", "blocks")},
        "state": {"values": {}},
        "actions": [action | {"block_id": control.block["block_id"], "action_ts": backend.workspace.next_ts()}],
        "trigger_id": backend.triggers.issue(user),
        "response_url": "",
    }
    return Parcel("interactive", payload)


def lines(messages: Sequence[dict[str, Any]]) -> list[str]:
    return [text_of(message) for message in messages]
