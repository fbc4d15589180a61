"""What Slack's composer makes of typed text before it sends it."""

import re

from playground.workspace import Workspace

LINK = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)]")
MENTION = re.compile(r"(?<![\w&])([@#])([\w-]+)")
EVERYONE = {"channel", "here", "everyone"}


def as_sent(workspace: Workspace, text: str) -> str:
    """Escaped as by Slack; @names, #channels and links become its tokens. A typed `<!channel>` stays a text."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return LINK.sub(lambda link: f"<{link[0]}>", mentions_resolved(workspace, escaped))


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
