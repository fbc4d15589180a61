"""What came of sending a row, and what Slack's answer makes of it. Nothing here writes anything down."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError

from bot.delivery.content import Letter
from bot.delivery.errors import (
    CLOSED,
    NO_CHANNEL,
    NOTHING_THERE,
    REVOKED,
    SLOW_DOWN,
    TRANSIENT,
    UNREACHABLE,
    retry_after,
)
from bot.delivery.limits import Limits
from bot.delivery.posting import Place
from bot.domain.deliveries import Delivery, Method

TRIES: Final = 8
"""For what Slack answers with an error of its own: about two minutes."""

TRIES_IN_SILENCE: Final = 50
"""While Slack cannot be reached: some hours."""

CODE_MAX: Final = 64
"""Characters of an error that are kept: Slack's are short, others' need not be."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sent:
    place: Place


@dataclass(frozen=True)
class Dropped:
    """There is nothing to say any more."""

    error: str | None = None


@dataclass(frozen=True)
class Failed:
    """Never again. `is_refused`: it was Slack that said so. `revoked`: the token that Slack does not take any more."""

    error: str
    is_refused: bool = False
    revoked: str | None = field(default=None, repr=False)
    is_unreachable: bool = False


@dataclass(frozen=True)
class Unsure:
    """Nobody knows whether it arrived, and it is not sent again."""

    error: str


@dataclass(frozen=True)
class Later:
    """Another try after so many `seconds`; it may be in Slack already. `counts`: whether this was a try."""

    seconds: float
    error: str
    counts: bool = True


@dataclass(frozen=True)
class Parked:
    """Slack wants the whole workspace left alone for so many `seconds`. It has not taken the message."""

    seconds: float


@dataclass(frozen=True)
class Held:
    """Not now but then, in product time."""

    until: datetime


@dataclass(frozen=True)
class LetPass:
    """Held for the rest of its day, as its member chose: that day's is not said."""


@dataclass(frozen=True)
class Untried:
    """Put back as it was, for whoever comes to it."""


Outcome = Sent | Dropped | Failed | Unsure | Later | Parked | Held | LetPass | Untried


def is_over(outcome: Outcome) -> bool:
    """Whether the lane can go on."""
    return isinstance(outcome, Sent | Dropped | Failed | Unsure | LetPass)


def is_channel_post(row: Delivery) -> bool:
    """Such a one is sent at most once: the scopes do not let us look whether it is there."""
    return row.method is Method.POST and "channel" in row.refs


def before_calling(row: Delivery, letter: Letter | Exception) -> Outcome | None:
    """What is known without a call; None when there is one to make."""
    if isinstance(letter, LookupError):
        log.info("what was to be told is gone", says=row.says, error=type(letter).__name__)
        return Dropped()
    if isinstance(letter, Exception):
        log.error("a message could not be rendered", says=row.says, exc_info=letter)
        return Failed(type(letter).__name__)
    if row.attempts and is_channel_post(row):
        return Unsure("interrupted")
    return None


def nothing_to_say(letter: Letter) -> Outcome | None:
    """Why there is nothing to be sent now; None when there is."""
    if letter.held_until is not None:
        return Held(letter.held_until)
    return Dropped() if letter.content is None else None


def refused(row: Delivery, error: SlackApiError, limits: Limits, token: str | None = None) -> Outcome:
    """What an answer with an error means, to a call with that token."""
    response: Any = error.response
    # What was no JSON may come as the bare response of aiohttp.
    data = getattr(response, "data", None)
    status: int = response.status_code if hasattr(response, "status_code") else response.status
    code = str(data.get("error") or "")[:CODE_MAX] if isinstance(data, dict) else ""
    if status == 429 or code in SLOW_DOWN:
        return Parked(retry_after(response.headers))
    if status >= 500 or code in CLOSED or not code:  # a proxy's page, or the network's own, whatever its status says
        return lost(row, code or str(status), limits, tries=TRIES_IN_SILENCE)
    is_direct = row.member_id is not None and "channel" not in row.refs
    if code in TRANSIENT or (is_direct and code == NO_CHANNEL):
        return lost(row, code, limits)
    if code in NOTHING_THERE and row.method in {Method.UPDATE, Method.DELETE}:
        return Dropped(code)
    log.warning("Slack refused a message", says=row.says, method=row.method, error=code)
    return Failed(
        code,
        is_refused=True,
        revoked=token if code in REVOKED else None,
        is_unreachable=code in UNREACHABLE and is_direct,
    )


def lost(row: Delivery, error: str, limits: Limits, *, tries: int = TRIES, at_least: float = 0.0) -> Outcome:
    """The call ended without an answer. A direct message is looked up before the next try; a channel post is not sent
    again, since it may be there: its owner decides.

    `at_least` so many seconds later: Slack may be at it still, and then there is nothing to be found yet."""
    log.warning("a message did not get through", says=row.says, error=error, attempts=row.attempts + 1)
    if row.attempts + 1 >= tries or is_channel_post(row):
        return Unsure(error)
    backoff = min(2.0**row.attempts, limits.longest_wait)
    return Later(at_least + backoff * (0.5 + random.random()), error)  # noqa: S311  # spread, not secrecy
