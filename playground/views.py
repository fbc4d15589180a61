"""Modals in stacks of three, and Home."""

import secrets
from typing import Literal

from playground.blockkit import check_view
from playground.clock import real_unix
from playground.errors import SlackError
from playground.inputs import KEPT, find_element, state_values, with_ids
from playground.messages import refuse_if_wrong
from playground.payloads import view_json
from playground.workspace import Json, View, Workspace, new_id

DEEPEST = 3


class Views:
    """All raise SlackError: invalid_arguments, view_too_large, duplicate_external_id, and what they name."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def open(self, user: str, body: Json) -> View:
        """A new root modal; what was open gives way to it."""
        self._check(body, "modal")
        self.close_all(user)
        return self._put_on_top(user, body)

    def push(self, user: str, body: Json) -> View:
        """Raises push_limit_reached, and not_found when no modal is open."""
        stack = self._workspace.modals.get(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEEPEST:
            raise SlackError("push_limit_reached")
        self._check(body, "modal")
        return self._put_on_top(user, body)

    def update(self, view: View, body: Json, expected_hash: str | None = None) -> View:
        """Keeps what the person typed in inputs that stay. Raises hash_conflict."""
        if expected_hash is not None and expected_hash != view.hash:
            raise SlackError("hash_conflict")
        self._check(body, view.type, own_id=view.id)
        self._replace(view, body)
        return view

    def publish(self, user: str, body: Json, expected_hash: str | None = None) -> View:
        view = self._workspace.home(user)
        if view is not None:
            return self.update(view, body, expected_hash)
        self._check(body, "home")
        view = self._new(user, body, "home")
        self._workspace.homes[user] = view.id
        self._workspace.changed("view", user=user)
        return view

    def close(self, view: View) -> None:
        """Takes one modal off its stack."""
        stack = self._workspace.modals[view.user]
        stack.remove(view.id)
        if not stack:
            del self._workspace.modals[view.user]
        self._forget(view)
        self._workspace.changed("view", user=view.user)

    def close_all(self, user: str) -> None:
        for view_id in self._workspace.modals.pop(user, []):
            self._forget(self._workspace.views[view_id])
        self._workspace.changed("view", user=user)

    def named(self, view_id: str | None, external_id: str | None) -> View:
        """Raises not_found."""
        found = view_id or self._workspace.external_ids.get(external_id or "")
        view = self._workspace.views.get(found or "")
        if view is None:
            raise SlackError("not_found")
        return view

    def json(self, view: View) -> Json:
        """With state.values as they are now."""
        return view_json(self._workspace, view, values=state_values(view.body.get("blocks"), view.typed))

    def _check(self, body: Json, kind: str, own_id: str | None = None) -> None:
        refuse_if_wrong(check_view(body))
        if body["type"] != kind:
            raise SlackError("invalid_arguments", f"[ERROR] view must be of type {kind} [json-pointer:/view/type]")
        external_id = body.get("external_id")
        if external_id and self._workspace.external_ids.get(external_id, own_id) != own_id:
            raise SlackError("duplicate_external_id")

    def _new(self, user: str, body: Json, kind: Literal["modal", "home"]) -> View:
        view_id = new_id("V")
        view = View(id=view_id, type=kind, user=user, body={}, hash="", root_id=view_id)
        self._workspace.views[view_id] = view
        self._replace(view, body)
        return view

    def _put_on_top(self, user: str, body: Json) -> View:
        view = self._new(user, body, "modal")
        stack = self._workspace.modals.setdefault(user, [])
        if stack:
            view.root_id, view.previous_id = stack[0], stack[-1]
        stack.append(view.id)
        self._workspace.changed("view", user=user)
        return view

    def _replace(self, view: View, body: Json) -> None:
        with_ids(body.get("blocks"))
        self._drop_external_id(view)
        view.body = body
        view.hash = f"{int(real_unix())}.{secrets.token_hex(4)}"
        view.typed = _still_there(body, view.typed)
        view.error, view.errors = None, {}
        if body.get("external_id"):
            self._workspace.external_ids[body["external_id"]] = view.id
        self._workspace.changed("view", user=view.user)

    def _forget(self, view: View) -> None:
        self._drop_external_id(view)
        del self._workspace.views[view.id]

    def _drop_external_id(self, view: View) -> None:
        if view.body.get("external_id"):
            self._workspace.external_ids.pop(view.body["external_id"], None)


def _still_there(body: Json, typed: Json) -> Json:
    """Of what was typed, what belongs to an input that is still the same."""
    kept: Json = {}
    for block_id, answers in typed.items():
        for action_id, answer in answers.items():
            found = find_element(body.get("blocks"), block_id, action_id)
            if found is not None and found[1]["type"] == answer["type"] and answer["type"] in KEPT:
                kept.setdefault(block_id, {})[action_id] = answer
    return kept
