"""What no topic takes: a button of an older version, an event of a newer manifest. Acked, and who clicked is told."""

from typing import Any, Final

import structlog
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.rendering import copy
from handlers.desk import Desk
from handlers.payloads import Person, Submission

CLICKED: Final = frozenset({"block_actions", "shortcut", "message_action"})

log = structlog.get_logger(__name__)


def register(desk: Desk) -> None:
    async def unhandled(error: Exception, body: dict[str, Any]) -> BoltResponse:
        if not isinstance(error, BoltUnhandledRequestError):
            log.error("a listener failed", exc_info=error)
            # Of all that people do, a command alone is neither shown as failed in words of ours nor tried again.
            is_command = "command" in body
            return BoltResponse(status=200, body={"text": copy.NOT_SAVED}) if is_command else BoltResponse(status=500)
        kind = body.get("type")
        log.info("nobody takes this", kind=kind)
        if "command" in body:
            return BoltResponse(status=200, body={"text": copy.GONE})
        if kind == "block_suggestion":
            return BoltResponse(status=200, body={"options": []})
        if kind == "view_submission":
            return _keep_open(Submission.model_validate(body))
        if kind in CLICKED:
            person = Person.model_validate(body)
            await desk.services.members.say_gone(person.team.id, person.user.id)
        return BoltResponse(status=200)

    desk.app.error(unhandled)


def _keep_open(submission: Submission) -> BoltResponse:
    """What was typed is not lost with its modal."""
    errors = dict.fromkeys(submission.view.fields[:1], copy.GONE)
    return BoltResponse(status=200, body={"response_action": "errors", "errors": errors} if errors else "")
