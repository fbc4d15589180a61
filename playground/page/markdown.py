"""The standard Markdown of a `markdown` block: headings, lists, quotes, fences, emphasis, links. Always escaped."""

import re
from html import escape

from markupsafe import Markup

from playground.page.emoji import EMOJI
from playground.page.mrkdwn import link

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_BULLET = re.compile(r"\s*[-*+]\s+(.*)")
_NUMBER = re.compile(r"\s*\d+[.)]\s+(.*)")
_QUOTE = re.compile(r">\s?(.*)")
_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\[(?P<label>[^\]]+)\]\((?P<url>[^)\s]+)\)|\*\*(?P<bold>.+?)\*\*|~~(?P<strike>.+?)~~"
    r"|(?<![\w*])\*(?P<italic>[^*\s][^*]*)\*|(?<!\w)_(?P<slanted>[^_\s][^_]*)_(?!\w)|:(?P<emoji>[a-z0-9_+-]+):"
)
_TAGS = {"bold": "strong", "strike": "s", "italic": "em", "slanted": "em"}


def html(text: str) -> Markup:
    shown: list[str] = []
    for odd, piece in enumerate(re.split(r"```[a-z]*\n?(.*?)```", text, flags=re.DOTALL)):
        shown.append(f"<pre>{escape(piece)}</pre>" if odd % 2 else "".join(_paragraphs(piece.strip("\n").split("\n"))))
    return Markup("".join(shown))  # noqa: S704 - every part was escaped where it was made


def _paragraphs(lines: list[str]) -> list[str]:
    shown: list[str] = []
    open_tag = ""
    for line in [*lines, ""]:
        wanted, content = _kind(line)
        if open_tag and wanted != open_tag:
            shown.append(f"</{open_tag}>")
            open_tag = ""
        if wanted in ("ul", "ol", "blockquote"):
            if not open_tag:
                shown.append(f"<{wanted}>")
                open_tag = wanted
            shown.append(f"<li>{content}</li>" if wanted != "blockquote" else f"{content}<br>")
        elif content:
            shown.append(f"<{wanted}>{content}</{wanted}>")
    return shown


def _kind(line: str) -> tuple[str, str]:
    for pattern, tag in ((_BULLET, "ul"), (_NUMBER, "ol"), (_QUOTE, "blockquote")):
        found = pattern.fullmatch(line)
        if found:
            return tag, _inline(found[1])
    heading = _HEADING.fullmatch(line)
    if heading:
        return f"h{min(len(heading[1]) + 2, 6)}", _inline(heading[2])
    return "p", _inline(line.strip())


def _inline(text: str) -> str:
    shown, end = "", 0
    for match in _INLINE.finditer(text):
        shown += escape(text[end : match.start()]) + _token(match)
        end = match.end()
    return shown + escape(text[end:])


def _token(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    if match["code"]:
        return f"<code>{escape(match['code'])}</code>"
    if match["url"]:
        return link(match["url"], match["label"])
    if match["emoji"]:
        return EMOJI.get(match["emoji"], escape(match[0]))
    tag = _TAGS[kind]
    return f"<{tag}>{_inline(match[kind])}</{tag}>"
