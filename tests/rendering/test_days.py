"""The modal for check-in days in its rhythms, and the file for a calendar, whose instants are ours."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrule, rruleset, rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Component

from bot.domain.agreements import Initiative, QuietHours, default_terms
from bot.domain.calendar import (
    EVERY_DAY,
    LAST,
    Cadence,
    MonthlyOnDate,
    MonthlyOnWeekday,
    Weekday,
    Weekly,
    to_utc,
)
from bot.domain.planning import heard, occasions
from bot.domain.rests import Excused
from bot.rendering.blocks import View
from bot.rendering.calendar_file import SUMMARY, calendar_file
from bot.rendering.days import Days, days_view
from bot.rendering.rhythms import CHOICES, Kind, Rhythm
from playground.client import text_of
from tests import records
from tests.rendering.accepting import accepted_view
from tests.rhythms import instants

BERLIN = "Europe/Berlin"
NOON = datetime(2027, 1, 4, 11, tzinfo=UTC)
TODAY = NOON.date()
RULE = re.compile(r"^RRULE:(.+?)\r?$", re.MULTILINE)
TERMS = default_terms(BERLIN, TODAY)
NOTHING = Excused()
GIVEN: dict[str, Any] = {"times": (time(10),), "anchor": TODAY, "zone": BERLIN}

ON_THE_31ST = MonthlyOnDate(day=31, **GIVEN)
SECOND_TUESDAY = MonthlyOnWeekday(nth=2, weekday=Weekday.TUESDAY, **GIVEN)
THRICE = Weekly(days=EVERY_DAY, **(GIVEN | {"times": (time(8), time(13), time(20))}))


def shown(cadence: Cadence, excused: Excused = NOTHING, quiet: QuietHours | None = None, **changes: Any) -> View:
    terms = TERMS.model_copy(update={"cadence": cadence, "quiet_hours": quiet})
    days = Days.of(terms, NOON).model_copy(update=changes)
    view = days_view(days, days.cadence(cadence, NOON), terms, excused, home_zone="America/New_York", now=NOON)
    accepted_view(view)
    return view


def labels(view: View) -> list[str]:
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


def coming(view: View) -> list[str]:
    (text,) = [block["text"]["text"] for block in view["blocks"] if block["type"] == "section"]
    return cast("str", text).splitlines()[1:]


# The modal


def test_only_what_goes_with_the_rhythm_is_asked() -> None:
    rest = ["At what time?", "And again the same day?", "On which clock?", "Who starts?"]
    assert labels(shown(TERMS.cadence)) == ["How often?", "Which days?", *rest]
    assert labels(shown(ON_THE_31ST)) == ["How often?", "On which date?", *rest]
    assert labels(shown(SECOND_TUESDAY)) == ["How often?", "Which one in the month?", "Which weekday?", *rest]
    times = [label for label in labels(shown(THRICE)) if label not in {"On which clock?", "Who starts?"}]
    assert times[2:] == ["At what time?", "And again the same day?", "And once more?"]


def test_the_next_five_are_shown_on_the_chosen_clock() -> None:
    assert coming(shown(TERMS.cadence)) == [
        "Tue 5 January, 10:00",
        "Fri 8 January, 10:00",
        "Tue 12 January, 10:00",
        "Fri 15 January, 10:00",
        "Tue 19 January, 10:00",
    ]
    assert coming(shown(ON_THE_31ST))[:3] == [
        "Sun 31 January, 10:00",
        "Sun 28 February, 10:00",
        "Wed 31 March, 10:00",
    ]
    assert coming(shown(SECOND_TUESDAY))[:2] == ["Tue 12 January, 10:00", "Tue 9 February, 10:00"]
    assert coming(shown(THRICE))[:3] == [
        "Mon 4 January, 13:00",
        "Mon 4 January, 20:00",
        "Tue 5 January, 8:00",
    ]


def test_days_off_and_holidays_are_left_out() -> None:
    excused = Excused(days_off=(Weekday.FRIDAY,), rests=(records.rest(date(2027, 1, 5), date(2027, 1, 18)),))
    assert coming(shown(TERMS.cadence, excused))[:2] == ["Tue 19 January, 10:00", "Tue 26 January, 10:00"]
    assert "days off" in text_of(shown(TERMS.cadence, Excused(days_off=EVERY_DAY)))


def test_what_is_incomplete_or_not_asked_says_so() -> None:
    rhythm = Rhythm.of(TERMS.cadence, TODAY)
    assert "at least one day" in text_of(shown(TERMS.cadence, rhythm=rhythm.model_copy(update={"days": ()})))
    assert "at least one day" in text_of(shown(TERMS.cadence, rhythm=rhythm.model_copy(update={"times": ()})))
    assert "won't ask by myself" in text_of(shown(TERMS.cadence, initiative=Initiative.I_START))


@pytest.mark.parametrize(("kind", "every"), CHOICES)
def test_every_choice_leads_to_a_cadence_and_back(kind: Kind, every: int) -> None:
    chosen = Rhythm.of(TERMS.cadence, TODAY).model_copy(update={"kind": kind, "every": every})
    cadence = chosen.cadence(TERMS.cadence, BERLIN, NOON)
    assert cadence is not None
    again = Rhythm.of(cadence, TODAY)
    assert (again.kind, again.every) == (kind, every)
    assert again.cadence(cadence, BERLIN, NOON) == cadence
    shown(cadence)


def test_what_is_not_offered_and_holds_all_the_same_can_stay() -> None:
    rare = TERMS.cadence.model_copy(update={"interval_weeks": 8})
    assert "Every eighth week" in str(shown(rare))


def test_weeks_and_months_are_counted_from_when_they_were_chosen() -> None:
    later = NOON + timedelta(weeks=3)
    for kind in (Kind.WEEKLY, Kind.ON_DATE):
        chosen = Rhythm.of(TERMS.cadence, TODAY).model_copy(update={"kind": kind, "every": 2})
        cadence = chosen.cadence(TERMS.cadence, BERLIN, later)
        assert cadence is not None
        assert cadence.anchor == later.date()
        assert chosen.cadence(cadence, BERLIN, later + timedelta(weeks=1)) == cadence, "kept while nothing changes"


# The file


def events(text: str) -> list[Component]:
    return list(Calendar.from_ical(text).walk("VEVENT"))


def as_a_calendar_reads_it(text: str, until: datetime) -> Iterator[datetime]:
    """Its instants in UTC: rules on wall time by dateutil, exceptions left out, then the zone."""
    found = []
    for n, event in enumerate(events(text)):
        start = cast("datetime", event.decoded("dtstart"))
        zone, wall = str(start.tzinfo), start.replace(tzinfo=None)
        walls = rruleset()
        if "rrule" in event:
            walls.rrule(cast("rrule", rrulestr(RULE.findall(text)[n], dtstart=wall)))
        else:
            walls.rdate(wall)
        without = event.get("exdate", [])
        for each in without if isinstance(without, list) else [without]:
            walls.exdate(each.dts[0].dt.replace(tzinfo=None))
        found += [to_utc(one, zone) for one in walls.between(wall, until.replace(tzinfo=None), inc=True)]
    return iter(sorted(found))


def file_of(cadence: Cadence, excused: Excused = NOTHING, now: datetime = NOON, quiet: QuietHours | None = None) -> str:
    terms = TERMS.model_copy(update={"cadence": cadence, "quiet_hours": quiet})
    return calendar_file(terms, excused, now, "u1.t1")


@pytest.mark.parametrize("cadence", [TERMS.cadence, ON_THE_31ST, SECOND_TUESDAY, THRICE])
def test_a_calendar_agrees_with_us_over_a_year_of_changing_clocks(cadence: Cadence) -> None:
    until = NOON + timedelta(days=500)
    read = list(as_a_calendar_reads_it(file_of(cadence), until))
    assert len(read) > 12
    assert read == list(islice(instants(cadence, NOON), len(read)))
    offsets = {one.astimezone(ZoneInfo(BERLIN)).utcoffset() for one in read}
    assert len(offsets) == 2, "summer and winter"


@given(
    st.sets(st.sampled_from(Weekday), min_size=1),
    st.integers(1, 12),
    st.sampled_from((1, 2, 3, 4, LAST)),
    st.integers(1, 31),
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_its_rule_begins_where_ours_goes_on(days: set[Weekday], every: int, nth: int, day: int, now: datetime) -> None:
    for cadence in (
        Weekly(days=tuple(days), interval_weeks=every, **GIVEN),
        MonthlyOnDate(day=day, interval_months=every, **GIVEN),
        MonthlyOnWeekday.model_validate({"nth": nth, "weekday": min(days), "interval_months": every} | GIVEN),
    ):
        expected = list(islice(instants(cadence, now), 3))
        read = as_a_calendar_reads_it(file_of(cadence, now=now), expected[-1] + timedelta(hours=3))
        assert list(islice(read, 3)) == expected


def test_holidays_are_exceptions_and_days_off_no_days_of_the_rule() -> None:
    excused = Excused(days_off=(Weekday.SUNDAY,), rests=(records.rest(date(2027, 1, 7), date(2027, 1, 20)),))
    for cadence in (THRICE, SECOND_TUESDAY):
        read = list(as_a_calendar_reads_it(file_of(cadence, excused), NOON + timedelta(days=100)))
        assert read == list(islice(occasions(cadence, NOON, excused), len(read)))
        assert read


def test_what_no_rule_says_is_written_down_one_by_one() -> None:
    """The 9th is passed over when it is a Saturday or a Sunday."""
    cadence = MonthlyOnDate(day=9, **GIVEN)
    excused = Excused(days_off=(Weekday.SATURDAY, Weekday.SUNDAY))
    text = file_of(cadence, excused)
    assert len(events(text)) == 5
    assert "RRULE" not in text
    assert list(as_a_calendar_reads_it(text, NOON + timedelta(days=500))) == list(
        islice(occasions(cadence, NOON, excused), 5)
    )


def test_what_quiet_hours_put_off_stands_where_it_comes() -> None:
    quiet = QuietHours(begins=time(19), ends=time(9))
    assert coming(shown(THRICE, quiet=quiet))[:3] == [
        "Mon 4 January, 13:00",
        "Tue 5 January, 9:00",
        "Tue 5 January, 13:00",
    ]
    terms = TERMS.model_copy(update={"cadence": THRICE, "quiet_hours": quiet})
    read = list(as_a_calendar_reads_it(file_of(THRICE, quiet=quiet), NOON + timedelta(days=9)))
    assert read == list(islice(heard(THRICE, NOON, terms, NOTHING), 5))
    assert "RRULE" in file_of(TERMS.cadence, quiet=quiet), "ten o'clock is never quiet"


def test_it_says_nothing_private_and_takes_no_time_away() -> None:
    for event in events(file_of(THRICE)):
        assert event["summary"] == SUMMARY
        assert event["transp"] == "TRANSPARENT"
        assert "description" not in event
    uids = [event["uid"] for event in events(file_of(THRICE))]
    assert len(set(uids)) == 3
    assert uids == [event["uid"] for event in events(file_of(THRICE, now=NOON + timedelta(days=9)))], "in their place"
