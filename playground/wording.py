"""What Slack's composer makes of typed text before it sends it."""

import re

from playground.page.emoji import EMOJI
from playground.workspace import Workspace

ADDRESS = re.compile(
    r"(?P<link>https?://[^\s<>|]+[^\s<>|.,;:!?)])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<bare>(?<![\w.@/-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|ai|co|de|fr|uk|eu|me|md|py|sh)\b"
    r"(?:/[^\s<>|]*[^\s<>|.,;:!?)])?)",
    re.IGNORECASE,
)
MENTION = re.compile(r"(?<![\w&])([@#])([\w-]+)")
EVERYONE = {"channel", "here", "everyone"}
NAMES = {character.removesuffix("\ufe0f"): name for name, character in reversed(EMOJI.items())}
TONES = {chr(0x1F3FB + number): f":skin-tone-{number + 2}:" for number in range(5)}
PICTURE = re.compile(f"({'|'.join(sorted(NAMES, key=len, reverse=True))})\ufe0f?([{''.join(TONES)}]?)")
EMOTICONS = {":)": "slightly_smiling_face", ":-)": "slightly_smiling_face", ";)": "wink", ":D": "smile"}
EMOTICON = re.compile(rf"(?<!\S)({'|'.join(map(re.escape, EMOTICONS))})(?!\S)")


def as_sent(workspace: Workspace, text: str) -> str:
    """Escaped as by Slack; @names, #channels, links and emoji become its tokens. A typed `<!channel>` stays a text."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    smiling = EMOTICON.sub(lambda found: f":{EMOTICONS[found[0]]}:", emoji_named(escaped))
    return ADDRESS.sub(_linked, mentions_resolved(workspace, smiling))


def emoji_named(text: str) -> str:
    """Slack hands over a name for every emoji; those we know are named here."""
    return PICTURE.sub(lambda found: f":{NAMES[found[1]]}:{TONES.get(found[2], '')}", text)


def mentions_resolved(workspace: Workspace, text: str) -> str:
    people = {user.name: user.id for user in workspace.users.values() if not user.deleted}
    channels = {channel.name: channel.id for channel in workspace.channels.values() if channel.name}

    def token(match: re.Match[str]) -> str:
        sign, name = match.groups()
        if sign == "@" and name in EVERYONE:
            return f"<!{name}>"
        if sign == "@" and name.lower() in people:
            return f"<@{people[name.lower()]}>"
        if sign == "#" and name.lower() in channels:
            return f"<#{channels[name.lower()]}|{name.lower()}>"
        return match[0]

    return MENTION.sub(token, text)


def _linked(found: re.Match[str]) -> str:
    if found["link"]:
        return f"<{found[0]}>"
    return f"<mailto:{found[0]}|{found[0]}>" if found["mail"] else f"<http://{found[0]}|{found[0]}>"
