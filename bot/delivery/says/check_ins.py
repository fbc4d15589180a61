"""Check-ins and their reminder: how they are rendered when they are sent, and where they are then."""

from collections.abc import Mapping

from bot.delivery.content import Content
from bot.delivery.posting import Place
from bot.delivery.telling import Render, Sent, Telling
from bot.domain.calendar import same_local_day
from bot.domain.check_ins import CheckIn, Item, Origin, days_asked, last_day_asked, not_yets_in_a_row, occasion
from bot.domain.deliveries import Delivery, Method, Says
from bot.rendering.check_ins import Line, Picture, check_in_blocks, check_in_text, moved, note_kept
from bot.services.terms import terms_of
from bot.services.work import Work


async def _check_in(telling: Telling) -> Content | None:
    check_in = await telling.tx.check_ins.get(telling.number("check_in"))
    is_update = telling.row.method is Method.UPDATE
    if is_update and check_in.ts is None:
        return None
    if not is_update and check_in.origin is Origin.SCHEDULED and _came_too_late(telling):
        return None
    picture = await _picture(telling, check_in)
    if not picture.lines:
        return None
    return Content(text=check_in_text(picture), blocks=check_in_blocks(picture), ts=check_in.ts if is_update else None)


async def _reminder(telling: Telling) -> Content | None:
    check_in = await telling.tx.check_ins.get(telling.number("check_in"))
    is_asked_for = "again" in telling.row.refs
    if not is_asked_for and (check_in.answered_at is not None or _came_too_late(telling)):
        return None
    picture = await _picture(telling, check_in)
    return Content(text=check_in_text(picture), blocks=check_in_blocks(picture)) if picture.lines else None


def _came_too_late(telling: Telling) -> bool:
    """Whether its day is over, or its member wants quiet meanwhile."""
    said_at = telling.row.due_at or telling.now
    is_today = same_local_day(said_at, telling.now, telling.member.zone)
    return not is_today or not telling.member.is_reachable(telling.now)


async def _moved(telling: Telling) -> Content | None:
    check_in = await telling.tx.check_ins.get(telling.number("check_in"))
    text, blocks = moved(check_in, telling.member.zone)
    return Content(text=text, blocks=blocks, ts=telling.word("ts"))


async def _note_kept(telling: Telling) -> Content | None:
    item = await telling.tx.items.get(telling.number("item"))
    commitment = await telling.tx.commitments.get(item.commitment_id)
    text, blocks = note_kept(item, commitment)
    return Content(text=text, blocks=blocks)


async def _picture(telling: Telling, check_in: CheckIn) -> Picture:
    tx = telling.tx
    before = await tx.check_ins.before(check_in)
    return Picture(
        check_in=check_in,
        lines=tuple([await _line(telling, check_in, item) for item in await tx.items.of(check_in.id)]),
        terms=await terms_of(tx, telling.member, telling.now),
        zone=telling.member.zone,
        after_absence=before is not None and (before.late or before.never_came),
        cheered=tuple(str(telling.row.refs.get("cheered", "")).split()),
        is_reminder=check_in.reminded_at is not None,
    )


async def _line(telling: Telling, check_in: CheckIn, item: Item) -> Line:
    commitment = await telling.tx.commitments.get(item.commitment_id)
    earlier = await telling.tx.items.history(commitment.id, before=item.id)
    until = last_day_asked(check_in.origin, check_in.opened_at, telling.member.zone)
    return Line(
        item=item,
        commitment=commitment,
        days=days_asked(item, commitment.habit_days, until),
        occasion=occasion(item, earlier, is_habit=commitment.is_habit),
        times_not_yet=not_yets_in_a_row([item, *earlier]),
    )


async def _sent(work: Work, row: Delivery, place: Place) -> None:
    if row.method is Method.POST:
        check_in = await work.tx.check_ins.change(int(row.refs["check_in"]), ts=place.ts)
        await work.refresh_home(await work.tx.members.get(check_in.member_id))


async def _reminded(work: Work, row: Delivery, place: Place) -> None:
    """The reminder takes the check-in's place, so that there is one to answer."""
    check_in = await work.tx.check_ins.get(int(row.refs["check_in"]))
    member = await work.tx.members.get(check_in.member_id)
    await work.tx.check_ins.change(check_in.id, ts=place.ts)
    await work.refresh_home(member)
    if check_in.ts is not None and check_in.ts != place.ts:
        refs: dict[str, int | str] = {"check_in": check_in.id, "ts": check_in.ts}
        await work.say(member, Says.CHECK_IN_FOLDED, refs, method=Method.UPDATE)


RENDER: Mapping[Says, Render] = {
    Says.CHECK_IN: _check_in,
    Says.REMINDER: _reminder,
    Says.CHECK_IN_FOLDED: _moved,
    Says.NOTE_KEPT: _note_kept,
}
SENT: Mapping[Says, Sent] = {Says.CHECK_IN: _sent, Says.REMINDER: _reminded}
