"""What a member meant by what they typed: "Finish the report by Friday 5pm".

A date is looked for at the end of the text and at its beginning (before the last verb where verbs come last), in the
member's own language and English; a rhythm in English.
What is not understood with confidence is left alone: a wrong date is worse than none. No word typed is ever dropped.
Nothing here reads the clock.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from pydantic import BaseModel, ConfigDict

from bot.domain.calendar import local
from bot.services.date_reading import A_LEAP_YEAR, WITH_WORDS, Due, Habit, Reader, Trust, plain
from bot.services.rhythm_reading import Rhythm, read_rhythm

__all__ = ["Due", "Habit", "Understood", "named_day", "parse_due", "understand", "warm_up"]

LONGEST_PHRASE = 14
"""Words of a phrase of time; longer ones are not looked at."""
LONGEST_WORD = 24

JOINTS = ",;:–—-"
CLAUSE_ENDS = tuple(JOINTS)


class Understood(BaseModel):
    """What a member typed, taken apart: `what` and `phrase`, the words of time, together hold every word.

    At most one of `due`, `habit` and `rhythm`, how often to ask, is set; when none is, `phrase` is empty and `what` is
    the whole text, trimmed.
    """

    model_config = ConfigDict(frozen=True)

    what: str
    due: Due | None = None
    habit: Habit | None = None
    rhythm: Rhythm | None = None
    phrase: str = ""


def understand(text: str, *, now: datetime, zone: str, locale: str) -> Understood:
    """Take apart what a member typed at `now` (aware), whose zone is IANA's and whose locale is Slack's ("de-DE").

    Never raises for any text. The work is bounded whatever its length.
    """
    reader = Reader(locale, local(now, zone).replace(tzinfo=None))
    closing, opening = list(_closing(text)), list(_opening(text))
    enclosed = _before_the_verb(text) if reader.verb_last else ()
    return (
        _only_a_time(reader, text)
        or _rhythm(reader, closing)
        or _habit(reader, closing)
        or _habit(reader, opening)
        or _due(reader, closing, Trust.CLOSING)
        or _due(reader, opening, Trust.OPENING)
        or _due(reader, enclosed, Trust.OPENING)
        or Understood(what=text.strip())
    )


def parse_due(text: str, *, now: datetime, zone: str, locale: str) -> Due | None:
    """A date typed by itself, with or without "by" and a time of day; None when it is not understood, or past."""
    found = Reader(locale, local(now, zone).replace(tzinfo=None)).due(plain(text)) if _short(text) else None
    return found.due if found else None


def named_day(text: str, *, now: datetime, zone: str, locale: str) -> date | None:
    """The day that a phrase names, be it over or not; None when it is not understood."""
    found = Reader(locale, local(now, zone).replace(tzinfo=None)).named(plain(text)) if _short(text) else None
    return found.due.day if found else None


def warm_up() -> None:
    """Load what the first call in each language would otherwise wait for: some hundredths of a second each."""
    now = datetime(A_LEAP_YEAR, 1, 1, tzinfo=UTC)
    for language in WITH_WORDS:
        parse_due("5 may", now=now, zone="UTC", locale=language)


# Cutting a text in two


@dataclass(frozen=True)
class Cut:
    """A text parted into what is to be done and a phrase that may be a time.

    `before` is the word before a phrase that does not open the text; one that does may be set off: "Friday: send it".
    """

    what: str
    phrase: str
    before: str = ""
    opening: bool = False

    @property
    def set_off(self) -> bool:
        return self.opening and self.phrase.endswith(CLAUSE_ENDS)


def _only_a_time(reader: Reader, text: str) -> Understood | None:
    """A date without anything to do is left as it is: "by Friday" may be the name of a song."""
    words = plain(text) if _short(text) else ""
    is_only_a_time = reader.due(words) or reader.habit(words) or read_rhythm(words)
    return Understood(what=text.strip()) if is_only_a_time else None


def _rhythm(reader: Reader, cuts: Iterable[Cut]) -> Understood | None:
    for cut in cuts:
        if (rhythm := read_rhythm(plain(cut.phrase))) and not reader.estranged(cut.before, bare=False):
            return Understood(what=cut.what, rhythm=rhythm, phrase=cut.phrase)
    return None


def _habit(reader: Reader, cuts: Iterable[Cut]) -> Understood | None:
    for cut in cuts:
        words = plain(cut.phrase)
        if habit := reader.habit(words):
            one_word = " " not in words
            if reader.estranged(cut.before, bare=one_word) or (cut.opening and one_word and not cut.set_off):
                return None
            return Understood(what=cut.what, habit=habit, phrase=cut.phrase)
    return None


def _due(reader: Reader, cuts: Iterable[Cut], enough: Trust) -> Understood | None:
    for cut in cuts:
        found = reader.due(plain(cut.phrase))
        if found and (found.introduced or found.trust >= enough or cut.set_off):
            if reader.estranged(cut.before, bare=not found.introduced):
                return None
            return Understood(what=cut.what, due=found.due, phrase=cut.phrase)
    return None


def _closing(text: str) -> Iterator[Cut]:
    """The ways to part a text before a phrase at its end, the longest phrase first."""
    words = list(re.finditer(r"\S+", text))
    for first in range(max(1, len(words) - LONGEST_PHRASE), len(words)):
        start = words[first].start()
        what = text[:start].strip().rstrip(JOINTS).rstrip()
        if _readable(words[first:]) and _says_something(what):
            yield Cut(what, text[start:].strip(), before=words[first - 1][0])


def _opening(text: str) -> Iterator[Cut]:
    """The ways to part a text after a phrase at its beginning, the longest phrase first."""
    words = list(re.finditer(r"\S+", text))
    for last in range(min(LONGEST_PHRASE, len(words) - 1), 0, -1):
        end = words[last - 1].end()
        what = text[end:].strip()
        if _readable(words[:last]) and _says_something(what):
            yield Cut(what, text[:end].strip(), opening=True)


def _before_the_verb(text: str) -> Iterator[Cut]:
    """The ways to part a text around a phrase that one last word follows, or two."""
    words = list(re.finditer(r"\S+", text))
    for verb in (len(words) - 1, len(words) - 2):
        if verb > 0:
            rest = text[words[verb].start() :].strip()
            for cut in _closing(text[: words[verb].start()]):
                yield replace(cut, what=f"{cut.what} {rest}")


def _short(text: str) -> bool:
    return len(text) <= LONGEST_PHRASE * LONGEST_WORD


def _readable(words: list[re.Match[str]]) -> bool:
    return all(len(word[0]) <= LONGEST_WORD for word in words)


def _says_something(what: str) -> bool:
    return any(character.isalnum() for character in what)
