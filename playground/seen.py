"""What a person sees, and finding one's way in it by what is written there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.inputs import KEPT, SEVERAL, blocks_within, elements, options_of
from playground.workspace import Json, JsonValue


@dataclass(frozen=True)
class Control:
    """Something to click or fill in: where it is, and the option that was named, if one was."""

    container: Json
    block: Json
    element: Json
    option: Json | None = None

    @property
    def dispatches(self) -> bool:
        """Whether using it tells the app at once."""
        return self.block["type"] != "input" or bool(self.block.get("dispatch_action"))


class State:
    """One answer of /control/state. Messages, views and blocks are Slack's JSON."""

    def __init__(self, body: Json) -> None:
        self.body = body

    @property
    def modals(self) -> list[Json]:
        """The stack, its top last."""
        modals: list[Json] = self.body["modals"]
        return modals

    @property
    def modal(self) -> Json | None:
        return self.modals[-1] if self.modals else None

    @property
    def home(self) -> Json | None:
        home: Json | None = self.body["home"]
        return home

    def channel(self, channel: str = "app") -> Json | None:
        """By id, by "#name", or "app" for the direct messages with the app."""
        wanted = self.body["app"]["channel"] if channel == "app" else channel
        for one in self.body["channels"]:
            if wanted in (one["id"], "#" + one["name"]):
                found: Json = one
                return found
        return None

    def messages(self, channel: str = "app", thread: str | None = None) -> list[Json]:
        """Oldest first; ephemeral ones are among them. `thread`: the replies to the message with that ts."""
        place = self.channel(channel)
        if place is None:
            return []
        found: list[Json] = place["threads"].get(thread, []) if thread else place["messages"]
        return found

    def from_app(self, channel: str = "app") -> list[Json]:
        return [message for message in self.messages(channel) if message["is_app"]]

    def ephemerals(self, channel: str = "app") -> list[Json]:
        return [message for message in self.messages(channel) if message["ephemeral"]]

    def says(self, part: str, channel: str = "app") -> Json | None:
        """The newest message that shows `part`."""
        return next((message for message in reversed(self.messages(channel)) if part in text_of(message)), None)

    def controls(self, where: str | Json | None = None) -> Iterator[Control]:
        """Everything that can be used now, the likeliest first.

        `where`: a message or view, "modal", "home", or a channel as in `channel`. None looks where a person's eyes are:
        only at the modal when one is open, else at the newest message to them, the older ones, Home, other channels.
        """
        for item in self._items(where):
            container = _container(item)
            for block in blocks_within(item.get("blocks")):
                for element in elements(block):
                    yield Control(container, block, element)

    def find(self, wanted: str, where: str | Json | None = None) -> Control:
        """By what is written on it, its label, its action id or block id, or one of its options. Raises LookupError."""
        controls = list(self.controls(where))
        for control in controls:
            if wanted in _names(control):
                return control
        for control in controls:
            for option in options_of(control.element):
                if wanted in (option["text"]["text"], option.get("value")):
                    return Control(control.container, control.block, control.element, option)
        raise LookupError(f"{wanted!r} is nowhere to be seen. There is: {sorted(self._written(controls))}")

    def answers(self, control: Control) -> Json:
        """What is entered in that control's view or message now: state.values."""
        for item in self._items(None, everything=True):
            if _container(item) == control.container:
                return dict(item["state"]["values"])
        return {}

    def with_option(self, control: Control) -> JsonValue:
        """The value after choosing the option that was named; among several, it is added or taken away."""
        if control.option is None or control.element["type"] not in SEVERAL:
            return control.option
        block_id, action_id = control.block["block_id"], control.element["action_id"]
        answer = self.answers(control).get(block_id, {}).get(action_id, {})
        chosen: list[Any] = list(answer.get(KEPT[control.element["type"]]) or [])
        if control.option in chosen:
            chosen.remove(control.option)
        else:
            chosen.append(control.option)
        return chosen

    def glance(self) -> str:
        """A few lines for the message of a failed test."""
        lines = [f"  {text_of(message)[:160]!r}" for message in self.messages()[-5:]]
        modal = f"modal {text_of(self.modal)[:300]!r}" if self.modal else "no modal"
        errors = [message["error"] for message in self.messages() if message["error"]]
        return "\n".join([f"{modal}; errors: {errors}; the last messages with the app:", *lines])

    def _items(self, where: str | Json | None, *, everything: bool = False) -> Iterator[Json]:
        if isinstance(where, dict):
            yield where
            return
        if where == "home":
            yield from [self.home] if self.home else []
            return
        if where == "modal" or (where is None and self.modal and not everything):
            yield from [self.modal] if self.modal else []
            return
        if where is not None:
            yield from self._newest_first(where)
            return
        yield from reversed(self.modals)
        yield from self._newest_first("app")
        yield from [self.home] if self.home else []
        for channel in self.body["channels"]:
            if channel["id"] != self.body["app"]["channel"]:
                yield from self._newest_first(channel["id"])

    def _newest_first(self, channel: str) -> list[Json]:
        place = self.channel(channel)
        if place is None:
            return []
        replies = [reply for thread in place["threads"].values() for reply in thread]
        return sorted([*place["messages"], *replies], key=lambda message: str(message["ts"]), reverse=True)

    def _written(self, controls: list[Control]) -> set[str]:
        written = {name for control in controls for name in _names(control)[:1]}
        return written | {option["text"]["text"] for control in controls for option in options_of(control.element)}


def _container(item: Json) -> Json:
    if "ts" in item:
        return {"type": "message", "channel": item["channel"], "ts": item["ts"]}
    return {"type": "view", "view_id": item["id"]}


def _names(control: Control) -> list[str]:
    texts = (control.element.get("text"), control.block.get("label"), control.element.get("placeholder"))
    names = [str(text.get("text")) for text in texts if isinstance(text, dict)]
    return [*names, control.element["action_id"], control.block["block_id"]]


def text_of(item: Json | None) -> str:
    """All that a reader sees of a message or view, line by line."""
    if item is None:
        return ""
    if not item.get("blocks"):
        return str(item.get("text", ""))
    return "\n".join([*_texts(item.get("title")), *_texts(item["blocks"])])


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        own = value.get("text")
        if isinstance(own, str):
            yield own
        for key, inner in value.items():
            if key not in ("confirm", "state") and not (key == "text" and isinstance(inner, str)):
                yield from _texts(inner)
