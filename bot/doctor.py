"""`buddy doctor`: looks at everything that can be wrong from outside, and says what to do about each."""

import asyncio
import os
import re
import stat
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import manifest
from bot.clock import Clock
from bot.config import APP_PAGES, ENV_FILE, ONE_WORKSPACE, WHERE, Mode, Settings
from bot.domain.workspaces import Workspace
from bot.logs import error_code
from bot.running import SLACK_API_URL, StartError, open_database, reaching_database, slack_client
from bot.storage import migrate

CLOCKS_AGREE: Final = timedelta(seconds=30)  # Slack itself refuses to be believed after five minutes

APP_IN_TOKEN: Final = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `says` what is so, or what to do about it."""

    about: str
    ok: bool
    says: str

    def __str__(self) -> str:
        return f"{'ok ' if self.ok else 'fix'}  {self.about:<10}  {self.says}"


async def examine(settings: Settings, clock: Clock) -> list[Finding]:
    """Look at all that these settings reach. Changes nothing, in Slack or in the database."""
    findings = [_settings(settings), *encryption(settings), *open_files(settings)]
    database, workspaces = await _database(settings, clock)
    findings += database
    if settings.slack_bot_token is None:
        return findings
    try:
        answer = await slack_client(settings, settings.slack_bot_token).auth_test()
    except SlackApiError as error:
        return [*findings, _refused("SLACK_BOT_TOKEN", error)]
    except (aiohttp.ClientError, TimeoutError):
        where = settings.slack_api_url or SLACK_API_URL
        return [*findings, Finding("bot token", ok=False, says=f"{where} does not answer: check the network.")]
    if answer.get("is_enterprise_install"):
        return [*findings, Finding("bot token", ok=False, says=ONE_WORKSPACE)]
    findings.append(Finding("bot token", ok=True, says=f"speaks as @{answer['user']} in {answer['team']}"))
    findings += [_scopes(answer, settings), _clocks(answer, clock)]
    if settings.slack_app_token is not None:
        findings.append(await _app_token(settings, settings.slack_app_token, answer.get("app_id")))
    workspace = next((known for known in workspaces if known.team_id == answer["team_id"]), None)
    findings.append(await _wins_channel(slack_client(settings, settings.slack_bot_token), workspace, answer["user"]))
    return findings


def _settings(settings: Settings) -> Finding:
    says = {
        Mode.PLAYGROUND: "no tokens, so `buddy run` starts the playground",
        Mode.SOCKET: "tokens for Socket Mode",
        Mode.HTTP: "a token and a signing secret for HTTP; Slack's first request will prove the secret",
    }
    return Finding("settings", ok=True, says=says[settings.mode])


def encryption(settings: Settings) -> list[Finding]:
    """Whether what members write is encrypted; nothing to say where Slack is not real."""
    if settings.encryption_keys:
        return [Finding("encryption", ok=True, says="what members write is encrypted in the database")]
    if not settings.slack_is_real:
        return []
    says = "set BUDDY_ENCRYPTION_KEYS (.env.example says how), so that what members write is not stored as plain text."
    return [Finding("encryption", ok=False, says=says)]


def open_files(settings: Settings) -> list[Finding]:
    """Whether others on this machine may read tokens, keys or words; nothing to say where Slack is not real."""
    if not settings.slack_is_real or os.name != "posix":
        return []
    ours = {ENV_FILE: str(ENV_FILE)}
    if settings.sqlite_file is not None:
        ours[settings.sqlite_file] = f"{settings.sqlite_file}*"  # and what SQLite keeps beside it
    found = {file: names for file, names in ours.items() if file.exists() and file.stat().st_mode & stat.S_IROTH}
    if not found:
        return []
    says = (
        f"anybody on this machine may read {' and '.join(map(str, found))}: type chmod 600 {' '.join(found.values())}"
    )
    return [Finding("files", ok=False, says=says)]


async def _database(settings: Settings, clock: Clock) -> tuple[list[Finding], list[Workspace]]:
    """What is to be said of the database, and the workspaces in it."""
    if settings.sqlite_file is not None and not settings.sqlite_file.exists():
        says = f"{settings.sqlite_file} is not there yet; `buddy run` makes it"
        return [Finding("database", ok=True, says=says)], []
    try:
        with reaching_database():
            problems = await asyncio.to_thread(migrate.check, settings.database_url)
    except StartError as error:
        problems = [str(error)]
    if problems:
        return [Finding("database", ok=False, says=" ".join(problems))], []
    try:
        with reaching_database():
            async with open_database(settings) as database, database.read() as tx:
                await database.try_keys()
                workspaces = await tx.workspaces.installed()
                apart = clock.machine_now() - await tx.backlog.clock(clock.machine_now())
    except StartError as error:
        return [Finding("database", ok=False, says=str(error))], []
    findings = [Finding("database", ok=True, says=f"reachable, in its newest shape, {_count(workspaces)}")]
    if settings.sqlite_file is None:
        findings.append(_agreement("db clock", "the database", apart))
    return findings, workspaces


def _count(workspaces: list[Workspace]) -> str:
    return "one workspace" if len(workspaces) == 1 else f"{len(workspaces)} workspaces"


def _scopes(answer: AsyncSlackResponse, settings: Settings) -> Finding:
    granted = {scope.strip() for scope in _header(answer, "x-oauth-scopes").split(",")}
    missing = sorted(manifest.bot_scopes(manifest.read(prefix=settings.buddy_command_prefix)) - granted)
    if missing:
        where = f"OAuth & Permissions > Scopes in {APP_PAGES}"
        return Finding("scopes", ok=False, says=f"add {', '.join(missing)} under {where}, then reinstall the app.")
    return Finding("scopes", ok=True, says="all that the manifest asks for")


def _clocks(answer: AsyncSlackResponse, clock: Clock) -> Finding:
    try:
        apart = clock.machine_now() - parsedate_to_datetime(_header(answer, "date"))
    except ValueError:
        return Finding("clock", ok=True, says="Slack did not say its time")
    return _agreement("clock", "Slack", apart)


def _agreement(about: str, other: str, apart: timedelta) -> Finding:
    """Whether the other's clock shows about what ours does, which is `apart` ahead."""
    if abs(apart) > CLOCKS_AGREE:
        way = "ahead of" if apart > timedelta(0) else "behind"
        seconds = int(abs(apart).total_seconds())
        says = f"this machine is {seconds} seconds {way} {other}: switch on its time synchronisation (NTP)."
        return Finding(about, ok=False, says=says)
    return Finding(about, ok=True, says=f"agrees with {other}'s")


async def _app_token(settings: Settings, token: SecretStr, app_id: str | None) -> Finding:
    """`app_id`: whose bot token it is, if Slack tells. What is clicked in another app opens nothing."""
    names = APP_IN_TOKEN.match(token.get_secret_value())
    if app_id and names and names[1] != app_id:
        says = f"SLACK_APP_TOKEN is of the app {names[1]}, SLACK_BOT_TOKEN of {app_id}: copy both from the same one."
        return Finding("app token", ok=False, says=says)
    try:
        await slack_client(settings, token).apps_connections_open(app_token=token.get_secret_value())
    except SlackApiError as error:
        return _refused("SLACK_APP_TOKEN", error)
    return Finding("app token", ok=True, says="opens a Socket Mode connection")


async def _wins_channel(client: AsyncWebClient, workspace: Workspace | None, bot_name: str) -> Finding:
    about = "wins"
    if workspace is None or workspace.wins_channel_id is None:
        return Finding(
            about, ok=True, says="no wins channel yet; an admin picks one at the first share, or in settings"
        )
    try:
        channel = (await client.conversations_info(channel=workspace.wins_channel_id))["channel"]
    except SlackApiError as error:
        code = error_code(error)
        says = (
            f"the wins channel cannot be seen ({code}): type /invite @{bot_name} in it, or let an admin pick another."
        )
        return Finding(about, ok=False, says=says)
    name = f"#{channel['name']}"
    if channel.get("is_archived"):
        return Finding(about, ok=False, says=f"{name} is archived: let an admin pick another, with /buddy settings.")
    if not channel.get("is_member"):
        return Finding(about, ok=False, says=f"the bot is not in {name}: type /invite @{bot_name} there.")
    return Finding(about, ok=True, says=f"the bot is in {name}")


def _refused(name: str, error: SlackApiError) -> Finding:
    about = name.removeprefix("SLACK_").replace("_", " ").lower()
    code = error_code(error)
    says = f"Slack does not accept {name} ({code}): copy it again from {WHERE[name]} in {APP_PAGES}."
    return Finding(about, ok=False, says=says)


def _header(answer: AsyncSlackResponse, name: str) -> str:
    """A header by its name in small letters, or ""."""
    return next((str(value) for key, value in answer.headers.items() if key.lower() == name), "")
