"""What members type in the direct message, edit there and delete there."""

import asyncio
from typing import Any, Final

from pydantic import Field

from bot.domain.members import Member
from bot.rendering.ids import Action
from bot.services.work import AlreadyHandled
from handlers.desk import Desk
from handlers.payloads import Click, Event, Payload
from handlers.typed import as_typed

TYPED: Final = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that people write."""

GLANCES: Final = 20
GLANCE: Final = 0.05
"""Seconds. How often, and how soon again, to look whether our own words have reached the screen."""


class Written(Payload):
    """A message as it stands, or stood."""

    user: str | None = None
    bot_id: str | None = None
    text: str | None = None
    ts: str = ""
    subtype: str | None = None


class MessageEvent(Payload):
    """A `message` event: a new message, or (`message_changed`, `message_deleted`) what became of one."""

    channel_type: str = ""
    subtype: str | None = None
    user: str | None = None
    bot_id: str | None = None
    text: str | None = None
    ts: str = ""
    thread_ts: str | None = None
    deleted_ts: str | None = None
    files: tuple[dict[str, Any], ...] | None = Field(default=(), repr=False)
    message: Written | None = None
    previous_message: Written | None = None


def register(desk: Desk) -> None:
    topic = _Messages(desk)
    desk.event("message", topic.event)
    desk.click(Action.ERASE, topic.erase)
    desk.click(Action.KEEP, topic.keep)


class _Messages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._inbox = desk.services.inbox

    async def event(self, sent: Event) -> None:
        """Raises what saving raises: then nothing is acked, and Slack sends it again."""
        event = MessageEvent.model_validate(sent.event)
        writer = _writer(event)
        if event.channel_type != "im" or writer is None:
            return
        try:
            known = await self._desk.directory.known(sent.sent_for, writer)
            if known.member is None and event.subtype not in TYPED:
                return  # they deleted everything, and now its messages: no reason to keep something about them again
            await self._handle(event, await self._desk.directory.member(known), f"event:{sent.event_id}")
        except (AlreadyHandled, LookupError):
            return

    async def _handle(self, event: MessageEvent, member: Member, key: str) -> None:
        if event.subtype == "message_deleted" or (event.message and event.message.subtype == "tombstone"):
            ts = event.deleted_ts or (event.message.ts if event.message else "")
            await self._inbox.delete(member, ts, key)
        elif event.subtype == "message_changed":
            after, before = event.message, event.previous_message
            if after is not None and (before is None or after.text != before.text):
                await self._inbox.edit(member, after.ts, as_typed(after.text or ""), key)
        else:
            await self._until_shown(member)
            thread = event.thread_ts if event.thread_ts != event.ts else None
            await self._inbox.receive(
                member, event.ts, as_typed(event.text or ""), thread, key, has_files=bool(event.files)
            )

    async def _until_shown(self, member: Member) -> None:
        """A moment's patience while our words are on their way, so that it is known which came first."""
        for _ in range(GLANCES):
            if not await self._inbox.is_being_answered(member):
                return
            await asyncio.sleep(GLANCE)

    async def erase(self, click: Click, member: Member) -> None:
        await self._inbox.erase(member, click.word(), key=click.key, offer_ts=click.ts)

    async def keep(self, click: Click, member: Member) -> None:
        await self._inbox.keep(member, key=click.key, offer_ts=click.ts)


def _writer(event: MessageEvent) -> str | None:
    """The person whose message it is; None for a bot's, ours among them, and for what nobody wrote."""
    if event.subtype in TYPED:
        return None if event.bot_id else event.user
    if event.subtype not in {"message_changed", "message_deleted"}:
        return None
    said = event.previous_message or event.message
    if said is None or said.bot_id or (event.message is not None and event.message.bot_id):
        return None
    return said.user
