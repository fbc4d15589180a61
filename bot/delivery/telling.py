"""What a renderer is given: the row, who it is for, and a transaction to read with."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.delivery.content import Content
from bot.delivery.posting import Place
from bot.domain.agreements import Terms
from bot.domain.deliveries import Delivery
from bot.domain.members import Member
from bot.domain.rests import Excused
from bot.domain.workspaces import Workspace
from bot.rendering.blocks import Message
from bot.services.work import Work
from bot.storage.transaction import Transaction


@dataclass(frozen=True)
class Telling:
    """`number("commitment")` reads an id from the row's refs. `excused`: the member's days off and rests."""

    tx: Transaction
    row: Delivery
    workspace: Workspace
    member: Member
    terms: Terms
    excused: Excused
    now: datetime

    def number(self, name: str) -> int:
        return int(self.row.refs[name])

    def word(self, name: str) -> str:
        return str(self.row.refs[name])

    def optional(self, name: str) -> str | None:
        """The word, if the row has it."""
        return self.word(name) if name in self.row.refs else None

    def message(self, said: Message) -> Content:
        """In the thread, or in the place of the message at `ts`, that the row names, if it does."""
        text, blocks = said
        return Content(text=text, blocks=blocks, ts=self.optional("ts"), thread_ts=self.optional("thread_ts"))


Render = Callable[[Telling], Awaitable[Content | None]]
"""None: there is nothing to say any more."""

RenderMany = Callable[[Sequence[Telling]], Awaitable[Mapping[int, Content | Exception | None]]]
"""The same for many at once, by the ids of their rows; an exception is one row's own trouble."""

OnSent = Callable[[Work, Delivery, Place], Awaitable[None]]
"""What to write down once it is said, such as where the message is."""

OnSentMany = Callable[[Work, Sequence[tuple[Delivery, Place]]], Awaitable[None]]
"""The same for many at once."""

OnUnsure = Callable[[Work, Delivery], Awaitable[None]]
"""What to do about a channel post of which nobody knows whether it arrived."""

OnHeld = Callable[[Work, Delivery, datetime], Awaitable[None]]
"""What to do about a message that is held until an instant."""

OnUnsaid = Callable[[Work, Delivery], Awaitable[None]]
"""What to do about a message that came to nothing."""

OnPassed = Callable[[Work, Delivery], Awaitable[None]]
"""What to do about a message that was held for so long that it is not said."""

OnRefused = Callable[[Work, Delivery, str], Awaitable[None]]
"""What to do about a message that Slack refused for good, with its error."""
