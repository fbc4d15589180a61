"""After several check-ins without an answer: one message, and what it turns into. No count, no question why."""

from collections.abc import Sequence
from typing import Final

from bot.domain.commitments import Commitment
from bot.domain.silence import Reason, Way
from bot.rendering.blocks import Message, actions, button, escaped, quote, section
from bot.rendering.ids import Action, act

COMMITMENTS_SHOWN: Final = 20

REASONS: Final = {
    Reason.MIGHT_NOT_MANAGE: "I might not manage it",
    Reason.UNSETTLES: "It unsettles me",
    Reason.TRIED_BEFORE: "Tried before",
    Reason.WHO_SEES: "Who sees this?",
    Reason.NOT_WHAT_I_WANT: "Not what I want",
    Reason.DONT_KNOW_HOW: "Don't know how",
    Reason.BEING_ASKED: "Don't like being asked",
}


def after_silence() -> Message:
    return _ways("It's quiet here, and that's fine. I'll be quiet too until I hear from you.")


def heard_again(coming: str) -> Message:
    """The same, once a click has ended the quiet. `coming`: when the next check-in is; empty when none is planned."""
    return _ways(f"I'll be here {coming}, as agreed." if coming else "I'm here when you like.")


def _ways(said: str) -> Message:
    text = f"{said} If something else would suit you:"
    ways = [
        button("Just busy", act(Action.AFTER_SILENCE, Way.BUSY)),
        button("Ask less", act(Action.AFTER_SILENCE, Way.ASK_LESS)),
        button("Pause", act(Action.OPEN_PAUSE)),
        button("Something else", act(Action.AFTER_SILENCE, Way.ELSE)),
        button("Stop", act(Action.OPEN_STOP)),
    ]
    return text, [section(text), actions(ways)]


def busy(coming: str) -> Message:
    """`coming`: when the next check-in is, as "on Friday at 10:00"; empty when none is planned."""
    return _plain(
        f"That's fine. I'll be here {coming}, as agreed." if coming else "That's fine. I'm here when you like."
    )


def less_offered(now: str, then: str, version: int) -> Message:
    """What asking less would be, before anything changes. `version`: of the ground rules that it would change."""
    text = f"Instead of {now}: {then}?"
    ways = [
        button("Do that", act(Action.ASK_LESS, version)),
        button("Choose the days", act(Action.OPEN_DAYS)),
        button("Back", act(Action.AFTER_SILENCE, Way.BACK)),
    ]
    return text, [section(text), actions(ways)]


def less_for_each() -> Message:
    """Where every commitment has check-in days of its own."""
    text = "Each of your commitments has days of its own. The list has them, one by one."
    ways = [button("The list", act(Action.OPEN_LIST)), button("Back", act(Action.AFTER_SILENCE, Way.BACK))]
    return text, [section(text), actions(ways)]


def less_agreed(then: str, coming: str, version: int) -> Message:
    """`version`: of the ground rules that hold now."""
    text = f"From now on: {then}." + (f" I'll be here {coming}." if coming else "")
    return text, [section(text, accessory=button("Undo", act(Action.ASK_AS_BEFORE, version)))]


def less_undone(then: str, coming: str) -> Message:
    return _plain(f"As before: {then}." + (f" I'll be here {coming}." if coming else ""))


def something_else() -> Message:
    text = "What is it, if you like to say? A question or two will follow. (only you)"
    reasons = [button(label, act(Action.SILENCE_REASON, reason)) for reason, label in REASONS.items()]
    out = [
        button("I'd rather talk to a person", act(Action.AFTER_SILENCE, Way.PERSON)),
        button("Back", act(Action.AFTER_SILENCE, Way.BACK)),
    ]
    return text, [section(text), actions(reasons), actions(out)]


def which_one(reason: Reason, commitments: Sequence[Commitment]) -> Message:
    text = f"“{REASONS[reason]}”: which one is it about? (only you)"
    ways = [button(one.text, act(Action.SILENCE_REASON, reason, one.id)) for one in commitments[:COMMITMENTS_SHOWN]]
    return text, [section(text), actions([*ways, button("Back", act(Action.AFTER_SILENCE, Way.ELSE))])]


def looked_into(reason: Reason, commitment: Commitment | None) -> Message:
    about = f", about {quote(commitment.text)}" if commitment else ""
    return _plain(f"“{REASONS[reason]}”{about}: it's below.")


def a_person(contacts: str | None) -> Message:
    """In the place of the message about silence, which the way back leads to. `contacts`: whom an admin named."""
    text, blocks = someone(contacts)
    return text, [*blocks, actions([button("Back", act(Action.AFTER_SILENCE, Way.ELSE))])]


def someone(contacts: str | None) -> Message:
    """The same for whoever asked for it."""
    text = "Of course. I'm automatic, and neither a coach nor a therapist."
    if contacts:
        text += f" Here is who would listen:\n{escaped(contacts)}"
    else:
        text += " Someone you trust is a good place to begin, or your workspace's people team."
    return _plain(text)


def _plain(text: str) -> Message:
    return text, [section(text)]
