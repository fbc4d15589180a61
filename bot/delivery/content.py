"""What a delivery row turned into, ready to be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.agreements import Terms
from bot.domain.members import Member
from bot.domain.workspaces import Workspace

Block = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Content:
    """Arguments of the Web API call that the row's method names.

    `channel` None means the member's direct message. `ts`: the message to update or delete. `user`: who sees an
    ephemeral message. `file`: name and text of a file.
    """

    text: str = ""
    blocks: Sequence[Block] = ()
    channel: str | None = None
    ts: str | None = None
    user: str | None = None
    thread_ts: str | None = None
    view: Mapping[str, Any] | None = None
    file: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A row as it is to be sent now: what it says, whose it is, and the ground rules that hold for them.

    `content` None: there is nothing to say any more. `held_until`, in product time: not now, but then.
    """

    content: Content | None
    workspace: Workspace
    member: Member
    terms: Terms
    held_until: datetime | None = None
