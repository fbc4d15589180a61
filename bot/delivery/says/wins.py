"""Wins: how they are rendered when they are sent, and what becomes of a post."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from bot.delivery.content import Content
from bot.delivery.posting import Place
from bot.delivery.telling import OnRefused, OnSent, OnUnsure, Render, Telling
from bot.domain.deliveries import Delivery, Method, Says
from bot.domain.wins import Cheered, Trouble
from bot.rendering import wins
from bot.services.wins import win_lost, win_posted, win_refused
from bot.services.work import Work

TROUBLE: Final[Mapping[str, Trouble]] = {"not_in_channel": Trouble.NOT_IN, "is_archived": Trouble.ARCHIVED}
"""What Slack's refusals mean to someone who shares."""


async def _preview(telling: Telling) -> Content | None:
    win = await telling.tx.wins.get(telling.number("win"))
    is_update = telling.row.method is Method.UPDATE
    if is_update and win.preview_ts is None:
        return None
    trouble = telling.row.refs.get("trouble")
    text, blocks = wins.preview(
        win,
        telling.member.slack_id,
        telling.workspace,
        trouble=Trouble(str(trouble)) if trouble else None,
        unfolded="unfolded" in telling.row.refs,
    )
    return Content(text=text, blocks=blocks, ts=win.preview_ts if is_update else None)


async def _post(telling: Telling) -> Content | None:
    """A post that is there is not posted again; one that is not is not changed."""
    win = await telling.tx.wins.get(telling.number("win"))
    is_update = telling.row.method is Method.UPDATE
    if win.is_private or is_update is (win.ts is None):
        return None
    people = Counter(cheer.kind for cheer in await telling.tx.cheers.of(win.id))
    text, blocks = wins.post(win, telling.member.slack_id, people)
    return Content(text=text, blocks=blocks, channel=win.channel_id, ts=win.ts)


async def _doubt(telling: Telling) -> Content:
    win = await telling.tx.wins.get(telling.number("win"))
    is_answer = telling.row.method is Method.UPDATE
    text, blocks = wins.doubt(win, is_answer=is_answer)
    return Content(text=text, blocks=blocks, ts=telling.word("ts") if is_answer else None)


async def _cheered(telling: Telling) -> Content:
    how = Cheered(telling.word("how"))
    owner = ""
    if how is not Cheered.GONE:
        win = await telling.tx.wins.get(telling.number("win"))
        owner = (await telling.tx.members.get(win.member_id)).slack_id
    return Content(text=wins.whisper(how, owner), channel=telling.word("channel"), user=telling.word("to"))


async def _cheers(telling: Telling) -> Content | None:
    cheers = await telling.tx.cheers.named([int(row) for row in telling.word("cheers").split()])
    by_win: dict[int, list[str]] = {}
    for cheer in cheers:
        by_win.setdefault(cheer.win_id, []).append(cheer.slack_id)
    if not by_win:
        return None
    return telling.message(
        wins.cheers_told([(await telling.tx.wins.get(win), people) for win, people in by_win.items()])
    )


async def _previewed(work: Work, row: Delivery, place: Place) -> None:
    if row.method is Method.POST:
        await work.tx.wins.change(int(row.refs["win"]), preview_ts=place.ts)


async def _posted(work: Work, row: Delivery, place: Place) -> None:
    if row.method is Method.POST and row.member_id and place.channel and place.ts:
        await win_posted(work, row.member_id, int(row.refs["win"]), place.channel, place.ts)


async def _lost(work: Work, row: Delivery) -> None:
    if row.method is Method.POST and row.member_id:
        await win_lost(work, row.member_id, int(row.refs["win"]))


async def _refused(work: Work, row: Delivery, error: str) -> None:
    if row.method is Method.POST and row.member_id:
        trouble = TROUBLE.get(error, Trouble.REFUSED)
        await win_refused(work, row.member_id, int(row.refs["win"]), trouble)


RENDER: Mapping[Says, Render] = {
    Says.WIN_PREVIEW: _preview,
    Says.WIN_POST: _post,
    Says.WIN_DOUBT: _doubt,
    Says.WIN_CHEERED: _cheered,
    Says.CHEERS: _cheers,
}
SENT: Mapping[Says, OnSent] = {Says.WIN_PREVIEW: _previewed, Says.WIN_POST: _posted}
UNSURE: Mapping[Says, OnUnsure] = {Says.WIN_POST: _lost}
REFUSED: Mapping[Says, OnRefused] = {Says.WIN_POST: _refused}
