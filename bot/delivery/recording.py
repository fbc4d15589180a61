"""Writes down what came of sending: for one row or for many, in one transaction."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import structlog

from bot.delivery.contents import Contents
from bot.delivery.errors import NO_CHANNEL
from bot.delivery.outcomes import Dropped, Failed, Held, Later, LetPass, Outcome, Parked, Sent, Unsure, Untried
from bot.domain.deliveries import Delivery, DeliveryState
from bot.services.work import Units, Work
from bot.storage.database import OUTAGE

Ended = tuple[Delivery, Outcome]

A_MOMENT = 0.05
"""Seconds: two clocks run while we wait, and later by either is late enough."""

TROUBLE = timedelta(minutes=1)
"""Until a row is tried again of which we do not know what to write down."""

log = structlog.get_logger(__name__)


class Recording:
    """`counts`, since this process began: "sent", "failed", "retried", "parked", "dropped". `on_parked` is told which
    workspace Slack wants left alone."""

    def __init__(self, units: Units, contents: Contents) -> None:
        self._units = units
        self._contents = contents
        self.counts: Counter[str] = Counter()
        self.on_parked: Callable[[int], None] = lambda _workspace_id: None

    async def keep(self, ended: Sequence[Ended]) -> None:
        """In a transaction of their own. Should what follows one of them break it, the others are kept without that.

        Raises StorageError when the database is not there.
        """
        try:
            if ended:
                async with self._units.begin() as work:
                    await work.tx.members.hold({row.member_id for row, _ in ended if row.member_id is not None})
                    await self.write(work, ended)
        except Exception:
            if len(ended) == 1:
                log.exception("what follows a message could not be done", says=ended[0][0].says)
                await self._keep_bare(*ended[0])
                return
            for one in ended:
                await self.keep([one])
        else:
            self.count(ended)

    def count(self, ended: Sequence[Ended]) -> None:
        """What is written down for good."""
        names = {
            Sent: "sent",
            Dropped: "dropped",
            LetPass: "dropped",
            Failed: "failed",
            Unsure: "failed",
            Later: "retried",
        }
        self.counts.update(names[type(outcome)] for _, outcome in ended if type(outcome) in names)
        parked = {row.workspace_id for row, outcome in ended if isinstance(outcome, Parked)}
        self.counts["parked"] += len(parked)
        for workspace_id in parked:
            self.on_parked(workspace_id)

    async def write(self, work: Work, ended: Sequence[Ended]) -> None:
        """Within a transaction of the caller's, who holds the members before, as everybody does who changes something
        of theirs, and counts after its commit."""
        await self._sent(work, [(row, outcome) for row, outcome in ended if isinstance(outcome, Sent)])
        for row, outcome in ended:
            await self._other(work, row, outcome)

    async def _sent(self, work: Work, sent: Sequence[tuple[Delivery, Sent]]) -> None:
        """They are said: never again, even when what should follow cannot."""
        if not sent:
            return
        kept = {row.id: outcome.place.ts for row, outcome in sent if row.member_id is not None}
        closed = await work.tx.deliveries.sent(kept, work.now)
        for row, _ in sent:
            if row.member_id is None and await work.tx.deliveries.close(row, DeliveryState.SENT, work.now):
                closed.add(row.id)
        await self._contents.sent_many(work, [(row, outcome.place) for row, outcome in sent if row.id in closed])
        for row, outcome in sent:
            if row.id not in closed and await work.tx.deliveries.find(row.id) is None:
                await self._contents.unsay(work, row, outcome.place)

    async def _other(self, work: Work, row: Delivery, outcome: Outcome) -> None:
        deliveries, machine_now, owner = work.tx.deliveries, self._units.clock.machine_now(), self._units.owner
        match outcome:
            case Dropped():
                if await deliveries.close(row, DeliveryState.DROPPED, work.now, owner=owner, error=outcome.error):
                    await self._contents.unsaid(work, row)
            case Failed():
                await self._failed(work, row, outcome)
            case Unsure():
                if await deliveries.close(row, DeliveryState.FAILED, work.now, owner=owner, error=outcome.error):
                    await self._contents.uncertain(work, row)
            case Later():
                await self._later(work, row, outcome)
            case Parked():
                wait = timedelta(seconds=outcome.seconds + A_MOMENT)
                await work.tx.leases.park(row.workspace_id, machine_now, wait)
                await deliveries.put_back([row], owner, error="ratelimited")
            case LetPass():
                if await deliveries.close(row, DeliveryState.DROPPED, work.now, owner=owner):
                    await self._contents.let_pass(work, row)
            case Held():
                await deliveries.put_back([row], owner, due_at=outcome.until)
                await self._contents.held(work, row, outcome.until)
            case Untried():
                await deliveries.put_back([row], owner)

    async def _later(self, work: Work, row: Delivery, outcome: Later) -> None:
        wait = timedelta(seconds=outcome.seconds + A_MOMENT)
        values = {"attempts": row.attempts + outcome.counts, "error": outcome.error}
        await work.tx.deliveries.put_back(
            [row], self._units.owner, self._units.clock.machine_now(), wait=wait, **values
        )
        if outcome.error == NO_CHANNEL and row.member_id is not None:
            with suppress(LookupError):
                await work.tx.members.change(row.member_id, channel_id=None)  # it is opened anew

    async def _failed(self, work: Work, row: Delivery, outcome: Failed) -> None:
        owner, state = self._units.owner, DeliveryState.FAILED
        if not await work.tx.deliveries.close(row, state, work.now, owner=owner, error=outcome.error):
            return
        if outcome.revoked is not None:
            await self._uninstall(work, row.workspace_id, outcome.revoked)
        if outcome.is_unreachable and row.member_id is not None:
            with suppress(LookupError):
                await work.tx.members.change(row.member_id, stopped_at=work.now)
                await work.tx.commitments.unschedule(row.member_id)
        if outcome.is_refused:
            await self._contents.refused(work, row, outcome.error)

    async def _uninstall(self, work: Work, workspace_id: int, token: str) -> None:
        """Unless the app was installed anew meanwhile, with another token."""
        known = await work.tx.workspaces.find(workspace_id)
        workspace = await work.tx.workspaces.lock(known.team_id) if known is not None else None
        if workspace is not None and workspace.bot_token == token:
            await work.tx.workspaces.change(workspace_id, bot_token=None, uninstalled_at=work.now)
            await work.tx.deliveries.drop_all_of(workspace_id, work.now)

    async def _keep_bare(self, row: Delivery, outcome: Outcome) -> None:
        """What follows cannot be done; that it was said is kept all the same. What cannot even be kept so is left to
        its claim, which lapses: one row keeps no other from being sent."""
        try:
            async with self._units.begin() as work:
                await self._close_bare(work, row, outcome)
        except OUTAGE:
            raise
        except Exception:
            log.exception("what came of a message could not be written down", says=row.says)
        else:
            self.count([(row, outcome)])

    async def _close_bare(self, work: Work, row: Delivery, outcome: Outcome) -> None:
        deliveries, owner = work.tx.deliveries, self._units.owner
        match outcome:
            case Sent(place):
                await deliveries.close(row, DeliveryState.SENT, work.now, ts=place.ts)
            case Failed() | Unsure():
                await deliveries.close(row, DeliveryState.FAILED, work.now, owner=owner)
            case Dropped() | LetPass():
                await deliveries.close(row, DeliveryState.DROPPED, work.now, owner=owner)
            case _:
                machine_now = self._units.clock.machine_now()
                await deliveries.put_back([row], owner, machine_now, wait=TROUBLE, attempts=row.attempts + 1)
