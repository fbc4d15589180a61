"""One call of the Web API for a row that this process has claimed, and what came of it."""

import asyncio
from time import monotonic
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.delivery.content import Letter
from bot.delivery.errors import SLOW_DOWN, retry_after
from bot.delivery.holding import Holding
from bot.delivery.limits import Limits
from bot.delivery.outcomes import (
    TRIES_IN_SILENCE,
    Dropped,
    Later,
    Outcome,
    Sent,
    Untried,
    before_calling,
    lost,
    nothing_to_say,
    refused,
)
from bot.delivery.posting import Posting
from bot.delivery.wire import Unreached
from bot.domain.deliveries import Delivery
from bot.logs import error_code

UNREACHED: Final = (Unreached, aiohttp.ClientConnectorError)
"""Slack has nothing of it, and may be asked at once."""

log = structlog.get_logger(__name__)


class Calls:
    """Never raises what a call may raise: that is an outcome."""

    def __init__(self, posting: Posting, holding: Holding, limits: Limits) -> None:
        self._posting = posting
        self._holding = holding
        self._limits = limits

    def is_ours(self, row: Delivery) -> bool:
        """Whether a call that begins now ends well before anybody else may take the row."""
        return row.ours_until is not None and monotonic() + self._limits.in_hand <= row.ours_until

    async def send(self, row: Delivery, letter: Letter | Exception) -> Outcome:
        """The claim is looked at just before the call. A row that may be in Slack already is looked up first."""
        known = before_calling(row, letter)
        if known is not None or isinstance(letter, Exception):
            return known or Untried()
        try:
            return await self._send(row, letter)
        except Exception as error:
            log.exception("a call broke off", says=row.says, method=row.method)
            return lost(row, type(error).__name__, self._limits, at_least=self._limits.call)

    async def _send(self, row: Delivery, letter: Letter) -> Outcome:
        if not row.attempts and (nothing := nothing_to_say(letter)) is not None:
            return nothing
        try:
            held = await self._holding.of(row, letter)
            if held is not None:
                return held
            if not self.is_ours(row):
                return Untried()
            async with asyncio.timeout(self._limits.call):
                return await self._call(row, letter)
        except SlackApiError as error:
            return refused(row, error, self._limits, letter.workspace.bot_token)
        except (aiohttp.ClientError, OSError) as error:  # a time-out is an OSError
            at_least = 0.0 if self._may_hurry(row, error) else self._limits.call
            return lost(row, type(error).__name__, self._limits, tries=TRIES_IN_SILENCE, at_least=at_least)

    def _may_hurry(self, row: Delivery, error: Exception) -> bool:
        """Whether Slack is done with it, or has nothing of it. Of a reply whose connection was cut that is taken for
        granted: its member looks at the screen."""
        return isinstance(error, UNREACHED) or (row.is_reply and not isinstance(error, TimeoutError))

    async def _call(self, row: Delivery, letter: Letter) -> Outcome:
        if row.attempts:
            try:
                place = await self._posting.look_up(row, letter.workspace, letter.member)
            except SlackApiError as error:
                if error_code(error) not in SLOW_DOWN:
                    raise
                # Slack limits each method by itself, and this one to once a minute for some apps: others need not wait.
                return Later(retry_after(error.response.headers), "ratelimited", counts=False)
            if place is not None:
                return Sent(place)
        if letter.content is None or letter.held_until is not None:
            return nothing_to_say(letter) or Dropped()
        return Sent(await self._posting.call(row, letter.content, letter.workspace, letter.member))
