"""/win, "Keep as a win", and every click about a win."""

from contextlib import suppress
from typing import Final

from bot.domain.members import Member
from bot.domain.wins import MAX_TEXT, CheerKind, Trouble
from bot.rendering.copy import PREVIEW_IS
from bot.rendering.ids import Action, Callback, Shortcut
from bot.rendering.settings import settings_view
from bot.rendering.wins import NOT_YOURS, TEXT, notice_view, win_edit_view, win_view
from bot.services.work import AlreadyHandled
from handlers.desk import Desk
from handlers.payloads import Click, CommandCall, ShortcutCall, Submission
from handlers.reactions import Open, Reaction, Update, Whisper
from handlers.settings import read_channel
from handlers.typed import as_typed

HERE: Final = "here"
"""In a modal's metadata: it was opened where its preview will appear."""


def register(desk: Desk) -> None:
    topic = _Wins(desk)
    desk.command("win", topic.command)
    desk.shortcut(Shortcut.KEEP_AS_WIN, topic.keep_message)
    desk.click(Action.OPEN_WIN, topic.open)
    desk.click(Action.SHARE_OFFER, topic.from_check_in)
    desk.submit(Callback.WIN, topic.save)
    desk.click(Action.PREVIEW_WIN, topic.preview)
    desk.click(Action.SHARE, topic.share)
    desk.click(Action.KEEP_WIN, topic.keep)
    desk.click(Action.EDIT_WIN, topic.edit)
    desk.submit(Callback.WIN_EDIT, topic.save_edit)
    desk.click(Action.TAKE_BACK, topic.take_back)
    desk.click(Action.POSTED, topic.posted)
    desk.click(Action.POST_AGAIN, topic.post_again)
    desk.click_by_anyone(Action.CHEER, topic.cheer)


async def keep_win(desk: Desk, call: CommandCall, member: Member) -> Reaction:
    """The words after the command, kept; without any, or with too many, the modal."""
    return await _Wins(desk).command(call, member)


class _Wins:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wins = desk.services.wins

    # Keeping

    async def command(self, call: CommandCall, member: Member) -> Reaction:
        text = call.text.strip()
        is_here = call.is_typed_in(member.channel_id)
        if not 0 < len(text) <= MAX_TEXT:
            return Open(win_view(text, metadata=HERE if is_here else ""))
        await self._wins.draft(member, text, key=call.key)
        return None if is_here else Whisper(self._desk.in_our_messages(call.team_id, PREVIEW_IS))

    async def open(self, click: Click, _member: Member) -> Reaction:
        return Open(win_view(await self._desk.typed_before(click), metadata="" if click.view else HERE))

    async def save(self, submission: Submission, member: Member) -> Reaction:
        await self._wins.draft(member, submission.of(TEXT).value or "", key=submission.key)
        if submission.view.private_metadata == HERE:
            return None
        return Update(notice_view(self._desk.in_our_messages(submission.team.id, PREVIEW_IS)))

    async def keep_message(self, call: ShortcutCall, member: Member) -> Reaction:
        """One's own message, once. A shortcut has no answer of its own, so a modal says what happened."""
        message, channel = call.message, call.channel
        if message is None or channel is None or message.user != member.slack_id or message.bot_id:
            return Open(notice_view(NOT_YOURS))
        text = as_typed(message.text)
        if not 0 < len(text) <= MAX_TEXT:
            return Open(win_view(text))
        with suppress(AlreadyHandled):
            await self._wins.draft(member, text, key=f"win.message:{member.slack_id}:{channel.id}:{message.ts}")
        return Open(notice_view(self._desk.in_our_messages(call.team.id, PREVIEW_IS)))

    async def from_check_in(self, click: Click, member: Member) -> None:
        await self._wins.draft_from_check_in(member, click.number())

    # Deciding

    async def preview(self, click: Click, member: Member) -> None:
        await self._wins.show(member, click.number(), key=click.key)

    async def share(self, click: Click, member: Member) -> Reaction:
        """To the channel that the button named, if wins still go there and it can take them."""
        win = await self._wins.read(member, click.number())
        workspace = await self._desk.services.workspaces.by_team(click.team.id)
        current = workspace.wins_channel_id
        if current is None and member.is_admin:
            return Open(settings_view(workspace, is_admin=True, share=win.id))
        if current is None:
            trouble = Trouble.NO_CHANNEL
        elif click.about[1:] != (current,):
            trouble = Trouble.MOVED
        else:
            channel = await read_channel(self._desk, workspace, current)
            if not isinstance(channel, Trouble):
                await self._wins.share(member, win.id, current, key=click.key)
                return None
            trouble = channel
        await self._wins.show(member, win.id, trouble=trouble, key=click.key)
        return None

    async def keep(self, click: Click, member: Member) -> None:
        await self._wins.keep(member, click.number(), key=click.key)

    async def edit(self, click: Click, member: Member) -> Reaction:
        return Open(win_edit_view(await self._wins.read(member, click.number())))

    async def save_edit(self, submission: Submission, member: Member) -> None:
        win_id, text = int(submission.view.private_metadata), submission.of(TEXT).value or ""
        await self._wins.edit(member, win_id, text, key=submission.key)

    async def take_back(self, click: Click, member: Member) -> None:
        await self._wins.take_back(member, click.number(), key=click.key)

    async def posted(self, click: Click, member: Member) -> None:
        await self._wins.confirm_posted(member, click.number(), click.ts or "", key=click.key)

    async def post_again(self, click: Click, member: Member) -> None:
        """To the same channel, if it still takes wins: others may see it by now."""
        win = await self._wins.read(member, click.number())
        workspace = await self._desk.services.workspaces.by_team(click.team.id)
        channel = await read_channel(self._desk, workspace, win.channel_id) if win.channel_id else None
        if isinstance(channel, Trouble):
            await self._wins.show(member, win.id, trouble=channel, key=click.key)
        else:
            await self._wins.post_again(member, win.id, click.ts or "", key=click.key)

    # Cheering

    async def cheer(self, click: Click) -> None:
        kind, channel_id, ts = CheerKind(click.word(1)), click.channel_id, click.ts
        if channel_id and ts:
            await self._wins.cheer(
                click.team.id, click.user.id, click.number(), kind, channel_id=channel_id, ts=ts, key=click.key
            )
