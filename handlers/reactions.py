"""What a handler may do besides saving: open, change or stack a modal, point at a field, or answer a command quietly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.rendering.blocks import Block, View


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
class CloseAll:
    """Every modal of the stack closes."""


@dataclass(frozen=True)
class Whisper:
    """An answer to a command that only its sender sees, where it was typed."""

    text: str
    blocks: Sequence[Block] = ()


Reaction = Open | Update | Push | Errors | CloseAll | Whisper | None
