"""slack_sdk's client with a shorter way for what is said: one POST on the shared session."""

import json as text
from typing import Any, Final

import aiohttp
from pydantic_core import to_json
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

JSON: Final = "application/json"


class LeanClient(AsyncWebClient):
    """The same to its callers, errors included. It needs a session, and takes no retry handlers: a retry is a state of
    a delivery row.

    What goes out as JSON (chat.*, views.*) takes the short way; the rest, such as a look-up or an upload, is the SDK's.
    """

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
        if json is None or self.session is None or any((files, data, params, headers, auth, self.default_params)):
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
        sent = {**self.headers, "Authorization": f"Bearer {self.token}", "Content-Type": f"{JSON};charset=utf-8"}
        body, ssl = to_json(json), self.ssl or True
        async with self.session.post(url, data=body, headers=sent, proxy=self.proxy, ssl=ssl) as response:
            answer = AsyncSlackResponse(
                client=self,
                http_verb="POST",
                api_url=url,
                req_args={"json": json},
                data=await _read(response),
                headers=dict(response.headers),
                status_code=response.status,
            )
        answer.validate()
        return answer


async def _read(response: aiohttp.ClientResponse) -> dict[str, Any]:
    """What Slack says; nothing when it is no JSON, as the page of a proxy."""
    body = await response.read()
    if response.content_type != JSON:
        return {}
    try:
        found = text.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
