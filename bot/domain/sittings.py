"""A guided conversation under way, and the answers it has kept."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from bot.domain.records import Record


class SittingStatus(StrEnum):
    """WAITING: its turn comes when the running one ends. LATER: put off, until it is OFFERED once more."""

    ASKING = "asking"
    WAITING = "waiting"
    LATER = "later"
    OFFERED = "offered"
    FINISHED = "finished"
    STOPPED = "stopped"


class Sitting(Record):
    """`state` is the interpreter's state as JSON. `version` grows with each thing said: what was overtaken is not sent.

    `prompt_step` and `prompt_ts` say which question is on the screen, and where; of one that is over, where its closing
    words are. `prompt_ts` None: what was said last is still on its way.
    """

    id: int
    workspace_id: int
    member_id: int
    commitment_id: int | None = None
    check_in_id: int | None = None
    guide: str
    state: str = Field(repr=False)
    status: SittingStatus
    version: int
    prompt_step: str | None = None
    prompt_ts: str | None = None
    thread_ts: str | None = None
    opened_at: datetime
    asked_at: datetime


class KeptAnswer(Record):
    """`messages` is a JSON list of [ts, text] of the messages that make up a typed answer: sometimes several.

    `keeps` None: said on the way, kept as nothing. An empty `text`: asked, and not answered.
    """

    id: int
    workspace_id: int
    member_id: int
    commitment_id: int | None = None
    conversation_id: int
    step: str
    question: str
    theme: str | None = None
    keeps: str | None = None
    text: str = Field(repr=False)
    messages: str = Field(repr=False)
    answered_at: datetime


def moment(ts: str) -> tuple[int, int]:
    """A message's ts, as it orders messages. Raises ValueError when it is none."""
    seconds, _, part = ts.partition(".")
    return int(seconds), int(part or 0)
