"""Cadences: what makes one, in words and as stored, and the instants that it comes to."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import islice
from typing import Literal

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.domain.calendar import (
    WORKDAYS,
    Cadence,
    MonthlyOnDate,
    MonthlyOnWeekday,
    Weekday,
    Weekly,
    lighter,
    local,
    next_instant,
    numbered,
)
from tests.rhythms import LONDON, MONDAY, cadence, instants, utc

STORED: TypeAdapter[Cadence] = TypeAdapter(Cadence)


def on_date(day: int, every: int = 1, anchor: date = MONDAY, at: time = time(10), zone: str = LONDON) -> MonthlyOnDate:
    return MonthlyOnDate(day=day, times=(at,), interval_months=every, anchor=anchor, zone=zone)


def on_weekday(nth: Literal[1, 2, 3, 4, -1], weekday: Weekday, every: int = 1) -> MonthlyOnWeekday:
    return MonthlyOnWeekday(
        nth=nth, weekday=weekday, times=(time(10),), interval_months=every, anchor=MONDAY, zone=LONDON
    )


def walls(rhythm: Cadence, after: datetime, count: int) -> list[str]:
    return [f"{local(instant, rhythm.zone):%Y-%m-%d %H:%M %z}" for instant in islice(instants(rhythm, after), count)]


# Cadences


def test_days_and_times_are_put_in_order() -> None:
    rhythm = Weekly(
        days=(Weekday.FRIDAY, Weekday.TUESDAY, Weekday.FRIDAY),
        times=(time(18), time(9), time(9, fold=1)),
        anchor=MONDAY,
        zone=LONDON,
    )
    assert rhythm.days == (Weekday.TUESDAY, Weekday.FRIDAY)
    assert rhythm.times == (time(9), time(18))
    assert hash(rhythm) == hash(rhythm.model_copy())


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": ()},
        {"times": ()},
        {"days": (7,)},
        {"times": (time(9, 0, 1),)},
        {"times": (time(9, tzinfo=timezone(timedelta(hours=1))),)},
        {"interval_weeks": 0},
        {"interval_weeks": 13},
        {"zone": "Europe/Atlantis"},
        {"until": "2027-01-01"},
        {"kind": "monthly_date"},
        {"day": 3},
    ],
)
def test_a_cadence_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    fields: dict[str, object] = {"days": (1,), "times": (time(10),), "anchor": MONDAY, "zone": LONDON}
    assert Weekly.model_validate(fields)
    with pytest.raises(ValidationError):
        Weekly.model_validate(fields | wrong)


def test_a_cadence_is_stored_as_json() -> None:
    rhythm = cadence(Weekday.TUESDAY, Weekday.FRIDAY, at=("09:00", "18:30"), every=2)
    assert STORED.validate_json(rhythm.model_dump_json()) == rhythm
    assert rhythm.model_dump(mode="json") == {
        "kind": "weekly",
        "days": [1, 4],
        "times": ["09:00:00", "18:30:00"],
        "interval_weeks": 2,
        "anchor": "2026-11-16",
        "zone": LONDON,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "monthly"},
        {"kind": "monthly_date"},
        {"kind": "monthly_date", "day": 0},
        {"kind": "monthly_date", "day": 32},
        {"kind": "monthly_date", "day": 15, "interval_months": 13},
        {"kind": "monthly_date", "day": 15, "days": (1,)},
        {"kind": "monthly_weekday", "nth": 5, "weekday": 1},
        {"kind": "monthly_weekday", "nth": 0, "weekday": 1},
        {"kind": "monthly_weekday", "nth": 2},
        {"kind": "weekly", "day": 3},
    ],
)
def test_a_stored_cadence_of_no_kind_is_refused(wrong: dict[str, object]) -> None:
    fields: dict[str, object] = {"times": ("10:00",), "anchor": MONDAY, "zone": LONDON}
    with pytest.raises(ValidationError):
        STORED.validate_python(fields | wrong)


@pytest.mark.parametrize("rhythm", [on_date(31, every=3), on_weekday(-1, Weekday.FRIDAY), cadence(Weekday.MONDAY)])
def test_every_kind_comes_back_from_where_it_is_stored(rhythm: Cadence) -> None:
    assert STORED.validate_json(rhythm.model_dump_json()) == rhythm


def test_a_cadence_stored_before_there_were_others_still_counts() -> None:
    stored = (
        '{"kind": "weekly", "days": [1, 4], "times": ["10:00:00"], "interval_weeks": 2, "anchor": "2026-11-16",'
        ' "zone": "Europe/London"}'
    )
    assert STORED.validate_json(stored) == cadence(Weekday.TUESDAY, Weekday.FRIDAY, every=2)


def test_the_rule_as_calendars_read_it() -> None:
    assert cadence(Weekday.TUESDAY, Weekday.FRIDAY).rrule() == "FREQ=WEEKLY;WKST=MO;BYDAY=TU,FR"
    assert cadence(Weekday.SUNDAY, every=3).rrule() == "FREQ=WEEKLY;INTERVAL=3;WKST=MO;BYDAY=SU"
    assert on_date(15).rrule() == "FREQ=MONTHLY;BYMONTHDAY=15"
    assert on_date(30, every=2).rrule() == "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29,30;BYSETPOS=-1"
    assert on_date(31).rrule() == "FREQ=MONTHLY;BYMONTHDAY=-1"
    assert on_weekday(2, Weekday.TUESDAY).rrule() == "FREQ=MONTHLY;BYDAY=2TU"
    assert on_weekday(-1, Weekday.FRIDAY, every=3).rrule() == "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR"


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [
        (cadence(Weekday.TUESDAY, Weekday.FRIDAY), "Tuesday and Friday at 10:00"),
        (cadence(at=("09:00", "18:00")), "every day at 9:00 and 18:00"),
        (cadence(Weekday.MONDAY, every=2), "every second Monday at 10:00"),
        (cadence(Weekday.MONDAY), "every Monday at 10:00"),
        (cadence(*WORKDAYS, at=("07:05",)), "Monday to Friday at 7:05"),
        (cadence(*WORKDAYS, every=2), "every second week, Monday to Friday at 10:00"),
        (cadence(Weekday.TUESDAY, Weekday.FRIDAY, every=12), "every twelfth week, Tuesday and Friday at 10:00"),
        (cadence(every=3), "every day of every third week at 10:00"),
        (
            cadence(Weekday.MONDAY, Weekday.TUESDAY, Weekday.SUNDAY, at=("09:00", "12:00", "18:00")),
            "Monday, Tuesday and Sunday at 9:00, 12:00 and 18:00",
        ),
        (on_date(1), "on the 1st of every month at 10:00"),
        (on_date(13, every=2), "on the 13th of every second month at 10:00"),
        (on_date(30), "on the 30th, or the last day, of every month at 10:00"),
        (on_date(31, every=3), "on the last day of every third month at 10:00"),
        (on_weekday(1, Weekday.MONDAY), "on the first Monday of every month at 10:00"),
        (on_weekday(2, Weekday.TUESDAY, every=12), "on the second Tuesday of every twelfth month at 10:00"),
        (on_weekday(-1, Weekday.FRIDAY), "on the last Friday of every month at 10:00"),
    ],
)
def test_a_cadence_in_words(rhythm: Cadence, words: str) -> None:
    assert rhythm.describe() == words


# The next instant


def test_the_next_instant_is_strictly_later() -> None:
    rhythm = cadence(Weekday.TUESDAY, Weekday.FRIDAY)
    due = utc("2026-11-17T10:00")
    assert next_instant(rhythm, due - timedelta(microseconds=1)) == due
    assert next_instant(rhythm, due) == utc("2026-11-20T10:00")
    assert next_instant(rhythm, utc("2026-11-20T10:00")) == utc("2026-11-24T10:00")


def test_every_other_week_is_counted_from_the_anchor() -> None:
    sunday = MONDAY + timedelta(days=6)  # any day of the week will do
    rhythm = cadence(Weekday.MONDAY, Weekday.FRIDAY, every=2, anchor=sunday)
    assert walls(rhythm, utc("2026-11-16T12:00"), 3) == [
        "2026-11-20 10:00 +0000",
        "2026-11-30 10:00 +0000",
        "2026-12-04 10:00 +0000",
    ]
    assert walls(rhythm, utc("2026-10-31T12:00"), 2) == ["2026-11-02 10:00 +0000", "2026-11-06 10:00 +0000"]


def test_the_same_wall_time_ever_after() -> None:
    nightly = cadence(at=("01:30",))
    assert walls(nightly, utc("2027-03-26T12:00"), 4) == [
        "2027-03-27 01:30 +0000",
        "2027-03-28 02:30 +0100",
        "2027-03-29 01:30 +0100",
        "2027-03-30 01:30 +0100",
    ]
    fortnightly = cadence(Weekday.TUESDAY, at=("09:00",), every=2)
    assert {wall[11:16] for wall in walls(fortnightly, utc("2026-11-18T00:00"), 104)} == {"09:00"}


def test_the_doubled_hour_fires_once() -> None:
    nightly = cadence(at=("01:30",), zone="America/New_York")
    assert walls(nightly, utc("2026-10-31T12:00"), 2) == ["2026-11-01 01:30 -0400", "2026-11-02 01:30 -0500"]
    between_the_passes = utc("2026-11-01T06:00")
    assert walls(nightly, between_the_passes, 1) == ["2026-11-02 01:30 -0500"]


def test_half_an_hour_is_skipped_and_doubled_on_lord_howe() -> None:
    nightly = cadence(at=("02:15",), zone="Australia/Lord_Howe")
    assert walls(nightly, utc("2026-10-03T00:00"), 2) == ["2026-10-04 02:45 +1100", "2026-10-05 02:15 +1100"]
    nightly = cadence(at=("01:45",), zone="Australia/Lord_Howe")
    assert walls(nightly, utc("2027-04-03T00:00"), 2) == ["2027-04-04 01:45 +1100", "2027-04-05 01:45 +1030"]


def test_the_day_that_samoa_left_out() -> None:
    rhythm = cadence(at=("10:00", "18:00"), zone="Pacific/Apia")
    assert walls(rhythm, utc("2011-12-30T00:00"), 5) == [  # 29 December, 14:00
        "2011-12-29 18:00 -1000",
        "2011-12-31 10:00 +1400",
        "2011-12-31 18:00 +1400",
        "2012-01-01 10:00 +1400",
        "2012-01-01 18:00 +1400",
    ]
    fridays = cadence(Weekday.FRIDAY, at=("18:00",), zone="Pacific/Apia")
    assert walls(fridays, utc("2011-12-30T21:00"), 1) == ["2011-12-31 18:00 +1400"]  # asked on the 31st at 11:00


def test_order_holds_when_a_gap_moves_one_evening_past_midnight() -> None:
    rhythm = cadence(at=("00:15", "23:30"), zone="America/Nuuk")  # 27 March 2027 ends at 23:00
    assert walls(rhythm, utc("2027-03-27T12:00"), 4) == [
        "2027-03-28 00:15 -0100",
        "2027-03-28 00:30 -0100",
        "2027-03-28 23:30 -0100",
        "2027-03-29 00:15 -0100",
    ]


def test_ramadan_in_casablanca() -> None:
    nightly = cadence(at=("02:30",), zone="Africa/Casablanca")
    assert walls(nightly, utc("2026-02-14T12:00"), 2) == ["2026-02-15 02:30 +0100", "2026-02-16 02:30 +0000"]
    assert walls(nightly, utc("2026-03-21T12:00"), 2) == ["2026-03-22 03:30 +0100", "2026-03-23 02:30 +0100"]


def test_times_that_a_gap_moves_onto_one_another_are_one() -> None:
    rhythm = cadence(at=("01:30", "02:30"))
    assert walls(rhythm, utc("2027-03-27T12:00"), 3) == [
        "2027-03-28 02:30 +0100",
        "2027-03-29 01:30 +0100",
        "2027-03-29 02:30 +0100",
    ]


def test_leap_days() -> None:
    assert walls(cadence(), utc("2028-02-28T11:00"), 2) == ["2028-02-29 10:00 +0000", "2028-03-01 10:00 +0000"]
    assert walls(cadence(Weekday.TUESDAY, every=4, anchor=date(2028, 2, 29)), utc("2028-02-02T00:00"), 1) == [
        "2028-02-29 10:00 +0000"
    ]


def test_the_31st_is_the_last_day_of_shorter_months() -> None:
    assert walls(on_date(31), utc("2028-01-01T00:00"), 4) == [
        "2028-01-31 10:00 +0000",
        "2028-02-29 10:00 +0000",
        "2028-03-31 10:00 +0100",
        "2028-04-30 10:00 +0100",
    ]
    assert [wall[:10] for wall in walls(on_date(29), utc("2027-01-30T00:00"), 2)] == ["2027-02-28", "2027-03-29"]
    assert [wall[:10] for wall in walls(on_date(30), utc("2027-01-30T12:00"), 2)] == ["2027-02-28", "2027-03-30"]


def test_the_second_tuesday_and_the_last_friday() -> None:
    assert [wall[:10] for wall in walls(on_weekday(2, Weekday.TUESDAY), utc("2027-01-01T00:00"), 3)] == [
        "2027-01-12",
        "2027-02-09",
        "2027-03-09",
    ]
    assert [wall[:10] for wall in walls(on_weekday(-1, Weekday.FRIDAY), utc("2027-01-29T11:00"), 2)] == [
        "2027-02-26",
        "2027-03-26",
    ]


def test_every_third_month_is_counted_from_the_anchor() -> None:
    quarterly = on_date(31, every=3)  # counted from November 2026
    assert [wall[:10] for wall in walls(quarterly, utc("2026-12-01T00:00"), 3)] == [
        "2027-02-28",
        "2027-05-31",
        "2027-08-31",
    ]
    assert [wall[:10] for wall in walls(quarterly, utc("2026-01-01T00:00"), 1)] == ["2026-02-28"], "before it too"


@pytest.mark.parametrize(
    ("rhythm", "less"),
    [
        (cadence(Weekday.TUESDAY, Weekday.FRIDAY, at=("09:00", "18:00")), "every Friday at 9:00"),
        (cadence(Weekday.FRIDAY), "every second Friday at 10:00"),
        (cadence(Weekday.FRIDAY, every=12), "every twelfth Friday at 10:00"),
        (on_date(15), "on the 15th of every second month at 10:00"),
        (on_weekday(2, Weekday.TUESDAY, every=7), "on the second Tuesday of every twelfth month at 10:00"),
        (on_date(15).model_copy(update={"times": (time(9), time(18))}), "on the 15th of every month at 9:00"),
    ],
)
def test_asked_less_often(rhythm: Cadence, less: str) -> None:
    assert lighter(rhythm).describe() == less


def test_asked_less_often_is_not_asked_on_a_day_off() -> None:
    assert lighter(cadence(*Weekday), (Weekday.SUNDAY,)).describe() == "every Saturday at 10:00"
    once_a_week = cadence(Weekday.FRIDAY, Weekday.SUNDAY)
    assert lighter(once_a_week, (Weekday.SUNDAY,)).describe() == "every second Friday at 10:00"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (22, "22nd"),
        (30, "30th"),
    ],
)
def test_numbers_in_their_order(number: int, written: str) -> None:
    assert numbered(number) == written


def test_the_end_of_the_calendar_is_said_aloud() -> None:
    with pytest.raises(OverflowError):
        next_instant(cadence(zone="UTC"), datetime(9999, 12, 31, 12, tzinfo=UTC))
    with pytest.raises(OverflowError):
        next_instant(on_date(31, zone="UTC"), datetime(9999, 12, 31, 12, tzinfo=UTC))
