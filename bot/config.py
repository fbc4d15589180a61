"""The settings, read once from the environment and `.env`, and checked before anything starts."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ENV_FILE: Final = Path(".env")
SQLITE: Final = "sqlite+aiosqlite:///"
DEFAULT_DATABASE_URL: Final = f"{SQLITE}var/buddy.db"
# A database of its own: "start over" in the playground empties it, and must never meet a team's.
PLAYGROUND_DATABASE_URL: Final = f"{SQLITE}var/playground.db"

EVENTS_PATH: Final = "/slack/events"
HEALTH_PATH: Final = "/healthz"
METRICS_PATH: Final = "/metrics"
PREFIX_PATTERN: Final = "([a-z0-9][a-z0-9_-]{0,15})?"
KEY_PATTERN: Final = "[A-Za-z0-9_+/-]{43}="
"""A Fernet key. Fernet itself reads over what follows one, such as another key behind a semicolon."""

APP_PAGES: Final = "your app's pages at https://api.slack.com/apps"
WHERE: Final = {
    "SLACK_BOT_TOKEN": "OAuth & Permissions > Bot User OAuth Token",
    "SLACK_APP_TOKEN": "Basic Information > App-Level Tokens, with the scope connections:write",
    "SLACK_SIGNING_SECRET": "Basic Information > App Credentials > Signing Secret",
}

ONE_WORKSPACE: Final = (
    "SLACK_BOT_TOKEN is that of a whole organization, and the bot lives in single workspaces: install the app to one, "
    f"and copy its token from {WHERE['SLACK_BOT_TOKEN']} in {APP_PAGES}."
)


class SettingsError(ValueError):
    """One sentence for whoever starts the bot: which variable is wrong and where its value is found."""


class Mode(StrEnum):
    """How the bot meets Slack."""

    PLAYGROUND = "playground"
    SOCKET = "socket"
    HTTP = "http"


def database_address(url: str, *, name: str = "DATABASE_URL") -> str:
    """With the drivers we use. Raises SettingsError, which does not repeat it, since it may hold a password."""
    scheme, _, rest = url.partition("://")
    match scheme:
        case "postgres" | "postgresql" | "postgresql+psycopg" if rest and _has_a_port(rest):
            return f"postgresql+psycopg://{rest}"
        case "sqlite" | "sqlite+aiosqlite" if re.fullmatch("/(?![~:])[^?]*[^?/]", rest):
            return f"sqlite+aiosqlite://{rest}"
    raise SettingsError(
        f"{name} must be sqlite:/// and a file's path, or postgresql:// and a database's address as its provider "
        "shows it."
    )


def _has_a_port(rest: str) -> bool:
    """Whether what stands where a port can be is one, or nothing."""
    where = re.split("[/?]", rest.rpartition("@")[2], maxsplit=1)[0].rpartition("]")[2]
    port = where.partition(":")[2]
    return not port or port.isdecimal()


def _web_address(url: str) -> str:
    """Raises ValueError for what is none; so does `port`, when it is none."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError("an address that starts with http:// or https://")
    return url


def _with_slash(url: str) -> str:
    """As the SDK wants its base address."""
    return url if url.endswith("/") else f"{url}/"


def _bare(value: str) -> str:
    """Without the blanks around it that were copied along, and the quotes that `docker --env-file` leaves there."""
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if quoted else value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
Port = Annotated[int, Field(ge=0, le=65535)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


def command_name(name: str, prefix: str) -> str:
    """What members type: "/commit", or "/x-commit" with the prefix "x". "/buddy" keeps its name."""
    return f"/{prefix}-{name}" if prefix and name != "buddy" else f"/{name}"


class NameSettings(BaseSettings):
    """What the app is called in Slack; the manifest needs no more, and comes before there are tokens."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", hide_input_in_errors=True)

    buddy_command_prefix: Annotated[str, Field(pattern=f"^{PREFIX_PATTERN}$")] = ""

    @classmethod
    def read(cls, env_file: Path | None = ENV_FILE) -> Self:
        """The settings from the environment and, for what it lacks, from `env_file`. Raises SettingsError."""
        try:
            return cls(_env_file=env_file)
        except ValidationError as error:
            raise SettingsError(_sentence(error)) from None
        except UnicodeDecodeError:
            raise SettingsError(f"{env_file} is not text in UTF-8: save it as that.") from None
        except OSError:
            raise SettingsError(f"{env_file} cannot be read: let the user who starts the bot read it.") from None

    @model_validator(mode="before")
    @classmethod
    def _as_meant(cls, given: dict[str, Any]) -> dict[str, Any]:
        """What is blank is not set."""
        bare = {name: _bare(value) if isinstance(value, str) else value for name, value in given.items()}
        return {name: value for name, value in bare.items() if value != ""}


class Settings(NameSettings):
    """What can be set; each field is the environment variable of the same name. `Settings.read()` makes them.

    How fast and how patiently scheduled messages are sent: `buddy_messages_a_minute` to a workspace and
    `buddy_messages_a_second` to a channel, 0 for as fast as it goes; `buddy_call_seconds` at most for a call of Slack's
    Web API; `buddy_lease_seconds` until another process takes over from one that died.
    """

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: Annotated[WebAddress, AfterValidator(_with_slash)] | None = None
    buddy_clock_url: WebAddress | None = None
    database_url: Annotated[str, AfterValidator(database_address)] = Field("", validate_default=False, repr=False)
    port: Port = 3000
    playground_port: Port = 3100
    buddy_encryption_keys: SecretStr | None = None
    buddy_messages_a_minute: NotNegative = 240.0
    buddy_messages_a_second: NotNegative = 1.0
    buddy_call_seconds: Annotated[float, Field(gt=0, le=60)] = 20.0
    buddy_lease_seconds: Annotated[float, Field(gt=0, le=600)] = 60.0
    log_level: Annotated[LogLevel | None, BeforeValidator(_upper)] = None

    @property
    def mode(self) -> Mode:
        if self.slack_bot_token is None:
            return Mode.PLAYGROUND
        return Mode.HTTP if self.slack_app_token is None else Mode.SOCKET

    @property
    def slack_is_real(self) -> bool:
        """Whether people's words come from Slack itself, and not from the playground or another stand-in."""
        return self.mode is not Mode.PLAYGROUND and self.slack_api_url is None

    @property
    def encryption_keys(self) -> tuple[str, ...]:
        """Fernet keys: the first encrypts, all decrypt. None: private columns are stored plainly."""
        if self.buddy_encryption_keys is None:
            return ()
        keys = self.buddy_encryption_keys.get_secret_value().split(",")
        return tuple(key for key in (key.strip(" \"'") for key in keys) if key)

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file, if it is one."""
        return Path(self.database_url.removeprefix(SQLITE)) if self.database_url.startswith(SQLITE) else None

    @property
    def playground_state_file(self) -> Path:
        """Where the playground keeps what it knows: beside the database, so that the two live and go together."""
        return (self.sqlite_file or Path(PLAYGROUND_DATABASE_URL.removeprefix(SQLITE))).with_suffix(".json")

    @model_validator(mode="after")
    def _agree(self) -> Self:
        """Check what single fields cannot know."""
        self._check_tokens()
        if self.buddy_clock_url and not self.slack_api_url:
            raise SettingsError(
                "BUDDY_CLOCK_URL is set without SLACK_API_URL: only a stand-in for Slack has a clock that moves, "
                "so take both from what `buddy playground` prints, or remove BUDDY_CLOCK_URL."
            )
        if self.buddy_lease_seconds < 2 * self.buddy_call_seconds:
            raise SettingsError(
                "BUDDY_LEASE_SECONDS must be at least twice BUDDY_CALL_SECONDS: a call has to end well before another "
                "process may take its message up."
            )
        keys = self.encryption_keys
        if self.buddy_encryption_keys and not (keys and all(re.fullmatch(KEY_PATTERN, key) for key in keys)):
            raise SettingsError(
                "BUDDY_ENCRYPTION_KEYS must be Fernet keys separated by commas: make one with "
                '`python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"`.'
            )
        if self.log_level is None:  # on a terminal the one line about where to open the playground should stand alone
            self.log_level = "WARNING" if self.mode is Mode.PLAYGROUND else "INFO"
        if not self.database_url:
            self.database_url = PLAYGROUND_DATABASE_URL if self.mode is Mode.PLAYGROUND else DEFAULT_DATABASE_URL
        return self

    def _check_tokens(self) -> None:
        self._check_kind("SLACK_BOT_TOKEN", self.slack_bot_token, "xoxb-")
        self._check_kind("SLACK_APP_TOKEN", self.slack_app_token, "xapp-")
        self._check_kind("SLACK_SIGNING_SECRET", self.slack_signing_secret, "")
        app, secret = self.slack_app_token, self.slack_signing_secret
        by_socket = f"SLACK_APP_TOKEN for Socket Mode ({WHERE['SLACK_APP_TOKEN']})"
        by_http = f"SLACK_SIGNING_SECRET for HTTP ({WHERE['SLACK_SIGNING_SECRET']})"
        if self.slack_bot_token is None:
            for name in ("slack_app_token", "slack_signing_secret", "slack_api_url"):
                if getattr(self, name) is not None:
                    raise SettingsError(
                        f"{name.upper()} is set, but SLACK_BOT_TOKEN is missing: "
                        f"copy it from {WHERE['SLACK_BOT_TOKEN']} in {APP_PAGES}."
                    )
        elif app is None and secret is None:
            raise SettingsError(
                f"SLACK_BOT_TOKEN is set, but not how to connect: add {by_socket} or {by_http}, in {APP_PAGES}."
            )
        elif app is not None and secret is not None:
            raise SettingsError(
                "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set, and the bot connects one way: "
                f"keep either {by_socket} or {by_http}, in {APP_PAGES}."
            )

    def _check_kind(self, name: str, value: SecretStr | None, prefix: str) -> None:
        """Refuse a value of another kind; a stand-in for Slack may shape its own as it likes."""
        if value is None:
            return
        text = value.get_secret_value()
        other_kind = text.startswith(("xox", "xapp-")) and not (prefix and text.startswith(prefix))
        unlike = not text.startswith(prefix) and self.slack_api_url is None
        if other_kind or unlike or not re.fullmatch("[!-~]+", text):
            begins = f"; it begins with {prefix}" if prefix else ""
            raise SettingsError(f"{name} holds something else: copy it from {WHERE[name]} in {APP_PAGES}{begins}.")


_EXPECTED: Final = {
    "port": "a number from 0 to 65535",
    "buddy_messages_a_minute": "a number, 0 for as many as it takes",
    "buddy_messages_a_second": "a number, 0 for as many as it takes",
    "buddy_call_seconds": "a number of seconds, 60 at most",
    "buddy_lease_seconds": "a number of seconds, 600 at most",
    "playground_port": "a number from 0 to 65535",
    "slack_api_url": "an address that starts with http:// or https://, as `buddy playground` prints it",
    "buddy_clock_url": "an address that starts with http:// or https://, as `buddy playground` prints it",
    "buddy_command_prefix": "at most 16 small letters, digits, - or _",
    "log_level": "DEBUG, INFO, WARNING or ERROR",
}


def _sentence(error: ValidationError) -> str:
    """The first problem, without the value it was found in."""
    problem = error.errors(include_url=False)[0]
    cause = problem.get("ctx", {}).get("error")
    if isinstance(cause, SettingsError):
        return str(cause)
    name = str(problem["loc"][0]) if problem["loc"] else "A setting"
    return f"{name.upper()} must be {_EXPECTED.get(name, 'text')}."
