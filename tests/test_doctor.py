"""The doctor, at the playground: each thing that can be wrong from outside, and what is said to do about it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot import doctor, manifest, running, upkeep
from bot.clock import Clock, ManualClock, SystemClock
from bot.config import Settings, SettingsError
from bot.storage import migrate
from playground.server import Playground
from playground.settings import PlaygroundSettings
from tests import factories

WINS, GENERAL = "C0WINS001", "C0GENERAL"


@pytest.fixture
async def slack() -> AsyncIterator[Playground]:
    playground = Playground(PlaygroundSettings(port=0, manifest=manifest.read()))
    await playground.start()
    yield playground
    await playground.stop()


@pytest.fixture
def settings(slack: Playground, database_url: str) -> Settings:
    """A bot that is connected to the playground as it should be."""
    return running.pointed_at(slack, Settings(database_url=database_url))


async def wrong(settings: Settings, clock: Clock | None = None) -> dict[str, str]:
    """What the doctor says is to be mended, by what it is about."""
    findings = await doctor.examine(settings, clock or SystemClock())
    return {finding.about: finding.says for finding in findings if not finding.ok}


async def choose(settings: Settings, channel_id: str) -> None:
    """The bot is installed, and its wins go to this channel."""
    token = settings.slack_bot_token
    assert token is not None
    await upkeep.add_workspace(settings, token, SystemClock())
    async with running.open_database(settings) as database, database.write() as tx:
        [workspace] = await tx.workspaces.installed()
        await tx.workspaces.change(workspace.id, wins_channel_id=channel_id)


async def test_all_is_well(settings: Settings) -> None:
    await choose(settings, WINS)
    findings = await doctor.examine(settings, SystemClock())
    assert [str(finding) for finding in findings if not finding.ok] == []
    assert [finding.about for finding in findings] == [
        "settings",
        "database",
        *([] if settings.sqlite_file else ["db clock"]),
        "bot token",
        "scopes",
        "clock",
        "app token",
        "wins",
    ]
    assert all(str(finding).startswith("ok ") for finding in findings)


async def test_without_a_wins_channel_all_is_well_too(settings: Settings) -> None:
    assert await wrong(settings) == {}


async def test_without_tokens_only_what_is_here_is_looked_at(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'new.db'}")
    findings = await doctor.examine(settings, SystemClock())
    assert [finding.about for finding in findings] == ["settings", "database"]
    assert not (tmp_path / "new.db").exists()


async def test_a_bot_token_that_slack_refuses(settings: Settings) -> None:
    settings.slack_bot_token = SecretStr("xoxb-wrong")
    assert (
        "SLACK_BOT_TOKEN (invalid_auth): copy it again from OAuth & Permissions" in (await wrong(settings))["bot token"]
    )


async def test_an_app_token_that_slack_refuses(settings: Settings) -> None:
    settings.slack_app_token = SecretStr("xapp-wrong")
    assert (
        "SLACK_APP_TOKEN (invalid_auth): copy it again from Basic Information" in (await wrong(settings))["app token"]
    )


async def test_two_tokens_of_two_apps(database_url: str) -> None:
    playground = Playground(PlaygroundSettings(port=0, manifest=manifest.read(), app_token="xapp-1-A0ANOTHER1-7-abc"))
    await playground.start()
    try:
        settings = running.pointed_at(playground, Settings(database_url=database_url))
        told = (await wrong(settings))["app token"]
        assert told.startswith("SLACK_APP_TOKEN is of the app A0ANOTHER1, SLACK_BOT_TOKEN of A0BUDDY001")
    finally:
        await playground.stop()


async def test_a_token_of_a_whole_organization(database_url: str) -> None:
    playground = Playground(PlaygroundSettings(port=0, manifest=manifest.read(), org_wide=True))
    await playground.start()
    try:
        settings = running.pointed_at(playground, Settings(database_url=database_url))
        assert "install the app to one" in (await wrong(settings))["bot token"]
        assert settings.slack_bot_token is not None
        with pytest.raises(running.StartError, match="whole organization"):
            await upkeep.add_workspace(settings, settings.slack_bot_token, SystemClock())
        with pytest.raises(SettingsError, match="whole organization"):
            async with running.Guest().staying(settings):
                pass
    finally:
        await playground.stop()


async def test_slack_does_not_answer(settings: Settings, slack: Playground) -> None:
    await slack.stop()
    assert "does not answer" in (await wrong(settings))["bot token"]


async def test_a_scope_that_was_not_granted(database_url: str) -> None:
    less = manifest.read()
    less["oauth_config"]["scopes"]["bot"].remove("files:write")
    playground = Playground(PlaygroundSettings(port=0, manifest=less))
    await playground.start()
    try:
        settings = running.pointed_at(playground, Settings(database_url=database_url))
        assert (await wrong(settings))["scopes"].startswith("add files:write under OAuth & Permissions > Scopes")
    finally:
        await playground.stop()


async def test_a_wins_channel_that_the_bot_is_not_in(settings: Settings) -> None:
    await choose(settings, GENERAL)
    assert (await wrong(settings))["wins"].startswith("the bot is not in #general: type /invite @")


async def test_a_wins_channel_that_is_gone(settings: Settings) -> None:
    await choose(settings, "C0NOWHERE")
    assert "cannot be seen (channel_not_found)" in (await wrong(settings))["wins"]


@pytest.mark.parametrize(("apart", "says"), [(timedelta(minutes=3), "ahead of"), (timedelta(minutes=-3), "behind")])
async def test_a_machine_whose_clock_is_wrong(settings: Settings, apart: timedelta, says: str) -> None:
    now = SystemClock().now() + apart
    told = await wrong(settings, ManualClock(now))
    assert f"seconds {says} Slack" in told["clock"]
    if settings.sqlite_file is None:
        assert f"seconds {says} the database" in told["db clock"]


async def test_a_database_that_was_not_migrated(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    settings.database_url = f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    assert "run `buddy migrate`" in (await wrong(settings))["database"]
    migrate.upgrade(settings.database_url)
    assert await wrong(settings) == {}


@pytest.mark.parametrize("url", ["postgresql+psycopg://nobody@127.0.0.1:1/nothing", "sqlite+aiosqlite:///{here}"])
async def test_a_database_that_does_not_open(settings: Settings, tmp_path: Path, url: str) -> None:
    settings.database_url = url.format(here=tmp_path)
    assert "does not open" in (await wrong(settings))["database"]


async def test_a_file_that_is_no_database(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Maya, this is not a database. " * 100)
    settings.database_url = f"sqlite+aiosqlite:///{tmp_path / 'letter.db'}"
    assert "does not open" in (await wrong(settings))["database"]


async def test_keys_that_do_not_open_what_is_stored(settings: Settings) -> None:
    settings.buddy_encryption_keys = SecretStr(Fernet.generate_key().decode())
    await choose(settings, WINS)
    settings.buddy_encryption_keys = SecretStr(Fernet.generate_key().decode())
    assert "BUDDY_ENCRYPTION_KEYS" in (await wrong(settings))["database"]
    settings.buddy_encryption_keys = None
    assert "BUDDY_ENCRYPTION_KEYS" in (await wrong(settings))["database"]


async def test_a_key_that_was_taken_away_although_old_words_need_it(settings: Settings) -> None:
    """Each start writes the token anew: only older rows tell."""
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.buddy_encryption_keys = SecretStr(old)
    await choose(settings, WINS)
    async with running.open_database(settings) as database, database.write() as tx:
        [workspace] = await tx.workspaces.installed()
        await factories.commitment(tx, await factories.member(tx, workspace))
    settings.buddy_encryption_keys = SecretStr(f"{new},{old}")
    await choose(settings, WINS)
    settings.buddy_encryption_keys = SecretStr(new)
    assert "BUDDY_ENCRYPTION_KEYS lacks a key" in (await wrong(settings))["database"]
    with pytest.raises(running.StartError, match="BUDDY_ENCRYPTION_KEYS lacks a key"):
        await choose(settings, WINS)
    settings.buddy_encryption_keys = SecretStr(f"{new},{old}")
    await upkeep.reseal(settings)
    settings.buddy_encryption_keys = SecretStr(new)
    assert await wrong(settings) == {}


def test_real_slack_asks_for_encryption() -> None:
    settings = Settings(slack_bot_token="xoxb-1", slack_signing_secret="s")
    [finding] = doctor.encryption(settings)
    assert not finding.ok
    settings.buddy_encryption_keys = SecretStr(Fernet.generate_key().decode())
    [finding] = doctor.encryption(settings)
    assert finding.ok


def test_a_finding_reads_well() -> None:
    assert str(doctor.Finding("clock", ok=True, says="agrees with Slack's")) == "ok   clock       agrees with Slack's"


def test_files_that_others_on_this_machine_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `cp .env.example .env` leaves it, with every key and token; or a database that was put back from a backup."""
    monkeypatch.chdir(tmp_path)
    made = (tmp_path / ".env", tmp_path / "buddy.db")
    settings = Settings(
        slack_bot_token=SecretStr("xoxb-1"), slack_app_token=SecretStr("xapp-1"), database_url=f"sqlite:///{made[1]}"
    )
    assert doctor.open_files(settings) == []
    for file in made:
        file.touch(0o644)
    [finding] = doctor.open_files(settings)
    assert not finding.ok
    assert finding.says.endswith(f"chmod 600 .env {tmp_path}/buddy.db*")
    for file in made:
        file.chmod(0o640)
    assert doctor.open_files(settings) == [], "a group is somebody's choice"
