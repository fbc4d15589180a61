"""Reading a phrase of time: "next Friday at 5pm", "in zwei Wochen", "le 5 mars", "every Monday and Thursday".

A phrase is read whole or not at all: in the words of `date_words` for the member's language and English, and with
dateparser for the names of months and for languages that have no words there.
"""

import re
import unicodedata
import warnings
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from functools import lru_cache

from dateparser.date import DateDataParser
from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict

from bot.domain.calendar import EVERY_DAY, WORKDAYS, Weekday
from bot.domain.emoji import without_emoji
from bot.services.date_grammar import MONTH, Grammar, grammar_of
from bot.services.date_words import LANGUAGES

FURTHEST = relativedelta(years=10)
MONTH_FIRST = frozenset({"en", "en-us", "en-ph"})
MONTH_FIRST_LANGUAGES = frozenset({"ja", "ko", "zh", "hu", "lt"})
EDGES = " .,;:!?()[]\"'“”‘’–—-"
A_LEAP_YEAR = 2028
WITH_WORDS = tuple(LANGUAGES)
WEEKENDS = (Weekday.SATURDAY, Weekday.SUNDAY)

YEAR_FIRST = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
NUMBERS = re.compile(r"(?P<one>\d{1,2})(?P<mark>[-/.]) ?(?P<two>\d{1,2})(?:(?P=mark) ?(?P<year>\d{4}|\d{2}))?")
ORDINAL = re.compile(r"the (?P<day>\d{1,2})(?:st|nd|rd|th)")
ARTICLE = "(?:the|le|el|den|il|o)"
MONTH_DAY = re.compile(
    rf"(?:(?!{ARTICLE} )(?P<weekday>[^\W\d_]+),? )?(?:{ARTICLE} )?"
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|[.º°])? (?:of |de |d')?(?P<month>{MONTH})"
    rf"|(?P<month_before>{MONTH}) (?:the )?(?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?)"
    rf",?(?: (?:de )?(?P<year>\d{{4}}))?"
)
FOREIGN = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+){0,2}")


class Due(BaseModel):
    """By when, on the member's own calendar and clock."""

    model_config = ConfigDict(frozen=True)

    day: date
    at: time | None = None


class Habit(BaseModel):
    """On which days of the week, and at what wall time if one was typed."""

    model_config = ConfigDict(frozen=True)

    days: tuple[Weekday, ...]
    at: time | None = None


class Trust(IntEnum):
    """How far a phrase that no "by" or "on" introduces may be taken for a date where it stands."""

    NOWHERE = 0
    CLOSING = 1  # at the end of the text
    OPENING = 2  # at its beginning too


@dataclass(frozen=True)
class Found:
    """A date found in a phrase, and whether it was introduced."""

    due: Due
    trust: Trust
    introduced: bool = False


def plain(phrase: str) -> str:
    """The phrase as `date_words` spells: lower case, no accents on Latin letters, no emoji, single spaces."""
    bare = " ".join(without_emoji(phrase).lower().replace("’", "'").split()).strip(EDGES)
    return "".join(_without_accent(character) for character in unicodedata.normalize("NFC", bare))


def _without_accent(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[:1]
    return base if base.isascii() else character


@lru_cache(maxsize=64)
def _parser(languages: tuple[str, ...], today: date | None = None) -> DateDataParser:
    """dateparser for whole dates, or, given a day to start from, for "tomorrow" and weekdays as well."""
    settings: dict[str, object] = {"TIMEZONE": "UTC", "PREFER_DATES_FROM": "future"}
    if today:
        settings["RELATIVE_BASE"] = datetime.combine(today, time())
    else:
        settings |= {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"]}
    return DateDataParser(languages=list(languages), settings=settings)


def _parse(parser: DateDataParser, text: str) -> date | None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"dateparser(\..*)?")
        data = parser.get_date_data(text)
    return data.date_obj.date() if data.date_obj and data.period == "day" else None


@lru_cache(maxsize=64)
def _spoken(language: str) -> str:
    """The language itself, or English where dateparser has never heard of it."""
    try:
        return language if _parse(_parser((language,)), "2028-05-05") else "en"
    except ValueError:
        return "en"


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


class Reader:
    """Reads phrases, already `plain`, of one locale at one moment: `here` is the member's wall time, naive."""

    def __init__(self, locale: str, here: datetime) -> None:
        tag = locale.strip().lower().replace("_", "-")
        self.language = _spoken(tag.split("-")[0])
        self.month_first = tag in MONTH_FIRST or self.language in MONTH_FIRST_LANGUAGES
        self.here = here
        self.today = here.date()
        self.monday = self.today - timedelta(days=self.today.weekday())
        self.languages = tuple(dict.fromkeys((self.language, "en")))
        self.grammars = [grammar_of(language) for language in self.languages if language in LANGUAGES]

    @property
    def verb_last(self) -> bool:
        """Whether people of this language put a verb after the date: "bis Freitag abgeben"."""
        return any(grammar.verb_last for grammar in self.grammars)

    def estranged(self, before: str, *, bare: bool) -> bool:
        """Whether the word before a phrase says that it is no date of ours: "after Friday", "not by Friday".

        A weekday before a bare date has just been found to contradict it.
        """
        word = plain(before)
        return any(
            grammar.negation.fullmatch(word)
            or (bare and (grammar.stranger.fullmatch(word) or grammar.coming.fullmatch(word)))
            for grammar in self.grammars
        )

    def habit(self, text: str) -> Habit | None:
        """The days that a phrase like "every Monday and Thursday at 9" names."""
        for grammar in self.grammars:
            for days_text, at in grammar.moments(text):
                if days := self._habit_days(grammar, " ".join(re.sub(r"[,+/]", " ", days_text).split())):
                    return Habit(days=days, at=at)
        return None

    def _habit_days(self, grammar: Grammar, text: str) -> tuple[Weekday, ...]:
        for pattern, days in (
            (grammar.every_day, EVERY_DAY),
            (grammar.workdays, WORKDAYS),
            (grammar.weekends, WEEKENDS),
        ):
            if pattern.fullmatch(text):
                return days
        if grammar.listed.fullmatch(text):
            return grammar.weekdays_in(text)
        part = grammar.part_of_day.fullmatch(text)
        return self._habit_days(grammar, part["rest"]) if part and grammar.listed.fullmatch(part["rest"]) else ()

    def due(self, text: str) -> Found | None:
        """The date that a phrase names, to come, and no more than ten years ahead."""
        found = self.named(text)
        return found if found and self._is_to_come(found.due) else None

    def named(self, text: str) -> Found | None:
        """The date that a phrase names, be it over or not."""
        for grammar in self.grammars:
            match = grammar.introduced.fullmatch(text)
            if match and (found := self._moment(match["rest"])):
                return replace(found, introduced=True)
        return self._moment(text)

    def _moment(self, text: str) -> Found | None:
        for grammar in self.grammars:
            for day_text, at in grammar.moments(text):
                if found := self._day(grammar, day_text, at):
                    day, trust = found
                    return Found(Due(day=day, at=at), max(trust, Trust.CLOSING) if at else trust)
            if at := grammar.time_alone(text):
                return Found(Due(day=self.today, at=at), Trust.NOWHERE)
        return None

    def _is_to_come(self, due: Due) -> bool:
        past = due.day < self.today or (due.day == self.today and due.at is not None and due.at <= self.here.time())
        return not past and due.day <= self.today + FURTHEST

    def _day(self, grammar: Grammar, text: str, at: time | None) -> tuple[date, Trust] | None:
        return (
            self._in_words(grammar, text, at)
            or self._in_numbers(text)
            or self._month_day(grammar, text)
            or self._foreign(text)
            or self._part_of_day(grammar, text, at)
        )

    def _part_of_day(self, grammar: Grammar, text: str, at: time | None) -> tuple[date, Trust] | None:
        match = grammar.part_of_day.fullmatch(text)
        return self._in_words(grammar, match["rest"], at) if match else None

    def _in_words(self, grammar: Grammar, text: str, at: time | None) -> tuple[date, Trust] | None:
        for pattern, days in grammar.relative:
            if pattern.fullmatch(text):
                return self.today + timedelta(days=days), Trust.OPENING
        if grammar.later.fullmatch(text):
            return self.monday + timedelta(weeks=1, days=grammar.weekdays_in(text)[0]), Trust.OPENING
        if grammar.coming.fullmatch(text):
            return self._coming(grammar.weekdays_in(text)[0], at), Trust.CLOSING
        if grammar.short.fullmatch(text):
            return self._coming(grammar.weekdays_in(text)[0], at), Trust.NOWHERE
        if match := grammar.within.fullmatch(text):
            return self._within(grammar, match["count"], match["unit"]), Trust.OPENING
        for pattern, name in grammar.ends:
            if pattern.fullmatch(text):
                return self._end(name), Trust.CLOSING
        if match := grammar.end_of.fullmatch(text):
            first = self._named("1", match["month"], match["year"])
            return (first + relativedelta(day=31), Trust.CLOSING) if first else None
        return None

    def _coming(self, weekday: Weekday, at: time | None) -> date:
        """The next such day; today only for a wall time that is still to come."""
        ahead = (weekday - self.today.weekday()) % 7
        later_today = ahead == 0 and at is not None and at > self.here.time()
        return self.today + timedelta(days=ahead if ahead or later_today else 7)

    def _within(self, grammar: Grammar, count: str, unit: str) -> date:
        words = (n for n, number in enumerate(grammar.numbers, 1) if number.fullmatch(count))
        number = int(count) if count.isdigit() else next(words)
        units = {name: number for pattern, name in grammar.units if pattern.fullmatch(unit)}
        return self.today + relativedelta(
            days=units.get("days", 0),
            weeks=units.get("weeks", 0),
            months=units.get("months", 0),
            years=units.get("years", 0),
        )

    def _end(self, name: str) -> date:
        """The last day of a stretch of time; a week's is its last working day, while that is to come."""
        friday, saturday, sunday = (self.monday + timedelta(days=n) for n in (4, 5, 6))
        return {
            "day": self.today,
            "week": friday if self.today <= friday else sunday,
            "weekend": max(saturday, self.today),
            "month": self.today + relativedelta(day=31),
            "year": self.today + relativedelta(month=12, day=31),
            "next week": friday + timedelta(weeks=1),
            "next month": self.today + relativedelta(months=1, day=31),
        }[name]

    def _in_numbers(self, text: str) -> tuple[date, Trust] | None:
        if match := YEAR_FIRST.fullmatch(text):
            day = _date(int(match["year"]), int(match["month"]), int(match["day"]))
            return (day, Trust.CLOSING) if day else None
        if match := ORDINAL.fullmatch(text):
            ahead = (self.today + relativedelta(months=n, day=1) for n in range(3))
            days = (_date(first.year, first.month, int(match["day"])) for first in ahead)
            return next(((day, Trust.NOWHERE) for day in days if day and day >= self.today), None)
        match = NUMBERS.fullmatch(text)
        if match is None or (
            not match["year"] and (match["mark"] == "-" or (match["mark"] == "." and self.month_first))
        ):
            return None
        one, two = int(match["one"]), int(match["two"])
        month_first = self.month_first and match["mark"] != "."
        if match["mark"] == "/" and max(one, two) > 12:
            month_first = two > 12  # only one way round makes sense, whatever the locale
        found = self._next(*((one, two) if month_first else (two, one)), match["year"])
        return (found, Trust.CLOSING if len(match["year"] or "") == 4 else Trust.NOWHERE) if found else None

    def _next(self, month: int, day: int, year: str | None) -> date | None:
        """The date in the year typed (two figures mean this century), else the first to come, if there is one."""
        if year:
            return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        dates = (_date(self.today.year + n, month, day) for n in range(9))
        return next((found for found in dates if found and found >= self.today), None)

    def _month_day(self, grammar: Grammar, text: str) -> tuple[date, Trust] | None:
        match = MONTH_DAY.fullmatch(text)
        if match is None:
            return None
        day, month = match["day"] or match["day_after"], match["month"] or match["month_before"]
        found = self._named(day, month, match["year"])
        if found and match["weekday"] and grammar.weekdays_in(match["weekday"]) != (found.weekday(),):
            return None
        return (found, Trust.CLOSING) if found else None

    def _named(self, day: str, month: str, year: str | None) -> date | None:
        named = _parse(_parser(self.languages), f"{int(day)} {month} {A_LEAP_YEAR}")
        return self._next(named.month, named.day, year) if named and named.day == int(day) else None

    def _foreign(self, text: str) -> tuple[date, Trust] | None:
        """ "domani", "venerdì": what dateparser knows in a language whose days have no words here."""
        if self.language in LANGUAGES and LANGUAGES[self.language].relative:
            return None
        if not FOREIGN.fullmatch(text) or (text.isascii() and len(text) < 4):
            return None
        found = _parse(_parser((self.language,), self.today), text)
        return (found, Trust.CLOSING) if found else None
