"""The `buddy` command: what it prints, and how it ends."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml
from typer.testing import CliRunner

from bot import manifest
from bot.cli import app
from bot.config import Settings
from bot.storage import migrate
from tests.world import free_port

ROOT = Path(__file__).parent.parent
COMMANDS = ("run", "playground", "doctor", "status", "migrate", "reseal", "copy", "manifest", "workspace")


def environment(**variables: str) -> dict[str, str]:
    """The machine's, without anything of ours but `variables`."""
    ours = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in ours} | variables


def buddy(*arguments: str, cwd: Path, said: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a person starts it."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env=environment(PYTHONPATH=str(ROOT), **variables),
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_nobody_else_on_the_machine_can_read_the_database(tmp_path: Path) -> None:
    assert buddy("migrate", cwd=tmp_path).returncode == 0
    made = sorted(tmp_path.rglob("*"))
    assert tmp_path / "var" / "playground.db" in made
    assert [one.name for one in made if one.stat().st_mode & 0o077] == []


@contextmanager
def occupied() -> Iterator[int]:
    """A port where somebody listens already."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_help_names_every_command() -> None:
    shown = CliRunner().invoke(app, ["--help"])
    assert shown.exit_code == 0
    for command in COMMANDS:
        assert f"  {command} " in shown.output


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"])
    assert shown.exit_code == 0
    assert len(shown.output.splitlines()) > 4


def test_the_manifest_is_printed_as_it_lies_there_comments_included() -> None:
    shown = CliRunner().invoke(app, ["manifest"])
    assert shown.output == manifest.read_text()


def test_the_manifest_takes_an_address_and_a_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = CliRunner().invoke(app, ["manifest", "--http", "https://buddy.example.org", "--prefix", "x"])
    assert yaml.safe_load(shown.output) == manifest.read(prefix="x", http_url="https://buddy.example.org")
    monkeypatch.setenv("BUDDY_COMMAND_PREFIX", "team")
    assert "/team-commit" in CliRunner().invoke(app, ["manifest"]).output


def test_the_migrations_say_what_the_tables_say() -> None:
    shown = CliRunner().invoke(app, ["migrate", "--check"])
    assert shown.output == "Migrations and tables agree.\n"
    assert shown.exit_code == 0


def test_migrations_that_disagree_fail_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.migrate.check", lambda _url: ["Tables and migrations differ: x"])
    shown = CliRunner().invoke(app, ["migrate", "--check"])
    assert shown.exit_code == 1
    assert "differ" in shown.output


def test_migrate_makes_the_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'buddy.db'}"
    done = buddy("migrate", cwd=tmp_path, DATABASE_URL=url)
    assert (done.returncode, done.stdout) == (0, "The database has its newest shape.\n")
    assert migrate.check(url) == []


@pytest.mark.parametrize(
    ("arguments", "variables", "says"),
    [
        (["run"], {"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN is missing"),
        (["run"], {"BUDDY_CLOCK_URL": "http://localhost:1/clock"}, "BUDDY_CLOCK_URL is set without SLACK_API_URL"),
        (["migrate"], {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}, "DATABASE_URL does not open"),
        (
            ["migrate"],
            {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing?is=known"},
            "DATABASE_URL does not open",
        ),
        (["migrate"], {"DATABASE_URL": f"sqlite:///{__file__}/buddy.db"}, "DATABASE_URL does not open"),
        (["manifest", "--http", "http://x"], {}, "--http https://"),
        (["workspace", "add"], {}, "first connect the bot to one workspace"),
        (["reseal"], {}, "BUDDY_ENCRYPTION_KEYS is not set"),
        (["copy", "elsewhere.db"], {}, "There is no file FROM"),
        (["copy", "mysql://there"], {}, "FROM must be sqlite:///"),
        (["copy", "postgresql://nobody@127.0.0.1:1/nothing"], {}, "The database FROM does not open"),
        (["status"], {}, "var/playground.db is not there yet: `buddy run` makes it"),
        (["status"], {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}, "DATABASE_URL does not open"),
        (
            ["run"],
            {
                "SLACK_BOT_TOKEN": "xoxb-1",
                "SLACK_SIGNING_SECRET": "s",
                "SLACK_API_URL": "http://127.0.0.1:1/api/",
                "PORT": "0",
            },
            "Slack cannot be reached at http://127.0.0.1:1/api/",
        ),
    ],
)
def test_what_a_person_can_mend_is_one_sentence(
    tmp_path: Path, arguments: list[str], variables: dict[str, str], says: str
) -> None:
    done = buddy(*arguments, cwd=tmp_path, **variables)
    assert done.returncode == 2
    assert done.stdout == ""
    [sentence] = done.stderr.splitlines()
    assert says in sentence


@pytest.mark.parametrize("command", ["run", "migrate", "doctor"])
def test_a_database_of_a_newer_version_says_so(tmp_path: Path, command: str) -> None:
    """An older version is put back, and finds what the newer one has made of the tables."""
    buddy("migrate", cwd=tmp_path)
    with closing(sqlite3.connect(tmp_path / "var" / "playground.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    done = buddy(command, cwd=tmp_path, PORT="0", PLAYGROUND_PORT="0")
    assert "was last used by a newer version of Accountability Buddy" in (done.stdout + done.stderr).splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_database_is_taken_along_to_an_empty_one_once(tmp_path: Path) -> None:
    to = {"DATABASE_URL": "sqlite:///there.db"}
    assert buddy("migrate", cwd=tmp_path, DATABASE_URL="sqlite:///here.db").returncode == 0
    row = ("T1", "One", "U1", "2027-01-04 09:00:00.000000")
    with closing(sqlite3.connect(tmp_path / "here.db")) as here, here:
        here.execute("INSERT INTO workspaces (team_id, name, bot_user_id, installed_at) VALUES (?, ?, ?, ?)", row)
    done = buddy("copy", "here.db", cwd=tmp_path, **to)
    assert "Everything is in the database at DATABASE_URL" in done.stdout, done.stderr
    with closing(sqlite3.connect(tmp_path / "there.db")) as there:
        assert there.execute("SELECT team_id FROM workspaces").fetchall() == [("T1",)]
    assert "has a workspace in it already" in buddy("copy", "here.db", cwd=tmp_path, **to).stderr
    assert "FROM is the database at DATABASE_URL itself" in buddy("copy", "./there.db", cwd=tmp_path, **to).stderr


@pytest.mark.parametrize("command", ["run", "migrate", "doctor", "status"])
def test_a_damaged_file_says_so(tmp_path: Path, command: str) -> None:
    buddy("migrate", cwd=tmp_path)
    with (tmp_path / "var" / "playground.db").open("r+b") as file:
        file.seek(100)
        file.write(b"damaged by a disk that was at its end. " * 2000)
    done = buddy(command, cwd=tmp_path, PORT="0", PLAYGROUND_PORT="0")
    assert "The database's file is damaged" in (done.stdout + done.stderr).splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "variable"), [("run", "PORT"), ("run", "PLAYGROUND_PORT"), ("playground", "PLAYGROUND_PORT")]
)
def test_a_port_already_taken_is_one_sentence(tmp_path: Path, command: str, variable: str) -> None:
    with occupied() as port:
        ports = {"PORT": "0", "PLAYGROUND_PORT": "0", variable: str(port)}
        done = buddy(command, cwd=tmp_path, **ports)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"Port {port} is taken: stop what listens there, or set {variable} to a free one.\n"


@contextmanager
def started(command: str, cwd: Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """The command running in a process of its own, on free ports."""
    ports = {"PORT": "0", "PLAYGROUND_PORT": "0"}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", command],
        cwd=cwd,
        env=environment(PYTHONPATH=str(ROOT), **(ports | variables)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines_until(process: subprocess.Popen[str], mark: str) -> list[str]:
    """What it prints, up to the line that holds `mark`."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if mark in line:
            break
    return lines


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_without_tokens_opens_the_playground_and_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with started("run", tmp_path) as process:
        [line] = lines_until(process, "Ctrl-C stops it.")
        assert line.startswith("Open http://localhost:")
        assert "you are Maya" in line
        process.send_signal(number)
        rest, errors = process.communicate(timeout=30)
    assert (process.returncode, rest, errors) == (0, "", "")
    assert (tmp_path / "var" / "playground.db").exists()


def test_a_second_bot_on_one_sqlite_file_says_so_and_stops_and_a_killed_one_leaves_no_trace(tmp_path: Path) -> None:
    with started("run", tmp_path) as first:
        lines_until(first, "Ctrl-C stops it.")
        second = buddy("run", cwd=tmp_path, PORT="0", PLAYGROUND_PORT="0")
        assert (second.returncode, second.stdout) == (2, "")
        [sentence] = second.stderr.splitlines()
        assert sentence.startswith("Another `buddy run` has var/playground.db: stop that one first")
        for command in ("doctor", "migrate", "status"):
            assert buddy(command, cwd=tmp_path).returncode == 0, command
        first.kill()
        first.wait(timeout=30)
    with started("run", tmp_path) as third:
        lines_until(third, "Ctrl-C stops it.")
        third.send_signal(signal.SIGTERM)
        assert third.wait(timeout=30) == 0


def test_a_terminal_that_knows_no_dash_is_no_reason_not_to_start(tmp_path: Path) -> None:
    with started("run", tmp_path, PYTHONIOENCODING="latin-1") as process:
        [line] = lines_until(process, "Ctrl-C stops it.")
        assert "you are Maya" in line
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_the_playground_alone_says_how_to_point_a_bot_at_it(tmp_path: Path) -> None:
    with started("playground", tmp_path) as process:
        printed = "".join(lines_until(process, "SLACK_APP_TOKEN="))
        for variable in (
            "SLACK_API_URL=http://127.0.0.1:",
            "BUDDY_CLOCK_URL=http://127.0.0.1:",
            "SLACK_BOT_TOKEN=xoxb-",
        ):
            assert variable in printed
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert not (tmp_path / "var" / "playground.db").exists()


def test_a_bot_in_another_process_connects_to_the_playground(tmp_path: Path) -> None:
    with started("playground", tmp_path) as playground:
        printed = lines_until(playground, "SLACK_APP_TOKEN=")
        variables = dict(line.strip().split("=", 1) for line in printed if "=" in line)
        with started("run", tmp_path, PORT=str(free_port()), **variables) as bot:
            [line] = lines_until(bot, "Ctrl-C stops it.")
            assert f"connected to {variables['SLACK_API_URL']} by Socket Mode" in line
            health = next(word for word in line.split() if word.endswith("/healthz"))
            with urlopen(health, timeout=10) as answer:
                assert answer.status == 200
            told = buddy("status", cwd=tmp_path, PORT=health.split(":")[2].split("/")[0], **variables)
            assert (told.returncode, told.stderr) == (0, "")
            assert f"well: database ok, scheduler ok, sending ok, socket ok, at {health}" in told.stdout
            examined = buddy("doctor", cwd=tmp_path, **variables)
            assert (examined.returncode, examined.stderr) == (0, "")
            assert "fix" not in examined.stdout
            bot.send_signal(signal.SIGTERM)
            assert bot.wait(timeout=30) == 0
        refused = buddy("run", cwd=tmp_path, **(variables | {"SLACK_APP_TOKEN": "xapp-wrong", "PORT": "0"}))
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.startswith("Slack does not accept SLACK_APP_TOKEN (invalid_auth): copy it from Basic")
        playground.send_signal(signal.SIGTERM)
        assert playground.wait(timeout=30) == 0


def test_a_workspace_is_added_by_a_token_that_is_not_on_the_command_line(tmp_path: Path) -> None:
    with started("playground", tmp_path) as playground:
        printed = lines_until(playground, "SLACK_APP_TOKEN=")
        variables = dict(line.strip().split("=", 1) for line in printed if "=" in line)
        added = buddy("workspace", "add", cwd=tmp_path, said=f"{variables['SLACK_BOT_TOKEN']}\n", **variables)
        assert (added.returncode, added.stdout) == (0, "The Playground is served from the bot's next start on.\n")
        refused = buddy("workspace", "add", cwd=tmp_path, said="xoxb-wrong\n", **variables)
        assert refused.returncode == 2
        assert "Slack does not accept SLACK_BOT_TOKEN (invalid_auth)" in refused.stderr


def test_the_doctor_tells_of_a_wrong_setting_and_fails(tmp_path: Path) -> None:
    examined = buddy("doctor", cwd=tmp_path, SLACK_BOT_TOKEN="xoxb-1")
    assert examined.returncode == 1
    assert examined.stdout.startswith("fix  settings    SLACK_BOT_TOKEN is set, but not how to connect")
