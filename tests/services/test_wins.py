"""Wins on both databases: what is kept, what is to be said, and that doing it twice changes nothing."""

import pytest

from bot.domain.check_ins import Answer
from bot.domain.deliveries import Method, Says
from bot.domain.wins import MAX_TEXT, Trouble, WinState
from bot.services.wins import win_lost, win_posted, win_refused
from bot.services.work import AlreadyHandled, Gone, Refused
from tests import factories
from tests.team import CHANNEL, POST_TS, Team

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


async def test_a_long_try_is_drafted_as_far_as_there_is_room(team: Team) -> None:
    async with team.units.database.write() as tx:
        commitment = await factories.commitment(tx, team.maya)
        check_in = await factories.check_in(tx, team.maya, team.clock.now())
        item = await factories.item(tx, check_in, commitment, answer=Answer.DONE, trying="word " * 300)
    await team.wins.draft_from_check_in(team.maya, item.id)
    async with team.units.database.read() as tx:
        (win,) = await tx.wins.all()
    assert len(win.text) <= MAX_TEXT
    assert win.text.startswith("Done: word word")
    assert win.text.endswith("…")


@pytest.mark.parametrize(("answer", "drafted"), [(Answer.DONE, "Done: Finish the report"), (None, "Finish the report")])
async def test_what_is_to_be_shared_is_drafted_once_and_says_that_it_is_done(
    team: Team, answer: Answer | None, drafted: str
) -> None:
    async with team.units.database.write() as tx:
        commitment = await factories.commitment(tx, team.maya, "Finish the report")
        check_in = await factories.check_in(tx, team.maya, team.clock.now())
        item = await factories.item(tx, check_in, commitment, answer=answer)
        other = await factories.member(tx, team.workspace, "UOTHER")
    with pytest.raises(Gone):
        await team.wins.draft_from_check_in(other, item.id)
    await team.wins.draft_from_check_in(team.maya, item.id)
    with pytest.raises(AlreadyHandled):
        await team.wins.draft_from_check_in(team.maya, item.id)
    async with team.units.database.read() as tx:
        (win,) = await tx.wins.all()
    assert (win.text, win.commitment_id) == (drafted, commitment.id)


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
    refs = {"ts": POST_TS, "channel": CHANNEL, "to": team.maya.slack_id}
    assert [(row.method, row.member_id, row.refs) for row in gone] == [(Method.DELETE, None, refs)]
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
    team.said.clear()
    await team.cheer(win, "UJONAS")
    found = await team.read(win)
    assert (found.state, found.ts) == (WinState.SHARED, POST_TS)
    assert (Says.WIN_PREVIEW, Method.UPDATE) in team.kinds(), "its owner is not asked any more"


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
