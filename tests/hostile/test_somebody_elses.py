"""Whatever somebody sends with another member's ids in it: nothing of theirs is shown, and nothing of theirs changes.

Each action and each modal that there is, in the shapes that its owner was shown and in made-up ones, by a colleague, by
somebody of another workspace, and by somebody there whose Slack id is the same.
"""

from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from bot.rendering.ids import Action, Callback, Shortcut, act
from playground.client import State
from playground.inputs import KEPT, options_of
from playground.workspace import TEAM_ID, Change
from tests.handlers.slack_http import SlackHttp
from tests.handlers.slack_shapes import ELSEWHERE, NUMBERS, click, event, interaction, message
from tests.journeys.steps import commit, now
from tests.world import World, world

MARK: Final = "zither"
"""In all that Maya writes."""

IDS: Final = range(1, 4)
"""Of hers: whatever she has begins to count at one."""

BY_TS: Final = (Action.OPEN_COMMIT, Action.OPEN_WIN, Action.NOTE_ON, Action.ERASE)
"""They name a message."""

LAST: Final = (Action.DELETE,)
"""Who has deleted everything is not listened to any more."""

NAMING: Final = {
    *(Action.CHANGE, Action.STAGE, Action.ANSWER, Action.MORE, Action.CHANGE_ANSWER, Action.LEAVE_IT),
    *(Action.LOOK_AT_IT, Action.SNOOZE, Action.MENU, Action.SKIP, Action.CHANGE_WORDS, Action.EDIT_WIN, Action.SHARE),
    *(Action.ITEM_MENU, Action.UNDO_REST, Action.LET_GO_ONE),
}
NAMING_MODALS: Final = {Callback.CHANGE, Callback.WIN_EDIT, Callback.FORM, Callback.KEPT_WORDS, Callback.SNOOZE}
"""What names something of its owner's."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Somebody:
    """Who acts, and where they say they are."""

    team_id: str
    slack_id: str


OTHERS: Final = (
    Somebody(TEAM_ID, "UJONAS001"),
    Somebody(ELSEWHERE, "UPRIYA001"),
    Somebody(ELSEWHERE, "UMAYA0001"),
)


@dataclass
class Seen:
    """What Maya could have clicked and filled in: by action id what can be chosen, by callback id the modals."""

    actions: dict[str, list[Json]] = field(default_factory=dict)
    modals: dict[str, list[Json]] = field(default_factory=dict)

    def note(self, state: State) -> None:
        for item in [*state.from_app(), *state.modals, *([state.home] if state.home else [])]:
            for control in state.controls(item):
                chosen = [_chosen(control.element, option) for option in options_of(control.element)]
                self.actions.setdefault(control.element["action_id"], chosen or [{}])
        for modal in state.modals:
            kept = self.modals.setdefault(modal["callback_id"], [])
            if modal not in kept:
                kept.append(modal)


@pytest.fixture
async def here(sqlite_url: str) -> AsyncIterator[World]:
    async with world(sqlite_url, http=True) as made:
        yield made


@pytest.fixture
async def slack(here: World) -> AsyncIterator[SlackHttp]:
    async with SlackHttp(here) as made:
        yield made


async def test_nothing_of_somebody_elses_is_shown_or_changed(here: World, slack: SlackHttp) -> None:
    seen = await Life(here).live()
    assert {_name(action_id) for action_id in seen.actions if ":" in action_id} >= NAMING, "she met them"
    assert set(seen.modals) >= NAMING_MODALS
    for person in (here.jonas, here.priya):
        await person.say("hello")
        await person.wait_for(lambda state: state.from_app())
    messages = await here.maya.messages()
    asked = next(one for one in messages if one["is_app"] and MARK in str(one))
    hers = next(one for one in messages if not one["is_app"] and MARK in str(one))
    await _install_elsewhere(here)
    before = await _rows(here)
    assert MARK in str(before)
    shown = _shown_to(here, {here.jonas.user, here.priya.user})
    for other in OTHERS:
        for body in _clicks(seen, asked, hers):
            answer = await slack.interaction(_by(here, other, body))
            assert MARK not in answer.text, body["actions"]
        for body in _submissions(seen):
            answer = await slack.interaction(_by(here, other, body))
            assert MARK not in answer.text, body["view"]["callback_id"]
        for shortcut in Shortcut:
            body = interaction("message_action", callback_id=shortcut, action_ts=str(next(NUMBERS)), message=asked)
            assert MARK not in (await slack.interaction(_by(here, other, body))).text
        for body in _events(asked):
            sent = body | {"team_id": other.team_id, "authorizations": [{"team_id": other.team_id}]}
            sent["event"] = {**body["event"], **_wrote(body["event"], other.slack_id)}
            await slack.event(sent)
    await here.settle()
    assert await _rows(here) == before
    for person in (here.jonas, here.priya):
        shown.append(str((await person.state()).body))
    assert not [one for one in shown if MARK in one]


class Life:
    """Maya's days, with something of each kind that is kept, and what she saw of it."""

    def __init__(self, here: World) -> None:
        self._here, self._maya = here, here.maya
        self.seen = Seen()

    async def live(self) -> Seen:
        await self._commit()
        await self._check_in()
        await self._keep_a_win()
        await self._open_everything()
        return self.seen

    async def _commit(self) -> None:
        maya = self._maya
        noted = await commit(self._here, f"practise the {MARK}")
        await self._look()
        await maya.click("Weighing it up", in_message=noted)
        await self._look()
        for words in ("Caterwauling", "Neighbours", "Half a tune on Thursday"):
            await maya.say(f"{words}, {MARK}")
            await self._look()
        await maya.click("Change", in_message=await self._latest())
        await self._look_at_modal()
        for text in (f"tune the {MARK} every day at 7:30", f"sell the {MARK}", f"paint the {MARK}"):
            await commit(self._here, text)
            await self._look()

    async def _check_in(self) -> None:
        maya = self._maya
        await self._here.move_to("2027-01-08T07:31")
        await self._look()
        await self._here.move_to("2027-01-08T10:00")
        asked = await maya.sees("How did it go?")
        await self._look()
        await maya.click("At a time…", in_message=asked)
        await self._look_at_modal()
        await maya.click("Not yet", in_message=await now(maya, asked))
        await self._look()
        await maya.click("Look at it", in_message=await now(maya, asked))
        await self._look()
        await maya.click("As a form instead", in_message=await self._latest())
        await self._look_at_modal()
        await maya.say(f"a note about the {MARK}")
        await self._look()

    async def _keep_a_win(self) -> None:
        await self._maya.command("/win", f"Played the {MARK}")
        preview = await self._maya.sees("it looks like this")
        await self._look()
        await self._maya.click("Edit", in_message=preview)
        await self._look_at_modal()

    async def _open_everything(self) -> None:
        maya = self._maya
        await maya.command("/buddy", "off today")
        await self._look()
        for command in ("list", "rules", "days", "off", "pause", "settings", "privacy", "stop"):
            await maya.command("/buddy", command)
            await self._look_at_modal()
        await maya.command("/buddy", "list")
        await maya.wait_for(lambda state: state.modal)
        await maya.click("Revise")
        await maya.wait_for(lambda state: len(state.modals) > 1)
        await self._look_at_modal()
        await maya.home()
        await self._look()

    async def _look(self) -> None:
        await self._here.settle()
        self.seen.note(await self._maya.state())

    async def _look_at_modal(self) -> None:
        await self._maya.wait_for(lambda state: state.modal)
        await self._look()
        await self._maya.close(everything=True)

    async def _latest(self) -> Json:
        return (await self._maya.state()).from_app()[-1]


async def _install_elsewhere(here: World) -> None:
    """Another workspace with the app, whose token happens to be the same: so the playground answers there too."""
    await here.buddy.services.workspaces.install(
        team_id=ELSEWHERE,
        name="Elsewhere",
        bot_token=here.playground.settings.bot_token,
        bot_user_id="UBUDDY",
        bot_id=None,
    )


def _shown_to(here: World, people: Collection[str]) -> list[str]:
    """Every modal and Home that is put before them from now on."""
    workspace, shown = here.playground.workspace, list[str]()

    def note(change: Change) -> None:
        if change.kind == "view" and change.user in people:
            shown.extend(str(view.body) for view in workspace.views.values() if view.user in people)

    workspace.follow(note)
    return shown


async def _rows(here: World) -> Json:
    async with here.buddy.units.database.read() as tx:
        workspace = await tx.workspaces.by_team(TEAM_ID)
        assert workspace is not None
        maya = await tx.members.by_slack_id(workspace.id, here.maya.user)
        assert maya is not None
        return dict(await tx.person.rows(maya))


def _clicks(seen: Seen, asked: Json, hers: Json) -> Iterator[Json]:
    """As she was shown them; what she was not shown, with any of her ids; and with a message of hers."""
    named = {_name(action_id) for action_id in seen.actions if ":" in action_id}
    made_up = [act(action, number, 1) for action in Action if action not in named for number in IDS]
    by_ts = [act(action, one["ts"], number) for one in (asked, hers) for action in BY_TS for number in ("", *IDS)]
    bare: dict[str, list[Json]] = {action_id: [{}] for action_id in (*made_up, *by_ts)}
    everything = bare | seen.actions
    for action_id in sorted(everything, key=lambda each: _name(each) in LAST):
        for chosen in everything[action_id]:
            body = click(asked, action_id)
            body["actions"][0] |= chosen
            yield body


def _submissions(seen: Seen) -> Iterator[Json]:
    for modals in seen.modals.values():
        for modal in modals:
            for number in ("", *IDS):
                about = modal["private_metadata"].partition("@")[2]
                metadata = modal["private_metadata"] if number == "" else f"{number}@{about}" if about else str(number)
                view = modal | {"private_metadata": metadata, "hash": f"h{next(NUMBERS)}"}
                yield interaction("view_submission", view=view, response_urls=[])
    for callback in Callback:
        for number in IDS:
            view = {"id": "V0MADEUP01", "type": "modal", "callback_id": callback, "private_metadata": str(number)}
            view |= {"hash": f"h{next(NUMBERS)}", "blocks": [], "state": {"values": {}}}
            yield interaction("view_submission", view=view, response_urls=[])


def _events(asked: Json) -> Iterator[Json]:
    """Edited, deleted, and typed in her thread."""
    ts, channel = asked["ts"], asked["channel"]
    was = {"type": "message", "text": "hello", "ts": ts}
    yield event(message(channel=channel, thread_ts=ts))
    yield event(message(channel=channel, subtype="message_deleted", deleted_ts=ts, previous_message=was))
    yield event(
        message(channel=channel, subtype="message_changed", message=was | {"text": "bye"}, previous_message=was)
    )
    yield event({"type": "app_home_opened", "channel": channel, "tab": "home"})


def _wrote(said: Json, slack_id: str) -> Json:
    inner = ("message", "previous_message")
    return {"user": slack_id, **{name: said[name] | {"user": slack_id} for name in inner if name in said}}


def _by(here: World, other: Somebody, body: Json) -> Json:
    view = body.get("view")
    return {
        **body,
        "team": {"id": other.team_id, "domain": "somewhere"},
        "user": {"id": other.slack_id, "username": "x", "name": "x", "team_id": other.team_id},
        "trigger_id": here.playground.backend.triggers.issue(other.slack_id),
        **({"view": {**view, "app_installed_team_id": other.team_id, "team_id": other.team_id}} if view else {}),
    }


def _chosen(element: Json, option: Json) -> Json:
    kind = KEPT.get(element["type"], "selected_option")
    return {"type": element["type"], kind: [option] if kind == "selected_options" else option}


def _name(action_id: str) -> str:
    return action_id.partition(":")[0]
