"""Cheers on both databases: whom they count, and when the owner hears of them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.domain.agreements import default_terms
from bot.domain.check_ins import Answer, Origin
from bot.domain.deliveries import Method, Says
from bot.domain.wins import CheerKind, tell_up_to
from bot.services.asking import say_check_in
from bot.services.cheers import claim_untold_cheers
from bot.services.terms import agree
from bot.services.work import Gone
from bot.storage import tables
from tests import factories
from tests.talking import Talk
from tests.team import CHANNEL, POST_TS, Team

# Cheering


async def test_cheers_count_people_not_clicks(team: Team) -> None:
    win = await team.shared()
    for who in ("UJONAS", "UJONAS", "UPRIYA"):
        await team.cheer(win, who)
    assert await team.cheers() == {"UJONAS": CheerKind.CLAP, "UPRIYA": CheerKind.CLAP}
    one = [(Says.WIN_CHEERED, Method.EPHEMERAL), (Says.WIN_POST, Method.UPDATE)]
    assert team.kinds() == [*one, *one]


async def test_another_button_changes_the_kind_without_a_second_word(team: Team) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS")
    team.said.clear()
    await team.cheer(win, "UJONAS", CheerKind.PARTY)
    assert await team.cheers() == {"UJONAS": CheerKind.PARTY}
    assert team.kinds() == [(Says.WIN_POST, Method.UPDATE)]


async def test_cheering_makes_nobody_a_member(team: Team) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS")
    async with team.units.database.read() as tx:
        assert [member.slack_id for member in await tx.members.all()] == ["UMAYA"]
    whisper = next(row for row in team.said if row.says is Says.WIN_CHEERED)
    assert (whisper.member_id, whisper.refs["to"], whisper.refs["channel"]) == (None, "UJONAS", CHANNEL)


async def test_the_owners_own_click_counts_nothing(team: Team) -> None:
    win = await team.shared()
    await team.cheer(win, "UMAYA")
    assert await team.cheers() == {}
    assert team.kinds() == [(Says.WIN_CHEERED, Method.EPHEMERAL)]
    assert team.said[0].refs["how"] == "own"


async def test_a_post_that_should_be_gone_goes_when_it_is_clicked(team: Team) -> None:
    win = await team.shared()
    await team.wins.take_back(team.maya, win.id, key="back")
    team.said.clear()
    await team.cheer(win, "UJONAS")
    assert team.kinds() == [(Says.TAKEN_DOWN, Method.DELETE), (Says.WIN_CHEERED, Method.EPHEMERAL)]
    assert await team.cheers() == {}


async def test_an_older_copy_of_a_post_goes_and_counts_nothing(team: Team) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS", ts="1600.1")
    assert team.said[0].refs["ts"] == "1600.1"
    assert await team.cheers() == {}
    assert (await team.read(win)).ts == POST_TS


async def test_an_erased_wins_post_goes_too(team: Team) -> None:
    win = await team.shared()
    async with team.units.database.write() as tx:
        await tx.members.remove(tx.members.table.c.id == team.maya.id)
    await team.cheer(win, "UJONAS")
    assert team.kinds() == [(Says.TAKEN_DOWN, Method.DELETE), (Says.WIN_CHEERED, Method.EPHEMERAL)]
    assert all(row.member_id is None for row in team.said)


async def test_another_workspaces_click_finds_nothing(team: Team) -> None:
    win = await team.shared()
    async with team.units.database.write() as tx:
        await factories.workspace(tx, "T2")
    await team.wins.cheer("T2", "UEVE", win.id, CheerKind.CLAP, channel_id=CHANNEL, ts=POST_TS, key="1")
    assert await team.cheers() == {}
    with pytest.raises(Gone):
        await team.wins.cheer("T3", "UEVE", win.id, CheerKind.CLAP, channel_id=CHANNEL, ts=POST_TS, key="1")


# Telling the owner


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """In January 2027: an hour ahead of UTC."""
    return datetime(2027, 1, day, hour - 1, minute, tzinfo=UTC)


async def told(team: Team) -> list[tuple[int, int]]:
    """The January days and Berlin hours at which the owner was told."""
    rows = await team.waiting(Says.CHEERS)
    return [(row.due_at.day, row.due_at.hour + 1) for row in rows if row.due_at is not None]


async def test_the_owner_hears_once_a_day_in_the_afternoon(team: Team) -> None:
    win = await team.shared()

    # Monday: Jonas cheers at 10:00, Priya at 16:30, after that day's word.
    team.clock.set(berlin(4, 10))
    await team.cheer(win, "UJONAS")
    await team.tell()
    assert await told(team) == []
    team.clock.set(berlin(4, 16))
    await team.tell()
    await team.tell()
    assert await told(team) == [(4, 16)]
    team.clock.set(berlin(4, 16, 30))
    await team.cheer(win, "UPRIYA")
    await team.tell()
    assert await told(team) == [(4, 16)]

    # Tuesday afternoon brings Priya; Wednesday has nothing to tell.
    team.clock.set(berlin(5, 17))
    await team.tell()
    team.clock.set(berlin(6, 17))
    await team.tell()
    assert await told(team) == [(4, 16), (5, 17)]
    async with team.units.database.read() as tx:
        names = [
            [cheer.slack_id for cheer in await tx.cheers.named([int(row) for row in str(one.refs["cheers"]).split()])]
            for one in await team.waiting(Says.CHEERS)
        ]
    assert names == [["UJONAS"], ["UPRIYA"]]


@pytest.mark.parametrize("broken", ["zone", "ground rules", "rest"])
async def test_one_members_broken_row_keeps_nobody_elses_cheers(team: Team, broken: str) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS")
    async with team.units.database.write() as tx:
        zone = "America/Nowhere" if broken == "zone" else "Europe/Berlin"
        other = await factories.member(tx, team.workspace, "UPRIYA", zone=zone)
        await factories.cheered_win(tx, other, "UJONAS", team.clock.now())
        theirs = {"workspace_id": other.workspace_id, "member_id": other.id}
        if broken == "ground rules":
            values = {"version": 1, "terms": {"tone": "loud"}, "agreed_at": team.clock.now()}
            await tx.connection.execute(insert(tables.agreements).values(**theirs, **values))
        if broken == "rest":
            today = berlin(4, 9).date()
            values = {"kind": "nap", "first_day": today, "last_day": today, "created_at": team.clock.now()}
            await tx.connection.execute(insert(tables.rests).values(**theirs, **values))
    team.clock.set(berlin(4, 16))
    await team.tell()
    assert [row.member_id for row in await team.waiting(Says.CHEERS)] == [team.maya.id]


async def test_an_evening_is_left_alone(team: Team) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS")
    team.clock.set(berlin(4, 21))
    await team.tell()
    assert await told(team) == []
    assert tell_up_to(berlin(4, 20, 59), "Europe/Berlin") == berlin(4, 16)


@pytest.mark.parametrize("check_in_is", ["sent", "due"])
async def test_a_day_with_a_check_in_brings_no_second_message(team: Team, check_in_is: str) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS")
    async with team.units.database.write() as tx:
        if check_in_is == "sent":
            await factories.check_in(tx, team.maya, berlin(4, 10))
            await tx.members.change(team.maya.id, prompted_on=berlin(4, 10).date())
        else:
            await factories.commitment(tx, team.maya, next_due_at=berlin(4, 18))
    team.clock.set(berlin(4, 16))
    await team.tell()
    assert await told(team) == []
    async with team.units.begin() as work:
        told_now = await claim_untold_cheers(work, team.maya, work.now)
        assert [cheer.slack_id for cheer in await work.tx.cheers.named([int(told_now)])] == ["UJONAS"]
        assert await claim_untold_cheers(work, team.maya, work.now) == ""


@pytest.mark.parametrize("because", ["no room", "too late today", "not wanted"])
async def test_cheers_that_wait_for_another_day_are_no_reason_to_look_again(team: Team, because: str) -> None:
    """Whatever is committed is one: a look that found something to commit each time would never end."""
    win = await team.shared()
    team.clock.set(berlin(4, 16, 30) if because == "too late today" else berlin(4, 15))
    await team.cheer(win, "UJONAS")
    async with team.units.begin() as work:
        if because == "no room":
            await work.tx.members.change(team.maya.id, prompted_on=berlin(4, 10).date())
        if because == "not wanted":
            terms = default_terms("Europe/Berlin", team.clock.now().date())
            await agree(work, team.maya, terms.model_copy(update={"tell_cheers": False}))
    team.clock.set(berlin(4, 17))
    changes: list[str] = []
    team.units.on_change = lambda: changes.append("something")
    await team.tell()
    assert (await told(team), changes) == ([], [])


async def test_a_check_in_of_ones_own_is_no_reason_for_silence(team: Team) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS")
    async with team.units.database.write() as tx:
        await factories.check_in(tx, team.maya, berlin(4, 11), origin=Origin.ASKED)
    team.clock.set(berlin(4, 16))
    await team.tell()
    assert await told(team) == [(4, 16)]


async def test_who_does_not_want_to_hear_does_not(team: Team) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS")
    terms = default_terms("Europe/Berlin", team.clock.now().date()).model_copy(update={"tell_cheers": False})
    async with team.units.begin() as work:
        await agree(work, team.maya, terms)
        assert await claim_untold_cheers(work, team.maya, work.now) == ""
    team.clock.set(berlin(4, 16))
    await team.tell()
    assert await told(team) == []


async def test_a_pause_is_quiet_and_old_cheers_are_not_brought_up(team: Team) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS")
    async with team.units.database.write() as tx:
        await tx.members.change(team.maya.id, paused_at=team.clock.now())
    team.clock.set(berlin(4, 16))
    await team.tell()
    async with team.units.database.write() as tx:
        await tx.members.change(team.maya.id, paused_at=None)
    team.clock.advance(timedelta(days=15))
    await team.tell()
    assert await told(team) == []


async def test_a_check_in_names_nobody_once_its_member_does_not_want_to_hear(talk: Talk) -> None:
    about = await talk.commit()
    async with talk.units.database.write() as tx:
        await factories.cheered_win(tx, talk.maya, "UJONAS", talk.clock.now())
        check_in = await factories.check_in(tx, talk.maya, talk.clock.now(), ts=None)
        await factories.item(tx, check_in, about)
    async with talk.units.for_member(talk.maya) as (work, maya):
        await say_check_in(work, maya, check_in)
    await talk.services.agreements.change(talk.maya, {"tell_cheers": False}, key="a")
    assert "UJONAS" not in (await talk.one()).whole
    async with talk.units.for_member(talk.maya) as (work, maya):
        await work.say(maya, Says.REMINDER, {"check_in": check_in.id})
    assert "UJONAS" not in (await talk.one()).whole


async def test_the_names_in_a_check_in_stay_when_it_is_answered_and_come_along_with_the_reminder(talk: Talk) -> None:
    about = await talk.commit()
    async with talk.units.database.write() as tx:
        await factories.cheered_win(tx, talk.maya, "UJONAS", talk.clock.now())
        check_in = await factories.check_in(tx, talk.maya, talk.clock.now(), ts=None)
        item = await factories.item(tx, check_in, about)
    async with talk.units.for_member(talk.maya) as (work, maya):
        await say_check_in(work, maya, check_in)
    said = "<@UJONAS> cheered what you shared."
    assert said in (await talk.one()).whole
    async with talk.units.for_member(talk.maya) as (work, maya):
        await work.say(maya, Says.REMINDER, {"check_in": check_in.id})
    assert said in (await talk.one()).whole
    await talk.services.check_ins.answer(talk.maya, item.id, Answer.MOVING, key="a")
    await talk.flush()
    (now,) = [shown for shown in talk.screen.values() if "*Moving*" in shown.whole]
    assert said in now.whole
