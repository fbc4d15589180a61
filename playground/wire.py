"""Reading JSON that anybody may have written."""

import json

from playground.workspace import JsonValue


def read_json(text: str) -> JsonValue:
    """Raises ValueError. Half a surrogate pair, which no UTF-8 can carry, becomes "?"."""
    value = json.loads(text)
    if "\\ud" in text.lower():
        value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return value
