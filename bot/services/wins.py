"""Wins: drafted, kept, shared, taken back, cheered."""

from bot.domain.blank import is_blank
from bot.domain.check_ins import Answer
from bot.domain.deliveries import Method, Refs, Says
from bot.domain.members import Member
from bot.domain.wins import MAX_TEXT, Cheered, CheerKind, Trouble, Win, WinState
from bot.services.work import Gone, Refused, Units, Work, owned


class Wins:
    """Each method is one transaction, harmless when it comes twice. Raises Gone for a win that is not the member's."""

    def __init__(self, units: Units) -> None:
        self._units = units

    # Its owner's

    async def draft(self, member: Member, text: str, *, key: str) -> None:
        """Keeps the words and shows how they would look. Raises Refused when there are none, or too many."""
        async with self._units.for_member(member, key) as (work, owner):
            await _draft(work, owner, text)

    async def draft_from_check_in(self, member: Member, item_id: int) -> None:
        """The same with a commitment's words, once for each line of a check-in. A try may be longer than a win: it is
        cut, and can be edited before anyone sees it."""
        async with self._units.for_member(member, f"win.offer:{item_id}") as (work, owner):
            item = await work.tx.items.get(item_id)
            commitment = await owned(work.tx.commitments, owner, item.commitment_id)
            text = f"Done: {item.trying or commitment.text}" if item.answer is Answer.DONE else commitment.text
            fits = text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1].rstrip() + "…"
            await _draft(work, owner, fits, commitment.id)

    async def show(self, member: Member, win_id: int, *, key: str, trouble: Trouble | None = None) -> None:
        """The whole preview again, with what stands in the way of sharing, if anything does."""
        async with self._units.for_member(member, key) as (work, owner):
            await _restate(work, owner, await owned(work.tx.wins, owner, win_id), trouble=trouble, unfolded=True)

    async def read(self, member: Member, win_id: int) -> Win:
        async with self._units.database.read() as tx:
            return await owned(tx.wins, member, win_id)

    async def keep(self, member: Member, win_id: int, *, key: str) -> None:
        async with self._units.for_member(member, key) as (work, owner):
            win = await owned(work.tx.wins, owner, win_id)
            if win.is_private:
                win = await work.tx.wins.change(win.id, state=WinState.KEPT)
            await _restate(work, owner, win)
            await work.refresh_home(owner)

    async def edit(self, member: Member, win_id: int, text: str, *, key: str) -> None:
        """Other words, in the channel too if it is there. Raises Refused when there are none, or too many."""
        text = _checked(text)
        async with self._units.for_member(member, key) as (work, owner):
            win = await owned(work.tx.wins, owner, win_id)
            if text == win.text:
                return
            win = await work.tx.wins.change(win.id, text=text)
            await _restate(work, owner, win, unfolded=win.is_private)
            await _repost(work, owner, win)
            await work.refresh_home(owner)

    # Sharing

    async def share(self, member: Member, win_id: int, channel_id: str, *, key: str) -> None:
        """Posts it, once, to the channel that its owner saw named. Anything else is shown again instead of posted."""
        async with self._units.for_member(member, key) as (work, owner):
            await _share(work, owner, await owned(work.tx.wins, owner, win_id), channel_id)

    async def choose_channel(
        self, admin: Member, channel_id: str, name: str | None, *, key: str, share: int | None = None
    ) -> None:
        """Where wins go from now on, and the win at which the question came up. Raises Refused unless an admin asks."""
        async with self._units.for_member(admin, key) as (work, owner):
            if not owner.is_admin:
                raise Refused("Only an admin of this workspace can choose the channel.")
            await work.tx.workspaces.change(owner.workspace_id, wins_channel_id=channel_id, wins_channel_name=name)
            if share is not None:
                await _share(work, owner, await owned(work.tx.wins, owner, share), channel_id)

    async def take_back(self, member: Member, win_id: int, *, key: str) -> None:
        """Out of the channel; its owner keeps it."""
        async with self._units.for_member(member, key) as (work, owner):
            win = await owned(work.tx.wins, owner, win_id)
            if win.state is not WinState.SHARED:
                await _restate(work, owner, win)
                return
            if win.ts is not None and win.channel_id is not None:
                await _take_down(work, owner, win.channel_id, win.ts)
            trouble = None if win.ts else Trouble.NOT_FOUND
            await _make_private(work, owner, win, WinState.TAKEN_BACK, trouble)

    async def confirm_posted(self, member: Member, win_id: int, question_ts: str, *, key: str) -> None:
        """Its owner looked: it is there."""
        async with self._units.for_member(member, key) as (work, owner):
            win = await owned(work.tx.wins, owner, win_id)
            await _answer_doubt(work, owner, win, question_ts)

    async def post_again(self, member: Member, win_id: int, question_ts: str, *, key: str) -> None:
        """Its owner looked: it is not there."""
        async with self._units.for_member(member, key) as (work, owner):
            win = await owned(work.tx.wins, owner, win_id)
            if await _answer_doubt(work, owner, win, question_ts):
                await work.say(owner, Says.WIN_POST, {"win": win.id}, channel=win.channel_id)

    # Cheering

    async def cheer(
        self, team_id: str, slack_id: str, win_id: int, kind: CheerKind, *, channel_id: str, ts: str, key: str
    ) -> None:
        """A click below a post at `channel_id` and `ts`, by anyone there: of the cheerer only the name is kept.

        A post that is not, or no longer, a shared win's is taken down. Raises Gone for a workspace without the app.
        """
        async with self._units.begin() as work:
            workspace = await work.tx.workspaces.by_team(team_id)
            if workspace is None:
                raise Gone
            await work.once(workspace.id, key)
            win = await work.tx.wins.find(win_id)
            if win is not None:
                await work.tx.members.hold([win.member_id])
                win = await work.tx.wins.find(win_id)  # its owner may have deleted everything meanwhile
            if win is None or win.workspace_id != workspace.id:
                where = {"ts": ts}
                await work.say_to_stranger(
                    workspace.id, slack_id, Says.TAKEN_DOWN, where, method=Method.DELETE, channel=channel_id
                )
                await _whisper(work, workspace.id, win_id, to=slack_id, channel_id=channel_id, how=Cheered.GONE)
                return
            owner = await work.tx.members.get(win.member_id)
            if not _is_posted_at(win, channel_id, ts):
                await _take_down(work, owner, channel_id, ts)
                await _whisper(work, workspace.id, win.id, to=slack_id, channel_id=channel_id, how=Cheered.GONE)
                return
            win = await _found(work, owner, win, ts)
            how = Cheered.OWN if slack_id == owner.slack_id else await _keep_cheer(work, win, slack_id, kind)
            if how in (Cheered.OWN, Cheered.FIRST):
                await _whisper(work, workspace.id, win.id, to=slack_id, channel_id=channel_id, how=how)
            if how in (Cheered.FIRST, Cheered.OTHERWISE):
                await _repost(work, owner, win)


# What came of a post: called when it was sent


async def win_posted(work: Work, member_id: int, win_id: int, channel_id: str, ts: str) -> None:
    """It is in the channel. If it was taken back meanwhile, it goes again."""
    owner = await work.tx.members.lock(member_id)
    win = await work.tx.wins.get(win_id)
    if _is_posted_at(win, channel_id, ts):
        await _found(work, owner, win, ts)
    else:
        await _take_down(work, owner, channel_id, ts)


async def win_lost(work: Work, member_id: int, win_id: int) -> None:
    """Nobody knows whether it is in the channel: its owner can look."""
    owner = await work.tx.members.lock(member_id)
    win = await work.tx.wins.get(win_id)
    if win.state is WinState.SHARED and win.ts is None:
        win = await work.tx.wins.change(win.id, state=WinState.UNSURE)
        await work.say(owner, Says.WIN_DOUBT, {"win": win.id})
        await _restate(work, owner, win)
        await work.refresh_home(owner)


async def win_refused(work: Work, member_id: int, win_id: int, trouble: Trouble) -> None:
    """Slack did not take it: it is kept, and its owner reads why."""
    owner = await work.tx.members.lock(member_id)
    win = await work.tx.wins.get(win_id)
    if win.state is WinState.SHARED and win.ts is None:
        await _make_private(work, owner, win, WinState.KEPT, trouble)


# Steps


def _checked(text: str) -> str:
    text = text.strip()
    if is_blank(text):
        raise Refused("A few words are enough.")
    if len(text) > MAX_TEXT:
        over = len(text) - MAX_TEXT
        raise Refused(f"{MAX_TEXT:,} characters at most; this is {over:,} over. The short version works best.")
    return text


async def keep_as_typed(work: Work, owner: Member) -> bool:
    """The words of a button under a preview: its win is kept. False when none is to be decided about."""
    said = await work.tx.deliveries.last_said(owner.id, Says.WIN_PREVIEW)
    win = await work.tx.wins.owned(owner.id, int(said.refs["win"])) if said is not None else None
    if win is None or win.state is not WinState.DRAFT:
        return False
    await _restate(work, owner, await work.tx.wins.change(win.id, state=WinState.KEPT))
    await work.refresh_home(owner)
    return True


async def _draft(work: Work, owner: Member, text: str, commitment_id: int | None = None) -> None:
    win = await work.tx.wins.add(
        workspace_id=owner.workspace_id,
        member_id=owner.id,
        commitment_id=commitment_id,
        text=_checked(text),
        state=WinState.DRAFT,
        created_at=work.now,
    )
    await work.say(owner, Says.WIN_PREVIEW, {"win": win.id})


async def _restate(
    work: Work, owner: Member, win: Win, *, trouble: Trouble | None = None, unfolded: bool = False
) -> None:
    """Brings its owner's message about a win up to date."""
    refs: Refs = {"win": win.id}
    if trouble is not None:
        refs["trouble"] = trouble
    if unfolded:
        refs["unfolded"] = 1
    await work.say(owner, Says.WIN_PREVIEW, refs, method=Method.UPDATE)


async def _share(work: Work, owner: Member, win: Win, channel_id: str) -> None:
    if not win.is_private:
        await _restate(work, owner, win)
        return
    workspace = await work.tx.workspaces.get(owner.workspace_id)
    if workspace.wins_channel_id != channel_id:
        await _restate(work, owner, win, trouble=Trouble.MOVED, unfolded=True)
        return
    win = await work.tx.wins.change(
        win.id,
        state=WinState.SHARED,
        channel_id=channel_id,
        ts=None,
        introduces=await work.tx.workspaces.introduce_wins_in(workspace.id, channel_id),
        shared_at=work.now,
    )
    await work.say(owner, Says.WIN_POST, {"win": win.id}, channel=channel_id)
    await _restate(work, owner, win)
    await work.refresh_home(owner)


async def _make_private(work: Work, owner: Member, win: Win, state: WinState, trouble: Trouble | None) -> None:
    if win.introduces:
        await work.tx.workspaces.change(win.workspace_id, wins_introduced_in=None)
    win = await work.tx.wins.change(win.id, state=state, channel_id=None, ts=None, introduces=False, shared_at=None)
    await _restate(work, owner, win, trouble=trouble, unfolded=state is WinState.KEPT)
    await work.refresh_home(owner)


async def _take_down(work: Work, owner: Member, channel_id: str, ts: str) -> None:
    """By a row of nobody's, so that it is done although they delete everything meanwhile."""
    to = (owner.workspace_id, owner.slack_id)
    await work.say_to_stranger(*to, Says.TAKEN_DOWN, {"ts": ts}, method=Method.DELETE, channel=channel_id)


async def _repost(work: Work, owner: Member, win: Win) -> None:
    """Brings the post up to date, if there is one. It waits behind a post that is still on its way."""
    if not win.is_private:
        await work.say(owner, Says.WIN_POST, {"win": win.id}, method=Method.UPDATE, channel=win.channel_id)


def _is_posted_at(win: Win, channel_id: str, ts: str) -> bool:
    return not win.is_private and win.channel_id == channel_id and win.ts in (None, ts)


async def _found(work: Work, owner: Member, win: Win, ts: str) -> Win:
    """A click, or Slack's answer, shows where the post is."""
    was_unsure = win.state is WinState.UNSURE
    win = await work.tx.wins.change(win.id, state=WinState.SHARED, ts=ts)
    if was_unsure:
        await _restate(work, owner, win)
    return win


async def _answer_doubt(work: Work, owner: Member, win: Win, question_ts: str) -> bool:
    """True when there was still a doubt."""
    was_unsure = win.state is WinState.UNSURE
    if was_unsure:
        win = await work.tx.wins.change(win.id, state=WinState.SHARED)
        await _restate(work, owner, win)
        await work.refresh_home(owner)
    await work.say(owner, Says.WIN_DOUBT, {"win": win.id, "ts": question_ts}, method=Method.UPDATE)
    return was_unsure


async def _keep_cheer(work: Work, win: Win, slack_id: str, kind: CheerKind) -> Cheered:
    added = await work.tx.cheers.add_once(
        "win_id",
        "slack_id",
        workspace_id=win.workspace_id,
        win_id=win.id,
        slack_id=slack_id,
        kind=kind,
        cheered_at=work.now,
    )
    if added is not None:
        return Cheered.FIRST
    before = await work.tx.cheers.by(win.id, slack_id)
    if before is None or before.kind is kind:
        return Cheered.AGAIN
    await work.tx.cheers.change(before.id, kind=kind)
    return Cheered.OTHERWISE


async def _whisper(work: Work, workspace_id: int, win_id: int, *, to: str, channel_id: str, how: Cheered) -> None:
    """What only the one who clicked sees, in the channel: never a direct message."""
    refs: Refs = {"win": win_id, "how": how}
    await work.say_to_stranger(workspace_id, to, Says.WIN_CHEERED, refs, method=Method.EPHEMERAL, channel=channel_id)
