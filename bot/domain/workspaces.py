"""A Slack workspace that has the app."""

from datetime import datetime

from pydantic import Field

from bot.domain.records import Record


class Workspace(Record):
    """`bot_token` is None once the app was removed."""

    id: int
    team_id: str
    name: str
    bot_token: str | None = Field(repr=False)
    bot_user_id: str
    bot_id: str | None = None
    app_id: str | None = None
    wins_channel_id: str | None = None
    wins_introduced_in: str | None = None
    installed_at: datetime
    uninstalled_at: datetime | None = None
