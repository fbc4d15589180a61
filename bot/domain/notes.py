"""A note: what its member typed about a line of a check-in, in one message or in several."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from bot.domain.check_ins import Item


class Part(NamedTuple):
    """One message of a note, as it stands now."""

    ts: str
    text: str


def parts_of(item: Item) -> list[Part]:
    """The messages of its note, in order. One from before parts were told apart is a single one."""
    if item.note is None or item.note_ts is None:
        return []
    if not item.note_parts:
        return [Part(item.note_ts, item.note)]
    parts, begins = [], 0
    for ts, length in item.note_parts:
        parts.append(Part(ts, item.note[begins : begins + length]))
        begins += length + 1
    return parts


def as_note(parts: Iterable[Part]) -> dict[str, Any]:
    """The fields of a line whose note this is; none are left without a part."""
    kept = list(parts)
    return {
        "note": "\n".join(part.text for part in kept) or None,
        "note_parts": [(part.ts, len(part.text)) for part in kept],
        "note_ts": kept[-1].ts if kept else None,
    }
