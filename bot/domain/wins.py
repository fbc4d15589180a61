"""Wins: private until their owner shares them, one click of consent each time."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from bot.domain.records import Record

MAX_TEXT = 1000


class WinState(StrEnum):
    """DRAFT: shown to its owner to decide about. TAKEN_BACK: kept, no longer in the channel."""

    DRAFT = "draft"
    KEPT = "kept"
    SHARED = "shared"
    TAKEN_BACK = "taken_back"


class CheerKind(StrEnum):
    """The buttons below a shared win."""

    CLAP = "clap"
    PARTY = "party"
    STRONG = "strong"


class Win(Record):
    """`channel_id` and `ts` say where it was posted."""

    id: int
    workspace_id: int
    member_id: int
    commitment_id: int | None = None
    text: str = Field(repr=False)
    state: WinState
    preview_ts: str | None = None
    channel_id: str | None = None
    ts: str | None = None
    created_at: datetime
    shared_at: datetime | None = None


class Cheer(Record):
    """One person's cheer for one win: a second click changes its kind, never the count of people."""

    id: int
    workspace_id: int
    win_id: int
    slack_id: str
    kind: CheerKind
    cheered_at: datetime
    told_at: datetime | None = None
