"""The Slack app's manifest: `manifest.yml`, and the forms of it for HTTP and for renamed commands."""

import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from bot.config import EVENTS_PATH, PREFIX_PATTERN, SettingsError, command_name

MANIFEST_FILE: Final = Path(__file__).with_name("manifest.yml")
"""A link to the one in front, where people look for it: so the package has it wherever it is installed."""

Manifest = dict[str, Any]


def read_text() -> str:
    """manifest.yml as it is, comments included."""
    return MANIFEST_FILE.read_text(encoding="utf-8")


def read(*, prefix: str = "", http_url: str | None = None) -> Manifest:
    """The manifest, its short commands renamed by `prefix`; over HTTP at `http_url` instead of Socket Mode if given.

    Raises SettingsError when Slack would refuse the prefix or the address.
    """
    manifest: Manifest = yaml.safe_load(read_text())
    _rename(manifest, prefix)
    if http_url is not None:
        _speak_http(manifest, http_url)
    return manifest


def dump(manifest: Manifest) -> str:
    """YAML to paste into Slack's pages."""
    return yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=120)


def bot_scopes(manifest: Manifest) -> frozenset[str]:
    """What the bot asks to be allowed."""
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


def _rename(manifest: Manifest, prefix: str) -> None:
    if not re.fullmatch(PREFIX_PATTERN, prefix):
        raise SettingsError("The prefix must be at most 16 small letters, digits, - or _, as in `--prefix team`.")
    for command in manifest["features"]["slash_commands"]:
        command["command"] = command_name(command["command"].removeprefix("/"), prefix)


def _speak_http(manifest: Manifest, url: str) -> None:
    address = urlsplit(url)
    if address.scheme != "https" or not address.hostname or address.query or address.fragment:
        raise SettingsError(
            "The address must be the public one where Slack reaches the bot, as in `--http https://buddy.example.org`."
        )
    request_url = url.rstrip("/").removesuffix(EVENTS_PATH) + EVENTS_PATH
    settings = manifest["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"] = {"request_url": request_url, **settings["event_subscriptions"]}
    settings["interactivity"]["request_url"] = request_url
    for command in manifest["features"]["slash_commands"]:
        command["url"] = request_url
