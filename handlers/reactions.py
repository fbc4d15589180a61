"""What a handler may do besides saving: open, change or stack a modal, point at a field, whisper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.rendering.blocks import Block, View
from handlers import payloads


@dataclass(frozen=True)
class Open:
    """A new modal."""

    view: View


@dataclass(frozen=True)
class Update:
    """Another content for the modal at hand (or for the one named)."""

    view: View
    view_id: str | None = None


@dataclass(frozen=True)
class Push:
    """A modal on top of the one at hand."""

    view: View


@dataclass(frozen=True)
class Errors:
    """What is wrong, by block id. The modal stays open with everything that was typed."""

    by_block: Mapping[str, str]


@dataclass(frozen=True)
class Whisper:
    """An answer to a command that only its sender sees, where it was typed."""

    text: str
    blocks: Sequence[Block] = ()


@dataclass(frozen=True)
class Replace:
    """Another content for the whisper whose button was clicked: no row could find it, only the click can."""

    text: str
    blocks: Sequence[Block] = ()


Reaction = Open | Update | Push | Errors | Whisper | Replace | None


def on_top(at_hand: payloads.View | None, view: View) -> Reaction:
    """A modal of its own, or on top of the one that was clicked; in its place where the stack is full.

    A modal on top knows in its metadata what it lies on: see `payloads.View.lies_on`.
    """
    if at_hand is None or at_hand.type != "modal":
        return Open(view)
    if at_hand.is_full_stack:
        return Update(view)
    about = view.get("private_metadata", "")
    return Push({**view, "private_metadata": f"{about}{payloads.ON}{at_hand.callback_id}"})


def in_place(at_hand: payloads.View, view: View) -> Reaction:
    """The modal at hand with another content; what it is about, and lies on, stays."""
    return Update({**view, "private_metadata": at_hand.private_metadata})
