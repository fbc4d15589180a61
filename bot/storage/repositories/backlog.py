"""How the sending stands: counts and instants, read by index, so that they cost the same however much is kept."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.backlog import Backlog, Installations, Lease, Recent
from bot.domain.deliveries import DeliveryState
from bot.storage import tables
from bot.storage.instants import Instant


class Backlogs:
    """`now` is product time; parking and leases go by the clock of the database, or `machine_now` on SQLite."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def standing(self, now: datetime, machine_now: datetime) -> Backlog:
        """Reads what is due and what is parked, and nothing else."""
        d, c = tables.deliveries.c, tables.commitments.c
        is_waiting = d.state == DeliveryState.WAITING
        sending = select(
            func.count().filter(is_waiting).label("due"),
            func.count().filter(d.state == DeliveryState.CLAIMED).label("in_flight"),
            func.count().filter(is_waiting, d.attempts > 0).label("retrying"),
            func.min(d.due_at).label("oldest"),
        ).where(d.due_at <= now)
        opening = select(func.count().label("unopened"), func.min(c.next_due_at).label("oldest"))
        sent = (await self._connection.execute(sending)).one()
        opened = (await self._connection.execute(opening.where(c.next_due_at <= now))).one()
        return Backlog(
            due=sent.due,
            in_flight=sent.in_flight,
            retrying=sent.retrying,
            unopened=opened.unopened,
            oldest=min((one for one in (sent.oldest, opened.oldest) if one is not None), default=None),
            parked=(await self._parked(machine_now))[0],
        )

    async def installations(self, machine_now: datetime) -> Installations:
        c = tables.workspaces.c
        counted = select(func.count()).select_from(tables.workspaces).where(c.bot_token.is_not(None))
        installed = (await self._connection.execute(counted)).scalar_one()
        parked, until = await self._parked(machine_now)
        return Installations(installed=installed, parked=parked, parked_until=until)

    async def _parked(self, machine_now: datetime) -> tuple[int, datetime | None]:
        """How many workspaces, and until when the last of them."""
        c = tables.workspaces.c
        parked = select(func.count(), func.max(c.parked_until)).where(
            Instant(self._connection, machine_now).is_ahead(c.parked_until)
        )
        count, until = (await self._connection.execute(parked)).one()
        return count, until

    async def leases(self, machine_now: datetime) -> list[Lease]:
        """Who holds leases, by name."""
        c = tables.workspaces.c
        held = (
            select(
                c.leased_by.label("holder"), func.count().label("workspaces"), func.max(c.leased_until).label("until")
            )
            .where(c.leased_by.is_not(None), Instant(self._connection, machine_now).is_ahead(c.leased_until))
            .group_by(c.leased_by)
            .order_by(c.leased_by)
        )
        return [Lease.model_validate(dict(row)) for row in (await self._connection.execute(held)).mappings()]

    async def recent(self, now: datetime) -> Recent:
        """Reads all that is kept of a week: for a person's question, not for a wake-up."""
        d = tables.deliveries.c
        is_sent = d.state == DeliveryState.SENT
        counted = select(
            func.count().filter(is_sent, d.sent_at > now - timedelta(hours=1)).label("sent_in_hour"),
            func.count().filter(is_sent).label("sent_in_day"),
            func.count().filter(d.state == DeliveryState.FAILED).label("failed_in_day"),
        ).where(d.sent_at > now - timedelta(days=1), d.sent_at <= now)
        return Recent.model_validate(dict((await self._connection.execute(counted)).mappings().one()))

    async def clock(self, machine_now: datetime) -> datetime:
        """What time the database has; on SQLite the machine's."""
        found = await self._connection.execute(select(Instant(self._connection, machine_now).now))
        told: datetime = found.scalar_one()
        return told
