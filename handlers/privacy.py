"""Who sees what; stop, export, delete: at once, and without a reason."""

from bot.domain.members import Member
from bot.rendering.copy import EXPORT_IS
from bot.rendering.ids import Action, Callback
from bot.rendering.privacy import EXPORT_SENT, erased_view, privacy_view, stop_view, stopped_view
from handlers.desk import Desk
from handlers.payloads import Click, CommandCall, Submission
from handlers.reactions import Open, Reaction, Update, Whisper, on_top


def register(desk: Desk) -> None:
    topic = _Privacy(desk)
    desk.click(Action.OPEN_PRIVACY, topic.open_privacy)
    desk.click(Action.OPEN_STOP, topic.open_stop)
    desk.submit(Callback.STOP, topic.stop)
    desk.click(Action.EXPORT, topic.export)
    desk.click(Action.DELETE, topic.delete)


async def who_sees(_desk: Desk, _call: CommandCall, _member: Member) -> Reaction:
    return Open(privacy_view())


async def ask_to_stop(_desk: Desk, _call: CommandCall, _member: Member) -> Reaction:
    return Open(stop_view())


async def export(desk: Desk, call: CommandCall, member: Member) -> Reaction:
    await desk.services.privacy.export(member, key=call.key)
    return Whisper(desk.in_our_messages(call.team_id, EXPORT_IS))


class _Privacy:
    def __init__(self, desk: Desk) -> None:
        self._services = desk.services

    async def open_privacy(self, click: Click, _member: Member) -> Reaction:
        return on_top(click.view, privacy_view())

    async def open_stop(self, click: Click, _member: Member) -> Reaction:
        return on_top(click.view, stop_view())

    async def stop(self, submission: Submission, member: Member) -> Reaction:
        await self._services.pauses.stop(member, key=submission.key)
        return Update(stopped_view())

    async def export(self, click: Click, member: Member) -> Reaction:
        await self._services.privacy.export(member, key=click.key)
        return _instead(click, stopped_view(EXPORT_SENT))

    async def delete(self, click: Click, member: Member) -> Reaction:
        await self._services.privacy.erase(member, key=click.key)
        return _instead(click, erased_view())


def _instead(click: Click, view: dict[str, object]) -> Reaction:
    """In the modal at hand. Home shows by itself what has changed."""
    return Update(view) if click.view is not None and click.view.type == "modal" else None
