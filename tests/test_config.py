"""What can be set, and the one sentence that a wrong setting ends in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.config import Mode, NameSettings, Settings, SettingsError, command_name

Read = Callable[..., Settings]
NOBODY_READS_IT = Path("/proc/self/mem")
"""A file that cannot be read from its beginning, by root neither."""
BOT, APP, SECRET = "xoxb-1", "xapp-1", "0123456789abcdef"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Read:
    """Reads the settings from these variables and nothing else."""

    def read(**environment: str) -> Settings:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return Settings.read(tmp_path / ".env")

    return read


def test_without_tokens_the_bot_lives_in_the_playground(read: Read) -> None:
    settings = read()
    assert settings.mode is Mode.PLAYGROUND
    assert not settings.slack_is_real
    assert (settings.port, settings.playground_port) == (3000, 3100)


def test_an_app_token_means_socket_mode(read: Read) -> None:
    assert read(SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP).mode is Mode.SOCKET


def test_a_signing_secret_means_http(read: Read) -> None:
    settings = read(SLACK_BOT_TOKEN=BOT, SLACK_SIGNING_SECRET=SECRET)
    assert settings.mode is Mode.HTTP
    assert settings.slack_is_real


def test_a_variable_set_to_nothing_is_not_set(read: Read) -> None:
    assert read(SLACK_BOT_TOKEN="", DATABASE_URL="", PORT="").mode is Mode.PLAYGROUND


def test_blanks_and_quotes_around_a_value_are_not_part_of_it(read: Read) -> None:
    """As a copied token has them, and `docker --env-file`."""
    first, second = (Fernet.generate_key().decode() for _ in range(2))
    settings = read(
        SLACK_BOT_TOKEN=f"{BOT}\r",
        SLACK_SIGNING_SECRET=f" '{SECRET}' ",
        SLACK_APP_TOKEN="  ",
        DATABASE_URL=' "sqlite:///var/x.db"',
        BUDDY_ENCRYPTION_KEYS=f"'{first}','{second}'",
        LOG_LEVEL='"debug"',
    )
    assert settings.mode is Mode.HTTP
    assert [one.get_secret_value() for one in (settings.slack_bot_token, settings.slack_signing_secret) if one] == [
        BOT,
        SECRET,
    ]
    assert settings.database_url == "sqlite+aiosqlite:///var/x.db"
    assert settings.encryption_keys == (first, second)
    assert settings.log_level == "DEBUG"


@pytest.mark.parametrize(
    ("written", "says"), [("PORT=1\n".encode("utf-16"), "is not text in UTF-8"), (b"\xff", "UTF-8")]
)
def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path, written: bytes, says: str) -> None:
    (tmp_path / ".env").write_bytes(written)
    with pytest.raises(SettingsError, match=says):
        Settings.read(tmp_path / ".env")


@pytest.mark.skipif(not NOBODY_READS_IT.exists(), reason="a file of Linux's")
def test_a_file_that_cannot_be_read_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").symlink_to(NOBODY_READS_IT)
    with pytest.raises(SettingsError, match="cannot be read"):
        Settings.read(tmp_path / ".env")


def test_the_file_fills_what_the_environment_lacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=4000\nPLAYGROUND_PORT=4100\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("PORT", "5000")
    settings = Settings.read(tmp_path / ".env")
    assert (settings.port, settings.playground_port) == (5000, 4100)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d?sslmode=require", "postgresql+psycopg://u:p@h/d?sslmode=require"),
        ("postgresql+psycopg:///d?host=/tmp", "postgresql+psycopg:///d?host=/tmp"),
        ("sqlite:///var/x.db", "sqlite+aiosqlite:///var/x.db"),
        ("sqlite+aiosqlite:////srv/x.db", "sqlite+aiosqlite:////srv/x.db"),
    ],
)
def test_database_addresses_get_the_drivers_we_use(read: Read, given: str, used: str) -> None:
    assert read(DATABASE_URL=given).database_url == used


def test_the_playground_never_shares_a_teams_database(read: Read) -> None:
    playground = read().database_url
    assert read(SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP).database_url != playground


def test_the_playgrounds_state_lies_beside_its_database(read: Read) -> None:
    assert read().playground_state_file == Path("var/playground.json")
    assert read(DATABASE_URL="sqlite:////srv/week.db").playground_state_file == Path("/srv/week.json")


def test_several_keys_are_read_in_their_order(read: Read) -> None:
    first, second = (Fernet.generate_key().decode() for _ in range(2))
    assert read(BUDDY_ENCRYPTION_KEYS=f"{first}, {second},").encryption_keys == (first, second)


def test_secrets_stay_out_of_what_is_printed(read: Read) -> None:
    key = Fernet.generate_key().decode()
    settings = read(
        SLACK_BOT_TOKEN="xoxb-hidden",
        SLACK_APP_TOKEN="xapp-hidden",
        BUDDY_ENCRYPTION_KEYS=key,
        DATABASE_URL="postgresql://u:hidden@h/d",
    )
    assert "hidden" not in repr(settings)
    assert key not in repr(settings)


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"SLACK_BOT_TOKEN": BOT}, "SLACK_APP_TOKEN for Socket Mode (Basic Information > App-Level Tokens"),
        ({"SLACK_APP_TOKEN": APP}, "SLACK_BOT_TOKEN is missing: copy it from OAuth & Permissions"),
        ({"SLACK_SIGNING_SECRET": SECRET}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_API_URL": "http://localhost:1/api/"}, "SLACK_BOT_TOKEN is missing"),
        (
            {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": SECRET},
            "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set",
        ),
        ({"SLACK_BOT_TOKEN": APP, "SLACK_APP_TOKEN": APP}, "SLACK_BOT_TOKEN holds something else"),
        ({"SLACK_BOT_TOKEN": "xoxp-1", "SLACK_APP_TOKEN": APP}, "it begins with xoxb-"),
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": BOT}, "SLACK_APP_TOKEN holds something else"),
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": BOT}, "SLACK_SIGNING_SECRET holds something else"),
        ({"BUDDY_CLOCK_URL": "http://localhost:1/clock"}, "BUDDY_CLOCK_URL is set without SLACK_API_URL"),
        ({"SLACK_BOT_TOKEN": "xoxb-1 hidden", "SLACK_APP_TOKEN": APP}, "SLACK_BOT_TOKEN holds something else"),
        ({"SLACK_BOT_TOKEN": "xoxb-é", "SLACK_APP_TOKEN": APP}, "SLACK_BOT_TOKEN holds something else"),
        ({"BUDDY_ENCRYPTION_KEYS": "hidden"}, "BUDDY_ENCRYPTION_KEYS must be Fernet keys"),
        ({"BUDDY_ENCRYPTION_KEYS": ","}, "BUDDY_ENCRYPTION_KEYS must be Fernet keys"),
        ({"BUDDY_ENCRYPTION_KEYS": f"{'k' * 43}=;{'k' * 43}="}, "BUDDY_ENCRYPTION_KEYS must be Fernet keys"),
        ({"DATABASE_URL": "mysql://u:hidden@h/d"}, "DATABASE_URL must be sqlite:///"),
        ({"DATABASE_URL": "postgresql://u:hidden@h:hidden/d"}, "DATABASE_URL must be sqlite:///"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL must be sqlite:///"),
        ({"DATABASE_URL": "hidden"}, "DATABASE_URL must be sqlite:///"),
        ({"DATABASE_URL": "sqlite:///var/"}, "DATABASE_URL must be sqlite:///"),
        ({"DATABASE_URL": "sqlite:///~/hidden.db"}, "DATABASE_URL must be sqlite:///"),
        ({"DATABASE_URL": "sqlite:///hidden.db?mode=ro"}, "DATABASE_URL must be sqlite:///"),
        ({"PORT": "hidden"}, "PORT must be a number"),
        ({"PLAYGROUND_PORT": "70000"}, "PLAYGROUND_PORT must be a number"),
        (
            {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_API_URL": "hidden"},
            "SLACK_API_URL must be an address",
        ),
        (
            {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_API_URL": "http://hidden:hidden/"},
            "SLACK_API_URL must be an address",
        ),
        ({"LOG_LEVEL": "hidden"}, "LOG_LEVEL must be DEBUG"),
        ({"BUDDY_COMMAND_PREFIX": "No Spaces"}, "BUDDY_COMMAND_PREFIX must be"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(read: Read, environment: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(**environment)
    sentence = str(caught.value)
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "hidden" not in sentence


def test_a_stand_in_for_slack_may_shape_its_tokens_as_it_likes(read: Read) -> None:
    stand_in = {"SLACK_API_URL": "http://localhost:1/api/", "SLACK_BOT_TOKEN": "bot", "SLACK_APP_TOKEN": "app"}
    assert read(**stand_in).mode is Mode.SOCKET


def test_the_address_of_the_api_ends_as_the_sdk_wants_it(read: Read) -> None:
    settings = read(SLACK_API_URL="http://localhost:1/api", SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP)
    assert settings.slack_api_url == "http://localhost:1/api/"


def test_log_levels_are_read_in_any_case(read: Read) -> None:
    assert read(LOG_LEVEL="debug").log_level == "DEBUG"


def test_the_manifest_needs_no_tokens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("BUDDY_COMMAND_PREFIX", "team")
    assert NameSettings.read(tmp_path / ".env").buddy_command_prefix == "team"


def test_a_prefix_renames_the_short_commands_only() -> None:
    assert command_name("commit", "") == "/commit"
    assert command_name("commit", "x") == "/x-commit"
    assert command_name("buddy", "x") == "/buddy"
