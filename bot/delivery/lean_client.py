"""slack_sdk's client with a shorter way for what is said: one POST through libcurl."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import aiohttp
from pydantic_core import from_json, to_json
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.delivery.wire import Answer, Wire

JSON: Final = "application/json"


class LeanClient(AsyncWebClient):
    """The same to its callers, errors included. It takes no retry handlers: a retry is a state of a delivery row.

    What goes out as JSON (chat.* but for chat.delete, views.*) takes the short way; the rest, such as a look-up, is the
    SDK's.
    """

    def __init__(self, wire: Wire, **given: Any) -> None:  # noqa: ANN401  # what the SDK's takes
        super().__init__(**given)
        self.wire = wire

    async def chat_postMessage(self, **said: Any) -> AsyncSlackResponse:  # noqa: ANN401, N802  # the SDK says so
        """What is said, in plain dicts. The SDK's own method first looks through all of it for models of its own."""
        return await self.api_call(
            "chat.postMessage", json={name: one for name, one in said.items() if one is not None}
        )

    async def api_call(
        self,
        api_method: str,
        *,
        http_verb: str = "POST",
        files: dict[str, Any] | None = None,
        data: dict[str, Any] | aiohttp.FormData | None = None,
        params: dict[str, Any] | None = None,
        json: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
        auth: dict[str, Any] | None = None,
    ) -> AsyncSlackResponse:
        """Raises SlackApiError for an answer that is not ok, and what aiohttp raises when there is none."""
        if json is None or any((files, data, params, headers, auth, self.default_params)):
            return await super().api_call(
                api_method,
                http_verb=http_verb,
                files=files,
                data=data,
                params=params,
                json=json,
                headers=headers,
                auth=auth,
            )
        url = self.base_url + api_method
        answer = await self.wire.post(url, to_json(json), self._head, within=self.timeout, proxy=self.proxy)
        response = AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url=url,
            req_args={"json": json},
            data=_read(answer),
            headers=answer.headers,
            status_code=answer.status,
        )
        response.validate()
        return response

    @cached_property
    def _head(self) -> Sequence[str]:
        sent = {**self.headers, "Authorization": f"Bearer {self.token}", "Content-Type": f"{JSON};charset=utf-8"}
        return [*(f"{name}: {value}" for name, value in sent.items()), "Expect:"]  # else curl may ask before it sends


def _read(answer: Answer) -> dict[str, Any]:
    """What Slack says; nothing when it is no JSON, as the page of a proxy."""
    try:
        found = from_json(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
