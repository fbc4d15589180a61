"""Whether to ask someone who seems to be on another clock, and when."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import local
from bot.domain.moving import EVENING, MORNING, differ, is_news, may_come_at, next_morning

WINTER = datetime(2027, 1, 5, 9, tzinfo=UTC)
ZONES = st.sampled_from(
    ["Europe/Berlin", "Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Africa/Lagos", "UTC"]
)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)).map(  # noqa: DTZ001 - made aware
    lambda naive: naive.replace(tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("Europe/Berlin", "Europe/Berlin", False),
        ("Europe/Berlin", "Europe/Vienna", False),
        ("Europe/Berlin", "Europe/Lisbon", True),
        ("Europe/Berlin", "Africa/Lagos", True),  # the same in winter, not in summer
        ("Europe/London", "UTC", True),
    ],
)
def test_what_counts_is_the_time_that_clocks_show_within_a_year(one: str, other: str, *, differs: bool) -> None:
    assert differ(one, other, WINTER) is differs
    assert differ(other, one, WINTER) is differs


def test_asked_once_a_zone() -> None:
    assert is_news("Europe/Berlin", "Europe/Lisbon", None, WINTER)
    assert is_news("Europe/Berlin", "Europe/Lisbon", "Asia/Tokyo", WINTER)
    assert not is_news("Europe/Berlin", "Europe/Lisbon", "Europe/Lisbon", WINTER)
    assert not is_news("Europe/Berlin", "Europe/Vienna", None, WINTER)


@given(ZONES, ZONES, INSTANTS)
def test_zones_that_show_different_times_now_differ(one: str, other: str, now: datetime) -> None:
    shown = {now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for zone in (one, other)}
    assert differ(one, other, now) or len(shown) == 1


@pytest.mark.parametrize(
    ("now", "comes"),
    [
        ("2027-01-05T00:00", "2027-01-05T09:00"),
        ("2027-01-05T08:59", "2027-01-05T09:00"),
        ("2027-01-05T09:00", "2027-01-05T09:00"),
        ("2027-01-05T19:59", "2027-01-05T19:59"),
        ("2027-01-05T20:00", "2027-01-06T09:00"),
    ],
)
def test_the_question_comes_at_once_by_day_and_else_on_the_next_morning(now: str, comes: str) -> None:
    at = may_come_at(datetime.fromisoformat(now + "+01:00"), "Europe/Berlin")
    assert local(at, "Europe/Berlin").isoformat()[:16] == comes


@given(ZONES, INSTANTS)
def test_the_question_comes_by_day_and_within_a_day(zone: str, now: datetime) -> None:
    for at in (may_come_at(now, zone), next_morning(now, zone)):
        assert MORNING <= local(at, zone).time() <= EVENING
        assert now <= at <= now + timedelta(days=2)
    assert may_come_at(may_come_at(now, zone), zone) == may_come_at(now, zone)
    assert local(next_morning(now, zone), zone).time() >= time(9)
