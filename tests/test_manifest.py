"""The manifest: what Slack's own schema allows, for Socket Mode, for HTTP, with renamed commands."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot import manifest
from bot.config import SettingsError

SCHEMA = json.loads((Path(__file__).parent / "slack" / "manifest.schema.json").read_text())
URL = "https://buddy.example.org"


def commands(form: manifest.Manifest) -> list[str]:
    return [command["command"] for command in form["features"]["slash_commands"]]


def every_url(form: Any) -> list[str]:
    match form:
        case dict():
            return [url for value in form.values() for url in every_url(value)]
        case list():
            return [url for value in form for url in every_url(value)]
        case str() if form.startswith("http"):
            return [form]
    return []


@pytest.mark.parametrize(
    "options",
    [{}, {"prefix": "x"}, {"http_url": URL}, {"prefix": "sixteen-letters-", "http_url": f"{URL}/slack/events"}],
)
def test_slack_accepts_every_form(options: dict[str, str]) -> None:
    form = manifest.read(**options)
    jsonschema.validate(form, SCHEMA)
    assert yaml.safe_load(manifest.dump(form)) == form


def test_the_schema_bites() -> None:
    form = manifest.read()
    form["features"]["shortcuts"][0]["name"] = "a name of more than 24 characters"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(form, SCHEMA)


def test_as_it_lies_there_it_speaks_socket_mode_and_names_no_address() -> None:
    form = manifest.read()
    assert form["settings"]["socket_mode_enabled"] is True
    assert every_url(form) == []
    assert commands(form) == ["/commit", "/checkin", "/win", "/buddy"]


@pytest.mark.parametrize("url", [URL, f"{URL}/", f"{URL}/slack/events"])
def test_over_http_everything_arrives_at_one_address(url: str) -> None:
    form = manifest.read(http_url=url)
    assert form["settings"]["socket_mode_enabled"] is False
    assert every_url(form) == [f"{URL}/slack/events"] * 6


@pytest.mark.parametrize("url", ["buddy.example.org", "http://buddy.example.org", "https://", "https://x.org/?a=b"])
def test_an_address_that_slack_would_refuse_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="public"):
        manifest.read(http_url=url)


def test_a_prefix_renames_the_short_commands() -> None:
    assert commands(manifest.read(prefix="x")) == ["/x-commit", "/x-checkin", "/x-win", "/buddy"]


@pytest.mark.parametrize("prefix", ["X", "a b", "/x", "seventeen-letters", "-x", "ü"])
def test_a_prefix_that_slack_would_refuse_is_refused(prefix: str) -> None:
    with pytest.raises(SettingsError, match="prefix"):
        manifest.read(prefix=prefix)


def test_names_are_unique() -> None:
    features = manifest.read()["features"]
    ids = [shortcut["callback_id"] for shortcut in features["shortcuts"]]
    assert len(set(ids)) == len(ids)
    assert len(set(commands(manifest.read()))) == 4


def test_every_scope_and_event_is_explained() -> None:
    form = manifest.read()
    wanted = [*form["oauth_config"]["scopes"]["bot"], *form["settings"]["event_subscriptions"]["bot_events"]]
    lines = {line.strip() for line in manifest.read_text().splitlines()}
    for name in wanted:
        assert any(line.startswith(f"- {name} # ") for line in lines), name


def test_no_channels_history_is_asked_for() -> None:
    assert manifest.bot_scopes(manifest.read()).isdisjoint({"channels:history", "groups:history", "mpim:history"})
