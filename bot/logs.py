"""Logs to stderr, for people on a terminal and as JSON elsewhere, that cannot hold what a member wrote."""

import logging
import re
import sys
import threading
import warnings
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from traceback import extract_tb, print_tb
from typing import Final, TextIO

import structlog
from slack_sdk.errors import SlackApiError
from structlog.typing import EventDict, Processor

OURS: Final = ("bot", "handlers", "scheduler", "playground")
PRIVATE_KEYS: Final = frozenset(
    (
        *("answer", "attachments", "blocks", "body", "comment", "description", "email", "headers", "input", "message"),
        *("metadata", "name", "note", "payload", "private_metadata", "query", "question", "real_name", "request"),
        *("response", "response_url", "state", "text", "title", "token", "trigger_id", "value", "values", "view"),
        *("what", "words"),
    )
)
LONGEST: Final = 80  # characters: an id, a kind, a name of ours; a longer string may be somebody's words
CHATTY: Final = ("slack_sdk.web.async_base_client", "slack_sdk.socket_mode.aiohttp")
ADVICE: Final = ("As you gave `client`", "As `installation_store` or `authorize` has been used")
CAUSES: Final = 4

log = structlog.get_logger(__name__)


def configure(level: str, stream: TextIO = sys.stderr) -> None:
    """Send our logs from `level` on, and the libraries' warnings, to `stream`. Call once, before anything logs."""
    terminal = stream.isatty()
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if terminal else "iso", utc=not terminal),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            without_private_text,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(pad_event_to=0) if terminal else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, first_words, without_private_text],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            use_get_message=True,
        )
    )
    handler.addFilter(_worth_telling)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)  # see _worth_telling
    for name in CHATTY:  # they build what they would print at DEBUG unless this very logger says no
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def guard() -> None:
    """From now on Python logs what it would else print, with whatever that quotes. For a process of our own."""
    warnings.showwarning = _warned  # type: ignore[assignment]  # of six arguments we take four
    threading.excepthook = _raised_in_thread
    sys.unraisablehook = _raised_where_nobody_catches


def last_words(error: BaseException) -> None:
    """What the process ends with: the way to it, and what `describe` says of it."""
    print_tb(error.__traceback__, file=sys.stderr)
    print(describe(error), file=sys.stderr)  # noqa: T201  # nothing need be configured yet


def _warned(_message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object) -> None:
    log.warning("a library warns", kind=category.__name__, place=_place(filename, lineno))


def _raised_in_thread(raised: threading.ExceptHookArgs) -> None:
    if raised.exc_type is not SystemExit:
        log.error("a thread failed", exc_info=raised.exc_value)


def _raised_where_nobody_catches(raised: "sys.UnraisableHookArgs") -> None:
    log.error("nobody could catch this", exc_info=raised.exc_value)


def _worth_telling(record: logging.LogRecord) -> bool:
    """What is ours, and the libraries' warnings; at DEBUG and INFO the Slack libraries print whole payloads."""
    if record.name.startswith(OURS):
        return True
    # Bolt's advice on its arguments: that a token which we keep per workspace is not used.
    advice = record.name.startswith("slack_bolt") and str(record.msg).startswith(ADVICE)
    return record.levelno >= logging.WARNING and not advice


def without_private_text(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Drop what may hold a member's words: keys that promise text, long strings, whatever is not plain.

    An exception is told by its kind and place; its own message may quote the text it stumbled over.
    """
    error = _exception(event.pop("exc_info", None))
    kept = {
        key: value if key == "event" or key.startswith("_") else _plain(value)
        for key, value in event.items()
        if key not in PRIVATE_KEYS
    }
    if error is not None:
        kept["exception"] = describe(error)
    return kept


def first_words(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Cut a library's message where it begins to quote: Bolt and asyncio print bodies and errors after a mark."""
    event["event"] = re.split(r"[\n(\[{<:'\"]", str(event["event"]), maxsplit=1)[0].strip()[:LONGEST]
    return event


def describe(error: BaseException) -> str:
    """The kind of the exception and of its causes, and where each was raised, without what they say."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < CAUSES:
        frames = extract_tb(seen.__traceback__)
        place = f" at {_place(frames[-1].filename, frames[-1].lineno)}" if frames else ""
        parts.append(_kind(seen) + place)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return ", caused by ".join(parts)


def _place(filename: str, line: int | None) -> str:
    return f"{'/'.join(Path(filename).parts[-2:])}:{line}"


def error_code(error: SlackApiError) -> str:
    """Slack's word for what was wrong, such as "invalid_auth"."""
    answer = getattr(error.response, "data", error.response)
    # An answer that was no JSON comes here as the bare HTTP response.
    return str(answer.get("error")) if isinstance(answer, dict) else "unreadable_answer"


def _kind(error: BaseException) -> str:
    """The type's name, and the code where it comes from a fixed list."""
    if isinstance(error, SlackApiError):
        return f"SlackApiError {error_code(error)}"
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__} {error.strerror}"
    return type(error).__name__


def _exception(exc_info: object) -> BaseException | None:
    match exc_info:
        case BaseException():
            return exc_info
        case (_, BaseException() as error, _):
            return error
        case None | False:
            return None
    return sys.exception()


def _plain(value: object) -> object:
    match value:
        case None | bool() | int() | float() | Enum():
            return value
        case date() | timedelta():
            return str(value)
        case str():
            return value if len(value) <= LONGEST else f"({len(value)} characters)"
        case BaseException():
            return _kind(value)
    return f"({type(value).__name__})"
