"""What people do to the app: commands, clicks, forms, shortcuts; and what Slack does with its answers."""

from playground.acts import Acts
from playground.backend import Backend
from playground.blockkit import check_options
from playground.errors import ActRefusedError, SlackError
from playground.inputs import KEPT, WrongInputError, answer_of, complaints, find_element, merge, state_values
from playground.line import Parcel
from playground.payloads import actor, channel_name, message_json, team, view_json
from playground.wording import emoji_named, mentions_resolved
from playground.workspace import TEAM_DOMAIN, TEAM_ID, Channel, Json, JsonValue, Message, View

ERROR_NAMES = {
    "timeout": "operation_timeout",
    "connection_failed": "dispatch_failed",
    "http_error": "http_service_error",
}
TROUBLE = "We had some trouble connecting. Try again?"
NO_ANSWER = "This app did not answer. Try again?"


class Interactions:
    """Every method raises ActRefusedError for what the person cannot do; it answers {ok, error?, ...}."""

    def __init__(self, backend: Backend, acts: Acts) -> None:
        self._backend = backend
        self._workspace = backend.workspace
        self._acts = acts

    async def command(self, user: str, channel: str, command: str, text: str = "") -> Json:
        place = self._acts.channel(user, channel)
        declared = self._backend.app.commands.get(command)
        if declared is None or not self._workspace.installed:
            note = f"`{command}` is not a valid command. Messages that start with a “/” are taken as commands."
            self._backend.messages.slackbot(place, user, note)
            return {"ok": False, "error": "not_a_command"}
        person, words = self._workspace.users[user], emoji_named(text)
        payload = {
            "token": "playground",
            "team_id": TEAM_ID,
            "team_domain": TEAM_DOMAIN,
            "channel_id": place.id,
            "channel_name": channel_name(place),
            "user_id": user,
            "user_name": person.name,
            "command": command,
            "text": mentions_resolved(self._workspace, words) if declared.get("should_escape") else words,
            "api_app_id": self._backend.app.id,
            "is_enterprise_install": "false",
            "response_url": self._backend.response_urls.issue("commands", place.id, user),
            "trigger_id": self._backend.triggers.issue(user),
        }
        ack = await self._backend.events.ask(command, Parcel("slash_commands", payload, wants_answer=True))
        error = ERROR_NAMES[ack.error] if ack.error else None
        if error is None and isinstance(ack.payload, dict) and ack.payload:
            try:
                self._backend.response_urls.respond(place.id, user, ack.payload)
            except SlackError as refused:
                error = refused.code
                self._refused(command, refused)
        if error is not None:
            self._backend.messages.slackbot(place, user, f'`{command}` failed with the error "{error}"')
            return {"ok": False, "error": error}
        return {"ok": True, "response": ack.payload}

    async def click(
        self,
        user: str,
        container: Json,
        action_id: str,
        *,
        block_id: str | None = None,
        value: JsonValue = None,
        state: Json | None = None,
    ) -> Json:
        """`value`: what was chosen or typed, for all but buttons; `state`: inputs of the same view or message."""
        payload = self._interaction("block_actions", user)
        if container.get("type") == "view":
            view = self._view(user, str(container.get("view_id")))
            found = self._found(view.body.get("blocks"), block_id, action_id)
            self._type(view, state or {})
            self._choose(view.typed, *found, value)
            payload |= {"container": {"type": "view", "view_id": view.id}, "view": self._backend.views.json(view)}
            view.error = None
        else:
            place, message = self._acts.message(user, str(container.get("channel")), str(container.get("ts")))
            found = self._found(message.blocks, block_id, action_id)
            typed = message.typed[user] = self._merged(message.blocks, message.typed.get(user, {}), state or {})
            self._choose(typed, *found, value)
            payload |= self._about(place, message)
            payload["state"] = {"values": state_values(message.blocks, typed)}
            payload["response_url"] = self._backend.response_urls.issue("actions", place.id, user, message.ts)
            message.errors.pop(user, None)
        payload |= {"actions": [self._action(*found, value)], "trigger_id": self._backend.triggers.issue(user)}
        ack = await self._backend.events.ask("block_actions", Parcel("interactive", payload))
        if ack.error is None:
            return {"ok": True}
        if container.get("type") == "view":
            view.error = NO_ANSWER
            self._workspace.changed("view", user=user)
        else:
            message.errors[user] = NO_ANSWER
            self._workspace.changed("message", place.id, user)
        return {"ok": False, "error": ERROR_NAMES[ack.error]}

    async def type_into(self, user: str, view_id: str, values: Json) -> Json:
        """Remembers what the person entered, telling the app nothing."""
        self._type(self._view(user, view_id), values)
        return {"ok": True}

    async def submit(self, user: str, view_id: str, values: Json | None = None) -> Json:
        """{ok, response_action?, errors?, error?}.

        Errors without `response_action` are Slack's own; the app never saw the submission.
        """
        view = self._view(user, view_id)
        if self._workspace.top_modal(user) is not view:
            raise ActRefusedError("only the modal on top can be submitted")
        self._type(view, values or {})
        blocks = view.body.get("blocks")
        found = complaints(blocks, state_values(blocks, view.typed))
        view.error, view.errors = None, found
        if found:
            self._workspace.changed("view", user=user)
            return {"ok": False, "errors": found}
        payload = self._interaction("view_submission", user) | {
            "trigger_id": self._backend.triggers.issue(user),
            "view": self._backend.views.json(view),
            "response_urls": [],
        }
        ack = await self._backend.events.ask("view_submission", Parcel("interactive", payload, wants_answer=True))
        if ack.error is not None:
            return self._trouble(view, ERROR_NAMES[ack.error])
        if view.id not in self._workspace.views:
            return {"ok": True}
        try:
            return self._respond(view, ack.payload or {})
        except SlackError as refused:
            self._refused("view_submission", refused)
            return self._trouble(view, refused.code)

    def _respond(self, view: View, answer: JsonValue) -> Json:
        """An answer that is not empty has to be a response_action: of any other the person sees an error."""
        if not isinstance(answer, dict) or (answer and "response_action" not in answer):
            raise SlackError("invalid_response_action", f"[ERROR] {answer!r} is no response_action")
        action = answer.get("response_action")
        views = self._backend.views
        if action == "errors":
            errors = answer.get("errors")
            blocks = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
            if not isinstance(errors, dict) or not errors or not set(errors) <= blocks:
                raise SlackError("invalid_errors", f"[ERROR] errors must name input blocks of the view: {errors!r}")
            view.errors = errors
            self._workspace.changed("view", user=view.user)
            return {"ok": False, "response_action": "errors", "errors": errors}
        if action == "update":
            views.update(view, answer.get("view") or {})
        elif action == "push":
            views.push(view.user, answer.get("view") or {})
        elif action == "clear":
            views.close_all(view.user)
        elif action is None:
            views.close(view)
        else:
            raise SlackError("invalid_response_action", f"[ERROR] {action!r} is no response_action")
        return {"ok": True} | ({"response_action": action} if action else {})

    async def close(self, user: str, view_id: str, *, everything: bool = False) -> Json:
        """The close button closes one modal; the cross (`everything`) the whole stack."""
        view = self._view(user, view_id)
        if view.type != "modal":
            raise ActRefusedError("Home cannot be closed")
        everything = everything or bool(view.body.get("clear_on_close"))
        stack = [self._workspace.views[one] for one in self._workspace.modals[user]]
        closed = stack[::-1] if everything else [view]
        payloads = [
            self._interaction("view_closed", user) | {"view": view_json(self._workspace, one), "is_cleared": everything}
            for one in closed
            if one.body.get("notify_on_close")
        ]
        for one in closed:
            self._backend.views.close(one)
        for payload in payloads:
            await self._backend.events.ask("view_closed", Parcel("interactive", payload))
        return {"ok": True}

    async def shortcut(self, user: str, callback_id: str, channel: str | None = None, ts: str | None = None) -> Json:
        declared = self._backend.app.shortcuts.get(callback_id)
        wanted = "message" if ts else "global"
        if declared is None or declared["type"] != wanted:
            raise ActRefusedError(f"the app has no {wanted} shortcut {callback_id}")
        payload = self._interaction("message_action" if ts else "shortcut", user) | {
            "callback_id": callback_id,
            "action_ts": self._workspace.next_ts(),
            "trigger_id": self._backend.triggers.issue(user),
        }
        if ts and channel:
            place, message = self._acts.message(user, channel, ts)
            payload |= {
                "channel": {"id": place.id, "name": channel_name(place)},
                "message_ts": ts,
                "message": message_json(self._workspace, message),
                "response_url": self._backend.response_urls.issue("app", place.id, user),
            }
        ack = await self._backend.events.ask(payload["type"], Parcel("interactive", payload))
        return {"ok": True} if ack.error is None else {"ok": False, "error": ERROR_NAMES[ack.error]}

    async def options(
        self, user: str, container: Json, action_id: str, query: str, *, block_id: str | None = None
    ) -> Json:
        """{ok, options} or {ok, option_groups} for an external select."""
        payload = self._interaction("block_suggestion", user) | {"action_id": action_id, "value": query}
        if container.get("type") == "view":
            view = self._view(user, str(container.get("view_id")))
            block, element = self._found(view.body.get("blocks"), block_id, action_id)
            payload |= {"container": {"type": "view", "view_id": view.id}, "view": self._backend.views.json(view)}
        else:
            place, message = self._acts.message(user, str(container.get("channel")), str(container.get("ts")))
            block, element = self._found(message.blocks, block_id, action_id)
            payload |= self._about(place, message)
        if not element["type"].endswith("external_select"):
            raise ActRefusedError(f"{action_id} does not ask the app for options")
        payload["block_id"] = block["block_id"]
        ack = await self._backend.events.ask("block_suggestion", Parcel("interactive", payload, wants_answer=True))
        if ack.error is not None:
            return {"ok": False, "error": ERROR_NAMES[ack.error]}
        problems = check_options(ack.payload)
        if problems:
            refused = SlackError(problems[0].code, *map(str, problems))
            self._refused("block_suggestion", refused)
            return {"ok": False, "error": refused.code}
        return {"ok": True, **ack.payload}

    def _interaction(self, kind: str, user: str) -> Json:
        self._acts.person(user)
        if not self._workspace.installed:
            raise ActRefusedError("the app is not installed")
        return {
            "type": kind,
            "team": team(),
            "user": actor(self._workspace, user),
            "api_app_id": self._backend.app.id,
            "token": "playground",
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _about(self, place: Channel, message: Message) -> Json:
        """What a payload says of the message it comes from. Slack shows nobody's ephemeral messages again."""
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": place.id,
            "is_ephemeral": message.only_for is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        about: Json = {"container": container, "channel": {"id": place.id, "name": channel_name(place)}}
        if message.only_for is None:
            about["message"] = message_json(self._workspace, message)
        return about

    def _view(self, user: str, view_id: str) -> View:
        view = self._workspace.views.get(view_id)
        if view is None or view.user != user:
            raise ActRefusedError(f"{user} sees no view {view_id}")
        return view

    def _found(self, blocks: list[Json] | None, block_id: str | None, action_id: str) -> tuple[Json, Json]:
        found = find_element(blocks, block_id, action_id)
        if found is None:
            raise ActRefusedError(f"there is nothing to click that is called {action_id}")
        return found

    def _type(self, view: View, values: Json) -> None:
        view.typed = self._merged(view.body.get("blocks"), view.typed, values)

    def _merged(self, blocks: list[Json] | None, typed: Json, values: Json) -> Json:
        try:
            return merge(blocks, typed, values)
        except WrongInputError as wrong:
            raise ActRefusedError(str(wrong)) from wrong

    def _choose(self, typed: Json, block: Json, element: Json, value: JsonValue) -> None:
        if element["type"] in KEPT and element["type"] != "overflow":
            typed.setdefault(block["block_id"], {})[element["action_id"]] = self._answer(element, value)

    def _answer(self, element: Json, value: JsonValue) -> Json:
        try:
            return answer_of(element, value)
        except WrongInputError as wrong:
            raise ActRefusedError(str(wrong)) from wrong

    def _action(self, block: Json, element: Json, value: JsonValue) -> Json:
        """The one entry of a block_actions payload's `actions`."""
        own = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
        if element["type"] in KEPT:
            own |= self._answer(element, value)
            copied = [name for name in element if name.startswith("initial_") or name == "placeholder"]
        else:
            copied = ["text", "value", "style", "url"]
        own |= {name: element[name] for name in copied if name in element}
        return own | {"action_ts": self._workspace.next_ts()}

    def _trouble(self, view: View, error: str) -> Json:
        """The modal stays open with all that was typed."""
        view.error = TROUBLE
        self._workspace.changed("view", user=view.user)
        return {"ok": False, "error": error}

    def _refused(self, name: str, error: SlackError) -> None:
        self._backend.calls.add(
            "interaction", name, ok=False, acked=True, error=error.code, detail=tuple(error.messages), ms=0
        )
