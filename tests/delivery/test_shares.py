"""Whose row goes next: one from each workspace in turn, eight at once, at each one's pace."""

from collections import Counter

from bot.delivery.limits import Limits
from bot.delivery.shares import IN_FLIGHT, Shares
from bot.domain.deliveries import Delivery
from tests import records


def _row(row_id: int, workspace_id: int, lane: str | None = None) -> Delivery:
    return records.delivery(row_id, workspace_id=workspace_id, lane=lane or f"dm:{row_id}")


def _shares(*sizes: int, limits: Limits | None = None) -> Shares:
    shares = Shares(limits or Limits(a_minute=0, a_second=0))
    shares.add(range(len(sizes)), ours_until=60.0, now=0.0)
    for workspace_id, size in enumerate(sizes):
        share = shares.get(workspace_id)
        assert share is not None
        share.feed((_row(1000 * workspace_id + number, workspace_id) for number in range(size)), is_all=True)
    return shares


def test_none_waits_for_anothers_thousands() -> None:
    picked = _shares(1000, 3, 1000).pick(12, 0.0)
    assert Counter(row.workspace_id for row in picked) == {0: 5, 1: 3, 2: 4}


def test_who_had_no_turn_is_first_in_the_next() -> None:
    shares = _shares(*[1000] * 6)
    first, second = shares.pick(4, 0.0), shares.pick(4, 0.0)
    assert Counter(row.workspace_id for row in (*first, *second)) == {0: 2, 1: 2, 2: 1, 3: 1, 4: 1, 5: 1}


def test_eight_of_a_workspace_at_once() -> None:
    shares = _shares(20)
    assert len(shares.pick(100, 0.0)) == IN_FLIGHT
    assert shares.pick(100, 0.0) == []
    share = shares.get(0)
    assert share is not None
    share.ended()
    assert len(shares.pick(100, 0.0)) == 1


def test_its_pace_holds_one_up_and_lets_others_pass() -> None:
    shares = _shares(20, 20, limits=Limits(a_minute=60, a_second=0))
    assert len(shares.pick(100, 0.0)) == 2 * IN_FLIGHT, "what was saved up"
    for share in shares:
        for _ in range(IN_FLIGHT):
            share.ended()
    assert shares.pick(100, 0.5) == []
    assert shares.wait(0.5) == 0.5
    assert shares.movable(0.5) == 0
    assert len(shares.pick(100, 1.0)) == 2


def test_a_channel_that_has_had_one_lets_others_pass() -> None:
    shares = _shares(0, limits=Limits(a_minute=0, a_second=1))
    share = shares.get(0)
    assert share is not None
    share.feed([_row(1, 0, "dm:1")], is_all=False)
    assert [row.id for row in shares.pick(9, 0.0)] == [1]
    share.ended()
    share.feed([_row(2, 0, "dm:1"), _row(3, 0, "dm:2")], is_all=True)
    assert [row.id for row in shares.pick(9, 0.25)] == [3]
    assert shares.wait(0.25) == 0.75
    assert [row.id for row in shares.pick(9, 1.0)] == [2]


def test_what_it_knows_of_is_not_taken_in_twice() -> None:
    share = _shares(3).get(0)
    assert share is not None
    share.feed((_row(number, 0) for number in range(5)), is_all=True)
    assert [row.id for row in share.ahead] == [0, 1, 2, 3, 4]


def test_a_share_is_drained_when_a_last_look_finds_nothing() -> None:
    shares = _shares(1)
    share = shares.get(0)
    assert share is not None
    shares.pick(9, 0.0)
    assert not share.is_drained
    share.ended()
    assert share.is_hungry, "the next of its lane may be free now"
    share.feed([], is_all=True)
    assert share.is_drained


def test_a_closed_share_sends_nothing_more() -> None:
    shares = _shares(20)
    share = shares.get(0)
    assert share is not None
    shares.pick(3, 0.0)
    share.close()
    assert shares.pick(9, 0.0) == []
    assert not share.is_hungry
    assert not share.is_drained, "what is in flight comes to its end"
    for _ in range(3):
        share.ended()
    assert share.is_drained


def test_a_lease_that_is_had_back_goes_on_with_what_is_in_flight() -> None:
    shares = _shares(20)
    assert len(shares.pick(20, 0.0)) == IN_FLIGHT
    share = shares.get(0)
    assert share is not None
    share.close()
    shares.add([0], ours_until=120.0, now=60.0)
    share = shares.get(0)
    assert share is not None
    share.feed((_row(number, 0) for number in range(100, 120)), is_all=True)
    assert shares.pick(20, 60.0) == []
    for _ in range(IN_FLIGHT):
        share.ended()
    assert len(shares.pick(20, 60.0)) == IN_FLIGHT
