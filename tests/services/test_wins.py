"""Wins on both databases: what is kept, what is to be said, and that doing it twice changes nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import ManualClock
from bot.domain.agreements import default_terms
from bot.domain.check_ins import Origin
from bot.domain.deliveries import Delivery, Method, Says
from bot.domain.members import Member
from bot.domain.wins import CheerKind, Trouble, Win, WinState, tell_up_to
from bot.domain.workspaces import Workspace
from bot.services.terms import agree
from bot.services.wins import Wins, claim_untold_cheers, win_lost, win_posted, win_refused
from bot.services.work import AlreadyHandled, Gone, Refused, Units
from bot.storage.database import Database
from tests import factories

CHANNEL = "C0WINS"
POST_TS = "1700.1"


@dataclass
class Team:
    """Maya of Berlin with a database; `said` is every delivery that came of a step."""

    units: Units
    clock: ManualClock
    wins: Wins
    workspace: Workspace
    maya: Member
    said: list[Delivery]

    async def draft(self, text: str = "Shipped it") -> Win:
        await self.wins.draft(self.maya, text, key=f"draft:{text}")
        async with self.units.database.read() as tx:
            return (await tx.wins.all())[-1]

    async def shared(self, text: str = "Shipped it") -> Win:
        """A win in the channel, with Slack's answer."""
        win = await self.draft(text)
        await self.wins.share(self.maya, win.id, CHANNEL, key=f"share:{text}")
        async with self.units.begin() as work:
            await win_posted(work, self.maya.id, win.id, CHANNEL, POST_TS)
        self.said.clear()
        return await self.read(win)

    async def read(self, win: Win) -> Win:
        async with self.units.database.read() as tx:
            return await tx.wins.get(win.id)

    async def cheer(self, win: Win, who: str, kind: CheerKind = CheerKind.CLAP, *, ts: str = POST_TS) -> None:
        key = f"{who}:{kind}:{self.clock.now()}:{len(self.said)}"
        await self.wins.cheer("T1", who, win.id, kind, channel_id=CHANNEL, ts=ts, key=key)

    async def cheers(self) -> dict[str, CheerKind]:
        async with self.units.database.read() as tx:
            return {cheer.slack_id: cheer.kind for cheer in await tx.cheers.all()}

    def kinds(self) -> list[tuple[Says, Method]]:
        return [(row.says, row.method) for row in self.said if row.says is not Says.HOME]

    async def waiting(self, says: Says) -> list[Delivery]:
        async with self.units.database.read() as tx:
            return [row for row in await tx.deliveries.all() if row.says is says]


@pytest.fixture
async def team(database_url: str, clock: ManualClock) -> AsyncIterator[Team]:
    database = Database(database_url)
    units = factories.units_over(database, clock)
    async with database.write() as tx:
        workspace = await factories.workspace(tx, wins_channel_id=CHANNEL, wins_channel_name="wins")
        maya = await factories.member(tx, workspace, "UMAYA")
    said: list[Delivery] = []
    units.on_said = said.extend
    yield Team(units, clock, Wins(units), workspace, maya, said)
    await database.close()


# Keeping


async def test_a_draft_is_private_and_its_owner_sees_it(team: Team) -> None:
    win = await team.draft("  Shipped it \n")
    assert (win.text, win.state, win.is_private) == ("Shipped it", WinState.DRAFT, True)
    assert team.kinds() == [(Says.WIN_PREVIEW, Method.POST)]
    assert team.said[0].refs == {"win": win.id}


async def test_the_same_command_twice_keeps_one_win(team: Team) -> None:
    await team.wins.draft(team.maya, "Shipped it", key="command:1")
    with pytest.raises(AlreadyHandled):
        await team.wins.draft(team.maya, "Shipped it", key="command:1")
    assert len(team.kinds()) == 1


@pytest.mark.parametrize("text", ["", "  \n", "x" * 1001])
async def test_what_cannot_be_kept_is_refused_and_may_be_tried_again(team: Team, text: str) -> None:
    with pytest.raises(Refused):
        await team.wins.draft(team.maya, text, key="view:1")
    await team.wins.draft(team.maya, "x" * 1000, key="view:1")
    assert len(team.kinds()) == 1


async def test_a_done_is_drafted_once_with_the_commitments_words(team: Team) -> None:
    async with team.units.database.write() as tx:
        commitment = await factories.commitment(tx, team.maya, "Finish the report")
        check_in = await factories.check_in(tx, team.maya, team.clock.now())
        item = await factories.item(tx, check_in, commitment)
        other = await factories.member(tx, team.workspace, "UOTHER")
    with pytest.raises(Gone):
        await team.wins.draft_from_check_in(other, item.id)
    await team.wins.draft_from_check_in(team.maya, item.id)
    with pytest.raises(AlreadyHandled):
        await team.wins.draft_from_check_in(team.maya, item.id)
    async with team.units.database.read() as tx:
        (win,) = await tx.wins.all()
    assert (win.text, win.commitment_id) == ("Finish the report", commitment.id)


async def test_nobody_can_touch_another_ones_win(team: Team) -> None:
    win = await team.draft()
    async with team.units.database.write() as tx:
        other = await factories.member(tx, team.workspace, "UOTHER")
    for act in (team.wins.keep, team.wins.take_back, team.wins.show):
        with pytest.raises(Gone):
            await act(other, win.id, key="1")
    with pytest.raises(Gone):
        await team.wins.share(other, win.id, CHANNEL, key="1")
    with pytest.raises(Gone):
        await team.wins.edit(other, win.id, "mine", key="1")
    with pytest.raises(Gone):
        await team.wins.read(other, win.id)
    assert await team.read(win) == win


async def test_keeping_folds_the_preview_and_refreshes_home(team: Team) -> None:
    async with team.units.database.write() as tx:
        await tx.members.change(team.maya.id, home_opened_at=team.clock.now())
    win = await team.draft()
    await team.wins.keep(team.maya, win.id, key="1")
    assert (await team.read(win)).state is WinState.KEPT
    assert team.kinds()[1:] == [(Says.WIN_PREVIEW, Method.UPDATE)]
    assert team.said[-1].says is Says.HOME


# Sharing


async def test_sharing_posts_once_however_often_it_is_clicked(team: Team) -> None:
    win = await team.draft()
    for key in "123":
        await team.wins.share(team.maya, win.id, CHANNEL, key=key)
    posts = await team.waiting(Says.WIN_POST)
    assert [(row.method, row.refs["channel"], row.lane) for row in posts] == [
        (Method.POST, CHANNEL, f"channel:{team.workspace.id}:{CHANNEL}")
    ]
    shared = await team.read(win)
    assert (shared.state, shared.channel_id, shared.ts) == (WinState.SHARED, CHANNEL, None)


async def test_only_the_first_post_in_a_channel_introduces(team: Team) -> None:
    first, second = await team.shared("one"), await team.shared("two")
    assert (first.introduces, second.introduces) == (True, False)
    await team.wins.take_back(team.maya, first.id, key="back")
    assert (await team.shared("three")).introduces


async def test_a_button_that_named_another_channel_shares_nothing(team: Team) -> None:
    win = await team.draft()
    await team.wins.share(team.maya, win.id, "C0OLD", key="1")
    assert (await team.read(win)).state is WinState.DRAFT
    assert team.said[-1].refs == {"win": win.id, "trouble": Trouble.MOVED, "unfolded": 1}
    assert not await team.waiting(Says.WIN_POST)


async def test_keeping_a_shared_win_does_not_hide_that_it_is_shared(team: Team) -> None:
    win = await team.shared()
    await team.wins.keep(team.maya, win.id, key="stale")
    assert (await team.read(win)).state is WinState.SHARED


async def test_an_admin_chooses_and_shares_at_once_others_cannot(team: Team) -> None:
    win = await team.draft()
    with pytest.raises(Refused):
        await team.wins.choose_channel(team.maya, "C0NEW", "new", key="1", share=win.id)
    async with team.units.database.write() as tx:
        admin = await tx.members.change(team.maya.id, is_admin=True)
    await team.wins.choose_channel(admin, "C0NEW", None, key="1", share=win.id)
    async with team.units.database.read() as tx:
        workspace = await tx.workspaces.get(team.workspace.id)
    assert (workspace.wins_channel_id, workspace.wins_channel_name) == ("C0NEW", None)
    assert (await team.read(win)).channel_id == "C0NEW"


async def test_taking_back_deletes_the_post_and_it_can_be_shared_again(team: Team) -> None:
    win = await team.shared()
    await team.wins.take_back(team.maya, win.id, key="1")
    await team.wins.take_back(team.maya, win.id, key="2")
    gone = [row for row in team.said if row.says is Says.TAKEN_DOWN]
    assert [(row.method, row.refs) for row in gone] == [(Method.DELETE, {"ts": POST_TS, "channel": CHANNEL})]
    assert (await team.read(win)).state is WinState.TAKEN_BACK
    await team.wins.share(team.maya, win.id, CHANNEL, key="3")
    assert (await team.read(win)).state is WinState.SHARED
    assert team.kinds()[-2:] == [(Says.WIN_POST, Method.POST), (Says.WIN_PREVIEW, Method.UPDATE)]


async def test_a_post_that_arrives_after_it_was_taken_back_is_deleted(team: Team) -> None:
    win = await team.draft()
    await team.wins.share(team.maya, win.id, CHANNEL, key="1")
    await team.wins.take_back(team.maya, win.id, key="2")
    async with team.units.begin() as work:
        await win_posted(work, team.maya.id, win.id, CHANNEL, POST_TS)
    assert team.said[-1].says is Says.TAKEN_DOWN
    assert (await team.read(win)).ts is None


async def test_an_edit_reaches_the_post(team: Team) -> None:
    win = await team.shared()
    await team.wins.edit(team.maya, win.id, "Shipped it, with Jonas", key="1")
    assert team.kinds() == [(Says.WIN_PREVIEW, Method.UPDATE), (Says.WIN_POST, Method.UPDATE)]
    team.said.clear()
    await team.wins.edit(team.maya, win.id, "Shipped it, with Jonas ", key="2")
    assert team.kinds() == []


async def test_an_edit_of_a_private_win_stays_private(team: Team) -> None:
    win = await team.draft()
    await team.wins.edit(team.maya, win.id, "Shipped it, with Jonas", key="1")
    assert (Says.WIN_POST, Method.UPDATE) not in team.kinds()


async def test_a_lost_post_asks_its_owner_who_may_say_yes(team: Team) -> None:
    win = await team.draft()
    await team.wins.share(team.maya, win.id, CHANNEL, key="1")
    async with team.units.begin() as work:
        await win_lost(work, team.maya.id, win.id)
    assert (await team.read(win)).state is WinState.UNSURE
    assert (Says.WIN_DOUBT, Method.POST) in team.kinds()
    for key in "23":
        await team.wins.confirm_posted(team.maya, win.id, "9.9", key=key)
    assert (await team.read(win)).state is WinState.SHARED
    assert len(await team.waiting(Says.WIN_POST)) == 1


async def test_a_lost_post_is_posted_again_once(team: Team) -> None:
    win = await team.draft()
    await team.wins.share(team.maya, win.id, CHANNEL, key="1")
    async with team.units.begin() as work:
        await win_lost(work, team.maya.id, win.id)
    for key in "23":
        await team.wins.post_again(team.maya, win.id, "9.9", key=key)
    assert len(await team.waiting(Says.WIN_POST)) == 2


async def test_a_click_on_a_lost_post_shows_where_it_is(team: Team) -> None:
    win = await team.draft()
    await team.wins.share(team.maya, win.id, CHANNEL, key="1")
    async with team.units.begin() as work:
        await win_lost(work, team.maya.id, win.id)
    await team.cheer(win, "UJONAS")
    found = await team.read(win)
    assert (found.state, found.ts) == (WinState.SHARED, POST_TS)


async def test_a_refused_post_is_kept_and_explained(team: Team) -> None:
    win = await team.draft()
    await team.wins.share(team.maya, win.id, CHANNEL, key="1")
    async with team.units.begin() as work:
        await win_refused(work, team.maya.id, win.id, Trouble.NOT_IN)
    kept = await team.read(win)
    assert (kept.state, kept.channel_id, kept.introduces) == (WinState.KEPT, None, False)
    refs = [row.refs for row in team.said if row.says is Says.WIN_PREVIEW][-1]
    assert refs["trouble"] == Trouble.NOT_IN
    assert (await team.shared("another")).introduces


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
    await team.wins.tell_cheers()
    assert await told(team) == []
    team.clock.set(berlin(4, 16))
    await team.wins.tell_cheers()
    await team.wins.tell_cheers()
    assert await told(team) == [(4, 16)]
    team.clock.set(berlin(4, 16, 30))
    await team.cheer(win, "UPRIYA")
    await team.wins.tell_cheers()
    assert await told(team) == [(4, 16)]

    # Tuesday afternoon brings Priya; Wednesday has nothing to tell.
    team.clock.set(berlin(5, 17))
    await team.wins.tell_cheers()
    team.clock.set(berlin(6, 17))
    await team.wins.tell_cheers()
    assert await told(team) == [(4, 16), (5, 17)]
    async with team.units.database.read() as tx:
        names = [
            [cheer.slack_id for cheer in await tx.cheers.named([int(row) for row in str(one.refs["cheers"]).split()])]
            for one in await team.waiting(Says.CHEERS)
        ]
    assert names == [["UJONAS"], ["UPRIYA"]]


async def test_an_evening_is_left_alone(team: Team) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS")
    team.clock.set(berlin(4, 21))
    await team.wins.tell_cheers()
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
    await team.wins.tell_cheers()
    assert await told(team) == []
    async with team.units.begin() as work:
        assert await claim_untold_cheers(work, team.maya) == ("UJONAS",)
        assert await claim_untold_cheers(work, team.maya) == ()


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
    await team.wins.tell_cheers()
    assert (await told(team), changes) == ([], [])


async def test_a_check_in_of_ones_own_is_no_reason_for_silence(team: Team) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS")
    async with team.units.database.write() as tx:
        await factories.check_in(tx, team.maya, berlin(4, 11), origin=Origin.ASKED)
    team.clock.set(berlin(4, 16))
    await team.wins.tell_cheers()
    assert await told(team) == [(4, 16)]


async def test_who_does_not_want_to_hear_does_not(team: Team) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS")
    terms = default_terms("Europe/Berlin", team.clock.now().date()).model_copy(update={"tell_cheers": False})
    async with team.units.begin() as work:
        await agree(work, team.maya, terms)
        assert await claim_untold_cheers(work, team.maya) == ()
    team.clock.set(berlin(4, 16))
    await team.wins.tell_cheers()
    assert await told(team) == []


async def test_a_pause_is_quiet_and_old_cheers_are_not_brought_up(team: Team) -> None:
    win = await team.shared()
    await team.cheer(win, "UJONAS")
    async with team.units.database.write() as tx:
        await tx.members.change(team.maya.id, paused_at=team.clock.now())
    team.clock.set(berlin(4, 16))
    await team.wins.tell_cheers()
    async with team.units.database.write() as tx:
        await tx.members.change(team.maya.id, paused_at=None)
    team.clock.advance(timedelta(days=15))
    await team.wins.tell_cheers()
    assert await told(team) == []
