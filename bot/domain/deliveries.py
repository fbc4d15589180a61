"""What the buddy is to say: a row before it is a message."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.records import Record


class Method(StrEnum):
    """The Web API call that carries it."""

    POST = "post"
    UPDATE = "update"
    DELETE = "delete"
    EPHEMERAL = "ephemeral"
    HOME = "home"
    FILE = "file"


SHOWN_ANEW: Final = frozenset({Method.HOME, Method.UPDATE})
"""What takes the place of what was there. Rendered when it is sent, it says the same however often it is asked for."""


class DeliveryState(StrEnum):
    """WAITING for its time; CLAIMED by a process; then SENT, FAILED (refused for good) or DROPPED (not to be said)."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Says(StrEnum):
    """Everything the buddy can say. `bot.delivery.contents` knows how each is rendered."""

    COMMITTED = "committed"
    CHECK_IN = "check_in"
    CHECK_IN_FOLDED = "check_in_folded"
    REMINDER = "reminder"
    PHRASE = "phrase"
    PROMPT = "prompt"
    PROMPT_FOLDED = "prompt_folded"
    CLOSING = "closing"
    HINT = "hint"
    OFFER_AGAIN = "offer_again"
    MOTIVES = "motives"
    ERASE_OFFER = "erase_offer"
    HELP_REPLY = "help_reply"
    A_PERSON = "a_person"
    QUIET = "quiet"
    RESTING = "resting"
    TIME_OFF = "time_off"
    DAYS = "days"
    WELCOME_BACK = "welcome_back"
    NOTE_KEPT = "note_kept"
    WHICH_LINE = "which_line"
    WIN_PREVIEW = "win_preview"
    WIN_POST = "win_post"
    WIN_DOUBT = "win_doubt"
    WIN_CHEERED = "win_cheered"
    CHEERS = "cheers"
    SILENCE = "silence"
    ZONE = "zone"
    EXPORT = "export"
    TAKEN_DOWN = "taken_down"
    CALENDAR = "calendar"
    CUE = "cue"
    HOME = "home"


Refs = dict[str, int | str]
"""Whom and what a row is about: ids only."""


class Delivery(Record):
    """`says` names what is said, `refs` whom and what it is about: ids only, rendered at sending.

    Rows of one `lane` leave in the order of their ids. `token` travels as message metadata, so that after a crash the
    message can be found instead of sent twice. `attempts` above 0: it may be in Slack already. `ours_until` is known to
    the process that claimed it: when its claim lapses, in seconds on its own monotonic clock.
    """

    id: int
    workspace_id: int
    member_id: int | None = None
    key: str
    token: str
    lane: str
    method: Method
    says: Says
    refs: Refs
    is_reply: bool = False
    due_at: datetime | None
    state: DeliveryState
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    attempts: int = 0
    retry_at: datetime | None = None
    ts: str | None = None
    error: str | None = None
    ours_until: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do about it."""
        return self.state not in {DeliveryState.WAITING, DeliveryState.CLAIMED}
