"""No second sees more than the pace allows and what was saved up, and nothing is given away."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pacing import FORGET_AT, Gaps, TokenBucket

RATES = st.floats(0.1, 100)
SIZES = st.integers(1, 20)
STEPS = st.lists(st.floats(0, 5), max_size=200)


@given(RATES, SIZES, STEPS)
def test_never_more_than_the_pace_and_what_was_saved(rate: float, size: int, steps: list[float]) -> None:
    bucket = TokenBucket(rate, size, 100.0)
    now, passed = 100.0, []
    for step in steps:
        now += step
        while bucket.take(now):
            passed.append(now)
    for first, last in itertools.combinations(range(len(passed)), 2):
        allowed = size + (passed[last] - passed[first]) * rate
        assert last - first + 1 <= allowed + 1e-6


@given(RATES, SIZES, STEPS)
def test_whoever_waits_as_long_as_told_may_pass_and_no_sooner(rate: float, size: int, steps: list[float]) -> None:
    bucket, now = TokenBucket(rate, size, 0.0), 0.0
    for step in steps:
        now += step
        wait = bucket.wait(now)
        if wait > 1e-3:
            assert not bucket.take(now + wait / 2)
        now += wait
        assert bucket.take(now + 1e-6)


@given(RATES, SIZES, st.floats(0, 100))
def test_after_too_much_nothing_saved_is_left(rate: float, size: int, step: float) -> None:
    bucket = TokenBucket(rate, size, 0.0)
    bucket.empty(step)
    assert not bucket.take(step)
    assert not bucket.is_full(step)
    assert bucket.is_full(step + size / rate + 1e-3)


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing() -> None:
    bucket = TokenBucket(1.0, 2, 100.0)
    assert bucket.take(100.0)
    assert bucket.take(50.0)
    assert not bucket.take(50.0)
    assert not bucket.take(100.5)
    assert bucket.take(101.0)


def test_no_pace_lets_everything_pass() -> None:
    bucket, gaps = TokenBucket(0, 8, 0.0), Gaps(0)
    bucket.empty(0.0)
    assert all(bucket.take(0.0) for _ in range(1000))
    gaps.passed("dm:1", 0.0)
    assert (bucket.wait(0.0), gaps.wait("dm:1", 0.0)) == (0.0, 0.0)


@given(st.floats(0.1, 10), st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 3)), max_size=50))
def test_a_channel_keeps_its_distance_whatever_others_do(rate: float, steps: list[tuple[str, float]]) -> None:
    gaps, now, last = Gaps(rate), 0.0, dict[str, float]()
    for channel, step in steps:
        now += step
        if not gaps.wait(channel, now):
            assert now - last.get(channel, -100.0) >= 1 / rate - 1e-6
            gaps.passed(channel, now)
            last[channel] = now


def test_channels_whose_turn_has_come_are_forgotten() -> None:
    gaps = Gaps(1)
    for number in range(FORGET_AT):
        gaps.passed(f"dm:{number}", 0.0)
    gaps.passed("dm:new", 10.0)
    assert len(gaps) == 1
    assert gaps.wait("dm:new", 10.0) == 1.0
