"""The words of time of one language, compiled, and how its wall times are read."""

import re
from collections.abc import Iterable, Iterator
from datetime import time
from functools import cache

from bot.domain.calendar import Weekday
from bot.services.date_words import LANGUAGES, Words

MONTH = r"[^\W\d_]{3,}"
AFTERNOON_BEFORE = 7
"""Where half days are counted, "at 5" is 17:00 and "at 7" is 7:00."""
EVENING_FROM = 3
"""An evening or a night "at 8" is at 20:00; a night "at 1" is not at 13:00."""


def _any(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


class Grammar:
    """The words of one language, compiled."""

    def __init__(self, words: Words) -> None:
        weekday, short = _any(words.weekdays), _any(words.short_weekdays)
        unit, number = _any(words.units.values()), rf"(?:\d{{1,3}}|{_any(words.numbers)})"
        clock = (
            rf"(?:(?P<before>{words.before_a_time}) )?(?:(?P<noon>{words.noon})|(?P<hour>\d{{1,2}})"
            rf"(?:(?P<mark>[:.h])(?P<minute>\d{{2}}))?(?: ?(?P<half>[ap])\.?m\.?)?"
            rf"(?P<unit> ?(?:{words.after_an_hour}))?)"
        )
        self.half_days = words.half_days
        self.mornings, self.evenings = re.compile(words.mornings), re.compile(words.evenings)
        self.verb_last = words.verb_last
        self.introduced = re.compile(rf"(?:{words.introducers}):? (?P<rest>.+)")
        self.stranger = re.compile(words.strangers)
        self.negation = re.compile(words.negations)

        self.weekdays = [
            re.compile(rf"\b(?:{name}|{brief})s?\b")
            for name, brief in zip(words.weekdays, words.short_weekdays, strict=True)
        ]
        self.coming = re.compile(words.coming.format(day=weekday))
        self.short = re.compile(short)
        self.later = re.compile(words.later.format(day=weekday))
        self.relative = [(re.compile(pattern), days) for pattern, days in words.relative.items()]
        self.ends = [(re.compile(pattern), name) for name, pattern in words.ends.items()]
        self.end_of = re.compile(rf"(?:{words.end_of}) (?P<month>{MONTH})(?: (?P<year>\d{{4}}))?")
        self.within = re.compile(words.within.replace("{number}", number).replace("{unit}", unit))
        self.numbers = [re.compile(pattern) for pattern in words.numbers]
        self.units = [(re.compile(pattern), name) for name, pattern in words.units.items()]

        self.part_of_day = re.compile(rf"(?P<rest>.+?) (?:{words.parts_of_day})")
        self.time = re.compile(clock)
        self.day_then_time = re.compile(rf"(?P<rest>.+?),? {clock}")
        self.time_then_day = re.compile(rf"{clock},? (?:(?:{words.introducers}) )?(?P<rest>.+)")

        a_day = f"(?:{weekday}|{short})"
        every = words.every.format(day=a_day)
        self.every_day = re.compile(words.every_day)
        self.workdays = re.compile(words.workdays)
        self.weekends = re.compile(words.weekends)
        self.listed = re.compile(
            rf"(?:{every}|{words.each.format(day=weekday)})(?: (?:(?:{words.and_}) )?(?:{every}|{a_day}s?))*"
        )

    def weekdays_in(self, text: str) -> tuple[Weekday, ...]:
        """The weekdays that a text names, in the order of the week."""
        return tuple(Weekday(n) for n, name in enumerate(self.weekdays) if name.search(text))

    def moments(self, text: str) -> Iterator[tuple[str, time | None]]:
        """The ways to read a text as words for days and perhaps a wall time."""
        yield text, None
        for pattern in (self.day_then_time, self.time_then_day):
            if (match := pattern.fullmatch(text)) and (at := self.clock(match, alone=False)):
                yield match["rest"], at

    def time_alone(self, text: str) -> time | None:
        """The wall time that is the whole of a text."""
        match = self.time.fullmatch(text)
        return self.clock(match, alone=True) if match else None

    def clock(self, match: re.Match[str], *, alone: bool) -> time | None:
        """The wall time of a match, if it is surely one: "5" alone is a number, and so is "5.30"."""
        if match["noon"]:
            return time(12)
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        said = match["half"] or match["unit"] or match["mark"] in {":", "h"}
        if not said and (alone or not (match["before"] or match["mark"])):
            return None
        if match["half"]:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if match["half"] == "p" else 0)
        elif not match["unit"] and len(match["hour"].lstrip("0")) == len(match["hour"]):
            hour += 12 if self._after_noon(hour, match.string) else 0
        return time(hour, minute) if hour < 24 and minute < 60 else None

    def _after_noon(self, hour: int, text: str) -> bool:
        if self.evenings.search(text) and hour < 12:
            return hour >= EVENING_FROM
        return self.half_days and 1 <= hour < AFTERNOON_BEFORE and not self.mornings.search(text)


@cache
def grammar_of(language: str) -> Grammar:
    """The grammar of a language that has words; raises KeyError for one that has none."""
    return Grammar(LANGUAGES[language])
