"""Logs: readable, and unable to hold what a member wrote."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs

SECRET = "my son has dinner with my laptop"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What was logged at DEBUG, as JSON lines."""
    stream = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers[:], root.level, structlog.get_config())
    logs.configure("DEBUG", stream)
    yield stream
    root.handlers, level, config = before
    root.setLevel(level)
    structlog.configure(**config)
    for name in (*logs.OURS, *logs.CHATTY):
        logging.getLogger(name).setLevel(logging.NOTSET)


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_what_is_ours_and_plain_is_kept(lines: io.StringIO) -> None:
    structlog.get_logger("bot.delivery").info("sent", workspace=3, kind="check_in", late=1.5, again=False)
    [line] = read(lines)
    assert (
        line.items()
        >= {
            "event": "sent",
            "level": "info",
            "logger": "bot.delivery",
            "workspace": 3,
            "kind": "check_in",
            "late": 1.5,
            "again": False,
        }.items()
    )


@pytest.mark.parametrize("key", ["text", "what", "words", "value", "blocks", "payload", "view", "token", "state"])
def test_keys_that_promise_private_text_are_dropped(lines: io.StringIO, key: str) -> None:
    structlog.get_logger("handlers.win").info("kept", **{key: SECRET})
    assert SECRET not in lines.getvalue()


@pytest.mark.parametrize("value", [{"a": SECRET}, [SECRET], (SECRET,), SECRET * 5, ValueError(SECRET)])
def test_values_that_are_not_plain_are_named_by_their_kind(lines: io.StringIO, value: object) -> None:
    structlog.get_logger("bot").warning("odd", thing=value)
    assert SECRET not in lines.getvalue()
    assert "thing" in read(lines)[0]


def test_an_exception_is_told_by_kind_and_place(lines: io.StringIO) -> None:
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise KeyError(SECRET) from error
    except KeyError:
        structlog.get_logger("bot").exception("odd")
        logging.getLogger("asyncio").exception("Task exception was never retrieved\nfuture: %s", SECRET)
    assert SECRET not in lines.getvalue()
    for line in read(lines):
        assert line["exception"].startswith("KeyError at tests/test_logs.py:")
        assert "caused by ValueError" in line["exception"]


def test_slacks_error_code_is_told() -> None:
    error = SlackApiError(SECRET, {"ok": False, "error": "channel_not_found", "detail": SECRET})
    assert logs.describe(error) == "SlackApiError channel_not_found"


def test_an_answer_that_slack_garbled_is_told() -> None:
    assert logs.error_code(SlackApiError("no JSON", object())) == "unreadable_answer"


@pytest.mark.parametrize("name", ["slack_bolt.AsyncApp", "slack_sdk.web.async_base_client", "aiohttp.access"])
def test_libraries_say_nothing_below_a_warning(lines: io.StringIO, name: str) -> None:
    logger = logging.getLogger(name)
    logger.info(SECRET)
    logger.debug(SECRET)
    assert lines.getvalue() == ""


async def test_bolt_keeps_its_advice_on_tokens_to_itself(lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None)

    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    AsyncApp(client=AsyncWebClient(token="xoxb-1"), authorize=nobody, signing_secret="s")
    assert lines.getvalue() == ""


def test_a_librarys_warning_ends_where_it_begins_to_quote(lines: io.StringIO) -> None:
    bolt = logging.getLogger("slack_bolt.AsyncApp")
    bolt.warning("Unhandled request (%s)", SECRET)
    bolt.error("Failed to run listener function (error: %s)", SECRET)
    logging.getLogger("slack_sdk.socket_mode").error("Failed to process a message: %s, session: 1", SECRET)
    assert [line["event"] for line in read(lines)] == [
        "Unhandled request",
        "Failed to run listener function",
        "Failed to process a message",
    ]


def test_a_terminal_gets_lines_for_people() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    before = structlog.get_config()
    root = logging.getLogger()
    handlers = root.handlers[:]
    try:
        logs.configure("INFO", stream)
        structlog.get_logger("bot").info("sent", workspace=3)
    finally:
        root.handlers = handlers
        structlog.configure(**before)
    assert "sent" in stream.getvalue()
    assert "{" not in stream.getvalue()


UNCAUGHT = f"""
import sys, threading, warnings
from bot import cli, logs

secret = {SECRET[::-1]!r}[::-1]  # Python 3.13 shows lines of this

def fail(*_: object) -> None:
    raise ValueError(secret)

class Ending:
    __del__ = fail

@cli.app.command("fail")
def command() -> None:
    logs.configure("DEBUG")
    warnings.warn(secret)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    Ending()
    fail()

sys.argv = ["buddy", "fail"]
cli.main()
"""


def test_what_nobody_catches_is_told_by_kind_and_place() -> None:
    """A library's warning, a thread, a destructor, and what the process ends with: Python itself would print them."""
    ended = subprocess.run([sys.executable, "-c", UNCAUGHT], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert SECRET not in ended.stdout + ended.stderr
    *lines, last = ended.stderr.splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert {line["event"] for line in told} == {"a library warns", "a thread failed", "nobody could catch this"}
    assert last == "ValueError at <string>:8"
    assert any("bot/cli.py" in line for line in lines), "the way there"
