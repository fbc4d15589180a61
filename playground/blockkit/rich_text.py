"""Rich text: the tree that Slack's own composer writes."""

from collections.abc import Mapping

from playground.blockkit.rules import Choice, Flag, Items, Number, OneOf, Rule, Shape, String, identifier, url

_STYLE = Shape({name: Flag() for name in ("bold", "italic", "strike", "code", "underline", "highlight")})
_MENTION_STYLE = Shape(
    {name: Flag() for name in ("bold", "italic", "strike", "highlight", "client_highlight", "unlink")}
)


def _piece(required: tuple[str, ...], fields: Mapping[str, Rule], *, style: Shape = _STYLE) -> Shape:
    return Shape({"type": String(), "style": style, **fields}, ("type", *required))


PIECES: Mapping[str, Shape] = {
    "text": _piece(("text",), {"text": String()}),
    "link": _piece(("url",), {"url": url(), "text": String(), "unsafe": Flag()}),
    "emoji": _piece(("name",), {"name": String(), "unicode": String(), "skin_tone": Number(1, 6), "url": url()}),
    "user": _piece(("user_id",), {"user_id": identifier("UW")}, style=_MENTION_STYLE),
    "channel": _piece(("channel_id",), {"channel_id": identifier("CDG")}, style=_MENTION_STYLE),
    "usergroup": _piece(("usergroup_id",), {"usergroup_id": identifier("S")}, style=_MENTION_STYLE),
    "team": _piece(("team_id",), {"team_id": identifier("T")}),
    "broadcast": _piece(("range",), {"range": Choice(("here", "channel", "everyone"))}),
    "color": _piece(("value",), {"value": String(pattern="#[0-9A-Fa-f]{6}", wanted="must be a hex color")}),
    "date": _piece(
        ("timestamp", "format"), {"timestamp": Number(0), "format": String(), "url": url(), "fallback": String()}
    ),
}
_INLINE = Items(OneOf(lambda: PIECES), least=0)
_SECTION = Shape({"type": String(), "elements": _INLINE}, ("type", "elements"))

PARTS: Mapping[str, Shape] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": Shape({"type": String(), "elements": _INLINE, "border": Number(0, 1)}, ("type", "elements")),
    "rich_text_preformatted": Shape(
        {
            "type": String(),
            "elements": Items(OneOf(lambda: PIECES, frozenset({"text", "link"})), least=0),
            "border": Number(0, 1),
            "language": String(),
        },
        ("type", "elements"),
    ),
    "rich_text_list": Shape(
        {
            "type": String(),
            "style": Choice(("bullet", "ordered")),
            "elements": Items(OneOf(lambda: {"rich_text_section": _SECTION})),
            "indent": Number(0, 8),
            "offset": Number(0),
            "border": Number(0, 1),
        },
        ("type", "style", "elements"),
    ),
}
