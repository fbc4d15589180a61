"""The ground rules whole on one screen, and the modal for days and times."""

from collections.abc import Sequence
from datetime import datetime, time
from itertools import islice
from typing import Final

from bot.domain.agreements import AfterNotYet, Agreement, Initiative, Terms, Tone
from bot.domain.calendar import Cadence, Weekday, Weekly, clock_label, instants, listing, local, local_date
from bot.domain.records import Record
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
    time_picker,
)
from bot.rendering.copy import PRIVACY
from bot.rendering.dates import day as in_words
from bot.rendering.ids import Action, Callback, act
from bot.rendering.lists import weekdays
from bot.rendering.zones import place, zone_options

DAYS: Final = "days"
TIME: Final = "time"
SECOND_TIME: Final = "second_time"
ZONE: Final = "zone"
WEEKS: Final = "weeks"
WHO_STARTS: Final = "who_starts"
TONE: Final = "tone"
SILENCE: Final = "silence"
REMIND_AT: Final = "remind_at"
AFTER_NOT_YET: Final = "after_not_yet"
MESSAGES: Final = "messages"

REMIND: Final = "remind"
LEAVE: Final = "leave"

NEXT_SHOWN: Final = 3
EVERY_WEEKS: Final = {1: "Every week", 2: "Every second week", 3: "Every third week", 4: "Every fourth week"}

STARTS: Final = (
    (Initiative.ASK_ME, "Ask me", "On the agreed days, at the agreed time."),
    (Initiative.I_START, "I'll start", "Never by yourself. I begin when I like."),
)
TONES: Final = (
    (Tone.GENTLE, "Gentle", "“Thanks for saying so. Leave it there, or look at it?”"),
    (Tone.DIRECT, "Direct", "“It was for Friday and it's open. What now?”"),
    (Tone.QUESTIONS, "Questions only", "“What was going on when the moment came?” No comment."),
)
SILENCES: Final = (
    (REMIND, "Remind me once", "Later the same day. Then quiet until the next check-in."),
    (LEAVE, "Leave it", "Quiet until the next check-in."),
)
AFTERWARDS: Final = (
    (AfterNotYet.OFFER_A_LOOK, "Offer a look at it", "I can always leave it there."),
    (AfterNotYet.LEAVE_IT, "Leave it there", "Nothing else is asked."),
)
SWITCHES: Final = (
    ("ask_next_step", "After “Moving”, ask for the next small step", "One such question a week at most."),
    ("ask_what_helped", "After “Done”, ask what helped", "The same: one a week at most."),
    ("offer_sharing", "Offer to share a win", "At a finish, a first or a comeback. Nothing is shared by itself."),
    ("tell_cheers", "Tell me who cheered a win of mine", "Once a day at most."),
)
"""Each kind of message the buddy may send has its switch: these, the reminder, and who starts check-ins."""


class Days(Record):
    """What the modal for days and times is filled with."""

    days: tuple[Weekday, ...]
    times: tuple[time, ...]
    zone: str
    interval_weeks: int = 1
    initiative: Initiative = Initiative.ASK_ME

    @classmethod
    def of(cls, terms: Terms) -> "Days":
        return cls(**terms.cadence.model_dump(include=set(cls.model_fields)), initiative=terms.initiative)

    def cadence(self, agreed: Cadence, now: datetime) -> Cadence:
        """The cadence of it. Weeks are counted from this one unless their number stayed the same.

        Raises ValueError when it makes none, as without a day or a time.
        """
        same = isinstance(agreed, Weekly) and self.interval_weeks == agreed.interval_weeks
        anchor = agreed.anchor if same else local_date(now, self.zone)
        return Weekly(anchor=anchor, **self.model_dump(exclude={"initiative"}))


def days_view(days: Days, cadence: Cadence | None, home_zone: str, now: datetime) -> View:
    """Days, times, zone, weeks and who starts; what comes of it stands below. `home_zone` is what Slack says."""
    first, second = (*days.times, None, None)[:2]
    chosen_days = (str(int(one)) for one in days.days)
    weeks = [option(label, str(number)) for number, label in EVERY_WEEKS.items()]
    zones = zone_options((home_zone, days.zone), now)
    blocks = [
        field("Which days?", checkboxes(_preview(DAYS), weekdays(), chosen_days), block_id=DAYS, dispatch=True),
        field("At what time?", time_picker(_preview(TIME), _clock(first)), block_id=TIME, dispatch=True),
        field(
            "And again the same day?",
            time_picker(_preview(SECOND_TIME), _clock(second)),
            block_id=SECOND_TIME,
            optional=True,
            dispatch=True,
        ),
        field("On which clock?", select(_preview(ZONE), zones, days.zone), block_id=ZONE, dispatch=True),
        field("How often?", select(_preview(WEEKS), weeks, str(days.interval_weeks)), block_id=WEEKS, dispatch=True),
        field(
            "Who starts?",
            radio_buttons(_preview(WHO_STARTS), _described(STARTS), days.initiative),
            block_id=WHO_STARTS,
            dispatch=True,
        ),
        context(_coming(days, cadence, now)),
    ]
    return modal(Callback.DAYS, "Check-in days", blocks, submit="Save", close="Not now")


def rules_view(terms: Terms, agreement: Agreement | None) -> View:
    """The agreement whole, on one screen."""
    zone = terms.cadence.zone
    since = "These hold until you change them."
    if agreement is not None:
        since = f"Agreed on {in_words(local_date(agreement.agreed_at, zone))}. Change anything, any time."
    kinds = [option(label, name, about) for name, label, about in SWITCHES]
    switched_on = [name for name, _, _ in SWITCHES if getattr(terms, name)]
    days = button("Days", Action.OPEN_DAYS)
    starts = _radio("Who starts?", WHO_STARTS, STARTS, terms.initiative)
    blocks: list[Block] = [
        context(since),
        section(f"*Check-in days*\n{_sentence(terms.cadence.describe())}, {place(zone)} time", days),
        starts,
        _radio("How would you like to be asked?", TONE, TONES, terms.tone),
        _radio("When I don't answer", SILENCE, SILENCES, REMIND if terms.remind else LEAVE),
        field("Remind me at", time_picker("remind_at", _clock(terms.remind_at)), block_id=REMIND_AT),
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


def _coming(days: Days, cadence: Cadence | None, now: datetime) -> str:
    """When the next check-ins will be, on the chosen clock."""
    if days.initiative is Initiative.I_START:
        return "I won't ask by myself. “Check in now” in Home starts one."
    if cadence is None:
        return "Choose at least one day and a time."
    coming = [_moment(instant, cadence.zone) for instant in islice(instants(cadence, now), NEXT_SHOWN)]
    return f"Next: {listing(coming)}"


def _moment(instant: datetime, zone: str) -> str:
    wall = local(instant, zone)
    return f"{in_words(wall.date())}, {clock_label(wall.time())}"


def _preview(name: str) -> str:
    return act(Action.PREVIEW_DAYS, name)


def _radio(label: str, block_id: str, choices: Sequence[tuple[str, str, str]], chosen: str) -> Block:
    return field(label, radio_buttons(block_id, _described(choices), chosen), block_id=block_id)


def _described(choices: Sequence[tuple[str, str, str]]) -> list[Option]:
    return [option(label, value, about) for value, label, about in choices]


def _clock(at: time | None) -> str | None:
    return f"{at:%H:%M}" if at else None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
