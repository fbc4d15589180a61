"""One's own data: all of it as a file, and all of it gone."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, time
from hashlib import sha256
from typing import Any, Final

import yaml

from bot.domain.calendar import Weekday
from bot.domain.deliveries import Method, Says
from bot.domain.members import Member
from bot.domain.readiness import LABELS, Stage
from bot.services.work import Units
from bot.storage.transaction import Transaction

WITHIN_COMMITMENT: Final = ("commitments", "commitment_id")
INSIDE: Final = {
    "revisions": WITHIN_COMMITMENT,
    "stages": WITHIN_COMMITMENT,
    "check_in_items": ("check_ins", "check_in_id"),
    "answers": ("conversations", "conversation_id"),
    "cheers": ("wins", "win_id"),
}
"""Rows of these tables are shown within the row they belong to. All other tables stand by themselves."""

TITLES: Final = {
    "members": "you",
    "agreements": "ground_rules",
    "revisions": "words_before",
    "stages": "where_you_were_with_it",
    "check_in_items": "lines",
    "deliveries": "messages_of_the_last_week",
}

COLUMN_TITLES: Final = {"stage": "where_you_are_with_it"}
DAYS_OF_THE_WEEK: Final = frozenset({"days", "habit_days"})

TECHNICAL: Final = frozenset(
    {
        *("id", "workspace_id", "member_id", "commitment_id", "check_in_id", "conversation_id", "win_id"),
        *("key", "token", "lane", "refs", "claimed_by", "claimed_until", "attempts", "retry_at", "error", "version"),
        *("messages", "note_parts"),  # the same words as the answer's text, or none
    }
)
"""Columns with nothing of the member's in them."""

BESIDE_LIFE: Final = frozenset({"members", "deliveries"})
"""Tables that have rows of someone who has only clicked something."""

Rows = Mapping[str, list[Mapping[str, Any]]]


class Privacy:
    """Export and erasure. Stopping is in `pauses`."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def export(self, member: Member, *, key: str) -> None:
        """A file with everything, in the direct message."""
        async with self._units.for_member(member, key) as (work, owner):
            await work.say(owner, Says.EXPORT, method=Method.FILE)

    async def erase(self, member: Member, *, key: str) -> None:
        """Deletes all rows of the member's at once; what is still to be taken down or said afterwards names them itself
        and does not outlive its sending.

        Someone of whom there is nothing is forgotten without a word: a second click means no second farewell.
        """
        async with self._units.begin() as work:
            # Whom they cheered is told: of two who delete everything at once each would wait for the other.
            authors = {win.member_id for win in await work.tx.cheers.given(member.workspace_id, member.slack_id)}
            await work.tx.members.hold({member.id, *authors})
            owner = await work.tx.members.get(member.id)
            rows = await work.tx.person.rows(owner)
            if not any(found for name, found in rows.items() if name not in BESIDE_LIFE):
                await work.tx.person.erase(owner)
                return
            await work.once(owner.workspace_id, f"erase:{sha256(key.encode()).hexdigest()}")
            posts = await work.tx.wins.shared(owner.id)
            cheered = await work.tx.cheers.given(owner.workspace_id, owner.slack_id)
            await work.tx.person.erase(owner)
            to = (owner.workspace_id, owner.slack_id)
            for post in posts:
                refs = {"ts": post.ts or ""}
                await work.say_to_stranger(*to, Says.TAKEN_DOWN, refs, method=Method.DELETE, channel=post.channel_id)
            for win in cheered:
                author = await work.tx.members.find(win.member_id)
                if author is not None and not win.is_private:
                    await work.say(author, Says.WIN_POST, {"win": win.id}, method=Method.UPDATE, channel=win.channel_id)
            await work.show_first_home(*to)
            if owner.channel_id is not None:
                await work.say_to_stranger(*to, Says.PHRASE, {"phrase": "everything_deleted"}, channel=owner.channel_id)
        await self._units.database.wipe()


async def export_of(tx: Transaction, member: Member, now: datetime) -> str:
    """Everything as YAML that a person can read."""
    head = f"# Everything Accountability Buddy keeps about you, as of {_instant(now)}.\n"
    return head + await asyncio.to_thread(_written, await tx.person.rows(member))


def _written(rows: Rows) -> str:
    """Of a year that takes a second or two, in which others are waiting too. libyaml is faster, and writes
    an emoji as a number."""
    return yaml.safe_dump(document(rows), sort_keys=False, allow_unicode=True, width=100)


def document(rows: Rows) -> dict[str, Any]:
    """The rows by what they are about, with words instead of ids."""
    texts = {row["id"]: row["text"] for row in rows["commitments"]}
    shown = {name: {row["id"]: _readable(name, row, texts) for row in found} for name, found in rows.items()}
    told: dict[str, Any] = {}
    for name in sorted(rows, key=lambda name: name == "deliveries"):
        within, column = INSIDE.get(name, ("", ""))
        for row in rows[name]:
            place = shown.get(within, {}).get(row.get(column), told)
            place.setdefault(TITLES.get(name, name), []).append(shown[name][row["id"]])
    return told


def _readable(table: str, row: Mapping[str, Any], texts: Mapping[int, str]) -> dict[str, Any]:
    kept = {
        COLUMN_TITLES.get(name, name): _plain(name, value)
        for name, value in row.items()
        if name not in TECHNICAL and value not in (None, [])
    }
    about = texts.get(row.get("commitment_id", 0))
    return kept if about is None or INSIDE.get(table) == WITHIN_COMMITMENT else {"commitment": about, **kept}


def _plain(name: str, value: object) -> object:
    """Instants, times, days of the week and stages as people write them."""
    match value:
        case datetime():
            return _instant(value)
        case time():
            return f"{value:%H:%M}"
        case dict():
            return {inner: _plain(inner, one) for inner, one in value.items()}
        case list() if name in DAYS_OF_THE_WEEK:
            return [Weekday(one).label if isinstance(one, int) else one for one in value]
        case str() if name == "stage":
            return LABELS.get(Stage(value)) if value in set(Stage) else value
        case str() if name == "state" and value.startswith("{"):
            return _spoken(value)
    return value


def _spoken(state: str) -> object:
    """Of what a conversation remembers: what its member said, also where they went back on it."""
    opened = json.loads(state)
    return {name: opened[name] for name in ("answers", "drafts") if opened.get(name)}


def _instant(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
