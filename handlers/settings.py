"""/buddy settings: an admin chooses the channel where shared wins appear, and names whom people can talk to."""

import asyncio
from typing import Final

import aiohttp
from slack_sdk.errors import SlackClientError

from bot.directory import Channel
from bot.domain.members import Member
from bot.domain.wins import Trouble
from bot.domain.workspaces import Workspace
from bot.rendering.ids import Action, Callback
from bot.rendering.settings import CHANNEL, CONTACTS, settings_view
from bot.services.work import Refused
from handlers.desk import Desk
from handlers.payloads import Click, CommandCall, Submission
from handlers.reactions import Open, Reaction, Update

READ_WITHIN: Final = 2.0
"""Seconds for a look at the channel: Slack waits three for the answer to a click."""


def register(desk: Desk) -> None:
    topic = _Settings(desk)
    desk.click(Action.OPEN_SETTINGS, topic.button)
    desk.submit(Callback.SETTINGS, topic.save)


async def open_settings(desk: Desk, call: CommandCall, member: Member) -> Reaction:
    """The settings to change for admins, to read for others."""
    return await _Settings(desk).open(call.team_id, member)


async def read_channel(desk: Desk, workspace: Workspace, channel_id: str) -> Channel | Trouble:
    """A channel that can take wins, or what is the matter with it."""
    try:
        async with asyncio.timeout(READ_WITHIN):
            channel = await desk.directory.channel(workspace, channel_id)
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError):
        return Trouble.NO_ANSWER
    if channel is None:  # a private one that the bot was not invited to
        return Trouble.NOT_IN
    if channel.is_external:
        return Trouble.EXTERNAL
    if channel.is_archived:
        return Trouble.ARCHIVED
    return channel if channel.is_member else Trouble.NOT_IN


class _Settings:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._services = desk.services

    async def button(self, click: Click, member: Member) -> Reaction:
        return await self.open(click.team.id, member)

    async def open(self, team_id: str, member: Member) -> Reaction:
        workspace = await self._services.workspaces.by_team(team_id)
        return Open(settings_view(workspace, is_admin=member.is_admin))

    async def save(self, submission: Submission, member: Member) -> Reaction:
        """Chosen, and the win shared at which the question came up. A channel that cannot be taken is explained."""
        chosen = submission.of(CHANNEL).chosen
        share = int(submission.view.private_metadata) if submission.view.private_metadata else None
        contacts = (submission.of(CONTACTS).value or "").strip()
        workspace = await self._services.workspaces.by_team(submission.team.id)
        if share is None and contacts != (workspace.contacts or ""):
            await self._services.workspaces.name_contacts(member, contacts, key=f"{submission.key}:{CONTACTS}"[:255])
        if chosen is None and share is not None:
            raise Refused("Choose a channel first.", CHANNEL)
        if chosen is None or (share is None and chosen == workspace.wins_channel_id):
            return None
        channel = await read_channel(self._desk, workspace, chosen)
        if isinstance(channel, Trouble):
            return Update(
                settings_view(
                    workspace,
                    is_admin=member.is_admin,
                    chosen=chosen,
                    contacts=contacts,
                    trouble=channel,
                    share=share,
                )
            )
        await self._services.wins.choose_channel(member, chosen, channel.public_name, key=submission.key, share=share)
        return None
