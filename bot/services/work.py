"""A unit of work: one transaction, what it leads the buddy to say, and the promise that an act is handled once."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from time import monotonic
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.deliveries import SHOWN_ANEW, Delivery, DeliveryState, Method, Says
from bot.domain.members import Member
from bot.services.courtesy import Courtesy
from bot.storage.database import Database
from bot.storage.rows import R, Rows
from bot.storage.transaction import Transaction

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(seconds=60)
"""How long a row belongs to the process that claimed it, unless the settings say otherwise. A Web API call must end
well inside it."""


class AlreadyHandled(Exception):
    """Slack sent the same thing again, or a finger clicked twice: whoever catches this acks and does nothing."""


class NothingToDo(Exception):
    """Others have in hand what is due: the transaction is for nothing."""


class Gone(LookupError):
    """What a button was about is not there any more, or was never this member's."""


class Refused(ValueError):
    """What was typed cannot be kept. The message is a sentence for the member; `field` is the block it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Scheduled:
    """A direct message of the buddy's own, due `at` an instant. A `key` seen before says nothing a second time."""

    to: Member
    says: Says
    refs: Mapping[str, int | str]
    key: str
    at: datetime


class Work:
    """`tx` to read and write with, `now`, and `say`."""

    def __init__(self, tx: Transaction, units: "Units") -> None:
        self.tx = tx
        self.now = units.clock.now()
        self._units = units
        self._began = monotonic()
        self.born: list[Delivery] = []

    async def once(self, workspace_id: int, key: str) -> None:
        """Raises AlreadyHandled when this act was here before."""
        if not await self.tx.acts.first_time(workspace_id, key, self.now):
            raise AlreadyHandled

    async def say(
        self,
        to: Member,
        says: Says,
        refs: Mapping[str, int | str] | None = None,
        *,
        key: str | None = None,
        method: Method = Method.POST,
        at: datetime | None = None,
        channel: str | None = None,
    ) -> None:
        """One thing to say to a member, or about them in a `channel`. It is written now and rendered at sending.

        Without `at` it is a reply: born claimed by this process and sent as soon as the work is committed. A `key` seen
        before says nothing a second time. `refs` are ids, never private text.

        What is shown anew within one unit of work (Home, an update) is shown once.
        """
        where = {"channel": channel} if channel else {}
        lane, whole = _lane(to, method, channel), {**(refs or {}), **where}
        if any((row.lane, row.method, row.says, row.refs) == (lane, method, says, whole) for row in self._shown):
            return
        await self._write(
            workspace_id=to.workspace_id,
            member_id=to.id,
            key=key or f"{says}:{token_hex(8)}",
            lane=lane,
            method=method,
            says=says,
            refs=whole,
            due_at=at,
        )

    async def schedule(self, messages: Iterable[Scheduled]) -> None:
        """The same for many at once: what the buddy says by itself, each in its turn."""
        rows = [
            {
                "workspace_id": one.to.workspace_id,
                "member_id": one.to.id,
                "key": one.key,
                "token": token_hex(16),
                "lane": _lane(one.to, Method.POST, None),
                "method": Method.POST,
                "says": one.says,
                "refs": one.refs,
                "due_at": one.at,
                "state": DeliveryState.WAITING,
                "attempts": 0,
            }
            for one in messages
        ]
        await self.tx.deliveries.add_all_once("workspace_id", "key", rows=rows)

    async def say_to_stranger(
        self,
        workspace_id: int,
        slack_id: str,
        says: Says,
        refs: Mapping[str, int | str] | None = None,
        *,
        method: Method = Method.POST,
        channel: str | None = None,
    ) -> None:
        """The same for someone of whom nothing is kept: the row names them itself, and is deleted once it was sent.

        `channel` is where a message goes to; Home needs none.
        """
        where = {"channel": channel} if channel else {}
        await self._write(
            workspace_id=workspace_id,
            key=f"{says}:{token_hex(8)}",
            lane=f"stranger:{workspace_id}:{slack_id}",
            method=method,
            says=says,
            refs={**(refs or {}), **where, "to": slack_id},
        )

    async def _write(self, *, workspace_id: int, key: str, due_at: datetime | None = None, **values: object) -> None:
        is_reply, lease = due_at is None, self._units.lease
        row = await self.tx.deliveries.say(
            self._units.clock.machine_now(),
            lease if is_reply else None,
            workspace_id=workspace_id,
            key=key,
            token=token_hex(16),
            due_at=due_at or self.now,
            is_reply=is_reply,
            state=DeliveryState.CLAIMED if is_reply else DeliveryState.WAITING,
            claimed_by=self._units.owner if is_reply else None,
            attempts=0,
            **values,
        )
        if row is not None and is_reply:
            self.born.append(row.model_copy(update={"ours_until": self._began + lease.total_seconds()}))

    @property
    def _shown(self) -> Iterator[Delivery]:
        return (row for row in self.born if row.method in SHOWN_ANEW)

    async def phrase(self, to: Member, name: str) -> None:
        """A fixed sentence, by its name in `rendering.copy.PHRASES`."""
        await self.say(to, Says.PHRASE, {"phrase": name})

    async def refresh_home(self, member: Member) -> None:
        """Call it whenever something that Home shows has changed.

        Nothing is said to a Home that nobody looks at: Slack tells each time one is opened, and then it is made anew.
        Were it pushed to everybody, ten thousand check-ins would be twenty thousand calls.
        """
        if member.may_see_home(self.now):
            await self.say(member, Says.HOME, method=Method.HOME)

    async def show_first_home(self, workspace_id: int, slack_id: str) -> None:
        """Home as it is for someone of whom nothing is kept."""
        await self.say_to_stranger(workspace_id, slack_id, Says.HOME, method=Method.HOME)


async def owned(rows: Rows[R], member: Member, row_id: int) -> R:
    """The row, which has to be this member's. Raises Gone."""
    found = await rows.owned(member.id, row_id)
    if found is None:
        raise Gone
    return found


def _lane(to: Member, method: Method, channel: str | None) -> str:
    if method is Method.HOME:
        return f"home:{to.id}"
    return f"channel:{to.workspace_id}:{channel}" if channel else f"dm:{to.id}"


class Units:
    """Opens units of work.

    Right after each commit `on_said` gets its replies, and `on_change` is called so that whoever wakes at due times can
    look again. Within each act of a member's `on_heard` gets them, and returns them as they are from now on.
    """

    def __init__(self, database: Database, clock: Clock, owner: str, lease: timedelta = LEASE) -> None:
        self.database = database
        self.clock = clock
        self.owner = owner
        self.lease = lease
        self.courtesy = Courtesy()
        self.on_said: Callable[[Sequence[Delivery]], None] = lambda _rows: None
        self.on_change: Callable[[], None] = lambda: None
        self.on_heard: Callable[[Work, Member], Awaitable[Member]] = _as_they_are

    @asynccontextmanager
    async def begin(self, *, tells: bool = True) -> AsyncIterator[Work]:
        """`tells` False: nothing changed that falls due later, so nobody has to look again."""
        async with self.database.write() as tx:
            work = Work(tx, self)
            yield work
        if work.born:
            self.on_said(work.born)
        if tells:
            self.on_change()

    @asynccontextmanager
    async def for_member(self, member: Member, key: str | None = None) -> AsyncIterator[tuple[Work, Member]]:
        """The same for one member, whose acts queue up behind each other. Raises AlreadyHandled for a known `key`.

        A `key` makes it an act of the member's own: they have been heard of.
        """
        async with self.begin() as work:
            if key is None:
                yield work, await work.tx.members.lock(member.id)
                return
            heard = await work.tx.members.hear_once(member, key, work.now)
            if heard is None:
                raise AlreadyHandled
            yield work, await self.on_heard(work, heard)

    async def for_each(self, member_ids: Iterable[int], step: Callable[[Work, Member], Awaitable[None]]) -> int:
        """A unit of work for each member, who is locked; how many went well.

        What goes wrong with one is logged, and does not keep the others waiting.
        """
        done = 0
        for member_id in member_ids:
            try:
                async with self.courtesy.step(), self.begin() as work:
                    await step(work, await work.tx.members.lock(member_id))
                done += 1
            except Exception:
                log.exception("a member's turn came to nothing", step=getattr(step, "__name__", ""))
        return done


async def _as_they_are(_work: Work, member: Member) -> Member:
    return member
