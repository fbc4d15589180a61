"""Check-ins and their reminder: how they are rendered when they are sent, and where they are then."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.delivery.content import Content
from bot.delivery.posting import Place
from bot.delivery.telling import OnHeld, OnPassed, OnSent, OnSentMany, OnUnsaid, Render, RenderMany, Telling
from bot.domain.calendar import same_local_day
from bot.domain.check_ins import (
    CheckIn,
    Item,
    Origin,
    days_asked,
    key_of,
    not_yets_in_a_row,
    occasion,
)
from bot.domain.commitments import Commitment
from bot.domain.deliveries import Delivery, Method, Refs, Says
from bot.domain.response import remind_at
from bot.rendering.check_ins import Line, Picture, check_in_blocks, check_in_text, moved, note_kept, which_line
from bot.services.rests import let_pass
from bot.services.terms import terms_of
from bot.services.work import Work
from bot.storage.database import StorageError
from bot.storage.repositories.pictures import Asked

AT_A_TIME: Final = 32
"""Check-ins rendered before others have the loop."""


async def _check_ins(tellings: Sequence[Telling]) -> Mapping[int, Content | Exception | None]:
    """Check-ins as they first appear: nothing is answered, and nothing earlier matters but whether we were away."""
    tx = tellings[0].tx
    asked = await tx.pictures.of(telling.number("check_in") for telling in tellings)
    contents: dict[int, Content | Exception | None] = {}
    for number, telling in enumerate(tellings, 1):
        if number % AT_A_TIME == 0:
            await asyncio.sleep(0)
        one = asked.get(telling.number("check_in"))
        try:
            contents[telling.row.id] = await _first_shown(telling, one) if one else None
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  # told to whoever asked, who knows what becomes of the row
            contents[telling.row.id] = error
    return contents


async def _first_shown(telling: Telling, asked: Asked) -> Content | None:
    is_scheduled = asked.check_in.origin is Origin.SCHEDULED
    if is_scheduled and _came_too_late(telling, asked.check_in.opened_at):
        return None
    if any(item.answer for item, _ in asked.lines):
        picture = await _whole_picture(telling, asked.check_in)
        return _content(picture) if picture.is_open or not is_scheduled else None
    lines = tuple(_line(telling, asked.check_in, item, commitment) for item, commitment in asked.lines)
    cheered = await _cheered(telling, telling.row)
    return _content(_picture(telling, asked.check_in, asked.before, lines, cheered))


async def _check_in(telling: Telling) -> Content | None:
    """As it stands."""
    check_in = await telling.tx.check_ins.get(telling.number("check_in"))
    return _content(await _whole_picture(telling, check_in), ts=check_in.ts) if check_in.ts else None


async def _reminder(telling: Telling) -> Content | None:
    """Asked for by its member it comes as it stands; put off by them as long as it is open; else unanswered only."""
    check_in = await telling.tx.check_ins.get(telling.number("check_in"))
    picture = await _whole_picture(telling, check_in)
    if "again" in telling.row.refs:
        return _content(picture)
    is_over = not picture.is_open if "snoozed" in telling.row.refs else check_in.answered_at is not None
    return None if is_over or _came_too_late(telling, telling.row.due_at or telling.now) else _content(picture)


def _came_too_late(telling: Telling, since: datetime) -> bool:
    """Whether the day on which it was to be said is over, or its member wants quiet meanwhile."""
    is_today = same_local_day(since, telling.now, telling.member.zone)
    return not is_today or not telling.member.is_reachable(telling.now)


async def _moved(telling: Telling) -> Content | None:
    check_in = await telling.tx.check_ins.get(telling.number("check_in"))
    return telling.message(moved(check_in, telling.member.zone))


async def _note_kept(telling: Telling) -> Content | None:
    item = await telling.tx.items.get(telling.number("item"))
    picture = await _whole_picture(telling, await telling.tx.check_ins.get(item.check_in_id))
    return telling.message(note_kept(next(line for line in picture.lines if line.item.id == item.id)))


async def _which_line(telling: Telling) -> Content | None:
    picture = await _whole_picture(telling, await telling.tx.check_ins.get(telling.number("check_in")))
    return telling.message(which_line(picture.lines, telling.word("about"))) if picture.is_open else None


def _content(picture: Picture, ts: str | None = None) -> Content | None:
    if not picture.lines:
        return None
    return Content(text=check_in_text(picture), blocks=check_in_blocks(picture), ts=ts)


async def _whole_picture(telling: Telling, check_in: CheckIn) -> Picture:
    """With what was answered, and what was answered before that."""
    tx, lines = telling.tx, []
    sheet = await tx.check_ins.sheet(check_in.id)
    for item, commitment in sheet.lines if sheet is not None else ():
        earlier = await tx.items.history(commitment.id, before=item.id)
        lines.append(_line(telling, check_in, item, commitment, earlier))
    first = await tx.deliveries.keyed(check_in.workspace_id, key_of(check_in.id))
    cheered = await _cheered(telling, first)
    return _picture(telling, check_in, await tx.check_ins.before(check_in), tuple(lines), cheered)


async def _cheered(telling: Telling, first: Delivery | None) -> tuple[str, ...]:
    """Who cheered until its first message, whose row names the cheers; nobody who has deleted everything since, and
    while its member wants to hear of them."""
    if first is None or not telling.terms.tell_cheers:
        return ()
    ids = [int(one) for one in str(first.refs.get("cheered", "")).split() if one.isdecimal()]
    named = await telling.tx.cheers.named(ids) if ids else ()
    return tuple(dict.fromkeys(cheer.slack_id for cheer in named))


def _picture(
    telling: Telling, check_in: CheckIn, before: CheckIn | None, lines: tuple[Line, ...], cheered: tuple[str, ...]
) -> Picture:
    return Picture(
        check_in=check_in,
        lines=lines,
        terms=telling.terms,
        zone=telling.member.zone,
        now=telling.now,
        after_absence=check_in.late or (before is not None and before.never_came),
        cheered=cheered,
        is_reminder=check_in.reminded_at is not None,
        drawing=telling.row.id,
    )


def _line(
    telling: Telling, check_in: CheckIn, item: Item, commitment: Commitment, earlier: Sequence[Item] = ()
) -> Line:
    return Line(
        item=item,
        commitment=commitment,
        days=days_asked(item, commitment.habit_days, check_in.last_day, telling.excused),
        occasion=occasion(item, earlier, is_habit=commitment.is_habit),
        times_not_yet=not_yets_in_a_row([item, *earlier]),
    )


async def _sent(work: Work, sent: Sequence[tuple[Delivery, Place]]) -> None:
    """Where they are; Home points there, for those who have it open."""
    await work.tx.check_ins.placed({int(row.refs["check_in"]): place.ts for row, place in sent})
    for member in await work.tx.members.at_home({row.member_id for row, _ in sent}, work.now):
        await work.refresh_home(member)


async def _reminded(work: Work, row: Delivery, place: Place) -> None:
    """The reminder takes the check-in's place, so that there is one to answer."""
    check_in = await work.tx.check_ins.get(int(row.refs["check_in"]))
    member = await work.tx.members.get(check_in.member_id)
    await work.tx.check_ins.change(check_in.id, ts=place.ts)
    await work.refresh_home(member)
    if check_in.ts is not None and check_in.ts != place.ts:
        refs: Refs = {"check_in": check_in.id, "ts": check_in.ts}
        await work.say(member, Says.CHECK_IN_FOLDED, refs, method=Method.UPDATE)


async def _held(work: Work, row: Delivery, until: datetime) -> None:
    """Its reminder comes as long after it as if it were asked then."""
    check_in = await work.tx.check_ins.find(int(row.refs["check_in"]))
    if check_in is not None and check_in.remind_at is not None:
        member = await work.tx.members.get(check_in.member_id)
        at = remind_at(until, await terms_of(work.tx, member, work.now))
        await work.tx.check_ins.change(check_in.id, remind_at=at)


async def _passed(work: Work, row: Delivery) -> None:
    await let_pass(work, await work.tx.members.get(row.member_id or 0), int(row.refs["check_in"]))


async def _unsaid(work: Work, row: Delivery) -> None:
    """Whom it would have named is told another time."""
    check_in = await work.tx.check_ins.find(int(row.refs["check_in"]))
    if check_in is not None:
        await work.tx.cheers.forget_telling(check_in.member_id, check_in.opened_at)


async def _reminder_passed(work: Work, row: Delivery) -> None:
    """The message before it does not say any more that it will come."""
    member = await work.tx.members.get(row.member_id or 0)
    await work.say(member, Says.CHECK_IN, {"check_in": row.refs["check_in"]}, method=Method.UPDATE)


RENDER: Mapping[Says, Render] = {
    Says.CHECK_IN: _check_in,
    Says.REMINDER: _reminder,
    Says.CHECK_IN_FOLDED: _moved,
    Says.NOTE_KEPT: _note_kept,
    Says.WHICH_LINE: _which_line,
}
RENDER_MANY: Mapping[Says, RenderMany] = {Says.CHECK_IN: _check_ins}
SENT: Mapping[Says, OnSent] = {Says.REMINDER: _reminded}
SENT_MANY: Mapping[Says, OnSentMany] = {Says.CHECK_IN: _sent}
HELD: Mapping[Says, OnHeld] = {Says.CHECK_IN: _held}
UNSAID: Mapping[Says, OnUnsaid] = {Says.CHECK_IN: _unsaid}
PASSED: Mapping[Says, OnPassed] = {Says.CHECK_IN: _passed, Says.REMINDER: _reminder_passed}
