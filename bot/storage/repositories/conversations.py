"""Guided conversations, and what was answered in them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select, update

from bot.domain.sittings import KeptAnswer, Sitting, SittingStatus
from bot.storage import tables
from bot.storage.rows import Rows


class Conversations(Rows[Sitting]):
    table = tables.conversations
    record = Sitting

    async def running(self, member_id: int) -> Sitting | None:
        """The conversation that has the word: at most one asks at a time."""
        return await self.one_with("-id", member_id=member_id, status=SittingStatus.ASKING)

    async def placed(self, conversation_id: int, version: int, ts: str) -> bool:
        """Where what was said last is; False when it is not the last any more."""
        given = {"sitting": conversation_id, "said": version, "prompt_ts": ts}
        return (await self._connection.execute(_placed(), given)).one_or_none() is not None

    async def end_all(self, member_id: int) -> None:
        """None of them goes on."""
        c = self.table.c
        going = (SittingStatus.ASKING, SittingStatus.WAITING, SittingStatus.LATER)
        await self.change_all(
            c.member_id == member_id, c.status.in_(going), status=SittingStatus.STOPPED, version=c.version + 1
        )

    async def waiting(self, member_id: int) -> list[Sitting]:
        return await self.all_with(member_id=member_id, status=SittingStatus.WAITING)

    async def put_off(self, member_id: int) -> list[Sitting]:
        return await self.all_with(member_id=member_id, status=SittingStatus.LATER)

    async def about(self, commitment_id: int) -> list[Sitting]:
        """Those about a commitment that are not over."""
        c = self.table.c
        over = (SittingStatus.FINISHED, SittingStatus.STOPPED)
        return await self.all(c.commitment_id == commitment_id, c.status.not_in(over))

    async def ever_about(self, commitment_id: int) -> list[Sitting]:
        return await self.all_with("id", commitment_id=commitment_id)

    async def last_opened(self, member_id: int) -> dict[int, dict[str, datetime]]:
        """When each guide was last opened, by commitment."""
        found: dict[int, dict[str, datetime]] = {}
        for row in await self._connection.execute(_last_opened(), {"member": member_id}):
            found.setdefault(row.about, {})[row.guide] = row.at
        return found

    async def last_asked(self, member_id: int) -> Sitting | None:
        return await self.one_with("-asked_at", "-id", member_id=member_id)


class Answers(Rows[KeptAnswer]):
    table = tables.answers
    record = KeptAnswer

    async def ratings(self, commitment_ids: Sequence[int]) -> list[KeptAnswer]:
        """The numbers given on the ruler, oldest first."""
        c = self.table.c
        return await self.all(c.commitment_id.in_(commitment_ids), c.keeps == "ruler", order=[c.answered_at, c.id])

    async def of_conversation(self, conversation_id: int) -> list[KeptAnswer]:
        """With the questions that were not answered."""
        return await self.all_with(conversation_id=conversation_id)

    async def kept_as(self, commitment_id: int, keeps: str) -> list[KeptAnswer]:
        """Newest first."""
        return _given(await self.all_with("-answered_at", "-id", commitment_id=commitment_id, keeps=keeps))

    async def to_question(self, member_id: int, question: str) -> list[KeptAnswer]:
        """Newest first, of all that they do."""
        return _given(await self.all_with("-answered_at", "-id", member_id=member_id, question=question))

    async def newest(self, member_id: int, limit: int) -> list[KeptAnswer]:
        return await self.all(self.table.c.member_id == member_id, order=[self.table.c.id.desc()], limit=limit)

    async def asked(self, member_id: int) -> dict[str, datetime]:
        """When each question was last asked of this member, or answered."""
        found = await self._connection.execute(_last_asked(), {"member": member_id})
        return {row.question: row.at for row in found}


@cache
def _placed() -> Any:
    table = tables.conversations
    is_last = (table.c.id == bindparam("sitting"), table.c.version == bindparam("said"))
    return update(table).where(*is_last).returning(table.c.id)


@cache
def _last_opened() -> Select[Any]:
    c = tables.conversations.c
    return (
        select(c.commitment_id.label("about"), c.guide, func.max(c.opened_at).label("at"))
        .where(c.member_id == bindparam("member"), c.commitment_id.is_not(None))
        .group_by(c.commitment_id, c.guide)
    )


@cache
def _last_asked() -> Select[Any]:
    c = tables.answers.c
    return (
        select(c.question, func.max(c.answered_at).label("at"))
        .where(c.member_id == bindparam("member"))
        .group_by(c.question)
    )


def _given(answers: Iterable[KeptAnswer]) -> list[KeptAnswer]:
    return [answer for answer in answers if answer.text]
