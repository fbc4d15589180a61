"""From a row to what is said: each topic registers how its kinds are rendered, and what happens once they are sent."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.delivery.content import Content, Letter
from bot.delivery.posting import Place
from bot.delivery.says import check_ins, commitments, conversations, home, pauses, phrases, privacy, wins
from bot.delivery.telling import Refused, Render, Sent, Telling, Unsure
from bot.domain.deliveries import Delivery, Method, Says
from bot.domain.members import Member
from bot.domain.workspaces import Workspace
from bot.services.terms import on_agreed_clock
from bot.services.work import Work
from bot.storage.database import Database, StorageError
from bot.storage.transaction import Transaction

log = structlog.get_logger(__name__)

TOPICS = (commitments, check_ins, conversations, wins, home, pauses, privacy, phrases)
RENDER: Mapping[Says, Render] = {says: render for topic in TOPICS for says, render in topic.RENDER.items()}
SENT: Mapping[Says, Sent] = {says: sent for topic in TOPICS for says, sent in topic.SENT.items()}
UNSURE: Mapping[Says, Unsure] = wins.UNSURE
REFUSED: Mapping[Says, Refused] = wins.REFUSED


class Contents:
    """Renders rows when they are sent, so that they say what is true then."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, row: Delivery) -> tuple[Content | None, Workspace, Member]:
        """Raises LookupError when the member or what it was about is gone, or the app was removed."""
        async with self._database.read() as tx:
            letter = await self._letter(tx, row)
        return letter.content, letter.workspace, letter.member

    async def of_many(self, tx: Transaction, rows: Sequence[Delivery]) -> Mapping[int, Letter | Exception]:
        """By the id of each row its letter, or what kept it from being one: LookupError when the member or what it was
        about is gone, or the app was removed. What is wrong with one row is no other's trouble.

        Raises StorageError: the transaction is broken then, for all of them.
        """
        letters: dict[int, Letter | Exception] = {}
        for row in rows:
            try:
                letters[row.id] = await self._letter(tx, row)
            except StorageError:
                raise
            except Exception as error:  # told to whoever asked, who knows what becomes of the row
                letters[row.id] = error
        return letters

    async def _letter(self, tx: Transaction, row: Delivery) -> Letter:
        workspace = await tx.workspaces.get(row.workspace_id)
        if workspace.bot_token is None:
            raise LookupError("nobody to say it to")
        now = self._clock.now()
        if row.member_id is None:
            member = stranger(row, now)
        else:
            member = await on_agreed_clock(tx, await tx.members.get(row.member_id), now)
        content = await RENDER[row.says](Telling(tx, row, workspace, member, now))
        return Letter(content=content, workspace=workspace, member=member)

    async def sent(self, work: Work, row: Delivery, place: Place) -> None:
        if row.says in SENT:
            await SENT[row.says](work, row, place)

    async def sent_many(self, work: Work, sent: Iterable[tuple[Delivery, Place]]) -> None:
        """What follows for each of them. What goes wrong with one is logged: it is said, and stays said.

        Raises StorageError: the transaction is broken then, for all of them.
        """
        for row, place in sent:
            try:
                await self.sent(work, row, place)
            except StorageError:
                raise
            except Exception:
                log.exception("what follows a message could not be done", says=row.says)

    async def unsay(self, work: Work, row: Delivery, place: Place) -> None:
        """Its member deleted everything while it was being sent: a post in a channel is taken down again."""
        is_post = row.method is Method.POST and "channel" in row.refs and row.member_id is not None
        if is_post and place.ts is not None:
            await work.say_to_stranger(
                row.workspace_id,
                "",
                Says.TAKEN_DOWN,
                {"ts": place.ts},
                method=Method.DELETE,
                channel=place.channel,
            )

    async def uncertain(self, work: Work, row: Delivery) -> None:
        if row.says in UNSURE:
            await UNSURE[row.says](work, row)

    async def refused(self, work: Work, row: Delivery, error: str) -> None:
        if row.says in REFUSED:
            await REFUSED[row.says](work, row, error)

    async def workspace_of(self, row: Delivery) -> Workspace:
        async with self._database.read() as tx:
            return await tx.workspaces.get(row.workspace_id)


def stranger(row: Delivery, now: datetime) -> Member:
    """Someone of whom nothing is kept, as far as the row names them. Raises LookupError when it names nobody."""
    return Member(
        id=0,
        workspace_id=row.workspace_id,
        slack_id=str(row.refs["to"]),
        channel_id=str(row.refs["channel"]) if "channel" in row.refs else None,
        zone="UTC",
        locale="en-US",
        is_admin=False,
        joined_at=now,
        read_at=now,
    )
