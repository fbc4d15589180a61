"""The ground rules: read from their modal, kept as a new version."""

from datetime import time

from bot.domain.agreements import LONGEST_WINDOW, AfterNotYet, Initiative, Tone
from bot.domain.members import Member
from bot.rendering.agreements import (
    AFTER_NOT_YET,
    AT_A_TIME,
    LEAVE,
    MESSAGES,
    REMIND_AT,
    SILENCE,
    SWITCHES,
    TONE,
    WHO_STARTS,
    rules_view,
)
from bot.rendering.blocks import View
from bot.rendering.ids import Action, Callback
from handlers.desk import Desk
from handlers.payloads import Click, CommandCall, State, Submission
from handlers.reactions import Open, Reaction, on_top


def register(desk: Desk) -> None:
    topic = _Agreements(desk)
    desk.click(Action.OPEN_RULES, topic.open_rules)
    desk.submit(Callback.RULES, topic.agree)


async def open_rules(desk: Desk, _call: CommandCall, member: Member) -> Reaction:
    return Open(await _Agreements(desk).rules(member))


class _Agreements:
    def __init__(self, desk: Desk) -> None:
        self._agreements = desk.services.agreements

    async def open_rules(self, click: Click, member: Member) -> Reaction:
        return on_top(click.view, await self.rules(member))

    async def rules(self, member: Member) -> View:
        return rules_view(*await self._agreements.read(member))

    async def agree(self, submission: Submission, member: Member) -> None:
        await self._agreements.change(member, _rules(submission.view.state), key=submission.key)


def _rules(state: State) -> dict[str, object]:
    """Fields of `Terms`. Raises ValueError for what the modal does not offer."""
    switched_on = state.of(MESSAGES).all_chosen
    window = state.of(SILENCE).chosen or ""
    after = None if window in {AT_A_TIME, LEAVE} else _hours(window)
    remind_at = state.of(REMIND_AT).selected_time
    return {
        "initiative": Initiative(state.of(WHO_STARTS).chosen or ""),
        "tone": Tone(state.of(TONE).chosen or ""),
        "after_not_yet": AfterNotYet(state.of(AFTER_NOT_YET).chosen or ""),
        "remind": window != LEAVE,
        "remind_after": after,
        "remind_at": remind_at or time(15),
        **{name: name in switched_on for name, _, _ in SWITCHES},
    }


def _hours(window: str) -> int:
    """Raises ValueError for what is no response window."""
    hours = int(window)
    if not 1 <= hours <= LONGEST_WINDOW:
        raise ValueError("no response window")
    return hours
