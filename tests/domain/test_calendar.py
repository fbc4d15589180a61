"""Wall times, days and the one reminder, case by case, in their own dates."""

from datetime import date, datetime, time, timedelta

import pytest

from bot.domain.calendar import (
    EVERY_DAY,
    Weekday,
    end_of_day,
    habit_days_between,
    known_zone,
    local,
    local_date,
    next_instant,
    same_local_day,
    start_of_day,
    to_utc,
    zone_names,
)
from bot.domain.response import later_today
from tests.rhythms import LONDON, MONDAY, cadence, utc


def naive(text: str) -> datetime:
    return datetime.fromisoformat(text)


# Wall times and instants


@pytest.mark.parametrize(
    ("wall", "zone", "instant"),
    [
        ("2027-03-28T01:30", LONDON, "2027-03-28T01:30"),  # skipped: 01:30 at +0, which clocks show as 02:30
        ("2027-03-28T00:59", LONDON, "2027-03-28T00:59"),
        ("2027-03-28T02:00", LONDON, "2027-03-28T01:00"),
        ("2026-10-25T01:30", LONDON, "2026-10-25T00:30"),  # doubled: the first pass is still summer time
        ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30"),
        ("2027-03-14T02:30", "America/New_York", "2027-03-14T07:30"),
        ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45"),  # half an hour is skipped
        ("2027-04-04T01:45", "Australia/Lord_Howe", "2027-04-03T14:45"),  # half an hour comes twice
        ("2011-12-30T10:00", "Pacific/Apia", "2011-12-30T20:00"),  # a day that never was: 31 December, 10:00
        ("2026-02-15T02:30", "Africa/Casablanca", "2026-02-15T01:30"),  # Ramadan: clocks go back
        ("2026-03-22T02:30", "Africa/Casablanca", "2026-03-22T02:30"),  # and forwards again
    ],
)
def test_a_wall_time_is_read_before_the_gap_and_at_its_first_pass(wall: str, zone: str, instant: str) -> None:
    assert to_utc(naive(wall), zone) == utc(instant)


def test_a_skipped_wall_time_moves_by_the_gap() -> None:
    assert local(to_utc(naive("2027-03-28T01:30"), LONDON), LONDON).replace(tzinfo=None) == naive("2027-03-28T02:30")


def test_the_second_pass_cannot_be_asked_for() -> None:
    assert to_utc(naive("2026-10-25T01:30").replace(fold=1), LONDON) == utc("2026-10-25T00:30")


def test_wall_times_and_instants_are_not_confused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        to_utc(utc("2026-11-18T10:00"), LONDON)
    with pytest.raises(ValueError, match="carries its zone"):
        local(naive("2026-11-18T10:00"), LONDON)
    with pytest.raises(ValueError, match="carries its zone"):
        next_instant(cadence(), naive("2026-11-18T10:00"))


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "Europe", "localtime", "Factory", "../etc/passwd", "europe/london"]
)
def test_only_real_zones_are_known(zone: str) -> None:
    with pytest.raises(ValueError, match="not a known time zone"):
        known_zone(zone)


def test_common_zones_are_known() -> None:
    assert {LONDON, "UTC", "America/New_York", "Asia/Kolkata", "Asia/Calcutta", "US/Pacific"} <= zone_names()


# Days


def test_a_day_is_the_members_own() -> None:
    late = utc("2026-11-18T23:30")
    assert local_date(late, "Asia/Tokyo") == date(2026, 11, 19)
    assert local_date(late, "America/Los_Angeles") == date(2026, 11, 18)
    assert same_local_day(late, utc("2026-11-19T00:30"), "Asia/Tokyo")
    assert not same_local_day(late, utc("2026-11-19T00:30"), "UTC")


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 11, 18), LONDON, 24),
        (date(2027, 3, 28), LONDON, 23),
        (date(2026, 10, 25), LONDON, 25),
        (date(2027, 4, 4), "Australia/Lord_Howe", 24.5),
        (date(2018, 11, 4), "America/Sao_Paulo", 23),  # midnight itself was skipped
        (date(2011, 12, 30), "Pacific/Apia", 0),
    ],
)
def test_a_day_is_as_long_as_it_is(day: date, zone: str, hours: float) -> None:
    start, end = start_of_day(day, zone), end_of_day(day, zone)
    assert end - start == timedelta(hours=hours)
    assert hours == 0 or local_date(start, zone) == local_date(end - timedelta(seconds=1), zone) == day
    assert local_date(end, zone) > day
    assert local_date(start - timedelta(seconds=1), zone) < day


def test_habit_days_lie_between_both_ends() -> None:
    days = habit_days_between((Weekday.MONDAY, Weekday.WEDNESDAY), MONDAY, MONDAY + timedelta(days=9))
    assert days == (date(2026, 11, 16), date(2026, 11, 18), date(2026, 11, 23), date(2026, 11, 25))
    assert habit_days_between(EVERY_DAY, MONDAY, MONDAY) == (MONDAY,)
    assert habit_days_between(EVERY_DAY, MONDAY, MONDAY - timedelta(days=1)) == ()
    assert len(habit_days_between(EVERY_DAY, date(2028, 2, 1), date(2028, 3, 1))) == 30


# The reminder


@pytest.mark.parametrize(
    ("asked", "reminded"),
    [
        ("10:00", "15:00"),
        ("12:59", "15:00"),
        ("13:00", "17:00"),
        ("15:00", "19:00"),
        ("18:00", "22:00"),
        ("18:01", None),
        ("23:00", None),
        ("00:00", "15:00"),
    ],
)
def test_one_reminder_later_that_day_or_none(asked: str, reminded: str | None) -> None:
    zone = "Asia/Kolkata"
    instant = to_utc(naive(f"2026-11-18T{asked}"), zone)
    expected = reminded and to_utc(naive(f"2026-11-18T{reminded}"), zone)
    assert later_today(instant, time(15), zone) == expected


def test_a_reminder_agreed_for_the_night_is_kept() -> None:
    assert later_today(utc("2026-11-18T10:00"), time(23), "UTC") == utc("2026-11-18T23:00")


def test_two_hours_are_two_hours_when_clocks_change() -> None:
    asked = to_utc(naive("2027-03-28T00:30"), LONDON)
    assert later_today(asked, time(3), LONDON) == asked + timedelta(hours=4)  # three o'clock is an hour and a half away
