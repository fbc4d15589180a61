"""Reading how often, in English: "every other Friday", "monthly on the 31st", "the second Tuesday of every month".

A phrase is read whole or not at all, and only if nothing else can be meant: "on the last Friday of the month" may be
the one that comes.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.domain.calendar import LAST, Cadence
from bot.services.date_grammar import grammar_of
from bot.services.date_words import ENGLISH

CADENCE: Final[TypeAdapter[Cadence]] = TypeAdapter(Cadence)

NTH: Final = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": LAST}
APART: Final = {
    **dict.fromkeys(("other", "second", "2nd", "two", "2"), 2),
    **dict.fromkeys(("third", "3rd", "three", "3"), 3),
    **dict.fromkeys(("fourth", "4th", "four", "4"), 4),
}


def _one_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(words)})"


A_DAY: Final = _one_of([*ENGLISH.weekdays, *ENGLISH.short_weekdays])
SOME_DAYS: Final = rf"(?P<days>{A_DAY}s?(?:(?:,| and|, and| &) {A_DAY}s?)*)"
NTH_DAY: Final = rf"(?P<nth>{_one_of(NTH)}) (?P<day>{A_DAY})"
A_DATE: Final = r"(?:(?P<date>[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?|last day)"
EVERY: Final = "(?:every|each)"
MONTHLY: Final = f"(?:monthly|{EVERY} month),?(?: on)?(?: the)?"

Rule = Mapping[str, Any]


def _weekly(found: re.Match[str]) -> Rule:
    days = grammar_of("en").weekdays_in(found["days"])
    return {"kind": "weekly", "days": [int(day) for day in days], "interval_weeks": APART[found["apart"]]}


def _fortnightly(found: re.Match[str]) -> Rule:
    days = grammar_of("en").weekdays_in(found["days"])
    return {"kind": "weekly", "days": [int(day) for day in days], "interval_weeks": 2}


def _on_weekday(found: re.Match[str]) -> Rule:
    (day,) = grammar_of("en").weekdays_in(found["day"])
    return {"kind": "monthly_weekday", "nth": NTH[found["nth"]], "weekday": int(day)}


def _on_date(found: re.Match[str]) -> Rule:
    return {"kind": "monthly_date", "day": int(found["date"] or 31)}


PATTERNS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Rule]], ...]] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (rf"{MONTHLY} {NTH_DAY}", _on_weekday),
        (rf"(?:on )?(?:the )?{NTH_DAY} (?:of|in) {EVERY} month", _on_weekday),
        (rf"{EVERY} {NTH_DAY} (?:of|in) (?:the|a) month", _on_weekday),
        (rf"{MONTHLY} {A_DATE}", _on_date),
        (rf"(?:on )?(?:the )?{A_DATE} of {EVERY} month", _on_date),
        (rf"{EVERY} (?P<apart>{_one_of(APART)}) (?:weeks? (?:on )?)?{SOME_DAYS}", _weekly),
        (rf"(?:on )?{SOME_DAYS} {EVERY} (?P<apart>{_one_of(APART)}) weeks?", _weekly),
        (rf"fortnightly (?:on )?{SOME_DAYS}", _fortnightly),
    )
)


class Rhythm(BaseModel):
    """A rule for days, and the wall time that was typed with it, if any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: dict[str, Any]
    at: time | None = None

    def cadence(self, agreed: Cadence, today: date) -> Cadence:
        """The rule at its time or the agreed ones, on the agreed clock. Raises ValueError when it makes none."""
        times = (self.at,) if self.at else agreed.times
        return CADENCE.validate_python({**self.rule, "times": times, "anchor": today, "zone": agreed.zone})


def read_rhythm(phrase: str) -> Rhythm | None:
    """What a phrase, already `plain`, says about how often."""
    for days_text, at in grammar_of("en").moments(phrase):
        for pattern, rule in PATTERNS:
            if found := pattern.fullmatch(days_text):
                return Rhythm(rule=dict(rule(found)), at=at)
    return None
