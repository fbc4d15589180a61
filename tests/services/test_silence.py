"""After silence, on both databases: what ends the quiet, what does not, and clicks that come twice or too late."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.clock import ManualClock
from bot.domain.agreements import Initiative, Terms, default_terms
from bot.domain.calendar import Weekday, Weekly
from bot.domain.check_ins import Origin
from bot.domain.commitments import Commitment
from bot.domain.deliveries import Method, Says
from bot.domain.guides.guide import GuideId
from bot.domain.members import Member, Profile
from bot.domain.silence import Reason, Way
from bot.services import Services
from bot.services.silence import GUIDES
from bot.services.terms import agree, terms_of
from bot.services.work import Gone, Units
from tests import factories

FRIDAY = datetime(2027, 1, 15, 9, tzinfo=UTC)
"""10:00 in Berlin."""
DAY = timedelta(days=1)


@dataclass
class Here:
    services: Services
    clock: ManualClock
    maya: Member
    count: int = 0

    @property
    def key(self) -> str:
        self.count += 1
        return f"act:{self.count}"

    async def member(self) -> Member:
        async with self.services.units.database.read() as tx:
            return await tx.members.get(self.maya.id)

    async def terms(self) -> Terms:
        async with self.services.units.database.read() as tx:
            return await terms_of(tx, self.maya, self.clock.now())

    async def commit(self, text: str = "Finish the report", **values: Any) -> Commitment:
        async with self.services.units.database.write() as tx:
            given = {"next_due_at": FRIDAY, "created_at": FRIDAY - 14 * DAY} | values
            return await factories.commitment(tx, self.maya, text, **given)

    async def read(self, commitment: Commitment) -> Commitment:
        async with self.services.units.database.read() as tx:
            return await tx.commitments.get(commitment.id)

    async def unanswered(self, *days_ago: int, **values: Any) -> None:
        async with self.services.units.database.write() as tx:
            for days in days_ago:
                await factories.check_in(tx, self.maya, FRIDAY - days * DAY, **values)

    async def open(self) -> None:
        self.clock.set(FRIDAY)
        while await self.services.opening.open_due():
            pass

    async def said(self, says: Says = Says.SILENCE, method: Method = Method.POST) -> list[dict[str, Any]]:
        async with self.services.units.database.read() as tx:
            c = tx.deliveries.table.c
            return [row.refs for row in await tx.deliveries.all(c.says == says, c.method == method)]

    async def fall_silent(self) -> None:
        await self.unanswered(11, 7, 4)
        await self.open()
        assert (await self.member()).quiet_since == FRIDAY


@pytest.fixture
async def here(units: Units, clock: ManualClock) -> Here:
    clock.set(FRIDAY - DAY)
    async with units.database.write() as tx:
        maya = await factories.member(tx, await factories.workspace(tx), joined_at=FRIDAY - 30 * DAY)
    async with units.begin() as work:
        await agree(work, maya, default_terms("Europe/Berlin", FRIDAY.date()))
    return Here(Services.over(units), clock, maya)


async def test_one_message_once_and_everything_rests(here: Here) -> None:
    first, second = await here.commit(), await here.commit("Swim", next_due_at=FRIDAY + 3 * DAY)
    await here.fall_silent()
    await here.open()
    assert len(await here.said()) == 1
    assert await here.said(Says.CHECK_IN) == []
    assert [(await here.read(one)).next_due_at for one in (first, second)] == [None, None]
    assert (await here.member()).prompted_on == FRIDAY.date()


@pytest.mark.parametrize(
    "values",
    [
        {"answered_at": FRIDAY - DAY},
        {"ts": None},
        {"late": True, "ts": None},
        {"origin": Origin.ASKED},
    ],
)
async def test_what_was_answered_not_sent_or_asked_for_is_not_counted(here: Here, values: dict[str, Any]) -> None:
    await here.commit()
    await here.unanswered(11, 7)
    await here.unanswered(4, **values)
    await here.open()
    assert await here.said() == []
    assert len(await here.said(Says.CHECK_IN)) == 1


async def test_only_those_since_they_were_heard_of_are_counted(here: Here) -> None:
    await here.commit()
    await here.unanswered(11, 7, 4)
    here.clock.set(FRIDAY - 6 * DAY)
    await here.services.wins.draft(here.maya, "Called her", key=here.key)
    assert (await here.member()).heard_at == FRIDAY - 6 * DAY
    await here.open()
    assert await here.said() == []


async def test_whoever_switched_it_off_is_asked_on(here: Here) -> None:
    await here.services.agreements.change(here.maya, {"ask_after_silence": False}, key=here.key)
    await here.commit()
    async with here.services.units.database.write() as tx:
        await tx.members.change(here.maya.id, heard_at=None)
    await here.unanswered(14, 11, 7, 4)
    await here.open()
    assert await here.said() == []
    assert len(await here.said(Says.CHECK_IN)) == 1


async def test_the_system_ends_no_quiet_and_any_act_does(here: Here) -> None:
    made = await here.commit()
    await here.fall_silent()
    here.clock.set(FRIDAY + DAY)
    async with here.services.units.for_member(here.maya) as (_work, owner):
        assert owner.quiet_since == FRIDAY
    await here.services.pauses.end_due()
    await here.services.cheers.tell_due()
    assert (await here.member()).quiet_since == FRIDAY
    await here.services.inbox.receive(here.maya, "1800700000.000100", "hello", None, here.key)
    assert (await here.member()).quiet_since is None
    assert (await here.read(made)).next_due_at == FRIDAY + 4 * DAY


async def test_looking_at_something_ends_it_too(here: Here) -> None:
    made = await here.commit()
    await here.fall_silent()
    await here.services.silence.heard(await here.member())
    assert (await here.member()).quiet_since is None
    assert (await here.read(made)).next_due_at == FRIDAY + 4 * DAY
    before = await here.member()
    await here.services.silence.heard(before)
    assert await here.member() == before


async def test_just_busy_says_when_it_goes_on(here: Here) -> None:
    await here.commit()
    await here.fall_silent()
    await here.services.silence.answer(here.maya, Way.BUSY, key=here.key, ts="2.2")
    assert await here.said(method=Method.UPDATE) == [{"shows": "busy", "ts": "2.2"}]
    assert (await here.member()).quiet_since is None


async def test_asked_less_once_however_often_it_is_clicked_and_back_again(here: Here) -> None:
    made = await here.commit()
    await here.fall_silent()
    agreed = (await here.terms()).cadence
    for _ in range(2):
        await here.services.silence.ask_less(here.maya, 1, key=here.key, ts="2.2")
    cadence = (await here.terms()).cadence
    assert isinstance(cadence, Weekly)
    assert cadence.days == (Weekday.FRIDAY,)
    assert cadence.interval_weeks == 1
    assert (await here.read(made)).next_due_at == FRIDAY + 7 * DAY
    for _ in range(2):
        await here.services.silence.ask_as_before(here.maya, 2, key=here.key, ts="2.2")
    assert (await here.terms()).cadence == agreed
    assert (await here.read(made)).next_due_at == FRIDAY + 4 * DAY


async def test_an_old_offer_changes_nothing_after_other_rules_were_agreed_on(here: Here) -> None:
    await here.commit()
    await here.fall_silent()
    await here.services.agreements.change(here.maya, {"remind_after": 2}, key=here.key)
    agreed = await here.terms()
    await here.services.silence.ask_less(here.maya, 1, key=here.key, ts="2.2")
    await here.services.silence.ask_as_before(here.maya, 1, key=here.key, ts="2.2")
    assert await here.terms() == agreed


async def test_each_reason_opens_its_questions_about_the_right_thing(here: Here) -> None:
    assert GUIDES.keys() == set(Reason)
    report, swim = await here.commit(), await here.commit("Swim")
    await here.services.silence.look_into(here.maya, Reason.UNSETTLES, None, key=here.key, ts="2.2")
    assert (await here.said(method=Method.UPDATE))[-1] == {"shows": "which", "reason": "unsettles", "ts": "2.2"}
    for reason, about, guide in (
        (Reason.UNSETTLES, swim.id, GuideId.UNSETTLES),
        (Reason.NOT_WHAT_I_WANT, report.id, GuideId.STALLED),
        (Reason.BEING_ASKED, None, GuideId.BEING_ASKED),
    ):
        await here.services.silence.look_into(here.maya, reason, about, key=here.key, ts="2.2")
        async with here.services.units.database.read() as tx:
            running = await tx.conversations.running(here.maya.id)
        assert running is not None
        assert (running.guide, running.commitment_id) == (guide, about)


async def test_nobody_elses_commitment_can_be_looked_into(here: Here) -> None:
    await here.commit()
    async with here.services.units.database.write() as tx:
        jonas = await factories.member(tx, await tx.workspaces.get(here.maya.workspace_id), "U2")
        his = await factories.commitment(tx, jonas, "His own")
    with pytest.raises(Gone):
        await here.services.silence.look_into(here.maya, Reason.UNSETTLES, his.id, key=here.key, ts=None)


# Another time zone


async def seen_in(here: Here, zone: str) -> Member:
    async with here.services.units.database.read() as tx:
        workspace = await tx.workspaces.get(here.maya.workspace_id)
    profile = Profile(zone=zone, locale="en-GB", is_admin=False)
    return await here.services.members.remember(workspace, here.maya.slack_id, profile)


async def test_a_new_zone_is_noticed_once_and_forgotten_when_they_are_back(here: Here) -> None:
    assert (await seen_in(here, "Europe/Berlin")).ask_zone_at is None
    assert (await seen_in(here, "Europe/Vienna")).ask_zone_at is None
    assert (await seen_in(here, "Europe/Lisbon")).ask_zone_at is not None
    assert (await seen_in(here, "Europe/Berlin")).ask_zone_at is None
    assert (await here.terms()).cadence.zone == "Europe/Berlin"


async def test_asked_by_day_once_and_not_on_the_day_of_a_check_in(here: Here) -> None:
    await here.commit()
    await seen_in(here, "Asia/Tokyo")
    here.clock.set(FRIDAY - DAY + timedelta(hours=4))  # 22:00 in Tokyo
    await here.services.zones.ask_due()
    assert (await here.member()).ask_zone_at == FRIDAY - timedelta(hours=9)  # nine in the morning there
    here.clock.set(FRIDAY - timedelta(hours=9))
    await here.services.zones.ask_due()
    assert await here.said(Says.ZONE) == [], "Friday in Berlin has a check-in"
    async with here.services.units.database.write() as tx:
        await tx.commitments.change_all(next_due_at=FRIDAY + 4 * DAY)
    here.clock.set(FRIDAY + timedelta(hours=15))
    await here.services.zones.ask_due()
    await here.services.zones.ask_due()
    assert await here.said(Says.ZONE) == [{}]
    member = await here.member()
    assert (member.ask_zone_at, member.asked_about_zone) == (None, "Asia/Tokyo")


async def test_moving_takes_along_days_of_a_commitments_own(here: Here) -> None:
    agreed = (await here.terms()).cadence
    own = await here.commit(cadence=agreed.model_copy(update={"days": (Weekday.MONDAY,)}))
    elsewhere = await here.commit("Call home", cadence=agreed.model_copy(update={"zone": "Asia/Kolkata"}))
    for _ in range(2):
        await here.services.zones.move(here.maya, "Europe/Lisbon", key=here.key, ts="3.3")
    assert (await here.said(Says.ZONE, Method.UPDATE))[-1]["back"] == "Europe/Berlin", "also after a second click"
    moved, stayed = await here.read(own), await here.read(elsewhere)
    assert moved.cadence is not None
    assert stayed.cadence is not None
    assert (moved.cadence.zone, stayed.cadence.zone) == ("Europe/Lisbon", "Asia/Kolkata")
    assert (await here.terms()).cadence.zone == "Europe/Lisbon"
    assert (await here.terms()).initiative is Initiative.ASK_ME
    async with here.services.units.database.read() as tx:
        agreement = await tx.agreements.current(here.maya.id)
    assert agreement is not None
    assert agreement.version == 2
    with pytest.raises(ValueError, match="time zone"):
        await here.services.zones.move(here.maya, "Moon/Crater", key=here.key, ts="3.3")
