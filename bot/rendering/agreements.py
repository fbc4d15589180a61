"""The ground rules whole on one screen."""

from collections.abc import Sequence
from typing import Final

from bot.domain.agreements import AfterNotYet, Agreement, Initiative, Terms, Tone
from bot.domain.calendar import local_date
from bot.domain.response import WINDOWS
from bot.rendering.blocks import (
    Block,
    Option,
    View,
    actions,
    button,
    checkboxes,
    context,
    field,
    modal,
    option,
    radio_buttons,
    section,
    select,
    sentence,
    time_picker,
)
from bot.rendering.copy import PRIVACY
from bot.rendering.dates import day as in_words
from bot.rendering.dates import hours_after
from bot.rendering.ids import Action, Callback
from bot.rendering.rests import time_off_in_words
from bot.rendering.zones import place

WHO_STARTS: Final = "who_starts"
TONE: Final = "tone"
SILENCE: Final = "silence"
REMIND_AT: Final = "remind_at"
AFTER_NOT_YET: Final = "after_not_yet"
MESSAGES: Final = "messages"

AT_A_TIME: Final = "at_a_time"
LEAVE: Final = "leave"

STARTS: Final = (
    (Initiative.ASK_ME, "Ask me", "On the agreed days, at the agreed time."),
    (Initiative.I_START, "I'll start", "Never by yourself. I begin when I like."),
)
TONES: Final = (
    (Tone.GENTLE, "Gentle", "“Thanks for saying so. Leave it there, or look at it?”"),
    (Tone.DIRECT, "Direct", "“It was for Friday and it's open. What now?”"),
    (Tone.QUESTIONS, "Questions only", "“What was going on when the moment came?” No comment."),
)
AFTERWARDS: Final = (
    (AfterNotYet.OFFER_A_LOOK, "Offer a look at it", "I can always leave it there."),
    (AfterNotYet.LEAVE_IT, "Leave it there", "Nothing else is asked."),
)
SWITCHES: Final = (
    ("ask_next_step", "After a check-in, ask about what's under way", "One question a week at most."),
    ("ask_what_helped", "After “Done”, ask what helped", "Counts as the week's one question."),
    ("offer_sharing", "Offer to share a win", "At a finish, a first or a comeback. Nothing is shared by itself."),
    ("tell_cheers", "Tell me who cheered a win of mine", "Once a day at most."),
    ("tell_cues", "Remind me of my plans and habits at their times", "In my own words."),
    (
        "ask_after_silence",
        "When I've gone quiet, ask what would suit me",
        "Once, then quiet until I say something. Off: check-ins simply go on.",
    ),
    ("welcome_back", "After a pause, name the dates that passed", "Only if there are any."),
    ("ask_about_zone", "When I seem to be in another time zone, ask", "Once a zone. Nothing moves by itself."),
)
"""Each kind of message the buddy may send has its switch: these, the reminder, and who starts check-ins."""


def rules_view(terms: Terms, agreement: Agreement | None) -> View:
    """The agreement whole, on one screen."""
    zone = terms.cadence.zone
    since = "These hold until you change them."
    if agreement is not None:
        since = f"Agreed on {in_words(local_date(agreement.agreed_at, zone), None)}. Change anything, any time."
    kinds = [option(label, name, about) for name, label, about in SWITCHES]
    switched_on = [name for name, _, _ in SWITCHES if getattr(terms, name)]
    days = button("Days", Action.OPEN_DAYS)
    starts = _radio("Who starts?", WHO_STARTS, STARTS, terms.initiative)
    blocks: list[Block] = [
        context(since),
        section(f"*Check-in days*\n{sentence(terms.cadence.describe())}, {place(zone)} time", days),
        section(f"*Time off*\n{time_off_in_words(terms)}", button("Time off", Action.OPEN_TIME_OFF)),
        starts,
        _radio("How would you like to be asked?", TONE, TONES, terms.tone),
        field("When I don't answer", select(SILENCE, _windows(terms), _window(terms)), block_id=SILENCE),
        field(
            "At what time?",
            time_picker(REMIND_AT, terms.remind_at),
            block_id=REMIND_AT,
            hint="For “at a time” only.",
        ),
        _radio("After a “not yet”", AFTER_NOT_YET, AFTERWARDS, terms.after_not_yet),
        field(
            "What else the buddy may say",
            checkboxes("messages", kinds, switched_on),
            block_id=MESSAGES,
            optional=True,
        ),
        section(f"*Who sees this*\n{PRIVACY}"),
        actions([button("Who sees what", Action.OPEN_PRIVACY)]),
    ]
    return modal(Callback.RULES, "Ground rules", blocks, submit="Agree", close="Not now")


def _windows(terms: Terms) -> list[Option]:
    """The one reminder, later the same day: at a time, or so many hours after."""
    hours = sorted({*WINDOWS, *([terms.remind_after] if terms.remind_after else [])})
    return [
        option("Remind me once, at a time", AT_A_TIME),
        *(option(f"Remind me once, {hours_after(each)}", str(each)) for each in hours),
        option("Leave it until the next check-in", LEAVE),
    ]


def _window(terms: Terms) -> str:
    if not terms.remind:
        return LEAVE
    return str(terms.remind_after) if terms.remind_after else AT_A_TIME


def _radio(label: str, block_id: str, choices: Sequence[tuple[str, str, str]], chosen: str) -> Block:
    return field(label, radio_buttons(block_id, described(choices), chosen), block_id=block_id)


def described(choices: Sequence[tuple[str, str, str]]) -> list[Option]:
    """Options with a word of explanation under each."""
    return [option(label, value, about) for value, label, about in choices]
