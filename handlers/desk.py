"""The front desk: parses a payload, finds the member, lets a handler save, acks, and carries out its reaction.

Save, then ack: when a handler raises, nothing was saved and nothing is acked as if it were. The four ways of failing
each end in something the member can act on.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.directory import Directory
from bot.domain.members import Member
from bot.logs import error_code
from bot.rendering import copy
from bot.rendering.ids import Action, Callback, any_of
from bot.services import Services
from bot.services.members import Known
from bot.services.work import AlreadyHandled, Gone, Refused
from bot.storage.database import StorageError
from handlers.payloads import Click, CommandCall, Event, ShortcutCall, Submission
from handlers.reactions import Errors, Open, Push, Reaction, Replace, Update, Whisper
from handlers.typed import as_typed

OnClick = Callable[[Click, Member], Awaitable[Reaction]]
OnClickByAnyone = Callable[[Click], Awaitable[None]]
OnSubmit = Callable[[Submission, Member], Awaitable[Reaction]]
OnCommand = Callable[[CommandCall, Member], Awaitable[Reaction]]
OnEvent = Callable[[Event], Awaitable[None]]
OnShortcut = Callable[[ShortcutCall, Member], Awaitable[Reaction]]

STALE_VIEW: Final = frozenset({"not_found", "view_not_found", "hash_conflict", "expired_trigger_id", "trigger_expired"})
"""The member closed it or was quicker: nothing to mend."""

DOUBLE_CLICK: Final = 1.0
"""Seconds between two clicks that are meant as one."""

OPENING: Final = frozenset(action for action in Action if action.endswith(".open"))
"""Buttons with which someone can begin, or begin again."""

MEANT_BY_STRANGERS: Final = OPENING | {Action.DELETE}
"""To delete what is deleted is to be told so once more."""

KNOWN: Final = "buddy_known"
"""In Bolt's context: what was known of whoever acts when the request was let in."""

log = structlog.get_logger(__name__)


class Desk:
    """One for the app. `click`, `submit`, `command` and `shortcut` register a handler with Bolt."""

    def __init__(self, app: AsyncApp, services: Services, directory: Directory, prefix: str = "") -> None:
        """`prefix` is what the short commands were renamed with."""
        self.app = app
        self.prefix = prefix
        self.services = services
        self.directory = directory
        self._tasks: set[asyncio.Task[None]] = set()
        self._covered: set[str | None] = set()  # views on which a click is putting a modal
        self._app_id: str | None = None
        app.middleware(self._notice_app)

    def click(self, action: Action, handle: OnClick) -> None:
        async def listener(
            ack: AsyncAck,
            body: dict[str, Any],
            client: AsyncWebClient,
            respond: AsyncRespond,
            context: AsyncBoltContext,
        ) -> None:
            click = Click.model_validate(body)
            view_id = click.view.id if click.view else None

            async def act() -> Reaction:
                known = await self._known(context, click.team.id, click.user.id)
                if known.member is None and action not in MEANT_BY_STRANGERS:
                    raise Gone  # they deleted everything: an old button is no reason to keep something about them again
                return await handle(click, await self._member(known))

            reaction = await self._guarded(act, click.team.id, click.user.id)
            await ack()
            if isinstance(reaction, Replace):
                self._follow(_replace(respond, reaction))
            elif not (isinstance(reaction, Push) and view_id in self._covered):
                self._react(client, reaction, trigger_id=click.trigger_id, view_id=view_id)

        self.app.action(any_of(action))(listener)

    def click_by_anyone(self, action: Action, handle: OnClickByAnyone) -> None:
        """For buttons in a channel: whoever clicks need not be a member, becomes none by it, and gets no message."""

        async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
            try:
                await handle(Click.model_validate(body))
            except AlreadyHandled:
                pass
            except (LookupError, ValueError) as error:
                log.info("something clicked was gone", error=type(error).__name__)
            await ack()

        self.app.action(any_of(action))(listener)

    def submit(self, callback: Callback, handle: OnSubmit) -> None:
        async def listener(
            ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
        ) -> None:
            submission = Submission.model_validate(body)

            async def act() -> Reaction:
                return await handle(submission, await self._acting(context, submission.team.id, submission.user.id))

            reaction = await self._guarded(act, submission.team.id, submission.user.id, fields=submission.view.fields)
            # Words in answer to a modal are an error to Slack; where no field can show them, the modal closes.
            await ack(**({} if isinstance(reaction, Whisper) else _answer(reaction)))
            if isinstance(reaction, Update) and reaction.view_id:
                self._react(client, reaction, trigger_id="", view_id=None)

        self.app.view_submission(callback)(listener)

    def command(self, name: str, handle: OnCommand) -> None:
        """`name` without its slash: it is found whatever prefix it was installed with."""

        async def listener(
            ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
        ) -> None:
            call = CommandCall.model_validate(body)

            async def act() -> Reaction:
                return await handle(call, await self._acting(context, call.team_id, call.user_id))

            reaction = await self._guarded(act, call.team_id, call.user_id)
            await ack(**_answer(reaction))
            self._react(client, reaction, trigger_id=call.trigger_id, view_id=None)

        self.app.command(re.compile(rf"^/(.*-)?{re.escape(name)}$"))(listener)

    def shortcut(self, callback_id: str, handle: OnShortcut) -> None:
        async def listener(
            ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
        ) -> None:
            call = ShortcutCall.model_validate(body)

            async def act() -> Reaction:
                return await handle(call, await self._acting(context, call.team.id, call.user.id))

            reaction = await self._guarded(act, call.team.id, call.user.id)
            await ack()
            self._react(client, reaction, trigger_id=call.trigger_id, view_id=None)

        self.app.shortcut(callback_id)(listener)

    def event(self, name: str, handle: OnEvent) -> None:
        """Bolt acks once the listener has returned; when it raises, Slack sends the event again."""

        async def listener(body: dict[str, Any]) -> None:
            await handle(Event.model_validate(body))

        self.app.event(name)(listener)

    def in_our_messages(self, team_id: str, what: str) -> str:
        """ "Your check-in is in our messages.", with a link to them: for commands typed elsewhere."""
        if self._app_id is None:
            return f"{what} in our messages."
        return f"{what} in <slack://app?team={team_id}&id={self._app_id}&tab=messages|our messages>."

    async def _notice_app(self, body: dict[str, Any], next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002
        """Which app we are stands in each request, and auth.test does not say it. Bolt goes by arguments' names."""
        self._app_id = body.get("api_app_id") or self._app_id
        await next()

    async def typed_before(self, click: Click) -> str:
        """The message that a button of ours answered, when the button names it: its words need not be typed again."""
        if not click.about or click.channel_id is None:
            return ""
        where = (click.channel_id, click.about[0])
        return as_typed(await self.directory.typed(click.team.id, click.user.id, *where))

    async def stop(self) -> None:
        """Waits a moment for modals that are being opened."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1)

    async def _known(self, context: AsyncBoltContext, team_id: str, slack_id: str) -> Known:
        """As it was read when the request was let in; the payload may know the workspace better than Bolt."""
        known: Known | None = context.get(KNOWN)
        if known is None or not known.is_about(team_id, slack_id):
            known = await self.directory.known(team_id, slack_id)
        return known

    async def _acting(self, context: AsyncBoltContext, team_id: str, slack_id: str) -> Member:
        return await self._member(await self._known(context, team_id, slack_id))

    async def _member(self, known: Known) -> Member:
        """Who acts. What only looks at something is heard of too."""
        member = await self.directory.member(known)
        await self.services.silence.heard(member)
        return member

    async def _guarded(
        self, act: Callable[[], Awaitable[Reaction]], team_id: str, slack_id: str, *, fields: Sequence[str] = ()
    ) -> Reaction:
        """`fields`: where an error can stand. One that Slack has not shown yet takes none, so the first one does."""
        field = next(iter(fields), None)
        try:
            return await act()
        except AlreadyHandled:
            return None
        except Refused as refused:
            block = refused.field if refused.field in fields else field
            return Errors({block: str(refused)}) if block else Whisper(str(refused))
        except (LookupError, ValueError) as error:  # Gone, and what pydantic refuses, among them
            log.info("something clicked was gone", error=type(error).__name__)
            if field:
                return Errors({field: copy.GONE})
            await self.services.members.say_gone(team_id, slack_id)
            return Whisper(copy.GONE)
        except StorageError:
            if field is None:
                raise
            log.exception("could not save")
            return Errors({field: copy.NOT_SAVED})

    def _react(self, client: AsyncWebClient, reaction: Reaction, *, trigger_id: str, view_id: str | None) -> None:
        """After the ack: a trigger lives three seconds."""
        call: Awaitable[Any]
        match reaction:
            case Open(view):
                call = client.views_open(trigger_id=trigger_id, view=view)
            case Push(view):
                self._covered.add(view_id)  # now, before another click gets its turn
                call = self._push(client.views_push(trigger_id=trigger_id, view=view), view_id)
            case Update(view, named) if named or view_id:
                call = client.views_update(view_id=named or view_id, view=view)
            case _:
                return
        self._follow(call)

    def _follow(self, call: Awaitable[Any]) -> None:
        task = asyncio.create_task(_quietly(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _push(self, call: Awaitable[Any], on: str | None) -> None:
        """Until its modal is there, and a moment longer, a second click puts no other on top of it."""
        try:
            await call
        finally:
            asyncio.get_running_loop().call_later(DOUBLE_CLICK, self._covered.discard, on)


def _answer(reaction: Reaction) -> Mapping[str, Any]:
    """The reaction as arguments of ack()."""
    match reaction:
        case Errors(by_block):
            return {"response_action": "errors", "errors": dict(by_block)}
        case Update(view, None):
            return {"response_action": "update", "view": view}
        case Push(view):
            return {"response_action": "push", "view": view}
        case Whisper(text, blocks):
            return {"text": text, "blocks": list(blocks)} if blocks else {"text": text}
    return {}


async def _replace(respond: AsyncRespond, whisper: Replace) -> None:
    """By the click's response_url: there is no other way to a message that only one person sees."""
    answer = await respond(text=whisper.text, blocks=list(whisper.blocks), replace_original=True)
    if answer.status_code != HTTPStatus.OK:
        log.info("a whisper was not replaced", status=answer.status_code)


async def _quietly(call: Awaitable[Any]) -> None:
    try:
        await call
    except SlackApiError as error:
        code = error_code(error)
        (log.info if code in STALE_VIEW else log.warning)("a view was refused", error=code)
    except (SlackClientError, aiohttp.ClientError, OSError) as error:
        log.warning("Slack did not answer about what follows an act", error=type(error).__name__)
