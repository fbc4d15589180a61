"""Slack's mrkdwn as safe HTML. Nothing that a person or an app wrote reaches the page unescaped."""

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import Protocol

from markupsafe import Markup

from playground.page.dates import Dates
from playground.page.emoji import EMOJI

_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_TOKEN = re.compile(r"`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+-]+(?:::skin-tone-\d)?):")
_EMPHASIS = tuple(
    (re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^{mark}\n]+?)(?<=\S){mark}(?![\w{mark}])"), tag)
    for mark, tag in ((r"\*", "strong"), ("_", "em"), ("~", "s"))
)
_LISTED = re.compile(r"(\s*)([•◦▪-]|\d+\.)\s+(.*)")
# Rendered tokens stand aside behind these while the text around them is emphasised.
_OPEN, _CLOSE = "\ue000", "\ue001"
_HELD = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_SAFE_LINK = re.compile(r"(https?://|mailto:|slack://|tel:)", re.IGNORECASE)
_BROADCASTS = ("here", "channel", "everyone")


class Names(Protocol):
    """Who and what is mentioned; the id itself when it is unknown."""

    def user(self, user_id: str) -> str: ...

    def channel(self, channel_id: str) -> str: ...


@dataclass(frozen=True)
class Reader:
    """The person who looks: their id, zone and locale, and the names they can see."""

    id: str
    dates: Dates
    names: Names


def html(text: str, reader: Reader) -> Markup:
    """A mrkdwn text as Slack shows it to `reader`."""
    pieces = _FENCE.split(text.replace(_OPEN, "").replace(_CLOSE, ""))
    shown = [f"<pre>{_literal(piece)}</pre>" if odd % 2 else _lines(piece, reader) for odd, piece in enumerate(pieces)]
    return Markup("".join(shown))  # noqa: S704 - every part was escaped where it was made


def plain(text: str) -> Markup:
    """A plain_text: emoji and line breaks, nothing else."""
    escaped = escape(unescape(text))
    with_emoji = re.sub(r":([a-z0-9_+-]+):", lambda match: EMOJI.get(match[1], match[0]), escaped)
    return Markup(with_emoji.replace("\n", "<br>"))  # noqa: S704


def safe_url(url: str) -> str | None:
    """The address, or None when following it could run code."""
    return url if _SAFE_LINK.match(url) else None


def _literal(text: str) -> str:
    return escape(unescape(text))


def _lines(text: str, reader: Reader) -> str:
    """Paragraph lines, quotes and lists."""
    if not text.strip("\n"):
        return ""
    shown: list[str] = []
    quoted: list[str] = []

    def close_quote() -> None:
        if quoted:
            shown.append(f"<blockquote>{'<br>'.join(quoted)}</blockquote>")
            quoted.clear()

    for line in text.strip("\n").split("\n"):
        bare = re.sub(r"^&gt;", ">", line)
        if bare.startswith(">"):
            quoted.append(_inline(bare[1:].strip(), reader))
            continue
        close_quote()
        listed = _LISTED.fullmatch(line)
        if listed:
            depth = len(listed[1]) // 2
            mark = escape(listed[2]) if listed[2] != "-" else "•"
            shown.append(
                f'<span class="item" style="--depth:{depth}"><span class="bullet">{mark}</span>'
                f"<span>{_inline(listed[3], reader)}</span></span>"
            )
        else:
            shown.append(f'<span class="line">{_inline(line, reader) or "&nbsp;"}</span>')
    close_quote()
    return "".join(shown)


def _inline(text: str, reader: Reader) -> str:
    held: list[str] = []

    def hold(rendered: str) -> str:
        held.append(rendered)
        return f"{_OPEN}{len(held) - 1}{_CLOSE}"

    def token(match: re.Match[str]) -> str:
        code, special, emoji = match.groups()
        if code is not None:
            return hold(f"<code>{_literal(code)}</code>")
        if special is not None:
            return hold(_special(special, reader))
        known = EMOJI.get(emoji.partition("::")[0])
        return hold(f'<span role="img" aria-label="{escape(emoji)}">{known}</span>') if known else match[0]

    text = escape(unescape(_TOKEN.sub(token, text)))
    for pattern, tag in _EMPHASIS:
        text = pattern.sub(rf"<{tag}>\1</{tag}>", text)
    while _HELD.search(text):
        text = _HELD.sub(lambda match: held[int(match[1])], text)
    return text


def _special(content: str, reader: Reader) -> str:
    """What stands between < and >."""
    target, _, label = content.partition("|")
    kind, rest = target[:1], target[1:]
    if kind == "@":
        own = " own" if rest == reader.id else ""
        return f'<span class="mention{own}">@{escape(reader.names.user(rest))}</span>'
    if kind == "#":
        return f'<a class="mention" href="#" data-open="{escape(rest)}">#{escape(reader.names.channel(rest))}</a>'
    if kind == "!":
        return _command(rest, label, reader)
    return link(unescape(target), unescape(label) or None)


def _command(target: str, label: str, reader: Reader) -> str:
    if target in _BROADCASTS:
        return f'<span class="mention loud">@{target}</span>'
    if target.startswith("subteam^"):
        return f'<span class="mention">{_literal(label or target)}</span>'
    parts = target.split("^")
    if parts[0] == "date" and len(parts) >= 3 and parts[1].isdecimal():
        return date(int(parts[1]), unescape(parts[2]), parts[3] if len(parts) > 3 else None, reader)
    return _literal(label or target)


def date(unix: int, template: str, url: str | None, reader: Reader) -> str:
    exact = reader.dates.local(unix).isoformat(timespec="minutes")
    shown = f'<time datetime="{exact}" data-unix="{unix}">{escape(reader.dates.fill(template, unix))}</time>'
    safe = safe_url(url) if url else None
    return f'<a href="{escape(safe)}" target="_blank" rel="noopener">{shown}</a>' if safe else shown


def link(url: str, label: str | None = None) -> str:
    shown = escape(label or url.removeprefix("mailto:"))
    safe = safe_url(url)
    return f'<a href="{escape(safe)}" target="_blank" rel="noopener">{shown}</a>' if safe else shown
