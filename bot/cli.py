"""The `buddy` command."""

import asyncio
import os
import sys
from getpass import getpass
from io import TextIOWrapper
from typing import Annotated

import typer
from pydantic import SecretStr

from bot import doctor, logs, manifest, running, status, upkeep
from bot.clock import SystemClock
from bot.config import WHERE, Mode, NameSettings, Settings, SettingsError
from bot.storage import migrate

NOT_FORESEEN = 1
WRONG_SETTING = 2
OURS_ALONE = 0o077
"""What members write is in files that nobody else on this machine can read."""

app = typer.Typer(
    help="Accountability Buddy keeps people company on what they want to do, in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
workspace_app = typer.Typer(help="Add workspaces to the bot.", no_args_is_help=True)
app.add_typer(workspace_app, name="workspace")


def main() -> None:
    """Run the command; what a person can mend ends in one sentence and exit code 2."""
    os.umask(OURS_ALONE)
    logs.guard()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that knows no dash is no reason not to start
    try:
        app(prog_name="buddy")
    except (SettingsError, running.StartError) as error:
        typer.echo(str(error), err=True)
        sys.exit(WRONG_SETTING)
    except Exception as error:  # noqa: BLE001  # Python would print what it says, which may be somebody's words
        logs.last_words(error)
        sys.exit(NOT_FORESEEN)


@app.command()
def run() -> None:
    """Start the bot. With tokens in the environment or .env it connects to Slack, else it opens the playground."""
    asyncio.run(running.to_the_end(running.run(_settings(), typer.echo)))


@app.command()
def playground() -> None:
    """Start only the playground. It is a Slack workspace on this machine, here for a bot started elsewhere."""
    asyncio.run(running.run_playground(_settings(), typer.echo))


@app.command("doctor")
def doctor_() -> None:
    """Say what is wrong, and what to do. Looks at settings, tokens, scopes, wins channel, database and clock."""
    try:
        findings = asyncio.run(doctor.examine(_settings(), SystemClock()))
    except SettingsError as error:
        findings = [doctor.Finding("settings", ok=False, says=str(error))]
    for finding in findings:
        typer.echo(str(finding))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@app.command("status")
def status_(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one object; times are ISO 8601.")] = False,
) -> None:
    """Say how things are: what is due, what was sent, who sends it, and whether the bot on this machine is well."""
    settings = _settings()
    now = asyncio.run(status.look(settings, SystemClock()))
    typer.echo(now.model_dump_json(indent=2) if as_json else str(now))


@app.command("migrate")
def migrate_(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if migrations and tables disagree.")
    ] = False,
) -> None:
    """Give the database its newest shape."""
    if check:
        problems = migrate.check(None)
        for problem in problems:
            typer.echo(problem, err=True)
        if problems:
            raise typer.Exit(1)
        typer.echo("Migrations and tables agree.")
        return
    running.migrate_database(_settings())
    typer.echo("The database has its newest shape.")


@app.command()
def reseal() -> None:
    """Encrypt what is stored with the first of BUDDY_ENCRYPTION_KEYS. The others can then go; the bot may run."""
    settings = _settings()
    if not settings.encryption_keys:
        raise SettingsError("BUDDY_ENCRYPTION_KEYS is not set: .env.example says how a key is made.")
    running.migrate_database(settings)
    asyncio.run(upkeep.reseal(settings))
    typer.echo("All that is private is encrypted with the first of BUDDY_ENCRYPTION_KEYS.")


@app.command()
def copy(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="A SQLite file, or an address as for DATABASE_URL.")],
) -> None:
    """Fill the empty database at DATABASE_URL with all that is in another. Stop the bot first."""
    asyncio.run(upkeep.copy(_settings(), origin))
    typer.echo("Everything is in the database at DATABASE_URL. What it was copied from is still there.")


@app.command("manifest")
def manifest_(
    http: Annotated[
        str | None, typer.Option(metavar="URL", help="For HTTP at this public address instead of Socket Mode.")
    ] = None,
    prefix: Annotated[
        str | None, typer.Option(metavar="X", help="Name the short commands /X-commit, /X-checkin and /X-win.")
    ] = None,
) -> None:
    """Print the manifest for Slack's pages. Paste it at https://api.slack.com/apps, "From a manifest"."""
    if prefix is None:
        prefix = NameSettings.read().buddy_command_prefix
    if prefix or http:
        typer.echo(manifest.dump(manifest.read(prefix=prefix, http_url=http)), nl=False)
    else:
        typer.echo(manifest.read_text(), nl=False)


@workspace_app.command("add")
def add_workspace() -> None:
    """Add a workspace by its bot token. The token is read from the terminal or a pipe, and kept in the database."""
    settings = _settings()
    if settings.mode is Mode.PLAYGROUND:
        raise SettingsError("SLACK_BOT_TOKEN is not set: first connect the bot to one workspace, as README.md says.")
    where = WHERE["SLACK_BOT_TOKEN"]
    token = getpass(f"Bot token ({where}): ") if sys.stdin.isatty() else sys.stdin.readline()
    running.migrate_database(settings)
    name = asyncio.run(upkeep.add_workspace(settings, SecretStr(token.strip()), SystemClock()))
    typer.echo(f"{name} is served from the bot's next start on.")


def _settings() -> Settings:
    settings = Settings.read()
    logs.configure(settings.log_level or "INFO")
    return settings
