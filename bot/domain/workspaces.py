"""A Slack workspace that has the app."""

from datetime import datetime

from pydantic import Field

from bot.domain.records import Record


class Workspace(Record):
    """`bot_token` is None once the app was removed. `installed_at`: when Slack took it last, as the bot began.

    Shared wins go to `wins_channel_id`; its name is kept when everyone may know it: when the channel is public.
    `wins_introduced_in` is the channel where it was said what these posts are. `contacts`: whom people can talk to, in
    an admin's words.
    """

    id: int
    team_id: str
    name: str
    bot_token: str | None = Field(repr=False)
    bot_user_id: str
    bot_id: str | None = None
    wins_channel_id: str | None = None
    wins_channel_name: str | None = None
    wins_introduced_in: str | None = None
    contacts: str | None = None
    installed_at: datetime
    uninstalled_at: datetime | None = None
