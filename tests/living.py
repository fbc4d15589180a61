"""A member's life: time passes, what falls due is opened and sent to a Slack that takes everything, and the promises of
the ground rules are looked at whenever something comes."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Final

from bot.clock import ManualClock
from bot.delivery.contents import Contents
from bot.delivery.outcomes import Outcome, Sent, before_calling, nothing_to_say
from bot.delivery.posting import Place
from bot.delivery.recording import Recording
from bot.domain.agreements import Initiative, Terms
from bot.domain.budget import TYPED, UNPROMPTED, is_agreed
from bot.domain.calendar import local_date
from bot.domain.check_ins import Answer, Origin, days_asked
from bot.domain.commitments import State
from bot.domain.deliveries import Delivery, DeliveryState, Method, Says
from bot.domain.members import Member
from bot.domain.planning import next_due
from bot.domain.rests import Excused
from bot.domain.silence import IN_A_ROW
from bot.domain.snoozing import allowed_from
from bot.services import Services
from bot.services.terms import terms_of
from bot.storage.database import Database
from scheduler.jobs import Jobs
from tests import factories

NEVER_AT_REST: Final = 40
"""So many messages at one moment are a busy loop."""


ASKING: Final = frozenset({Says.CHECK_IN, Says.REMINDER, Says.SILENCE})
"""What comes when Home says that something does."""


class Life:
    """Maya's. `told` is everything that she did and that came, by its time: what to read when something fails."""

    def __init__(self, database: Database, seed: int) -> None:
        self.dice = random.Random(seed)
        self.clock = ManualClock(datetime(2027, 1, 1, 9, tzinfo=UTC) + timedelta(days=self.dice.randrange(700)))
        self.database = database
        self.units = factories.units_over(database, self.clock)
        self.services = Services.over(self.units)
        self.contents = Contents(database, self.clock)
        self.recording = Recording(self.units, self.contents)
        self.jobs = Jobs(self.services, self)  # type: ignore[arg-type]  # it is sent here, one by one
        self.numbers = count(1)
        self.told: list[str] = []
        self.asked: set[int] = set()
        self.reminded: Counter[int] = Counter()
        self.unasked: Counter[date] = Counter()
        self.asking: list[Delivery] = []

    async def begin(self, zone: str) -> None:
        async with self.database.write() as tx:
            self.workspace = await factories.workspace(tx)
            self.maya = await factories.member(tx, self.workspace, zone=zone, joined_at=self.clock.now())

    def key(self) -> str:
        return f"key:{next(self.numbers)}"

    def look(self) -> None:
        """What `Jobs` would have sent."""

    async def rules(self) -> tuple[Member, Terms, Excused]:
        async with self.database.read() as tx:
            member = await tx.members.get(self.maya.id)
            terms = await terms_of(tx, member, self.clock.now())
            return member, terms, Excused(days_off=terms.days_off, rests=tuple(await tx.rests.of(member.id)))

    # Time

    async def live_until(self, until: datetime) -> None:
        """Everything that falls due on the way comes at its time."""
        while True:
            async with self.database.read() as tx:
                first = (await tx.agenda.ahead(self.clock.now(), self.clock.machine_now())).first_of()
            coming = min(first or until, until)
            assert coming > self.clock.now() or coming == until
            announced, told = await self.announced(), len(self.asking)
            self.clock.set(coming)
            await self.come_to_rest()
            came = len(self.asking) > told or await self.gives_way()
            assert came or coming not in announced, f"announced for {coming}, and it never came"
            if coming == until:
                return

    async def announced(self) -> set[datetime]:
        """When Home says that something is asked."""
        home = await self.services.overview.of(self.maya)
        is_quiet = home.resting is not None or not home.member.is_reachable(home.now)
        return set() if is_quiet else {at for at in (home.next_at, home.remind_at) if at is not None}

    async def gives_way(self) -> bool:
        """Whether it waits for a conversation; or, after several without an answer, for a day with room to say so."""
        async with self.database.read() as tx:
            asked = [one for one in await tx.check_ins.all() if one.origin is Origin.SCHEDULED][-IN_A_ROW:]
        waits = bool(asked) and asked[-1].remind_at is not None and asked[-1].remind_at > self.clock.now()
        return waits or (len(asked) == IN_A_ROW and not any(one.answered_at for one in asked))

    async def come_to_rest(self) -> None:
        for _ in range(NEVER_AT_REST):
            await self.jobs.catch_up()
            async with self.database.read() as tx:
                is_due = tx.deliveries.table.c.due_at <= self.clock.now()
                rows = await tx.deliveries.all(is_due)
            if not rows:
                break
            await self.send(min(rows, key=lambda row: (not row.is_reply, row.due_at, row.id)))
        else:
            raise AssertionError("there is always something to do")
        await self.look_around()

    async def send(self, row: Delivery) -> None:
        async with self.database.write() as tx:
            values = {"state": DeliveryState.CLAIMED, "claimed_by": self.units.owner}
            row = await tx.deliveries.change(row.id, **values)
        letter = (await self.contents.of([row]))[row.id]
        outcome: Outcome | None = before_calling(row, letter)
        if outcome is None and not isinstance(letter, Exception):
            outcome = nothing_to_say(letter)
        if outcome is None:
            outcome = Sent(Place("D1", f"{int(self.clock.now().timestamp())}.{next(self.numbers):06d}"))
            if row.method is Method.POST:
                await self.look_at(row)
        await self.recording.keep([(row, outcome)])

    # What must hold

    async def look_at(self, row: Delivery) -> None:
        """A message that comes now."""
        self.note(f"   {row.says} {row.refs}")
        if row.says in ASKING:
            self.asking.append(row)
        if row.says is Says.CHECK_IN:
            assert row.refs["check_in"] not in self.asked, "one check-in, said twice"
            self.asked.add(int(row.refs["check_in"]))
            await self.look_at_days(int(row.refs["check_in"]))
        if row.is_reply or row.says not in UNPROMPTED:
            return
        member, terms, excused = await self.rules()
        today = local_date(self.clock.now(), terms.cadence.zone)
        if row.says is Says.SILENCE:
            member = member.model_copy(update={"quiet_since": None})
        assert member.is_reachable(self.clock.now()), "said in a pause, after a stop, or to whom is left in peace"
        assert is_agreed(terms, row.says) or "snoozed" in row.refs, "switched off"
        if row.says is not Says.CUE:
            assert allowed_from(self.clock.now(), terms, excused) == self.clock.now(), "in quiet hours, or on a day off"
        if row.says not in TYPED:
            self.unasked[today] += 1
            assert self.unasked[today] == 1, "more than one message a day"
        if row.says is Says.REMINDER and "snoozed" not in row.refs:
            await self.look_at_reminder(int(row.refs["check_in"]))

    async def look_at_reminder(self, check_in_id: int) -> None:
        self.reminded[check_in_id] += 1
        assert self.reminded[check_in_id] == 1, "reminded of twice"
        async with self.database.read() as tx:
            earlier = [one for one in await tx.check_ins.all() if one.id < check_in_id and one.ts is not None]
        known = [one for one in earlier if one.origin is Origin.SCHEDULED and (one.answered_at or one.reminded_at)]
        assert not known or known[-1].answered_at is not None, "reminded although the last reminder was ignored"

    async def look_at_days(self, check_in_id: int) -> None:
        """No day of a habit that is done is asked about again."""
        _, _, excused = await self.rules()
        async with self.database.read() as tx:
            sheet, items = await tx.check_ins.sheet(check_in_id), await tx.items.all()
        assert sheet is not None
        for item, about in sheet.lines:
            days = {*days_asked(item, about.habit_days, sheet.check_in.last_day, excused)} - {*item.days}
            done = {
                day for one in items if one.commitment_id == about.id and one.answer is Answer.DAYS for day in one.days
            }
            assert not days & done, "asked about a day that was done"

    async def look_around(self) -> None:
        """At rest nothing is left to do, and whatever is to come has its time."""
        now, (member, terms, excused) = self.clock.now(), await self.rules()
        async with self.database.read() as tx:
            assert not await tx.agenda.due(now)
            commitments, check_ins = await tx.commitments.all(), await tx.check_ins.all()
        assert not [one for one in check_ins if one.snoozed and one.remind_at is None], "put off, and never to come"
        is_asked = member.is_reachable(now) and terms.initiative is Initiative.ASK_ME
        for one in commitments:
            if one.state is not State.ACTIVE or not is_asked:
                is_after_pause = member.paused_until is not None and one.state is State.ACTIVE
                assert one.next_due_at is None or is_after_pause, "planned, though nothing is to be asked"
            elif next_due(one, terms, member, now, excused.rests) is not None:
                assert one.next_due_at is not None, "never asked about again"
                assert allowed_from(one.next_due_at, terms, excused) == one.next_due_at

    def note(self, what: str) -> None:
        self.told.append(f"{self.clock.now():%Y-%m-%d %H:%M} {what}")
