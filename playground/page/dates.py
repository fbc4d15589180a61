"""Instants as a member reads them: in their zone and the habits of their locale."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_YEAR_IS_OBVIOUS = timedelta(days=183)


def ordinal(day: int) -> str:
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


@dataclass(frozen=True)
class Dates:
    """Formats instants for one reader. `now` is product time, aware."""

    zone: ZoneInfo
    locale: str
    now: datetime

    @property
    def _american(self) -> bool:
        return self.locale == "en-US"

    def local(self, unix: float) -> datetime:
        return datetime.fromtimestamp(unix, UTC).astimezone(self.zone)

    def time(self, at: datetime, *, seconds: bool = False) -> str:
        if self._american:
            return at.strftime("%I:%M:%S %p" if seconds else "%I:%M %p").lstrip("0")
        return at.strftime("%H:%M:%S" if seconds else "%H:%M")

    def date(self, at: datetime, month: str = "%B", *, weekday: bool = False) -> str:
        """`month` is strftime's; the year is left out within half a year, as Slack does."""
        short = month == "%b"
        if self._american:
            text = f"{at.strftime(month)} {at.day if short else ordinal(at.day)}"
            joint = ", "
        else:
            text, joint = f"{at.day} {at.strftime(month)}", " "
        if abs(at - self.now) > _YEAR_IS_OBVIOUS:
            text += f"{joint}{at.year}"
        return f"{at.strftime('%A')}, {text}" if weekday else text

    def pretty(self, at: datetime, otherwise: Callable[[datetime], str]) -> str:
        """Yesterday, today, tomorrow, or the date."""
        days = (at.date() - self.now.astimezone(self.zone).date()).days
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days) or otherwise(at)

    def day_divider(self, at: datetime) -> str:
        named = self.pretty(at, lambda other: self.date(other, weekday=True))
        return named[0].upper() + named[1:]

    def ago(self, at: datetime) -> str:
        seconds = int((self.now - at).total_seconds())
        for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
            if abs(seconds) >= size:
                count = abs(seconds) // size
                span = f"{count} {name}{'' if count == 1 else 's'}"
                return f"{span} ago" if seconds > 0 else f"in {span}"
        return "just now" if seconds >= 0 else "in a moment"

    def fill(self, template: str, unix: float) -> str:
        """The text of `<!date^unix^template|fallback>`: every token that Slack knows, in this reader's zone."""
        at = self.local(unix)
        for token, write in self._tokens().items():
            if token in template:
                template = template.replace(token, write(at))
        return template

    def _tokens(self) -> Mapping[str, Callable[[datetime], str]]:
        def short(at: datetime) -> str:
            return self.date(at, "%b")

        def long(at: datetime) -> str:
            return self.date(at, weekday=True)

        return {
            "{date_num}": lambda at: at.strftime("%Y-%m-%d"),
            "{date_slash}": lambda at: at.strftime("%m/%d/%Y" if self._american else "%d/%m/%Y"),
            "{date}": self.date,
            "{date_short}": short,
            "{date_long}": long,
            "{date_pretty}": lambda at: self.pretty(at, self.date),
            "{date_short_pretty}": lambda at: self.pretty(at, short),
            "{date_long_pretty}": lambda at: self.pretty(at, long),
            "{day_divider_pretty}": lambda at: self.pretty(at, long),
            "{time}": self.time,
            "{time_secs}": lambda at: self.time(at, seconds=True),
            "{ago}": self.ago,
        }
