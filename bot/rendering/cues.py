"""A member's own words, told at the time they typed: no question, and a way out."""

from collections.abc import Sequence
from datetime import time
from enum import StrEnum

from bot.domain.calendar import clock_label, listing
from bot.domain.commitments import Commitment
from bot.domain.cues import Cue
from bot.domain.records import Record
from bot.rendering.blocks import Block, Element, Message, button, context, option, overflow, quote, section
from bot.rendering.ids import Action, act


class CueDeed(StrEnum):
    """What the menu of a cue offers."""

    CHANGE = "change"
    STOP = "stop"


class PlanCue(Record):
    """A plan that names a time, where it was kept: what could be told then, or is."""

    commitment_id: int
    sitting_id: int
    at: time
    cue: Cue | None = None


def told(commitments: Sequence[Commitment]) -> Message:
    """The words of each that is due at this moment, with a menu; of one whose cue was ended, with the way back."""
    ids = "-".join(str(one.id) for one in commitments)
    text = "\n".join(quote(one.cue_words, 500) for one in commitments)
    blocks = [block for one in commitments for block in (_told(one, ids) if one.is_told else _told_no_more(one))]
    return text, blocks


def _told(commitment: Commitment, ids: str) -> list[Block]:
    menu = [option("Change", CueDeed.CHANGE), option("Stop these", CueDeed.STOP)]
    return [section(quote(commitment.cue_words, 500), overflow(act(Action.CUE_MENU, commitment.id, ids), menu))]


def _told_no_more(commitment: Commitment) -> list[Block]:
    change = button("Change", act(Action.CHANGE, commitment.id), says="Change when I say this back")
    return [section(quote(commitment.cue_words, 500), change), context("Stopped: I won't say this back any more.")]


def plan_cue_button(plan: PlanCue) -> Element:
    """Stands under a plan that was kept: the reminder is offered, or can be taken back."""
    if plan.cue is not None:
        return button("Don't remind me", act(Action.STOP_CUE, plan.commitment_id, plan.sitting_id))
    at = f"{plan.at:%H%M}"
    return button(
        f"Remind me at {clock_label(plan.at)}", act(Action.REMIND_AT, plan.commitment_id, plan.sitting_id, at)
    )


def plan_cue_note(plan: PlanCue) -> list[Block]:
    """When the plan will be told, once that was wished for."""
    return [context(f"I'll say it back to you {when_told(plan.cue)}.")] if plan.cue else []


def when_told(cue: Cue) -> str:
    """ "every day at 8:00, 13:00 and 20:00"."""
    return f"{cue.days_in_words} at {listing(clock_label(at) for at in cue.times)}"
