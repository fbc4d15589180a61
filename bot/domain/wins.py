"""Wins: private until their owner shares them, one click of consent each time."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from pydantic import Field

from bot.domain.calendar import local, to_utc
from bot.domain.records import Record

MAX_TEXT: Final = 1000
"""Characters of a win."""

TELL_FROM: Final = time(16)
"""On the owner's clock: when they hear who cheered until then."""

TELL_UNTIL: Final = time(21)
"""Later than this an evening is left alone."""

TELL_WITHIN: Final = timedelta(days=14)
"""Cheers that could not be told for so long are not brought up any more."""


class WinState(StrEnum):
    """DRAFT: shown to its owner to decide about. TAKEN_BACK: kept, no longer in the channel.

    UNSURE: sent to the channel, but no answer came, so its owner is asked whether it is there.
    """

    DRAFT = "draft"
    KEPT = "kept"
    SHARED = "shared"
    UNSURE = "unsure"
    TAKEN_BACK = "taken_back"


class Trouble(StrEnum):
    """Why a win is not in a channel, or not without another look; NOT_FOUND: why it may still be there."""

    NO_CHANNEL = "no_channel"
    MOVED = "moved"
    EXTERNAL = "external"
    ARCHIVED = "archived"
    NOT_IN = "not_in"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    NOT_FOUND = "not_found"


class CheerKind(StrEnum):
    """The buttons below a shared win."""

    CLAP = "clap"
    PARTY = "party"
    STRONG = "strong"


class Cheered(StrEnum):
    """What came of a click on such a button."""

    FIRST = "first"
    OTHERWISE = "otherwise"
    AGAIN = "again"
    OWN = "own"
    GONE = "gone"


class Win(Record):
    """`channel_id` and `ts` say where it was posted; `ts` is None until Slack said so.

    `introduces`: its post also says what the posts in this channel are, being the first.
    """

    id: int
    workspace_id: int
    member_id: int
    commitment_id: int | None = None
    text: str = Field(repr=False)
    state: WinState
    preview_ts: str | None = None
    channel_id: str | None = None
    ts: str | None = None
    introduces: bool = False
    created_at: datetime
    shared_at: datetime | None = None

    @property
    def is_private(self) -> bool:
        """True while only its owner can see it."""
        return self.state in (WinState.DRAFT, WinState.KEPT, WinState.TAKEN_BACK)


class Cheer(Record):
    """One person's cheer for one win: a second click changes its kind, never the count of people."""

    id: int
    workspace_id: int
    win_id: int
    slack_id: str
    kind: CheerKind
    cheered_at: datetime
    told_at: datetime | None = None


def tell_up_to(now: datetime, zone: str) -> datetime | None:
    """Cheers given up to this instant (UTC), this afternoon's hour, may be told now. None: nothing is told now."""
    wall = local(now, zone)
    if not TELL_FROM <= wall.time() < TELL_UNTIL:
        return None
    return to_utc(datetime.combine(wall.date(), TELL_FROM), zone)
