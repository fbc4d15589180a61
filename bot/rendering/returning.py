"""Welcome back: the dates that passed, each to move or to let go. Nothing about days away."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.domain.commitments import Commitment, State
from bot.rendering.blocks import Block, Message, actions, button, context, section, strong
from bot.rendering.dates import due_of
from bot.rendering.ids import Action, act

SHOWN: Final = 10

NUMBERS: Final = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def welcome_back(passed: Sequence[Commitment], today: date) -> Message:
    """`passed`, as they are now: what was moved or let go meanwhile says so."""
    text = f"Welcome back. {_dates(len(passed))} passed: move, or let go?"
    blocks = [section(text)]
    for one in passed[:SHOWN]:
        blocks += _line(one, today)
    left = len(passed) - SHOWN
    return text, [*blocks, context(f"{left} more: `/buddy list` shows them.")] if left > 0 else blocks


def _dates(number: int) -> str:
    return "One date" if number == 1 else f"{NUMBERS[number] if number < len(NUMBERS) else number} dates"


def _line(one: Commitment, today: date) -> list[Block]:
    name = strong(one.text)
    change = button("Change", act(Action.CHANGE, one.id), says=f"Change {one.text}")
    match one.state:
        case State.LET_GO:
            undo = button("Undo", act(Action.BRING_PASSED_BACK, one.id), says=f"Undo for {one.text}")
            return [section(f"{name}: let go", accessory=undo)]
        case State.DONE:
            return [section(f"{name}: done ✓")]
        case State.PAUSED:
            return [section(f"{name}: paused", accessory=change)]
    if one.due_day is None:
        return [section(f"{name}: no date", accessory=change)]
    if one.due_day >= today:
        return [section(f"{name} · {due_of(one, today)}", accessory=change)]
    return [
        section(f"{name} · {due_of(one, today)}"),
        actions(
            [
                button("Move", act(Action.MOVE_PASSED, one.id), says=f"Move {one.text}"),
                button("Let go", act(Action.LET_PASSED_GO, one.id), says=f"Let go: {one.text}"),
            ]
        ),
    ]
