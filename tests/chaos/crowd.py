"""Members with something to be asked about, written straight into the database; and what became of them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import insert, select

from bot.domain.commitments import Kind, State
from bot.domain.deliveries import Delivery, DeliveryState, Method, Says
from bot.storage import tables
from bot.storage.database import Database
from playground.client import text_of
from tests.chaos.town import Town

TUESDAY: Final = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""10:00 in Berlin, where the crowd lives: when the default ground rules ask."""

BEFORE: Final = TUESDAY - timedelta(hours=1)
UNMET: Final = 10
"""One in so many has no direct message with the app yet."""


async def settle_in(town: Town, database: Database) -> None:
    """Everybody has one commitment, to be asked about on Tuesday at ten."""
    async with database.write() as tx:
        for place in town.places:
            app = place.backend.app
            workspace = await tx.workspaces.add(
                team_id=place.team_id,
                name=place.team_id,
                bot_token=place.token,
                bot_user_id=app.user_id,
                bot_id=app.bot_id,
                installed_at=BEFORE,
            )
            people = [
                {
                    "workspace_id": workspace.id,
                    "slack_id": user,
                    "channel_id": None if number % UNMET == 0 else place.channel_of(user),
                    "zone": "Europe/Berlin",
                    "locale": "en-GB",
                    "is_admin": False,
                    "joined_at": BEFORE,
                    "read_at": BEFORE,
                }
                for number, user in enumerate(place.crowd)
            ]
            members = tables.members
            await tx.connection.execute(insert(members), people)
            ids = await tx.connection.execute(select(members.c.id).where(members.c.workspace_id == workspace.id))
            promises = [
                {
                    "workspace_id": workspace.id,
                    "member_id": member_id,
                    "text": f"Finish report {member_id}",
                    "kind": Kind.ONCE,
                    "habit_days": (),
                    "state": State.ACTIVE,
                    "next_due_at": TUESDAY,
                    "created_at": BEFORE,
                }
                for member_id in ids.scalars()
            ]
            await tx.connection.execute(insert(tables.commitments), promises)


async def left_to_send(database: Database) -> int:
    """Rows that still wait for something."""
    async with database.read() as tx:
        return len(await tx.deliveries.all(tables.deliveries.c.due_at.is_not(None)))


async def whats_left(database: Database) -> Counter[tuple[str, ...]]:
    """The same, counted by what they are: for the message of a failed test."""
    async with database.read() as tx:
        rows = await tx.deliveries.all(tables.deliveries.c.due_at.is_not(None))
    return Counter((row.says, row.state, f"tried {row.attempts}", str(row.error)) for row in rows)


async def check_ins_said(database: Database) -> list[Delivery]:
    async with database.read() as tx:
        c = tables.deliveries.c
        return await tx.deliveries.all(c.says == Says.CHECK_IN, c.method == Method.POST)


async def each_heard_once(town: Town, database: Database) -> None:
    """One check-in each: in Slack, in the deliveries, in the check-ins. And nothing else was said."""
    heard = {(place.team_id, user): place.heard_by(user) for place, user in town.people}
    wrong = {who: [text_of({"text": one.text, "blocks": one.blocks}) for one in what] for who, what in heard.items()}
    wrong = {who: what for who, what in wrong.items() if len(what) != 1}
    assert not wrong, f"{len(wrong)} of {len(heard)} did not get exactly one: {dict(list(wrong.items())[:5])}"
    rows = await check_ins_said(database)
    states = Counter(row.state for row in rows)
    assert states == {DeliveryState.SENT: len(heard)}, (states, [row for row in rows if row.error][:5])
    async with database.read() as tx:
        check_ins = await tx.check_ins.all()
    assert len(check_ins) == len({one.member_id for one in check_ins}) == len(heard)
    in_slack = {message.ts for messages in heard.values() for message in messages}
    written = {str(one.ts) for one in check_ins}
    lost = in_slack - written
    assert not lost, f"where a message is, is written down; not where these {len(lost)} are: {sorted(lost)[:5]}"
    assert {str(row.ts) for row in rows} == in_slack
