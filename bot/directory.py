"""What we must read from Slack: who a person is, which channel is which. People are rows, read anew after a day."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.agreements import Terms
from bot.domain.calendar import known_zone
from bot.domain.holds import Absence
from bot.domain.members import Member, Profile
from bot.domain.workspaces import Workspace
from bot.logs import error_code
from bot.services.members import Known, Members
from bot.services.workspaces import Workspaces

FRESH_FOR: Final = timedelta(days=1)
FALLBACK_ZONE: Final = "UTC"
FALLBACK_LOCALE: Final = "en-US"
UNKNOWN: Final = Profile(zone=FALLBACK_ZONE, locale=FALLBACK_LOCALE, is_admin=False)
PATIENCE: Final = 1.5
"""Seconds: half of what Slack gives us for an ack."""
ABSENT_FOR: Final = timedelta(minutes=5)
"""How long we go by what Slack said about someone's notifications and status."""
MOST_ABSENCES: Final = 10_000

log = structlog.get_logger(__name__)


class Channel:
    """What conversations.info says about a channel, as far as it matters for sharing wins."""

    def __init__(self, info: dict[str, Any]) -> None:
        self.channel_id: str = info["id"]
        self.name: str = info.get("name", "")
        self.is_member: bool = bool(info.get("is_member"))
        self.is_external: bool = any(info.get(key) for key in ("is_ext_shared", "is_pending_ext_shared"))
        self.is_archived: bool = bool(info.get("is_archived"))
        self.is_private: bool = bool(info.get("is_private"))

    @property
    def public_name(self) -> str | None:
        """The name, if everyone in the workspace may know it."""
        return None if self.is_private else self.name


class Directory:
    """Reads from Slack with the workspace's own token; one client per workspace."""

    def __init__(
        self, members: Members, workspaces: Workspaces, client_for: Callable[[str | None], AsyncWebClient]
    ) -> None:
        """`client_for` makes a client that speaks with a token. It never retries: a retry is a state of a delivery
        row."""
        self._members = members
        self._workspaces = workspaces
        self._client_for = client_for
        self._clients: dict[int, AsyncWebClient] = {}
        self._absences: dict[int, tuple[datetime, Absence]] = {}

    def client(self, workspace: Workspace) -> AsyncWebClient:
        """A client that speaks for this workspace. Making one costs a tenth of a call."""
        known = self._clients.get(workspace.id)
        if known is None or known.token != workspace.bot_token:
            known = self._clients[workspace.id] = self._client_for(workspace.bot_token)
        return known

    async def known(self, team_id: str, slack_id: str) -> Known:
        """What we know of someone. Raises LookupError for a workspace without the app."""
        return await self._members.known(team_id, slack_id)

    async def member(self, known: Known) -> Member:
        """The member, read from Slack when new or not looked at for a day.

        A person waits for this, and Slack for the ack: when Slack is slow or refuses, what we know will do, and of a
        new person we know nothing yet.
        """
        workspace, slack_id, member = known.workspace, known.slack_id, known.member
        if member is not None and self._members.clock.now() - member.read_at < FRESH_FOR:
            return member
        try:
            async with asyncio.timeout(PATIENCE):
                profile = await self._profile(workspace, slack_id, member)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("users.info did not answer; going on with what we know", error=type(error).__name__)
            return member or await self._members.remember(workspace, slack_id, UNKNOWN, is_fresh=False)
        return await self._members.remember(workspace, slack_id, profile)

    async def absence(self, workspace: Workspace, member: Member, terms: Terms) -> Absence:
        """What Slack says of the notification schedule and the status of someone who lets these hold a check-in. When
        it says nothing quickly, they are there."""
        now = self._members.clock.now()
        known = self._absences.get(member.id)
        if known is not None and timedelta(0) <= now - known[0] < ABSENT_FOR:
            return known[1]
        try:
            async with asyncio.timeout(PATIENCE):
                absence = await self._absence(workspace, member, terms)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("Slack did not say whether someone is there", error=type(error).__name__)
            return Absence()
        if len(self._absences) >= MOST_ABSENCES:
            self._absences.clear()
        self._absences[member.id] = (now, absence)
        return absence

    async def _absence(self, workspace: Workspace, member: Member, terms: Terms) -> Absence:
        client, now = self.client(workspace), self._members.clock.now()
        absence = Absence()
        if terms.hold_in_dnd:
            session = await client.dnd_info(user=member.slack_id)
            begins, ends = (_instant(session.get(f"next_dnd_{name}_ts")) for name in ("start", "end"))
            if session.get("dnd_enabled") and begins is not None and begins <= now:
                absence = absence.model_copy(update={"dnd_until": ends})
        if terms.hold_statuses:
            profile = (await client.users_info(user=member.slack_id))["user"].get("profile") or {}
            status = str(profile.get("status_emoji") or "").strip(":").partition(":")[0]
            until = _instant(profile.get("status_expiration"))
            absence = absence.model_copy(update={"status": status, "status_until": until})
        return absence

    async def open_dm(self, workspace: Workspace, member: Member) -> str:
        """The id of the direct message with a member."""
        if member.channel_id:
            return member.channel_id
        answer = await self.client(workspace).conversations_open(users=member.slack_id)
        channel_id: str = answer["channel"]["id"]
        await self._members.opened_dm(member, channel_id)
        return channel_id

    async def channel(self, workspace: Workspace, channel_id: str) -> Channel | None:
        """The channel; None when the bot may not see it."""
        try:
            answer = await self.client(workspace).conversations_info(channel=channel_id)
        except SlackApiError as error:
            if error_code(error) in {"channel_not_found", "missing_scope", "access_denied"}:
                return None
            raise
        return Channel(answer["channel"])

    async def typed(self, team_id: str, slack_id: str, channel_id: str, ts: str) -> str:
        """The text of one message that somebody wrote in their direct message, as Slack escapes it; empty when it
        cannot be had quickly, or is another's: which one it is was named from outside."""
        workspace = await self._workspaces.by_team(team_id)
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self.client(workspace).conversations_history(
                    channel=channel_id, oldest=ts, latest=ts, inclusive=True, limit=1
                )
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("conversations.history did not answer; going on without", error=type(error).__name__)
            return ""
        own = (one for one in answer["messages"] if one["ts"] == ts and one.get("user") == slack_id)
        return next((str(message.get("text", "")) for message in own), "")

    async def changed(self, team_id: str, user: Mapping[str, Any]) -> None:
        """Slack says by itself what a person is like from now on, or that their account is deactivated. Of someone we
        have not met nothing is kept."""
        member = await self._members.find(team_id, str(user.get("id")))
        if member is None:
            return
        if user.get("deleted"):
            await self._members.left(member)
            return
        profile = _profile_of(user, member)
        if profile != Profile.model_validate(member.model_dump()):
            await self._members.remember(await self._workspaces.by_team(team_id), member.slack_id, profile)

    async def _profile(self, workspace: Workspace, slack_id: str, known: Member | None) -> Profile:
        answer = await self.client(workspace).users_info(user=slack_id, include_locale=True)
        return _profile_of(answer["user"], known)


def _profile_of(user: Mapping[str, Any], known: Member | None) -> Profile:
    """A user as Slack tells it; what it leaves out stays as it was known."""
    try:
        zone = known_zone(str(user.get("tz")))
    except ValueError:
        zone = known.zone if known else FALLBACK_ZONE
    locale = user.get("locale") or (known.locale if known else FALLBACK_LOCALE)
    is_admin = any(user.get(key) for key in ("is_admin", "is_owner", "is_primary_owner"))
    return Profile(zone=zone, locale=str(locale), is_admin=is_admin)


def _instant(unix: object) -> datetime | None:
    """Seconds since 1970 as Slack gives them; 0 means none."""
    return datetime.fromtimestamp(unix, UTC) if isinstance(unix, int) and unix > 0 else None
